"""A manager's book: who needs attention, what changed, and what its segments brought."""

import pandas as pd

from clientlib.language import Claim, Sentence, jot, retell, show_short_month, tell
from clientlib.panels import as_days
from clientlib.results.months import Result
from clientlib.results.periods import list_months, read_history

ATTENTION_COLUMNS = (
    "client_id",
    "name",
    "why",
    "silence_days",
    "gap_used_days",
    "revenue_12m_amount",
    "revenue_previous_12m_amount",
)
BOOK_COLUMNS = ("client_id", "name", "life_state", "grade")
SPLIT_COLUMNS = (
    "segment",
    "label",
    "name",
    "month",
    "revenue_amount",
    "revenue_previous_amount",
)
CHANGE_COLUMNS = ("client_id", "name", "what", "before", "now")
LATE, AT_RISK, GROWN, NEW = "late in its rhythm", "at risk", "grown", "new"
WHYS = (AT_RISK, LATE, GROWN, NEW)
KINDS_OF_CHANGE = {"life_state": "life state", "grade": "reliability"}
GROWN_SHARE = 0.25


_MONTHS = {
    True: "Revenue ({period}) came to {amount:short} {currency}, {change:short} above the year "
    "before; the plan was {plan:short}",
    False: "Revenue ({period}) came to {amount:short} {currency}, {change:short} below the year "
    "before; the plan was {plan:short}",
}


def say_month(result: Result) -> Sentence:
    """Say what the last month brought, beside the year before and the plan.

    Parameters
    ----------
    result : Result
        From ``measure_result``.

    Returns
    -------
    Sentence
        Without the plan, or the year before, where that is not known.
    """
    month = result.months.iloc[-1]
    change = month["revenue_amount"] - month["revenue_previous_amount"]
    if pd.isna(month["revenue_plan_amount"]) or pd.isna(change):
        return result.months_title
    said = tell(
        _MONTHS[change > 0], period=month["name"], amount=month["revenue_amount"],
        currency=result.currency, change=abs(change), plan=month["revenue_plan_amount"],
    )  # fmt: skip
    return said.resting_on(Claim.of_fact(change))


def split_by_segment(
    day_sales: pd.DataFrame,
    client_segments: pd.DataFrame,
    month_ends: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    months_count: int = 12,
    top_n: int = 6,
) -> pd.DataFrame:
    """Split the revenue of months by the segment in which clients stand now.

    Parameters
    ----------
    day_sales : DataFrame
        marts.client_day_sales.
    client_segments : DataFrame
        As issued by the report on segments: client_id, segment.
    month_ends : DataFrame
        marts.month_ends.
    as_of : str or Timestamp
        The last day that is counted.
    months_count, top_n : int
        How many months, and how many segments; those with most revenue in these months.

    Returns
    -------
    DataFrame, one row per segment and month
        Columns `SPLIT_COLUMNS`: ``name`` is the month in short, ``month`` with its year; the year
        before is null where the history does not reach back so far.
    """
    history = read_history(month_ends, as_of)
    segments = client_segments.set_index("client_id")["segment"]
    rows = day_sales.assign(
        segment=day_sales["client_id"].map(segments), ordered_on=as_days(day_sales["ordered_on"])
    )
    rows = rows[as_days(rows["counted_on"]) <= history.last_on].dropna(subset=["segment"])
    by_day = rows.pivot_table(
        index="ordered_on", columns="segment", values="revenue_amount", aggfunc="sum"
    ).sort_index()
    table = pd.DataFrame(
        [
            (
                segment,
                jot(str(segment)),
                show_short_month(month.last_on),
                month.name_month(),
                float(by_day[segment].loc[month.first_on : month.last_on].sum()),
                float(by_day[segment].loc[before.first_on : before.last_on].sum())
                if history.covers(before)
                else float("nan"),
            )
            for segment in by_day.columns
            for month in list_months(history, months_count)
            for before in [month.year_before()]
        ],
        columns=list(SPLIT_COLUMNS),
    )
    totals = table.groupby("segment")["revenue_amount"].sum()
    order = totals.sort_values(ascending=False, kind="stable").index[:top_n]
    kept = table[table["segment"].isin(order)]
    place = kept["segment"].map({name: k for k, name in enumerate(order)})
    return kept.iloc[place.argsort(kind="stable")].reset_index(drop=True)


def title_split(split: pd.DataFrame, currency: str) -> Sentence:
    """Say which segment brought most in the last month, for the small multiples.

    Parameters
    ----------
    split : DataFrame
        From ``split_by_segment``.
    currency : str
        Of the amounts.

    Returns
    -------
    Sentence
        With the figure of the last month.
    """
    if split.empty:
        return tell("Revenue by segment and month")
    last = split[split["month"] == split["month"].iloc[-1]]
    most = last.loc[last["revenue_amount"].idxmax()]
    return tell(
        "In {month} most came from {segment}: {amount:short} {currency}",
        month=most["month"], segment=retell(str(most["label"])), amount=most["revenue_amount"],
        currency=currency,
    )  # fmt: skip


