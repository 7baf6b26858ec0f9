"""Frozen panels: at every month end, what each client's order book had shown by then."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.reliability.events import LossRules
from clientlib.reliability.warning.book import OrderBook
from clientlib.reliability.warning.running import Floats, Ints, as_day_numbers

# A client's own gap weighs as so many gaps of the portfolio.
PRIOR_GAPS = 2.0
QUARTER_DAYS, HALF_DAYS, YEAR_DAYS = 90, 180, 365

FEATURES = (
    "log_silence",
    "log_usual_gap",
    "log_silence_ratio",
    "log_longest_ratio",
    "log_order_days",
    "log_known_days",
    "order_rate",
    "gap_spread",
    "gap_trend",
    "order_days_90d",
    "order_trend",
    "log_order_amount",
    "amount_drop",
    "amount_trend",
    "families_count",
    "families_trend",
    "basket_drop",
    "returned_share",
    "same_season",
    "season_sin",
    "season_cos",
)


def build_panel(
    book: OrderBook, month_ends: Sequence[pd.Timestamp], rules: LossRules | None = None
) -> pd.DataFrame:
    """Describe every client that had ordered, at every month end, by what was known that day.

    Parameters
    ----------
    book : OrderBook
        From `read_book`; it may know later days, which are not looked at.
    month_ends : sequence of Timestamp
        Days of the panels, any.
    rules : LossRules, optional
        Give the silence at which a client is lost.

    Returns
    -------
    DataFrame, one row per client_id and month_end, sorted by month_end and client_id
        silence_days, usual_gap_days (steadied), silence_ratio, lost_after_days (silence at
        which the client counts as lost), revenue_90d_amount, revenue_previous_90d_amount,
        revenue_365d_amount, order_days_count, known_days, longest_gap_days (at least the usual
        one), last_ordered_on and `FEATURES`. Rows of clients that are lost already are there.
    """
    limits = rules or LossRules()
    ends = as_day_numbers(pd.Series(sorted(month_ends)))
    codes = np.tile(np.arange(len(book.client_ids), dtype=np.int64), len(ends))
    days = np.repeat(ends, len(book.client_ids))
    places = book.rhythm.find(codes, days)
    known = places >= 0
    codes, days, places = codes[known], days[known], places[known]
    rhythm = {name: book.rhythm.values[name][places] for name in book.rhythm.values}
    facts = {**_measure_rhythm(book, rhythm, days, limits), **_measure_money(book, codes, days)}
    keys = {
        "client_id": book.client_ids.to_numpy()[codes],
        "month_end": days.astype("datetime64[D]").astype("datetime64[ns]"),
        "last_ordered_on": _as_dates(rhythm["last_ordered"]),
    }
    features = {
        **_rhythm_features(facts, rhythm),
        **_order_features(book, codes, days, facts),
        **_amount_features(facts, rhythm),
        **_season_features(book, codes, days),
    }
    shown = {name: facts[name] for name in facts if not name.startswith("_")}
    return pd.DataFrame({**keys, **shown, **{name: features[name] for name in FEATURES}})


def lost_after(rules: LossRules, first: Floats, last: Floats, order_days: Floats) -> Floats:
    """Tell the silence at which a client counts as lost.

    Parameters
    ----------
    rules : LossRules
        The definition.
    first, last : array of float, shape (n,)
        Day numbers of the first and the last order day.
    order_days : array of float, shape (n,)
        Days with orders.

    Returns
    -------
    array of float, in days, shape (n,)
        The larger of ``silence_days`` and ``silence_gaps`` typical gaps, in whole days.
    """
    gap = (last - first) / np.maximum(order_days - 1, 1)
    own = np.where(order_days >= rules.min_order_days, rules.silence_gaps * gap, 0.0)
    return np.ceil(np.maximum(own, rules.silence_days) - 1e-9)


def _as_dates(days: Floats) -> npt.NDArray[np.datetime64]:
    return days.astype(np.int64).astype("datetime64[D]").astype("datetime64[ns]")


def _measure_rhythm(
    book: OrderBook, rhythm: dict[str, Floats], days: Ints, rules: LossRules
) -> dict[str, Floats]:
    usual = _usual_log_gap(book, days)
    log_gap = (rhythm["log_gaps"] + PRIOR_GAPS * usual) / (rhythm["gaps"] + PRIOR_GAPS)
    first, last = rhythm["first_ordered"], rhythm["last_ordered"]
    silence = days - last
    return {
        "silence_days": silence,
        "usual_gap_days": np.exp(log_gap),
        "silence_ratio": silence / np.exp(log_gap),
        "lost_after_days": lost_after(rules, first, last, rhythm["order_days"]),
        "order_days_count": rhythm["order_days"],
        "known_days": days - first,
        "longest_gap_days": np.maximum(rhythm["longest_gap"], np.exp(log_gap)),
    }


def _usual_log_gap(book: OrderBook, days: Ints) -> Floats:
    """Mean log gap of all clients, of the gaps that had ended by each day."""
    table = book.days["counted"].to_numpy()
    gaps = np.diff(book.rhythm.values["gaps"], prepend=0.0)
    logs = np.diff(book.rhythm.values["log_gaps"], prepend=0.0)
    is_first = book.rhythm.values["order_days"] == 1
    order = np.argsort(table, kind="stable")
    counts = np.cumsum(np.where(is_first, 0.0, gaps)[order])
    totals = np.cumsum(np.where(is_first, 0.0, logs)[order])
    ends, which = np.unique(days, return_inverse=True)
    place = np.searchsorted(table[order], ends, side="right") - 1
    # Before any gap has ended a month stands in for it, with the weight of a single gap.
    mean = (totals[place] + np.log(30.0)) / (counts[place] + 1.0)
    usual: Floats = mean[which]
    return usual


def _measure_money(book: OrderBook, codes: Ints, days: Ints) -> dict[str, Floats]:
    def total(name: str, back: int) -> Floats:
        return book.money.take(name, book.money.find(codes, days - back))

    ordered = {back: total("ordered_amount", back) for back in (0, 90, 180, 365)}
    returned = {back: total("returned_amount", back) for back in (0, 90, 180, 365)}
    net = {back: ordered[back] - returned[back] for back in ordered}
    return {
        "revenue_90d_amount": net[0] - net[90],
        "revenue_previous_90d_amount": net[90] - net[180],
        "revenue_365d_amount": net[0] - net[365],
        "_ordered_180d": ordered[0] - ordered[180],
        "_returned_180d": returned[0] - returned[180],
    }


def _rhythm_features(facts: dict[str, Floats], rhythm: dict[str, Floats]) -> dict[str, Floats]:
    gaps = rhythm["gaps"]
    mean = rhythm["log_gaps"] / np.maximum(gaps, 1)
    variance = np.maximum(rhythm["squared_log_gaps"] / np.maximum(gaps, 1) - mean**2, 0)
    # One common log-gap variance of 0.8 with the weight of two gaps: few gaps look neither
    # regular nor wild.
    spread = np.sqrt((gaps * variance + 2 * 0.8) / (gaps + 2))
    last = np.where(gaps > 0, rhythm["last_log_gap"] - np.log(facts["usual_gap_days"]), 0.0)
    return {
        "log_silence": np.log1p(facts["silence_days"]),
        "log_usual_gap": np.log(facts["usual_gap_days"]),
        "log_silence_ratio": np.log1p(facts["silence_ratio"]),
        "log_longest_ratio": np.log1p(facts["silence_days"] / facts["longest_gap_days"]),
        "log_order_days": np.log(rhythm["order_days"]),
        "log_known_days": np.log1p(facts["known_days"]),
        "order_rate": np.log(rhythm["order_days"] / (facts["known_days"] + 30.0)),
        "gap_spread": spread,
        "gap_trend": last,
    }


def _order_features(
    book: OrderBook, codes: Ints, days: Ints, facts: dict[str, Floats]
) -> dict[str, Floats]:
    def count(back: int) -> Floats:
        return book.rhythm.take("order_days", book.rhythm.find(codes, days - back))

    now, before, long_ago = count(0), count(QUARTER_DAYS), count(HALF_DAYS)
    families = book.families.take("families_count", book.families.find(codes, days))
    earlier = book.families.find(codes, days - QUARTER_DAYS)
    families_before = book.families.take("families_count", earlier)
    had = facts["known_days"] > QUARTER_DAYS
    return {
        "order_days_90d": np.log1p(now - before),
        "order_trend": np.where(had, np.log((now - before + 0.5) / (before - long_ago + 0.5)), 0),
        "families_count": np.log1p(families),
        "families_trend": np.where(had, np.log((families + 1) / (families_before + 1)), 0.0),
    }


def _amount_features(facts: dict[str, Floats], rhythm: dict[str, Floats]) -> dict[str, Floats]:
    count = rhythm["order_days"]
    mean = rhythm["log_amounts"] / count
    now = np.maximum(facts["revenue_90d_amount"], 0.0)
    before = np.maximum(facts["revenue_previous_90d_amount"], 0.0)
    small = np.exp(mean) / 2 + 1.0
    had = facts["known_days"] > QUARTER_DAYS
    usual_families = rhythm["families_total"] / count
    ordered = np.maximum(facts["_ordered_180d"], 0.0)
    share = facts["_returned_180d"] / np.maximum(ordered + facts["_returned_180d"], 1.0)
    return {
        "log_order_amount": mean,
        "amount_drop": (rhythm["last_log_amount"] - mean) * count / (count + 1),
        "amount_trend": np.where(had, np.log((now + small) / (before + small)), 0.0),
        "basket_drop": np.log1p(rhythm["last_families"]) - np.log1p(usual_families),
        "returned_share": np.clip(share, 0.0, 1.0),
    }


def _season_features(book: OrderBook, codes: Ints, days: Ints) -> dict[str, Floats]:
    """Time of year, and whether the client ordered in the quarter that came, a year before."""
    turn = 2 * np.pi * days / 365.25
    year_ago = book.rhythm.take("order_days", book.rhythm.find(codes, days - YEAR_DAYS))
    later = book.rhythm.find(codes, days - YEAR_DAYS + QUARTER_DAYS)
    same = book.rhythm.take("order_days", later) - year_ago
    return {"same_season": np.log1p(same), "season_sin": np.sin(turn), "season_cos": np.cos(turn)}
