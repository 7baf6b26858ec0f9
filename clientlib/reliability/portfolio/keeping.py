"""What the ledger keeps so that any past score can be made again: models, signs, tests."""

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import check_columns
from clientlib.reliability.learning import ReliabilityModel
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.portfolio.states import FORETOLD
from clientlib.reliability.risks.scoring import interval_of
from clientlib.reliability.risks.training import RiskModel
from clientlib.reliability.timing import TimingModel, to_record
from clientlib.reliability.validation.subjects import Issued as IssuedModel

TIMING = "timing"
MODEL, RULE = "model", "rule"
MODEL_COLUMNS = (
    "model_id",
    "event",
    "role",
    "is_chosen",
    "trained_on",
    "horizon_months",
    "rows_count",
    "events_count",
    "clients_count",
    "note",
    "record",
)
SCORED = ("probability", "probability_low", "probability_high", "rule_probability")
ID_LENGTH = 12


def lay_out_models(assessment: Assessment) -> pd.DataFrame:
    """Write all models of a day down as rows that the ledger can keep.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    DataFrame, one row per fitted model
        Columns `MODEL_COLUMNS`: model_id (of its record), event ("timing" for the model of
        payment days), role ("model" or "rule"), whether it scores clients, on what it was
        trained, why, and its record as JSON.
    """
    rows = [
        _describe(model, role, fitted)
        for model in assessment.models.values()
        for role, fitted in ((MODEL, model.model), (RULE, model.rule))
        if fitted is not None
    ]
    if assessment.timing is not None:
        rows.append(_describe_timing(assessment, assessment.timing))
    return pd.DataFrame(rows, columns=list(MODEL_COLUMNS))


