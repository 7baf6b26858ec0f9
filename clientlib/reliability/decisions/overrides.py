"""What became of decisions that departed from the advice, beside those that followed it."""

import pandas as pd

from clientlib.pooling import interval_of_share

FOLLOWED, ABOVE, BELOW = "as advised", "more than advised", "less than advised"
DEPARTURES = (FOLLOWED, ABOVE, BELOW)
OVERRIDE_COLUMNS = (
    "departure",
    "decisions_count",
    "judged_count",
    "defaults_count",
    "default_share",
    "share_low",
    "share_high",
)


def judge_overrides(
    decisions: pd.DataFrame,
    defaults: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    horizon_months: int,
) -> pd.DataFrame:
    """Count defaults after limits that were granted above, at, or below the advice.

    A decision is judged when its horizon is over: whether the client was in default at a month
    end after it. What would have come of the advised limit nobody can know.

    Parameters
    ----------
    decisions : DataFrame
        client_id, kind, value, advised, decided_on; other kinds than "limit", and those without
        advice, are left out.
    defaults : DataFrame
        client_id and month_end of every month end at which a client was in default.
    as_of : str or Timestamp
        The day of the analysis.
    horizon_months : int, in months
        How long a decision is watched.

    Returns
    -------
    DataFrame, one row per departure that occurred
        Columns `OVERRIDE_COLUMNS`: the share of judged decisions after which the client was in
        default, with its 90 % interval; null where none is judged.
    """
    limits = decisions[(decisions["kind"] == "limit") & decisions["advised"].notna()]
    ends = limits["decided_on"] + pd.DateOffset(months=horizon_months)
    judged = limits.assign(
        departure=_departures(limits),
        is_judged=ends <= pd.Timestamp(as_of),
        is_default=_defaulted(limits, ends, defaults),
    )
    counts = judged.groupby("departure").agg(
        decisions_count=("is_judged", "size"), judged_count=("is_judged", "sum")
    )
    bad = judged[judged["is_judged"]].groupby("departure")["is_default"].sum()
    counts["defaults_count"] = bad.reindex(counts.index).fillna(0).astype("int64")
    table = _with_shares(counts)
    order = [name for name in (FOLLOWED, ABOVE, BELOW) if name in table.index]
    return table.loc[order].rename_axis("departure").reset_index()[list(OVERRIDE_COLUMNS)]


def _departures(limits: pd.DataFrame) -> pd.Series:
    named = pd.Series(FOLLOWED, index=limits.index, dtype=object)
    named = named.mask(limits["value"] > limits["advised"], ABOVE)
    return named.mask(limits["value"] < limits["advised"], BELOW)


def _defaulted(limits: pd.DataFrame, ends: pd.Series, defaults: pd.DataFrame) -> list[bool]:
    by_client = defaults.groupby("client_id")["month_end"].apply(list).to_dict()
    return [
        any(start < day <= end for day in by_client.get(client, ()))
        for client, start, end in zip(limits["client_id"], limits["decided_on"], ends, strict=True)
    ]


def _with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    judged, bad = counts["judged_count"].astype(float), counts["defaults_count"].astype(float)
    known = judged > 0
    low, high = interval_of_share(bad, judged)
    return counts.assign(
        default_share=bad / judged.where(known),
        share_low=pd.Series(low, index=counts.index).where(known),
        share_high=pd.Series(high, index=counts.index).where(known),
    )
