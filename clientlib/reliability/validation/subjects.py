"""What is validated: the method that scores clients of one event, with all that it is held to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from clientlib.reliability.decisions import CreditPolicy
from clientlib.reliability.events import LossRules
from clientlib.reliability.learning import ReliabilityModel
from clientlib.reliability.risks.panels import RiskPanels
from clientlib.reliability.risks.targets import (
    DEFAULTS,
    find_asked,
)
from clientlib.reliability.risks.training import STEP_MONTHS, RiskModel
from clientlib.reliability.risks.wording import EVENT_WORDS
from clientlib.reliability.timing import TimingBacktest, TimingModel

MODEL, RULE = "model", "rule"
LATE_0, LATE_30 = "late_0", "late_30"
LATE_DAYS = {LATE_0: 0, LATE_30: 30}
EVENTS = {
    **EVENT_WORDS,
    LATE_0: "Invoice late",
    LATE_30: "Invoice over 30 days late",
}
QUANTILES = (0.2, 0.4, 0.6, 0.8)
PREDICTED = ["origin_on", "client_id", "happened", MODEL, RULE]
SCORED = ["client_id", "month_end", "probability", "happened"]


class Assessed(Protocol):
    """What was fitted on one day, as ``reliability.portfolio`` gives it."""

    @property
    def as_of(self) -> pd.Timestamp:
        """The day; nothing known later was used."""

    @property
    def horizon_months(self) -> int:
        """Length of the windows."""

    @property
    def panels(self) -> RiskPanels:
        """What was known of every client at every month end."""

    @property
    def signs(self) -> pd.DataFrame:
        """From `build_signs`."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """From `add_targets`."""

    @property
    def models(self) -> Mapping[str, RiskModel]:
        """By event."""

    @property
    def timing(self) -> TimingModel | None:
        """When invoices are paid; None without data."""

    @property
    def timing_tested(self) -> TimingBacktest | None:
        """How it did on later windows; None without data."""


@dataclass(frozen=True)
class Issued:
    """A model of one event that was issued on an earlier day, for windows of the same length.

    Parameters
    ----------
    record : mapping
        As ``ReliabilityModel.to_record`` gave it; its target is the event.
    as_of : Timestamp
        Nothing known later was used.
    developed : DataFrame
        client_id, probability and happened of the rows that it was tested on when it was made.
    """

    record: Mapping[str, Any]
    as_of: pd.Timestamp
    developed: pd.DataFrame

    @property
    def event(self) -> str:
        """What it foretells."""
        return str(self.record["target"])

    @property
    def model(self) -> ReliabilityModel:
        """The model, restored."""
        return ReliabilityModel.from_record(dict(self.record))


@dataclass(frozen=True)
class Followed:
    """An earlier model, as it has done since: it learnt from nothing that is shown here.

    Parameters
    ----------
    issued_on : Timestamp
        Day of its data.
    tested : DataFrame
        client_id, probability and happened of its test when it was made.
    learnt : DataFrame
        client_id and probability: its own scores of the rows that it learnt from.
    panel : DataFrame
        client_id, happened, champion (it) and challenger (today's method, as fitted on the day
        of each row), of windows that began on its day or later; may be empty.
    scored : DataFrame
        client_id, month_end, probability and happened (null while not known) since its day.
    """

    issued_on: pd.Timestamp
    tested: pd.DataFrame
    learnt: pd.DataFrame
    panel: pd.DataFrame
    scored: pd.DataFrame


@dataclass(frozen=True)
class Subject:
    """One event, and the method that gives its probabilities.

    Parameters
    ----------
    event : str
        Of `EVENTS`.
    as_of : Timestamp
        Nothing later was used.
    method : str
        "model" or "rule": which of the two scores.
    is_fitted : bool
        Whether anything is scored at all.
    predictions : DataFrame, one row per prediction of a test
        origin_on, client_id, happened (nan while not known), model and rule.
    developed, now : DataFrame
        client_id, probability and the features, of the rows that it learnt from, and of today.
    scored : DataFrame
        client_id, month_end, probability and happened of month ends that came after the rows of
        ``developed``.
    features : tuple of str
        What the method looks at, and ``developed`` and ``now`` hold.
    shifts : Series of float, by feature, log-odds
        What the feature adds to the scores of ``now``, on average, less what it added to those
        of ``developed``.
    bounds : tuple of float, rising
        Probabilities that separate classes.
    rows_count, events_count : int
        What it was fitted on.
    followed : Followed or None
        The model that was issued before it, if any.
    """

    event: str
    as_of: pd.Timestamp
    method: str
    is_fitted: bool
    predictions: pd.DataFrame
    developed: pd.DataFrame
    now: pd.DataFrame
    scored: pd.DataFrame
    features: tuple[str, ...]
    shifts: pd.Series
    bounds: tuple[float, ...]
    rows_count: int
    events_count: int
    followed: Followed | None = None

    @property
    def is_about_invoices(self) -> bool:
        """Whether a row is an invoice, not a client at a month end."""
        return self.event in LATE_DAYS

    @property
    def judged(self) -> pd.DataFrame:
        """Predictions of the method whose outcome is known: also probability."""
        known = self.predictions[self.predictions["happened"].notna()]
        return known.assign(probability=known[self.method])


def gather_risks(
    assessed: Assessed,
    earlier: Sequence[Issued] = (),
    *,
    policy: CreditPolicy | None = None,
    rules: LossRules | None = None,
) -> Iterator[Subject]:
    """Gather what belongs to each event of clients.

    Parameters
    ----------
    assessed : Assessed
        What was fitted.
    earlier : sequence of Issued
        Models that were issued before.
    policy : CreditPolicy, optional
        Its classes are those of defaults; other events have fifths of their predictions.
    rules : LossRules, optional
        By which outcomes were counted.

    Yields
    ------
    Subject
        In the order of the models.
    """
    asked = find_asked(
        assessed.panels.rows, rules or LossRules(), horizon_months=assessed.horizon_months
    )
    for event, model in assessed.models.items():
        subject = _gather(model, assessed, asked[event], policy or CreditPolicy())
        issued = _choose_issued(subject, [each for each in earlier if each.event == event])
        if issued is not None:
            followed = _follow(issued, subject, assessed, asked[event])
            subject = replace(subject, followed=followed)
        yield subject


def gather_timing(assessed: Assessed) -> Iterator[Subject]:
    """Gather what belongs to late invoices: the timing model, window by window of its test.

    An invoice is judged once it has been due for as many days as are asked about, whether it was
    paid or not: judging what was paid early would make the late ones look rare. Its signs are
    not kept by the test, so the drift of scores alone is measured, of the last window against
    those before it.

    Parameters
    ----------
    assessed : Assessed
        What was fitted.

    Yields
    ------
    Subject
        Late at all, and by over 30 days.
    """
    for event, days in LATE_DAYS.items():
        predictions = _read_windows(assessed.timing_tested, event, days)
        tested, fitted = assessed.timing_tested, assessed.timing
        method = tested.chosen if tested is not None else RULE
        ends = sorted(predictions["origin_on"].unique())
        scores = predictions.assign(probability=predictions[method])
        first, last = (scores["origin_on"].isin(part) for part in (ends[:1], ends[-1:]))
        yield Subject(
            event,
            assessed.as_of,
            method,
            is_fitted=fitted is not None,
            predictions=predictions,
            developed=scores[~last],
            now=scores[last],
            scored=scores[~first].rename(columns={"origin_on": "month_end"})[SCORED],
            features=(),
            shifts=pd.Series(dtype=float),
            bounds=_cut_fifths(scores["probability"]),
            rows_count=fitted.invoices_count if fitted is not None else 0,
            events_count=fitted.paid_count if fitted is not None else 0,
        )


def _gather(
    model: RiskModel, assessed: Assessed, asked: "pd.Series[bool]", policy: CreditPolicy
) -> Subject:
    predictions = model.predictions[PREDICTED].astype(
        {"happened": float, MODEL: float, RULE: float}
    )
    scorer = model.fitted[0] if model.is_fitted else None
    features = scorer.features if scorer is not None else ()
    ends, learnt = assessed.signs["month_end"], _find_learnt(assessed, model.event, model.as_of)
    since = asked & (ends > ends[learnt].max())
    scores, later = (_score(scorer, assessed.signs[part]) for part in (learnt, since))
    now = later[later["month_end"] == assessed.as_of]
    return Subject(
        model.event,
        model.as_of,
        model.chosen,
        is_fitted=scorer is not None,
        predictions=predictions,
        developed=scores,
        now=now,
        scored=later.assign(happened=np.nan)[SCORED],
        features=features,
        shifts=_find_shifts(scorer, scores, now),
        bounds=policy.class_bounds
        if model.event == DEFAULTS
        else _cut_fifths(predictions[model.chosen]),
        rows_count=model.rows_count,
        events_count=model.events_count,
    )


def _find_learnt(assessed: Assessed, event: str, as_of: pd.Timestamp) -> "pd.Series[bool]":
    """Find the rows that a model of a day learnt from, as training chooses them."""
    outcomes, months = assessed.outcomes, assessed.signs["month_end"].dt.month
    over = outcomes[event].notna() & (outcomes["outcome_on"] <= as_of)
    learnt: pd.Series[bool] = over & (months % STEP_MONTHS == as_of.month % STEP_MONTHS)
    return learnt


def _score(scorer: ReliabilityModel | None, rows: pd.DataFrame) -> pd.DataFrame:
    scores = scorer.predict(rows) if scorer is not None else pd.Series(np.nan, index=rows.index)
    return rows.assign(probability=scores)


def _find_shifts(
    scorer: ReliabilityModel | None, before: pd.DataFrame, now: pd.DataFrame
) -> pd.Series:
    if scorer is None or before.empty or now.empty:
        return pd.Series(dtype=float)
    parts = [scorer.explain(rows)[list(scorer.features)].mean() for rows in (before, now)]
    return parts[1] - parts[0]


def _choose_issued(subject: Subject, earlier: list[Issued]) -> Issued | None:
    """Take the latest earlier model that has windows to be judged on; else the latest."""
    origins = subject.predictions["origin_on"]
    judged = [each for each in earlier if (origins >= each.as_of).any()]
    return max(judged or earlier, key=lambda each: each.as_of, default=None)


def _follow(
    issued: Issued, subject: Subject, assessed: Assessed, asked: "pd.Series[bool]"
) -> Followed:
    ends, day = assessed.signs["month_end"], issued.as_of
    known = assessed.outcomes[subject.event].where(assessed.outcomes["outcome_on"] <= subject.as_of)
    since, learnt = asked & (ends >= day), _find_learnt(assessed, issued.event, day)
    scored, before = (_score(issued.model, assessed.signs[part]) for part in (since, learnt))
    scored = scored.assign(happened=known[since])[SCORED]
    fresh = subject.predictions[subject.predictions["origin_on"] >= day]
    rows = fresh.merge(
        scored.drop(columns="happened"),
        left_on=["client_id", "origin_on"],
        right_on=["client_id", "month_end"],
        validate="one_to_one",
    )
    panel = rows.assign(champion=rows["probability"], challenger=rows[subject.method])
    columns = ["client_id", "happened", "champion", "challenger"]
    return Followed(day, issued.developed, before, panel[columns], scored)


def _read_windows(tested: TimingBacktest | None, event: str, days: int) -> pd.DataFrame:
    if tested is None or tested.predictions.empty:
        return pd.DataFrame(columns=PREDICTED).astype(
            {"happened": float, MODEL: float, RULE: float}
        )
    said = tested.predictions
    by_method = said.pivot_table(index="invoice_id", columns="method", values=event)
    rows = said.drop_duplicates("invoice_id").set_index("invoice_id").join(by_method)
    is_late = (rows["paid_days"].fillna(np.inf) > days).astype(float)
    found = rows.assign(
        origin_on=rows["starts_on"] - pd.Timedelta(days=1),
        happened=is_late.where(rows["open_days"] > days),
    )
    return found[PREDICTED].reset_index(drop=True)


def _cut_fifths(probability: pd.Series) -> tuple[float, ...]:
    """Bounds of five classes of as many rows; fewer where many rows have one probability."""
    if not len(probability):
        return (0.5,)
    cuts = np.unique(np.quantile(probability.astype(float), QUANTILES))
    inside = cuts[(cuts > 0) & (cuts < 1)]
    return tuple(map(float, inside)) or (0.5,)
