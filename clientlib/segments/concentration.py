"""How far revenue hangs on few clients, and what would be left without the largest."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import tell
from clientlib.panels import add_names
from clientlib.segments.segmentation import read_orders


@dataclass(frozen=True)
class Concentration:
    """Concentration of twelve months' revenue.

    Parameters
    ----------
    as_of : Timestamp
        The month end.
    clients_count : int
        Clients with revenue above zero.
    total_amount : float
        Their revenue of twelve months.
    top : DataFrame, the largest clients, largest first
        client_id, name, revenue_12m_amount, revenue_share, cumulative_share.
    top_share : float, 0..1
        Share of the clients in ``top``.
    hhi : float, 0..1
        Sum of squared revenue shares; 1 = one client has all.
    effective_count : float, in clients
        1 / hhi: as many equal clients would be as concentrated.
    largest_share, hhi_without_largest : float, 0..1
        What would go with the largest client, and the concentration of the rest.
    margin_at_stake_amount : float
        Known margin of twelve months of the largest client; nan where costs are not known.
    note : str
        The finding in a sentence, or why there is none.
    """

    as_of: pd.Timestamp
    clients_count: int
    total_amount: float
    top: pd.DataFrame
    top_share: float
    hhi: float
    effective_count: float
    largest_share: float
    hhi_without_largest: float
    margin_at_stake_amount: float
    note: str

    @property
    def message(self) -> str:
        """What the largest clients hold, for the title of their chart."""
        if self.top.empty:
            return tell("Revenue of the last 12 months, largest clients")
        return tell(
            "The {count:count} largest clients hold {share:share} of the revenue of the last "
            "12 months",
            count=len(self.top),
            share=float(self.top["cumulative_share"].iloc[-1]),
        )


def measure_concentration(
    orders_panel: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    top_n: int = 10,
    clients: pd.DataFrame | None = None,
) -> Concentration:
    """Measure how unevenly revenue is spread over clients.

    Parameters
    ----------
    orders_panel : DataFrame
        marts.client_orders.
    as_of : str or Timestamp
        The last month end until then is measured.
    top_n : int
        How many of the largest clients are listed.
    clients : DataFrame, optional
        client_id and name.

    Returns
    -------
    Concentration
        With nan and a note where nobody has revenue.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.

    References
    ----------
    Herfindahl-Hirschman index: Hirschman, American Economic Review 54, 1964.
    """
    orders = read_orders(orders_panel, as_of)
    day = orders["month_end"].max() if len(orders) else pd.Timestamp(as_of)
    rows = orders[(orders["month_end"] == day) & (orders["revenue_12m_amount"] > 0)]
    order = ["revenue_12m_amount", "client_id"]
    ranked = rows.sort_values(order, ascending=[False, True], ignore_index=True)
    revenue = ranked["revenue_12m_amount"].astype(float)
    share = revenue / revenue.sum()
    table = ranked[["client_id", "revenue_12m_amount"]].assign(
        revenue_share=share, cumulative_share=share.cumsum()
    )
    top = add_names(table.head(top_n), clients)
    if rows.empty:
        why = tell("Not enough data: no client has revenue in the last twelve months.")
        nan = float("nan")
        return Concentration(day, 0, 0.0, top, nan, nan, nan, nan, nan, nan, why)
    hhi, rest = _hhi(revenue), _hhi(revenue.iloc[1:])
    top_share = float(top["revenue_share"].sum())
    note = tell(
        "The {top:count} largest of {all:count} clients with revenue hold {share:share} of it. "
        "All revenue is as concentrated (Herfindahl index) as with {equal:count} equal clients. "
        "Without {name}, {largest:share} would go.",
        top=len(top),
        all=len(rows),
        share=top_share,
        equal=1 / hhi,
        name=top["name"].iloc[0],
        largest=float(share.iloc[0]),
    )
    numbers = (top_share, hhi, 1 / hhi, float(share.iloc[0]), rest, _margin(ranked))
    return Concentration(day, len(rows), float(revenue.sum()), top, *numbers, note)


def _hhi(revenue: pd.Series) -> float:
    return float(((revenue / revenue.sum()) ** 2).sum()) if len(revenue) else float("nan")


def _margin(ranked: pd.DataFrame) -> float:
    if "margin_12m_amount" not in ranked:
        return float("nan")
    return float(ranked["margin_12m_amount"].astype(float).iloc[0])
