"""Fitted models of prospects as rows that a report issues, and read back from them."""

import json

import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import check_columns
from clientlib.reliability.prospects.depths import DEPTHS
from clientlib.reliability.prospects.models import DepthModel, EventModels, ProspectModels
from clientlib.reliability.risks.targets import TARGETS
from clientlib.reliability.timing import from_record, to_record

MODEL_COLUMNS = (
    "event",
    "depth",
    "is_used",
    "note",
    "clients_count",
    "events_count",
    "prior_outcomes_count",
    "taught_by",
    "tried_on",
    "trained_on",
    "horizon_months",
    "model_seed",
    "record",
)
TIMING, FIRST_INVOICE = "timing", "first invoice"


def lay_out_models(models: ProspectModels) -> pd.DataFrame:
    """Write models as rows of a table, one per event and depth.

    Parameters
    ----------
    models : ProspectModels
        From `train_prospects`.

    Returns
    -------
    DataFrame
        Columns `MODEL_COLUMNS`; ``record`` holds the model as JSON. A timing model has a row of
        its own, of event "timing".
    """
    common = {
        "trained_on": models.as_of.date().isoformat(),
        "horizon_months": models.horizon_months,
        "model_seed": models.seed,
    }
    rows = [
        _lay_out(model) | common
        for event in models.events.values()
        for model in event.by_depth.values()
    ]
    if models.timing is not None:
        rows.append(_timing_row(models) | common)
    return pd.DataFrame(rows, columns=list(MODEL_COLUMNS))


def gather_models(rows: pd.DataFrame) -> ProspectModels:
    """Read models back from the rows that a report has issued.

    Parameters
    ----------
    rows : DataFrame
        As `lay_out_models` wrote them, all of one day; further columns are left alone.

    Returns
    -------
    ProspectModels
        Gives the same scores, bit by bit.

    Raises
    ------
    InputError
        A column or a depth is missing, or the rows are of several days.
    """
    check_columns(rows, MODEL_COLUMNS, name="the issued models of prospects")
    days = sorted(set(rows["trained_on"]))
    if len(days) != 1:
        raise InputError(
            "the issued models of prospects must be of one day",
            rows=f"{len(rows)} rows of {len(days)} days",
            example=", ".join(days[:3]) or None,
            hint="read them with runs.read_issued('prospect_models', as_of=as_of)",
        )
    first = rows.iloc[0]
    own = rows[rows["event"] != TIMING]
    models = [DepthModel.from_record(json.loads(text)) for text in own["record"]]
    events = {event: _gather(event, models) for event in TARGETS}
    times = rows.loc[rows["event"] == TIMING, "record"]
    timing = from_record(json.loads(times.iloc[0])) if len(times) else None
    return ProspectModels(
        pd.Timestamp(days[0]),
        int(first["horizon_months"]),
        int(first["model_seed"]),
        events,
        timing,
    )


def _lay_out(model: DepthModel) -> dict[str, object]:
    return {
        "event": model.event,
        "depth": model.depth,
        "is_used": model.is_used,
        "note": str(model.note),
        "clients_count": model.clients_count,
        "events_count": model.events_count,
        "prior_outcomes_count": model.prior_outcomes,
        "taught_by": model.taught_by,
        "tried_on": model.tried_on,
        "record": json.dumps(model.to_record()),
    }


def _timing_row(models: ProspectModels) -> dict[str, object]:
    timing = models.timing
    assert timing is not None  # noqa: S101  (asked by the caller)
    return {
        "event": TIMING,
        "depth": FIRST_INVOICE,
        "is_used": True,
        "note": "",
        "clients_count": timing.clients_count,
        "events_count": timing.paid_count,
        "prior_outcomes_count": float("nan"),
        "taught_by": "",
        "tried_on": "",
        "record": json.dumps(to_record(timing)),
    }


def _gather(event: str, models: list[DepthModel]) -> EventModels:
    by_depth = {model.depth: model for model in models if model.event == event}
    missing = [depth for depth in DEPTHS if depth not in by_depth]
    if missing:
        raise InputError(
            f"the issued models of prospects lack a depth of the event {event!r}",
            rows=f"{len(by_depth)} of {len(DEPTHS)} depths are there",
            example=missing[0],
            hint="issue what lay_out_models gives, whole",
        )
    return EventModels(event, {depth: by_depth[depth] for depth in DEPTHS})
