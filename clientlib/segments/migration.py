"""Who moved between two month ends, with the money, and whether the client or the cuts moved."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import retell, tell
from clientlib.panels import month_ends_of, nearest_month_end
from clientlib.segments.rules import LOST, NO_VALUE, SegmentRules
from clientlib.segments.segmentation import label_panel, read_orders

LABELS = ("segment", "value_tier", "life_state")
NOT_YET = "(not yet a client)"
FLOW_COLUMNS = (
    "label_before",
    "label_after",
    "clients_count",
    "moved_by_cuts_count",
    "revenue_before_amount",
    "revenue_after_amount",
    "change_amount",
)


@dataclass(frozen=True)
class Migration:
    """Flows of clients and money between labels.

    Parameters
    ----------
    before_on, after_on : Timestamp or None
        The two month ends; before_on is None where the panel does not reach back so far.
    by : str
        "segment", "value_tier" or "life_state".
    counts, amounts : DataFrame, index = label before, columns = label after
        Clients, and their revenue of the twelve months until after_on.
    flows : DataFrame, one row per pair of labels, largest change of money first
        Columns `FLOW_COLUMNS`. moved_by_cuts_count: clients that would not have changed
        label, had the cuts of before_on been kept.
    stay_share, stay_revenue_share : float, 0..1
        Of the clients at before_on (of their revenue then), the part with the same label
        now; nan without an earlier month end.
    new_count, gone_count : int
        Clients since before_on; clients lost now that were not lost then; None without an
        earlier month end.
    gone_revenue_amount : float
        Revenue, in the twelve months until before_on, of the gone.
    note : str
        The finding in a sentence, or why there is none.
    """

    before_on: pd.Timestamp | None
    after_on: pd.Timestamp
    by: str
    counts: pd.DataFrame
    amounts: pd.DataFrame
    flows: pd.DataFrame
    stay_share: float
    stay_revenue_share: float
    new_count: int | None
    gone_count: int | None
    gone_revenue_amount: float
    note: str

    @property
    def message(self) -> str:
        """Which move is the most frequent, for the title of the matrix of ``counts``."""
        cells = _list_cells(self.counts)
        if not cells:
            return tell(_MATRIX_TITLES[self.by])
        moves = [cell for cell in cells if cell[1] != cell[2]]
        count, before, after = max(moves or cells, key=lambda cell: cell[0])
        said = {"before": retell(before), "after": retell(after), "count": count}
        return tell(_choose_title(before, after), **said)


def _choose_title(before: str, after: str) -> str:
    if before == after:
        return _TITLES["nobody"]
    if NO_VALUE in (before, after):
        return _TITLES["to nothing" if after == NO_VALUE else "from nothing"]
    return _TITLES["move"]


_TITLES = {
    "move": "The most frequent move is from {before} to {after}: {count:count} {count:~client}",
    "to nothing": "The most frequent move is from {before} to no revenue: {count:count} "
    "{count:~client}",
    "from nothing": "The most frequent move is from no revenue to {after}: {count:count} "
    "{count:~client}",
    "nobody": "Nobody moved; the largest group is {after} with {count:count} {count:~client}",
}


def _list_cells(counts: pd.DataFrame) -> list[tuple[int, str, str]]:
    """List the cells with clients that were there before: how many, label before and after."""
    return [
        (int(count), str(before), str(after))
        for before, row in counts.iterrows()
        for after, count in row.items()
        if before != NOT_YET and count > 0
    ]


# Whole sentences, one for each label.
_KEPT = {
    "segment": "From {before:iso} to {after:iso}, {share:share} of {count:count} clients kept "
    "their segment; {came:count} came, {lost:count} were lost.",
    "value_tier": "From {before:iso} to {after:iso}, {share:share} of {count:count} clients kept "
    "their value tier; {came:count} came, {lost:count} were lost.",
    "life_state": "From {before:iso} to {after:iso}, {share:share} of {count:count} clients kept "
    "their life state; {came:count} came, {lost:count} were lost.",
}
_NOBODY = {
    "segment": "From {before:iso} to {after:iso}, no earlier client kept their segment; "
    "{came:count} came, {lost:count} were lost.",
    "value_tier": "From {before:iso} to {after:iso}, no earlier client kept their value tier; "
    "{came:count} came, {lost:count} were lost.",
    "life_state": "From {before:iso} to {after:iso}, no earlier client kept their life state; "
    "{came:count} came, {lost:count} were lost.",
}
# Titles of a matrix that holds no number.
_MATRIX_TITLES = {
    "segment": "Clients by segment then (rows) and now (columns)",
    "value_tier": "Clients by value tier then (rows) and now (columns)",
    "life_state": "Clients by life state then (rows) and now (columns)",
}


def compare_segments(
    orders_panel: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    months: int = 12,
    by: str = "segment",
    rules: SegmentRules | None = None,
) -> Migration:
    """Follow the clients from one month end to another.

    Both labels are what `segment_clients` says at its day; none is recomputed with later
    knowledge.

    Parameters
    ----------
    orders_panel : DataFrame
        marts.client_orders, all month ends.
    as_of : str or Timestamp
        The later day.
    months : int
        How far back the earlier day lies; the nearest month end is taken.
    by : str
        The label to follow: "segment", "value_tier" or "life_state".
    rules : SegmentRules, optional
        Thresholds.

    Returns
    -------
    Migration
        With empty tables and a note where there is no earlier month end.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.
    """
    limits = rules or SegmentRules()
    orders = read_orders(orders_panel, as_of)
    ends = month_ends_of(orders)
    after_on = ends[-1] if ends else pd.Timestamp(as_of)
    before_on = nearest_month_end(ends[:-1], after_on - pd.DateOffset(months=months))
    if before_on is None:
        return _nothing(after_on, by, months)
    labelled = label_panel(orders, limits)
    kept_cuts = label_panel(orders, limits, freeze_on=before_on)
    columns = ["client_id", by, "life_state", "revenue_12m_amount"]
    before, after = (
        _at(labelled, day, columns).add_suffix(side)
        for day, side in ((before_on, "_before"), (after_on, "_after"))
    )
    moved = after.join(before, how="left")
    moved["label_kept"] = _at(kept_cuts, after_on, ["client_id", by])[by]
    return _sum_up(moved.rename_axis("client_id"), before_on, after_on, by)


def _at(labelled: pd.DataFrame, day: pd.Timestamp, columns: list[str]) -> pd.DataFrame:
    rows = labelled[(labelled["month_end"] == day) & labelled["life_state"].notna()]
    rows = rows[list(dict.fromkeys(columns))]
    return rows.set_index("client_id")


def _sum_up(
    moved: pd.DataFrame, before_on: pd.Timestamp, after_on: pd.Timestamp, by: str
) -> Migration:
    before = moved[f"{by}_before"].astype(object).fillna(NOT_YET)
    rows = pd.DataFrame(
        {
            "label_before": before,
            "label_after": moved[f"{by}_after"],
            "is_by_cuts": (before != moved[f"{by}_after"]) & (before == moved["label_kept"]),
            "revenue_before_amount": moved["revenue_12m_amount_before"].fillna(0.0),
            "revenue_after_amount": moved["revenue_12m_amount_after"],
        }
    )
    here = rows[before != NOT_YET]
    same = here["label_before"] == here["label_after"]
    was = moved["life_state_before"]
    gone = (moved["life_state_after"] == LOST) & was.notna() & (was != LOST)
    stay, stay_revenue = same.mean(), _part(here["revenue_before_amount"], same)
    gone_revenue = float(rows.loc[gone, "revenue_before_amount"].sum())
    new_count = int((before == NOT_YET).sum())
    days = {"before": before_on, "after": after_on}
    moves = {"came": new_count, "lost": int(gone.sum())}
    if len(here):
        note = tell(_KEPT[by], **days, share=float(stay), count=len(here), **moves)
    else:
        note = tell(_NOBODY[by], **days, **moves)
    counts, amounts = _matrix(rows, None), _matrix(rows, "revenue_after_amount")
    totals = (float(stay), stay_revenue, new_count, int(gone.sum()), gone_revenue)
    return Migration(before_on, after_on, by, counts, amounts, _flows(rows), *totals, note)


def _part(amounts: pd.Series, chosen: pd.Series) -> float:
    total = float(amounts.sum())
    return float(amounts[chosen].sum()) / total if total > 0 else float("nan")


def _flows(rows: pd.DataFrame) -> pd.DataFrame:
    flows = rows.groupby(["label_before", "label_after"], sort=True, as_index=False).agg(
        clients_count=("is_by_cuts", "size"),
        moved_by_cuts_count=("is_by_cuts", "sum"),
        revenue_before_amount=("revenue_before_amount", "sum"),
        revenue_after_amount=("revenue_after_amount", "sum"),
    )
    flows["change_amount"] = flows["revenue_after_amount"] - flows["revenue_before_amount"]
    largest = flows["change_amount"].abs().sort_values(ascending=False, kind="stable").index
    return flows.loc[largest, list(FLOW_COLUMNS)].reset_index(drop=True)


def _matrix(rows: pd.DataFrame, amount: str | None) -> pd.DataFrame:
    """Cross labels before and after, in the order of their money now; new clients last."""
    values = pd.Series(1, index=rows.index) if amount is None else rows[amount]
    wide = values.groupby([rows["label_before"], rows["label_after"]]).sum().unstack(fill_value=0)
    by_money = rows.groupby("label_after")["revenue_after_amount"].sum()
    order = list(by_money.sort_values(ascending=False, kind="stable").index)
    leading = [label for label in order if label in wide.index]
    others = sorted(set(wide.index) - {*leading, NOT_YET})
    last = [NOT_YET] if NOT_YET in wide.index else []
    return wide.reindex(index=[*leading, *others, *last], columns=order)


def _nothing(after_on: pd.Timestamp, by: str, months: int) -> Migration:
    nan, empty = float("nan"), pd.DataFrame()
    flows = pd.DataFrame(columns=list(FLOW_COLUMNS))
    note = tell(
        "Not enough data: there is no month end {months:count} months before {day:iso}.",
        months=months,
        day=after_on,
    )
    return Migration(None, after_on, by, empty, empty, flows, nan, nan, None, None, nan, note)
