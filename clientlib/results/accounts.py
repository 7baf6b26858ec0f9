"""Key accounts and movements, from what the report on segments has issued."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Claim, Sentence, tell, translate
from clientlib.panels import check_columns

CLIENT_SEGMENTS, TIER_FLOWS = "client_segments", "tier_flows"
SEGMENT_COLUMNS = (
    "client_id",
    "name",
    "segment",
    "value_tier",
    "life_state",
    "revenue_12m_amount",
    "revenue_previous_12m_amount",
    "action",
    "owner",
)
_TITLES = {
    True: "Clients now in {segment} bring {amount:short} {currency}, {change:short} above their "
    "year before",
    False: "Clients now in {segment} bring {amount:short} {currency}, {change:short} below their "
    "year before",
}
TIER_ORDER = ("large", "middle", "small", "none")


@dataclass(frozen=True)
class KeyAccounts:
    """The largest clients, and how far revenue hangs on them.

    Parameters
    ----------
    top : DataFrame, largest first
        client_id, name, segment, revenue_12m_amount, revenue_previous_12m_amount, change_amount,
        revenue_share, cumulative_share, action, owner.
    clients_count : int
        Clients with revenue above zero.
    total_amount : float
        Their revenue of twelve months.
    currency : str
        Of the amounts.
    """

    top: pd.DataFrame
    clients_count: int
    total_amount: float
    currency: str

    @property
    def top_share(self) -> float:
        """Share of the clients in ``top``; nan where nobody has revenue."""
        return float(self.top["revenue_share"].sum()) if len(self.top) else float("nan")

    @property
    def largest_share(self) -> float:
        """What would go with the largest client; nan where nobody has revenue."""
        return float(self.top["revenue_share"].iloc[0]) if len(self.top) else float("nan")

    @property
    def title(self) -> Sentence:
        """The largest client, for the chart of key accounts."""
        if self.top.empty:
            return tell("Revenue of key accounts")
        first = self.top.iloc[0]
        return tell(
            "{name} is the largest client, with {amount:short} {currency} in 12 months",
            name=first["name"], amount=first["revenue_12m_amount"], currency=self.currency,
        )  # fmt: skip


def list_key_accounts(
    client_segments: pd.DataFrame, *, top_n: int = 10, currency: str = ""
) -> KeyAccounts:
    """List the clients on which most of the revenue rests.

    Parameters
    ----------
    client_segments : DataFrame
        As issued by the report on segments; cut to a reader, shares are of the reader's revenue.
    top_n : int
        How many are listed.
    currency : str
        Of the amounts.

    Returns
    -------
    KeyAccounts
        Empty where nobody has revenue.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(client_segments, SEGMENT_COLUMNS, name=CLIENT_SEGMENTS)
    rows = client_segments[client_segments["revenue_12m_amount"] > 0]
    order = ["revenue_12m_amount", "client_id"]
    ranked = rows.sort_values(order, ascending=[False, True], ignore_index=True)
    total = float(ranked["revenue_12m_amount"].sum())
    share = ranked["revenue_12m_amount"].astype(float) / (total or 1.0)
    table = ranked.assign(
        change_amount=ranked["revenue_12m_amount"] - ranked["revenue_previous_12m_amount"],
        revenue_share=share,
        cumulative_share=share.cumsum(),
    )
    return KeyAccounts(table.head(top_n), len(ranked), total, currency)


def sum_segments(client_segments: pd.DataFrame) -> pd.DataFrame:
    """Sum up the issued segments.

    Parameters
    ----------
    client_segments : DataFrame
        As issued by the report on segments.

    Returns
    -------
    DataFrame, one row per segment, highest revenue first
        segment, label (its name in the language that is spoken), life_state, value_tier, action,
        owner, clients_count, revenue_12m_amount, revenue_previous_12m_amount.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(client_segments, SEGMENT_COLUMNS, name=CLIENT_SEGMENTS)
    keys = ["segment", "life_state", "value_tier", "action", "owner"]
    grouped = client_segments.groupby(keys, dropna=False)
    sums = grouped.agg(
        clients_count=("client_id", "size"),
        revenue_12m_amount=("revenue_12m_amount", "sum"),
        revenue_previous_12m_amount=("revenue_previous_12m_amount", "sum"),
    ).reset_index()
    sums["label"] = [translate(str(name)) for name in sums["segment"]]
    order = ["revenue_12m_amount", "segment"]
    return sums.sort_values(order, ascending=[False, True], ignore_index=True)


def title_segments(segments: pd.DataFrame, currency: str) -> Sentence:
    """Say whose clients changed most, for the chart of segments.

    Clients are grouped by the segment of now, so that those of growing segments grew: the
    sentence speaks of these clients, not of the segment.

    Parameters
    ----------
    segments : DataFrame
        From ``sum_segments``.
    currency : str
        Of the amounts.

    Returns
    -------
    Sentence
        With its claim.
    """
    if segments.empty:
        return tell("Revenue by segment")
    change = segments["revenue_12m_amount"] - segments["revenue_previous_12m_amount"]
    at = change.abs().idxmax()
    most = float(change[at])
    said = tell(
        _TITLES[most > 0], segment=segments["label"][at], currency=currency, change=abs(most),
        amount=segments["revenue_12m_amount"][at],
    )  # fmt: skip
    return said.resting_on(Claim.of_fact(most))


def lay_out_flows(tier_flows: pd.DataFrame) -> pd.DataFrame:
    """Lay the issued flows between value tiers out as a matrix.

    Parameters
    ----------
    tier_flows : DataFrame
        As issued by the report on segments: label_before, label_after, clients_count.

    Returns
    -------
    DataFrame, index = tier then, columns = tier now
        Clients; empty where there are no flows.
    """
    if tier_flows.empty:
        return pd.DataFrame()
    table = tier_flows.pivot_table(
        index="label_before", columns="label_after", values="clients_count", aggfunc="sum",
        fill_value=0,
    )  # fmt: skip
    ordered = table.reindex(index=_in_order(table.index), columns=_in_order(table.columns))
    return ordered.rename_axis(index=translate("tier then"), columns=translate("tier now"))


def title_flows(matrix: pd.DataFrame) -> Sentence:
    """Say how many clients left the large tier, for the matrix of flows.

    Parameters
    ----------
    matrix : DataFrame
        From ``lay_out_flows``.

    Returns
    -------
    Sentence
        Of clients that were large, how many still are.
    """
    large = TIER_ORDER[0]
    if large not in matrix.index or large not in matrix.columns:
        return tell("Clients by value tier then (rows) and now (columns)")
    return tell(
        "Of the clients that were large, {stayed:count} still are",
        stayed=int(matrix[large][large]),
    )


def _in_order(names: pd.Index) -> list[str]:
    known = [name for name in TIER_ORDER if name in names]
    return [*known, *sorted(set(names) - set(known))]
