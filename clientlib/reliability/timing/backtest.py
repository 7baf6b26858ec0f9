"""The timing model and the plain rule, judged on later windows that neither has seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.calibration import judge_probabilities
from clientlib.reliability.timing.invoices import believed_on
from clientlib.reliability.timing.model import LEVEL, fit_timing
from clientlib.reliability.timing.rule import fit_rule

FALSE_ALARMS = 0.10
LATE_FLAG_DAYS = 14
WINDOW_DAYS, MOST_WINDOWS, FEWEST_WINDOWS = 91, 4, 2
FEWEST_JUDGED = 100
SURE_ENOUGH, CHOICE_REPEATS = 0.90, 500
MEASURES = (
    "auc",
    "brier",
    "log_loss",
    "bias",
    "mae_days",
    "bias_days",
    "coverage",
    "width_days",
    "recall_late_14",
)


@dataclass(frozen=True)
class TimingBacktest:
    """How the timing model and the plain rule did on windows of the past.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    chosen : str
        "model" or "rule".
    note : str
        Why, in a sentence.
    windows : DataFrame, one row per window and method
        starts_on, ends_on, method, invoices_count and the measures.
    methods : DataFrame, one row per method
        The same over all windows together, every invoice once.
    predictions : DataFrame, one row per invoice and method
        invoice_id, client_id, starts_on, method, paid_days, open_days and what was foretold.
    """

    as_of: pd.Timestamp
    chosen: str
    note: str
    windows: pd.DataFrame
    methods: pd.DataFrame
    predictions: pd.DataFrame


def backtest_timing(
    rows: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    starts: Sequence[str | pd.Timestamp] | None = None,
    seed: int = 0,
) -> TimingBacktest:
    """Replay the past: on the eve of each window learn, then foretell the invoices issued in it.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them for ``as_of``.
    as_of : str or Timestamp
        The day.
    starts : sequence of str or Timestamp, optional
        First days of the windows; each ends where the next begins, the last after 91 days.
        Without it the last four windows of 91 days that are over.
    seed : int
        Of the model and of the choice.

    Returns
    -------
    TimingBacktest
        The model is chosen where its Brier score beats the rule's in 90 % of bootstrap samples
        of clients; otherwise, and with fewer than 2 windows or 100 judged invoices, the rule.
    """
    day = pd.Timestamp(as_of)
    days = _windows(rows, day) if starts is None else [pd.Timestamp(start) for start in starts]
    ends = [*days[1:], *(start + pd.Timedelta(days=WINDOW_DAYS) for start in days[-1:])]
    found = [_foretell(rows, start, end, seed) for start, end in zip(days, ends, strict=True)]
    tables = [table for table in found if table is not None]
    predictions = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    chosen, note = _choose(predictions, seed)
    windows = _by(predictions, ["starts_on", "ends_on", "method"])
    return TimingBacktest(day, chosen, note, windows, _by(predictions, ["method"]), predictions)


def _windows(rows: pd.DataFrame, day: pd.Timestamp) -> list[pd.Timestamp]:
    """List the last windows whose invoices have been due for a month."""
    length = pd.Timedelta(days=WINDOW_DAYS)
    over = rows.loc[rows["open_days"] >= 30, "issued_on"]
    last = over.max() if len(over) else day
    starts = [last + pd.Timedelta(days=1) - length * back for back in range(MOST_WINDOWS, 0, -1)]
    return [start for start in starts if len(rows) and start > rows["issued_on"].min()]


def _foretell(
    rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, seed: int
) -> pd.DataFrame | None:
    """Let both methods speak on the eve of a window; None where there was too little to learn."""
    eve = start - pd.Timedelta(days=1)
    then = believed_on(rows, eve)
    model = fit_timing(then, eve, seed=seed)
    window = rows[(rows["issued_on"] >= start) & (rows["issued_on"] < end)]
    if model is None or window.empty:
        return None
    kept = window[["invoice_id", "client_id", "paid_days", "open_days"]]
    rule = fit_rule(then, level=LEVEL)
    spoken = {"model": model.predict(window), "rule": rule.predict(window)}
    tables = [
        kept.assign(starts_on=start, ends_on=end - pd.Timedelta(days=1), method=method).join(said)
        for method, said in spoken.items()
    ]
    return pd.concat(tables, ignore_index=True)


def _by(predictions: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    columns = [*keys, "invoices_count", *MEASURES]
    if predictions.empty:
        return pd.DataFrame(columns=columns)
    found = []
    for key, rows in predictions.groupby(keys, sort=True):
        found.append(dict(zip(keys, key, strict=True)) | judge_timing(rows))
    return pd.DataFrame(found, columns=columns)


def judge_timing(predictions: pd.DataFrame) -> dict[str, float]:
    """Measure what was foretold of invoices against what became of them.

    Parameters
    ----------
    predictions : DataFrame
        With paid_days (nan while open), open_days, late_0, late_14, median_days, low_days and
        high_days; invoices that are not yet due are not judged.

    Returns
    -------
    dict of float
        invoices_count; auc, brier, log_loss and bias of ``late_0``; mae_days and bias_days of
        the median day (foretold less actual), over paid invoices; coverage and width_days of the
        interval; recall_late_14: part of the invoices more than 14 days late that is flagged
        where 10 % of the others are.
    """
    judged = predictions[predictions["paid_days"].notna() | (predictions["open_days"] > 0)]
    days = judged["paid_days"].fillna(np.inf)
    late = (days > 0).astype(int)
    measured = judge_probabilities(judged["late_0"], late, pd.Series(1, index=judged.index))
    error = (judged["median_days"] - judged["paid_days"]).dropna()
    known = judged["paid_days"].notna() | (judged["open_days"] >= judged["high_days"])
    inside = days.between(judged["low_days"], judged["high_days"])[known]
    return {
        "invoices_count": len(judged),
        **measured,
        "mae_days": float(error.abs().mean()),
        "bias_days": float(error.mean()),
        "coverage": float(inside.mean()),
        "width_days": float((judged["high_days"] - judged["low_days"]).mean()),
        "recall_late_14": _recall(judged, days),
    }


def _recall(judged: pd.DataFrame, days: pd.Series) -> float:
    """Flag the same part of the invoices that were not so late, look how many of the others are."""
    known = (judged["open_days"] > LATE_FLAG_DAYS) | judged["paid_days"].notna()
    is_late = (days > LATE_FLAG_DAYS)[known]
    score = judged["late_14"][known]
    if not is_late.any() or is_late.all():
        return float("nan")
    limit = float(np.quantile(score[~is_late], 1 - FALSE_ALARMS))
    return float((score[is_late] > limit).mean())


def _choose(predictions: pd.DataFrame, seed: int) -> tuple[str, str]:
    windows = predictions["starts_on"].nunique() if len(predictions) else 0
    count = len(predictions) // 2
    if windows < FEWEST_WINDOWS or count < FEWEST_JUDGED:
        return "rule", jot(
            "Not enough data to test a model: {origins:count} past origins with "
            "{invoices:count} judged invoices, {least_origins:count} and {least_invoices:count} "
            "are needed. The plain rule is used.",
            origins=windows,
            invoices=count,
            least_origins=FEWEST_WINDOWS,
            least_invoices=FEWEST_JUDGED,
        )
    sure = _surely_better(predictions, seed)
    tested = {"invoices": count, "origins": windows}
    if sure >= SURE_ENOUGH:
        return "model", jot(
            "The model had smaller errors than the plain rule on {invoices:count} invoices of "
            "{origins:count} past origins; the model is used.",
            **tested,
        )
    return "rule", jot(
        "The model was not clearly better than the plain rule on {invoices:count} invoices of "
        "{origins:count} past origins (better in {sure:share} of bootstrap samples, "
        "{least:share} are needed); the plain rule is used.",
        **tested,
        sure=sure,
        least=SURE_ENOUGH,
    )


def _surely_better(predictions: pd.DataFrame, seed: int) -> float:
    """Share of client bootstraps in which the model's Brier score is below the rule's."""
    judged = predictions[predictions["paid_days"].notna() | (predictions["open_days"] > 0)]
    late = judged["paid_days"].fillna(np.inf) > 0
    loss = (judged["late_0"] - late) ** 2
    sign = np.where(judged["method"] == "rule", 1.0, -1.0)
    by_client = (loss * sign).groupby(judged["client_id"].to_numpy(), sort=True).sum().to_numpy()
    random = np.random.default_rng(seed)
    chances = np.full(len(by_client), 1 / len(by_client))
    draws = random.multinomial(len(by_client), chances, size=CHOICE_REPEATS)
    return float((draws @ by_client > 0).mean())
