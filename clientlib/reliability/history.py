"""What a client's own invoices say: steadied shares, features of a panel row, its outcome."""

import numpy as np
import pandas as pd

from clientlib.panels import check_columns, month_ends_of, nearest_month_end, rows_until
from clientlib.pooling import SharePrior, fit_share_prior

PUNCTUALITY = "marts.client_punctuality"
PUNCTUALITY_COLUMNS = (
    "client_id",
    "month_end",
    "due_count",
    "late_count",
    "due_6m_count",
    "late_6m_count",
    "settled_count",
    "late_days_total",
    "settled_late_count",
    "open_count",
    "open_amount",
    "overdue_count",
    "overdue_amount",
)
FEATURES = ("own_history", "recent_change", "overdue_now", "days_late", "evidence")


def steady_late_share(
    late_count: pd.Series, due_count: pd.Series, *, prior_invoices: float | None = None
) -> pd.Series:
    """Estimate each client's late-payment share, steadied by the portfolio's.

    Two invoices say little about a client. Its raw share is drawn towards the share of all
    clients together, as if ``prior_invoices`` more of its invoices had gone the way the
    portfolio's went.

    Parameters
    ----------
    late_count : Series of int, shape (n_clients,)
        Invoices unpaid on the day after they were due; indexed by client_id.
    due_count : Series of int, shape (n_clients,)
        Invoices whose due date had passed; the same index.
    prior_invoices : float, in invoices, above 0, optional
        Weight of the portfolio; large values trust the single client less. Without it the
        weight is estimated by beta-binomial maximum likelihood.

    Returns
    -------
    Series of float, shape (n_clients,)
        Expected late share, 0..1. A client without judged invoices gets the portfolio's.

    Raises
    ------
    InputError
        A client has more late invoices than judged ones, or none has been judged at all.

    References
    ----------
    Posterior mean of the beta-binomial model: Gelman et al., Bayesian Data Analysis, 3rd ed.,
    2013, chapter 2.
    """
    prior = fit_share_prior(late_count, due_count, weight=prior_invoices)
    return prior.steady(late_count, due_count).rename("steadied_late_share")


def read_history(panel: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Check the panel of punctuality and keep what may be known on a day.

    Parameters
    ----------
    panel : DataFrame
        marts.client_punctuality.
    as_of : str or Timestamp
        Later month ends are dropped.

    Returns
    -------
    DataFrame
        Sorted by month_end and client_id.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.
    """
    check_columns(panel, PUNCTUALITY_COLUMNS, name=PUNCTUALITY)
    return rows_until(panel, as_of, name=PUNCTUALITY)


def add_outcomes(history: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Put beside each panel row what became of the invoices that fell due afterwards.

    Running counts are subtracted: the counts at the closed month end nearest to the row's
    month end + ``horizon_days``, less the row's own.

    Parameters
    ----------
    history : DataFrame
        As `read_history` returns it.
    horizon_days : int, in days
        How far ahead the question looks.

    Returns
    -------
    DataFrame
        The rows with outcome_on (the month end that closed the window; null while it is open),
        outcome_due_count and outcome_late_count (null likewise).
    """
    ends = month_ends_of(history)
    closed = [end for end in ends if end.is_month_end]
    ahead = pd.Timedelta(days=horizon_days)
    windows = {end: nearest_month_end([c for c in closed if c > end], end + ahead) for end in ends}
    rows = history.assign(outcome_on=pd.to_datetime(history["month_end"].map(pd.Series(windows))))
    later = history[["client_id", "month_end", "due_count", "late_count"]].set_axis(
        ["client_id", "outcome_on", "due_then", "late_then"], axis=1
    )
    joined = rows.merge(later, on=["client_id", "outcome_on"], how="left", validate="many_to_one")
    return joined.assign(
        outcome_due_count=joined["due_then"] - joined["due_count"],
        outcome_late_count=joined["late_then"] - joined["late_count"],
    ).drop(columns=["due_then", "late_then"])


def build_features(rows: pd.DataFrame, prior: SharePrior, usual_days_late: float) -> pd.DataFrame:
    """Describe each panel row by what was known at its month end.

    Parameters
    ----------
    rows : DataFrame, shape (n_rows, ...)
        Rows of marts.client_punctuality.
    prior : SharePrior
        Of the late share, fitted on the training rows.
    usual_days_late : float, in days
        Days late per settled invoice over all clients, from the training rows.

    Returns
    -------
    DataFrame of float, shape (n_rows, 5), index as ``rows``
        own_history (log-odds of the steadied share), recent_change (log-odds of the share of
        six months steadied by the client's own, less own_history), overdue_now (overdue part
        of the open invoices, 0..1), days_late (log(1 + steadied days late per settled
        invoice)), evidence (log(1 + judged invoices)).
    """
    own = prior.steady(rows["late_count"], rows["due_count"])
    recent = (rows["late_6m_count"] + prior.weight * own) / (rows["due_6m_count"] + prior.weight)
    days = (rows["late_days_total"].fillna(0.0) + prior.weight * usual_days_late) / (
        rows["settled_count"] + prior.weight
    )
    overdue = rows["overdue_count"] / rows["open_count"].where(rows["open_count"] > 0)
    features = {
        "own_history": log_odds(own),
        "recent_change": log_odds(recent) - log_odds(own),
        "overdue_now": overdue.fillna(0.0),
        "days_late": np.log1p(days.clip(lower=0.0)),
        "evidence": np.log1p(rows["due_count"]),
    }
    return pd.DataFrame(features, index=rows.index, dtype=float)


def log_odds(share: pd.Series) -> pd.Series:
    """Turn shares into log-odds, kept finite.

    Parameters
    ----------
    share : Series of float, 0..1
        Shares of 0 and 1 count as 0.0001 and 0.9999.

    Returns
    -------
    Series of float
        log(share / (1 - share)).
    """
    inside = share.clip(1e-4, 1 - 1e-4).astype(float)
    return pd.Series(np.log(inside / (1 - inside)), index=share.index)


def mean_days_late(rows: pd.DataFrame) -> float:
    """Average the days late over the settled invoices of all clients, those in time as 0.

    Parameters
    ----------
    rows : DataFrame
        With late_days_total and settled_count.

    Returns
    -------
    float, in days
        0 where nothing has been settled.
    """
    settled = float(rows["settled_count"].sum())
    return float(rows["late_days_total"].sum()) / settled if settled > 0 else 0.0
