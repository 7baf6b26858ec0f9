"""What is expected of an invoice before its own time runs: steadied habits and the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from clientlib.reliability.timing.lumps import LAST_PART, month_part_of, weekday_of

Floats = npt.NDArray[np.float64]

DUE_DAY = "the due day"
GROUPS: dict[str, tuple[str, ...]] = {
    "own habit": ("habit", "late", "late_14", "late_days", "spread", "evidence"),
    "recent change": ("recently_late", "recent", "last_3", "last", "silence"),
    "owing now": ("open", "overdue", "overdue_days", "disputes"),
    "the invoice": ("amount", "size", "terms"),
    "season": ("month_sine", "month_cosine"),
    DUE_DAY: (
        *(f"due on weekday {number}" for number in range(1, 8)),
        *(f"due in part {number}" for number in range(1, 10)),
    ),
}
PRIOR_LATE_INVOICES = 2.0
PRIOR_LATE_14_INVOICES = 3.0
PRIOR_SPREAD_INVOICES = 10.0
EARLIEST_DAY, LATEST_HABIT = -60.0, 60.0
LIGHTEST_WEIGHT, HEAVIEST_WEIGHT = 0.2, 50.0
SEASON_DAYS = 540
MOST_WAYS, FEWEST_OF_A_WAY = 4, 20


@dataclass(frozen=True)
class Priors:
    """What all clients have in common, towards which the single client is drawn.

    Parameters
    ----------
    days : float, in days
        Mean days from due day to payment.
    weight : float, in invoices
        How many paid invoices of its own count as much for a client's mean as all the others'.
    spread : float, in days
        Standard deviation of the days of one client.
    late_share, late_14_share : float, 0..1
        Part of the paid invoices paid late, and more than 14 days late.
    late_days : float, in days
        Mean days late of those paid late.
    ways : tuple of str
        Ways of sending invoices that are told apart.
    way_shares : tuple of float, 0..1
        Part of the invoices sent so.
    has_season : bool
        Whether the history is long enough to tell months apart.
    """

    days: float
    weight: float
    spread: float
    late_share: float
    late_14_share: float
    late_days: float
    ways: tuple[str, ...]
    way_shares: tuple[float, ...]
    has_season: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the covariates, in order."""
        return tuple(name for names in self.groups.values() for name in names)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Covariates that are one reason, by its name."""
        ways = tuple(f"sent by {way}" for way in self.ways)
        found = {**GROUPS, "the invoice": GROUPS["the invoice"] + ways}
        return {name: found[name] for name in found if name != "season" or self.has_season}


def fit_priors(rows: pd.DataFrame) -> Priors:
    """Estimate how clients differ, and how one client's invoices do, from the paid ones.

    Parameters
    ----------
    rows : DataFrame
        Invoices as `join_outcomes` returns them; at least two are paid.

    Returns
    -------
    Priors
        The weight is the variance within clients over that between them, 0.2 to 50.

    References
    ----------
    Buehlmann and Straub, Glaubwuerdigkeit fuer Schadensaetze, 1970: moment estimators.
    """
    paid = rows[rows["paid_days"].notna()]
    days = paid["paid_days"].clip(EARLIEST_DAY, 90.0)
    by_client = days.groupby(paid["client_id"].to_numpy(), sort=True)
    count = np.asarray(by_client.size(), dtype=np.float64)
    mean = np.asarray(by_client.mean(), dtype=np.float64)
    squares = float(((days - by_client.transform("mean")) ** 2).sum())
    within = max(squares / max(float((count - 1).sum()), 1.0), 0.25)
    between = _variance_between(count, mean, float(days.mean()), within)
    ways = _ways(rows)
    span = (rows["issued_on"].max() - rows["issued_on"].min()).days
    return Priors(
        days=float(days.mean()),
        weight=float(np.clip(within / between, LIGHTEST_WEIGHT, HEAVIEST_WEIGHT)),
        spread=float(np.sqrt(within)),
        late_share=_share(days > 0),
        late_14_share=_share(days > 14),
        late_days=max(float(days[days > 0].mean()), 1.0) if (days > 0).any() else 1.0,
        ways=tuple(ways),
        way_shares=tuple(ways.values()),
        has_season=bool(span >= SEASON_DAYS),
    )


def _variance_between(count: Floats, mean: Floats, overall: float, within: float) -> float:
    total, units = float(count.sum()), len(count)
    usual = (total - (count**2).sum() / total) / max(units - 1, 1)
    spread = float((count * (mean - overall) ** 2).sum()) / max(units - 1, 1)
    return max((spread - within) / max(float(usual), 1.0), within / HEAVIEST_WEIGHT)


def _share(hits: pd.Series) -> float:
    """Keep a share from being quite 0 or 1."""
    return (float(hits.sum()) + 0.5) / (len(hits) + 1.0)


def _ways(rows: pd.DataFrame) -> dict[str, float]:
    """Find the common ways of sending invoices and their shares; none where there is only one."""
    if "sent_by" not in rows:
        return {}
    counts = rows["sent_by"].astype("string").dropna().value_counts()
    common = counts[counts >= FEWEST_OF_A_WAY].iloc[:MOST_WAYS].sort_index()
    shares = {str(way): float(count) / float(counts.sum()) for way, count in common.items()}
    return shares if len(shares) > 1 else {}


def build_covariates(rows: pd.DataFrame, priors: Priors) -> pd.DataFrame:
    """Describe each invoice by what was known on its eve.

    Parameters
    ----------
    rows : DataFrame, shape (n_invoices, ...)
        Rows of marts.invoice_histories, with ``sent_alike_share`` of `join_outcomes`.
    priors : Priors
        What the habits are steadied by.

    Returns
    -------
    DataFrame of float, shape (n_invoices, n_covariates), index as ``rows``
        The columns of ``priors.names``; nothing is missing. A client without history gets what
        all clients have in common.
    """
    found = {
        **_habits(rows, priors),
        **_changes(rows, priors),
        **_owing(rows),
        **_terms(rows),
        **_newly_sent(rows, priors),
        **_due_day(rows),
    }
    return pd.DataFrame(found, index=rows.index)[list(priors.names)]


def credibility(rows: pd.DataFrame, priors: Priors) -> Floats:
    """Tell how far each client is judged by its own past: n / (n + weight).

    Parameters
    ----------
    rows : DataFrame, shape (n_invoices, ...)
        Rows of marts.invoice_histories.
    priors : Priors
        Their weight.

    Returns
    -------
    array of float, shape (n_invoices,)
        0 without a paid invoice, towards 1 with many.
    """
    count = _column(rows, "settled_count")
    return np.asarray(count / (count + priors.weight), dtype=np.float64)


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(rows[name].astype(float), dtype=np.float64)


def _mean_days(rows: pd.DataFrame, priors: Priors) -> Floats:
    """Mean days of the client's paid invoices, drawn towards everybody's."""
    total = _column(rows, "late_days_total") - _column(rows, "early_days_total")
    count = _column(rows, "settled_count")
    return np.asarray((total + priors.weight * priors.days) / (count + priors.weight))


def _habits(rows: pd.DataFrame, priors: Priors) -> dict[str, Floats]:
    settled, judged = _column(rows, "settled_count"), _column(rows, "judged_count")
    late = _column(rows, "late_count") + PRIOR_LATE_INVOICES * priors.late_share
    late_14 = _column(rows, "late_14_count") + PRIOR_LATE_14_INVOICES * priors.late_14_share
    return {
        "habit": _mean_days(rows, priors),
        "late": _log_pace(late / (judged + PRIOR_LATE_INVOICES)),
        "late_14": _finite_logit(late_14 / (settled + PRIOR_LATE_14_INVOICES)),
        "late_days": _late_days(rows, priors),
        "spread": np.log(_own_spread(rows, priors)),
        "evidence": 1.0 / (settled + 1.0),
    }


def _log_pace(late_share: Floats) -> Floats:
    """Log of the pace of payment before the due day that leaves such a share late."""
    return np.asarray(np.log(-np.log(np.clip(late_share, 1e-3, 1 - 1e-3))), dtype=np.float64)


def _late_days(rows: pd.DataFrame, priors: Priors) -> Floats:
    """Log of the mean days late of the client's late invoices, drawn towards everybody's."""
    count, total = _column(rows, "settled_late_count"), _column(rows, "late_days_total")
    usual = PRIOR_LATE_INVOICES * priors.late_days
    return np.asarray(np.log((total + usual) / (count + PRIOR_LATE_INVOICES)), dtype=np.float64)


def _finite_logit(share: Floats) -> Floats:
    return np.asarray(logit(np.clip(share, 1e-3, 1 - 1e-3)), dtype=np.float64)


def _own_spread(rows: pd.DataFrame, priors: Priors) -> Floats:
    """Spread of the client's days over everybody's, drawn towards 1."""
    count = _column(rows, "settled_count")
    total = _column(rows, "late_days_total") - _column(rows, "early_days_total")
    squares = _column(rows, "days_squares_total") - total**2 / np.maximum(count, 1.0)
    usual = priors.spread**2
    freedom = np.maximum(count - 1.0, 0.0) + PRIOR_SPREAD_INVOICES
    pooled = (np.maximum(squares, 0.0) + PRIOR_SPREAD_INVOICES * usual) / freedom
    return np.asarray(np.clip(np.sqrt(pooled / usual), 0.25, 4.0), dtype=np.float64)


def _changes(rows: pd.DataFrame, priors: Priors) -> dict[str, Floats]:
    """How the newest payments differ from the habit, drawn towards no change."""
    habit, count = _mean_days(rows, priors), _column(rows, "settled_count")
    few = np.minimum(count, 3.0)

    def change(name: str, trust: Floats) -> Floats:
        """Difference from the habit in days, cut at 30; 0 where nothing is known."""
        days = _column(rows, name)
        return np.clip(np.where(np.isnan(days), 0.0, days - habit) * trust, -30.0, 30.0)

    judged = _column(rows, "judged_count")
    late = (_column(rows, "late_count") + PRIOR_LATE_INVOICES * priors.late_share) / (
        judged + PRIOR_LATE_INVOICES
    )
    newly = np.where(judged > 0, np.nan_to_num(_column(rows, "recent_late_share")), late)
    trust = judged / (judged + 2 * PRIOR_LATE_INVOICES)
    silence = np.nan_to_num(_column(rows, "since_settled_days"), nan=60.0)
    return {
        "recently_late": _log_pace(late + trust * (newly - late)) - _log_pace(late),
        "recent": change("recent_days_late", count / (count + 2.0)),
        "last_3": change("last_3_days_late", few / (few + 1.0)),
        "last": change("last_days_late", np.ones(len(rows))),
        "silence": np.log1p(silence),
    }


def _owing(rows: pd.DataFrame) -> dict[str, Floats]:
    disputed = _column(rows, "disputed_count") / (_column(rows, "issued_count") + 2.0)
    return {
        "open": np.log1p(np.maximum(_column(rows, "open_count"), 0.0)),
        "overdue": np.log1p(np.maximum(_column(rows, "overdue_count"), 0.0)),
        "overdue_days": np.log1p(_column(rows, "oldest_overdue_days")),
        "disputes": disputed,
    }


def _terms(rows: pd.DataFrame) -> dict[str, Floats]:
    amount, usual = _column(rows, "amount"), _column(rows, "usual_amount")
    month = 2 * np.pi * _column(rows, "due_month") / 12
    ratio = np.log(amount / np.where(np.isnan(usual) | (usual <= 0), amount, usual))
    return {
        "amount": np.clip(ratio, -3.0, 3.0),
        "size": np.log(amount),
        "terms": np.log1p(np.maximum(_column(rows, "terms_days"), 0.0)),
        "month_sine": np.sin(month),
        "month_cosine": np.cos(month),
    }


def _newly_sent(rows: pd.DataFrame, priors: Priors) -> dict[str, Floats]:
    """By how much an invoice is sent in a way that its client's earlier ones were not."""
    count = _column(rows, "issued_count")
    alike = np.nan_to_num(_column(rows, "sent_alike_share")) * count if priors.ways else count
    found = {}
    for way, usual in zip(priors.ways, priors.way_shares, strict=True):
        is_way = np.zeros(len(rows), dtype=np.bool_)
        if "sent_by" in rows:
            is_way = np.asarray(
                rows["sent_by"].astype("string").eq(way).fillna(False), dtype=np.bool_
            )
        before = (alike + priors.weight * usual) / (count + priors.weight)
        found[f"sent by {way}"] = np.where(is_way, 1.0 - before, 0.0)
    return found


def _due_day(rows: pd.DataFrame) -> dict[str, Floats]:
    """Weekday and part of the month on which an invoice is due, each as a column of 0 and 1."""
    due = rows["due_on"].to_numpy(dtype="datetime64[D]")
    weekday, part = np.eye(7)[weekday_of(due)], np.eye(LAST_PART + 1)[month_part_of(due)]
    columns = np.hstack([weekday, part])
    return dict(zip(GROUPS[DUE_DAY], columns.T, strict=True))