def list_attention(
    client_segments: pd.DataFrame, *, top_n: int = 15, grown_share: float = GROWN_SHARE
) -> pd.DataFrame:
    """List clients that are silent for too long, have grown, or are new.

    Parameters
    ----------
    client_segments : DataFrame
        As issued by the report on segments.
    top_n : int
        How many are listed of each kind.
    grown_share : float
        Growth of twelve months over the twelve before from which on a client has grown.

    Returns
    -------
    DataFrame, those at risk first, in each kind the largest first
        Columns `ATTENTION_COLUMNS`.
    """
    rows = client_segments.assign(why=_find_why(client_segments, grown_share))
    rows = rows[rows["why"] != ""]
    size = rows[["revenue_12m_amount", "revenue_previous_12m_amount"]].max(axis=1)
    rows = rows.assign(place=rows["why"].map(WHYS.index).astype(int), size=size)
    ordered = rows.sort_values(["place", "size", "client_id"], ascending=[True, False, True])
    first = ordered.groupby("place").head(top_n)
    return first[list(ATTENTION_COLUMNS)].reset_index(drop=True)


def say_attention(client_segments: pd.DataFrame, *, grown_share: float = GROWN_SHARE) -> Sentence:
    """Say how many clients need attention for which reason.

    Parameters
    ----------
    client_segments : DataFrame
        As issued by the report on segments.
    grown_share : float
        As in ``list_attention``.

    Returns
    -------
    Sentence
        Counts of all kinds.
    """
    counts = _find_why(client_segments, grown_share).value_counts()
    return tell(
        "Of {all:client}, {risk:count} {risk:is|are} at risk, {late:count} late in the rhythm of "
        "{late:its|their} own, {new:count} new, and {grown:count} bought at least {share:share} "
        "more than in the year before.",
        all=len(client_segments), risk=int(counts.get(AT_RISK, 0)), late=int(counts.get(LATE, 0)),
        new=int(counts.get(NEW, 0)), grown=int(counts.get(GROWN, 0)), share=grown_share,
    )  # fmt: skip


def make_book(client_segments: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Note how the clients of a book stand, for the run after to compare with.

    Parameters
    ----------
    client_segments : DataFrame
        As issued by the report on segments.
    scores : DataFrame
        As issued by the report on reliability; may be empty and without columns.

    Returns
    -------
    DataFrame, one row per client
        Columns `BOOK_COLUMNS`; without a score the grade is empty.
    """
    grades = scores.set_index("client_id")["grade"] if len(scores) else pd.Series(dtype="object")
    book = client_segments[["client_id", "name", "life_state"]]
    book = book.assign(grade=book["client_id"].map(grades).fillna("").astype(str))
    return book.sort_values("client_id", ignore_index=True)


def compare_books(now: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """List the clients whose life state or reliability is another than in the run before.

    Parameters
    ----------
    now, earlier : DataFrame
        From ``make_book``; the earlier one as it was issued, maybe empty and without columns.

    Returns
    -------
    DataFrame, by kind of change and client
        Columns `CHANGE_COLUMNS`; clients that stand in one of the two only are left out.
    """
    if earlier.empty:
        return pd.DataFrame(columns=list(CHANGE_COLUMNS))
    pairs = now.merge(earlier[list(BOOK_COLUMNS)], on="client_id", suffixes=("", "_before"))
    parts = [_list_changes(pairs, name) for name in KINDS_OF_CHANGE]
    return pd.concat(parts, ignore_index=True)


def _list_changes(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    """List where a word is another than before; an empty one is not known."""
    before, now = pairs[f"{name}_before"], pairs[name]
    rows = pairs[(before != now) & (before != "") & (now != "")]
    named = rows.assign(what=KINDS_OF_CHANGE[name], before=rows[f"{name}_before"], now=rows[name])
    return named[list(CHANGE_COLUMNS)]


def _find_why(client_segments: pd.DataFrame, grown_share: float) -> pd.Series:
    """Name the first reason that holds for each client; empty for most."""
    state = client_segments["life_state"]
    before = client_segments["revenue_previous_12m_amount"]
    has_grown = (before > 0) & (client_segments["revenue_12m_amount"] >= (1 + grown_share) * before)
    why = pd.Series("", index=client_segments.index).mask(has_grown, GROWN)
    return (
        why.mask(state == "new", NEW)
        .mask(state == "slowing", LATE)
        .mask(state == "at risk", AT_RISK)
    )