def keep_models(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Gather all that scores were made from, by the names that it is issued under.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`.

    Returns
    -------
    dict of str to DataFrame
        risk_models, client_signs and risk_tests.
    """
    return {
        "risk_models": lay_out_models(assessment),
        "client_signs": assessment.now,
        "risk_tests": lay_out_tests(assessment.models),
    }


def lay_out_tests(models: Mapping[str, RiskModel]) -> pd.DataFrame:
    """Put the predictions of all back-tests together: intervals rest on them.

    Parameters
    ----------
    models : mapping of str to RiskModel
        By event.

    Returns
    -------
    DataFrame, one row per event, origin and client
        event, origin_on, client_id, happened, model, rule and base.
    """
    tables = [
        model.predictions.assign(event=event)
        for event, model in models.items()
        if len(model.predictions)
    ]
    columns = ["event", "origin_on", "client_id", "happened", MODEL, RULE, "base"]
    return (
        pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    )


def read_earlier(models: pd.DataFrame, tests: pd.DataFrame) -> list[IssuedModel]:
    """Restore what an earlier run issued, to see how its models have done since.

    Parameters
    ----------
    models, tests : DataFrame
        Issued risk_models and risk_tests; empty where there was no earlier run.

    Returns
    -------
    list of validation.subjects.Issued
        The method that scored clients then, for each event that had one.
    """
    if models.empty or tests.empty:
        return []
    chosen = models[models["is_chosen"].astype(bool) & (models["event"] != TIMING)]
    return [_restore(row, tests[tests["event"] == row["event"]]) for row in _rows(chosen)]


def _restore(row: Mapping[Hashable, Any], tests: pd.DataFrame) -> IssuedModel:
    kept = tests[["client_id", "happened"]].assign(probability=tests[row["role"]])
    record = read_model(row).to_record()
    return IssuedModel(record, pd.Timestamp(row["trained_on"]), kept.reset_index(drop=True))


def _rows(table: pd.DataFrame) -> Iterator[Mapping[Hashable, Any]]:
    return iter(table.to_dict("records"))


@dataclass(frozen=True)
class Replay:
    """Past scores beside the same made again from what the ledger keeps.

    Parameters
    ----------
    scores_count : int
        Forecasts that were issued.
    differing : DataFrame
        Those that did not come out equal to the last bit: client_id, event, column, issued and
        replayed; empty where all did.
    """

    scores_count: int
    differing: pd.DataFrame

    @property
    def is_equal(self) -> bool:
        """Whether every score came out the same."""
        return self.differing.empty


def replay_scores(tables: Mapping[str, pd.DataFrame]) -> Replay:
    """Make past scores again from issued models, signs and tests, and compare them.

    The warehouse is not looked at: what was loaded or corrected since cannot matter.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As issued by one run: client_risks, client_signs, risk_models and risk_tests.

    Returns
    -------
    Replay
        Of all forecasts of that run.

    Raises
    ------
    InputError
        A table or a column is missing, or a record does not belong to its model_id.
    """
    risks = _check(tables)
    foretold = risks[risks["state"] == FORETOLD]
    again = [_replay_event(str(event), rows, tables) for event, rows in foretold.groupby("event")]
    differing = [_compare(rows, found) for rows, found in again]
    columns = ["client_id", "event", "column", "issued", "replayed"]
    table = pd.concat(differing, ignore_index=True) if differing else pd.DataFrame(columns=columns)
    return Replay(len(foretold), table)


def read_model(row: Mapping[Hashable, Any]) -> ReliabilityModel:
    """Restore one model of a risk from its issued row.

    Parameters
    ----------
    row : mapping
        One row of `lay_out_models`.

    Returns
    -------
    ReliabilityModel
        Gives the same scores, bit by bit.

    Raises
    ------
    InputError
        The record is not the one that its model_id names.
    """
    record = str(row["record"])
    if _name(record) != row["model_id"]:
        raise InputError(
            "the record of a model is not the one that was issued",
            example=f"model_id {row['model_id']!r}, record of {_name(record)!r}",
            hint="restore the ledger from a backup",
        )
    return ReliabilityModel.from_record(json.loads(record))


def _describe(model: RiskModel, role: str, fitted: ReliabilityModel) -> dict[str, object]:
    record = json.dumps(fitted.to_record(), ensure_ascii=False)
    return {
        "model_id": _name(record),
        "event": model.event,
        "role": role,
        "is_chosen": model.chosen == role,
        "trained_on": model.as_of,
        "horizon_months": model.horizon_months,
        "rows_count": model.rows_count,
        "events_count": model.events_count,
        "clients_count": model.clients_count,
        "note": str(model.note),
        "record": record,
    }


def _describe_timing(assessment: Assessment, timing: TimingModel) -> dict[str, object]:
    record = json.dumps(to_record(timing), ensure_ascii=False)
    return {
        "model_id": _name(record),
        "event": TIMING,
        "role": MODEL,
        "is_chosen": assessment.timing_tested.chosen == MODEL,
        "trained_on": timing.as_of,
        "horizon_months": assessment.horizon_months,
        "rows_count": timing.invoices_count,
        "events_count": timing.paid_count,
        "clients_count": timing.clients_count,
        "note": str(assessment.timing_tested.note),
        "record": record,
    }


def _name(record: str) -> str:
    return sha256(record.encode()).hexdigest()[:ID_LENGTH]


def _check(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    wanted = {
        "client_risks": ("client_id", "event", "state", "method", *SCORED),
        "client_signs": ("client_id",),
        "risk_models": MODEL_COLUMNS,
        "risk_tests": ("event", "client_id", MODEL, RULE),
    }
    missing = [name for name in wanted if name not in tables]
    if missing:
        raise InputError(
            "scores cannot be made again without all that was issued with them",
            example=f"{missing[0]} is missing",
            hint="take the tables of one run of the edition for all",
        )
    for name, columns in wanted.items():
        check_columns(tables[name], columns, name=name)
    return tables["client_risks"]


def _replay_event(
    event: str, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    issued = tables["risk_models"]
    of_event = issued[issued["event"] == event].set_index("role")
    signs = tables["client_signs"].set_index("client_id").loc[rows["client_id"]]
    tests = tables["risk_tests"]
    method = str(rows["method"].iloc[0])
    scorer, rule = (read_model(of_event.loc[role].to_dict()) for role in (method, RULE))
    probability = scorer.predict(signs)
    low, high = interval_of(probability, tests[tests["event"] == event], method)
    found = [probability, low, high, rule.predict(signs)]
    values = {name: series.to_numpy() for name, series in zip(SCORED, found, strict=True)}
    return rows, pd.DataFrame(values, index=rows.index)


def _compare(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    tables = []
    for name in SCORED:
        differs = rows[name].astype(float) != found[name]
        tables.append(
            pd.DataFrame(
                {
                    "client_id": rows.loc[differs, "client_id"],
                    "event": rows.loc[differs, "event"],
                    "column": name,
                    "issued": rows.loc[differs, name],
                    "replayed": found.loc[differs, name],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
