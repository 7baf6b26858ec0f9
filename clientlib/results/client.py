"""What the warehouse holds of one client, as of a day, in lists that can be shown to it."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import as_days

TERM_COLUMNS = (
    "contract_id",
    "starts_on",
    "ends_on",
    "payment_days",
    "credit_limit_amount",
    "price_clause",
)
COMPLAINT_COLUMNS = ("complaint_id", "unit", "kind", "opened_on", "closed_on", "state")
PRICE_COLUMNS = ("product_id", "price", "minimum_quantity", "ends_on")
NEED_COLUMNS = ("stated_on", "family", "urgency")
DEAL_COLUMNS = ("deal_id", "family", "opened_on", "expected_close_on", "amount")
OFFER_COLUMNS = ("quote_id", "product_id", "sent_on", "expires_on", "price", "discount_share")
CONTACT_COLUMNS = ("name", "role", "language", "channel")
OPEN, CLOSED = "open", "closed"
COMPLAINT_STATES = (OPEN, CLOSED)


@dataclass(frozen=True)
class Client:
    """What the warehouse holds of one client, as of a day.

    Parameters
    ----------
    client, orders : Series
        Its rows of marts.clients and, of the day, marts.client_orders.
    sales, deal_states, quotes, complaints, contracts, prices, needs, contacts, interactions :
        DataFrame
        Its rows of the tables of these names; empty where the company brings none.
    """

    client: pd.Series
    orders: pd.Series
    sales: pd.DataFrame
    deal_states: pd.DataFrame
    quotes: pd.DataFrame
    complaints: pd.DataFrame
    contracts: pd.DataFrame
    prices: pd.DataFrame
    needs: pd.DataFrame
    contacts: pd.DataFrame
    interactions: pd.DataFrame


_TABLES = {
    "sales": "marts.client_day_sales",
    "deal_states": "marts.deal_states",
    "quotes": "staging.quotes",
    "complaints": "staging.complaints",
    "contracts": "staging.contracts",
    "prices": "staging.client_prices",
    "needs": "staging.needs",
    "contacts": "staging.contacts",
    "interactions": "staging.interactions",
}


def read_client(
    read: Callable[..., pd.DataFrame], client_id: str, *, as_of: str | pd.Timestamp
) -> Client:
    """Gather what there is of one client.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``: gives a table as it stood on a day.
    client_id : str
        Whom the brief is about.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    Client
        Of every table its rows only.
    """
    panel = of_client(read("marts.client_orders", as_of=as_of), client_id)
    tables = {
        name: of_client(read(table, as_of=as_of), client_id) for name, table in _TABLES.items()
    }
    return Client(
        of_client(read("marts.clients"), client_id).iloc[0],
        panel[as_days(panel["month_end"]) == pd.Timestamp(as_of)].iloc[0],
        **tables,
    )


def of_client(table: pd.DataFrame, client_id: str) -> pd.DataFrame:
    """Keep the rows of one client.

    Parameters
    ----------
    table : DataFrame
        With client_id; or without rows and columns.
    client_id : str
        Which client.

    Returns
    -------
    DataFrame
        With a fresh index.
    """
    if table.empty:
        return table
    return table[table["client_id"] == client_id].reset_index(drop=True)


def choose_client(orders: pd.DataFrame, *, as_of: str | pd.Timestamp, client_id: str = "") -> str:
    """Choose whom the brief is about: the reader, the client that is named, or the largest.

    Parameters
    ----------
    orders : DataFrame
        marts.client_orders: of an edition for one client only its rows.
    as_of : str or Timestamp
        The day of the brief.
    client_id : str
        The client that is asked for; empty for the one with most revenue in twelve months.

    Returns
    -------
    str
        Its key.

    Raises
    ------
    InputError
        There is no such client, or nobody had had business with us by the day.
    """
    known = orders[as_days(orders["month_end"]) == pd.Timestamp(as_of)]
    if known.empty:
        raise InputError("no client had had business with us by that day", example=str(as_of))
    if not client_id:
        order = ["revenue_12m_amount", "client_id"]
        first = known.sort_values(order, ascending=[False, True])["client_id"].iloc[0]
        return str(first)
    if client_id not in set(known["client_id"]):
        raise InputError(
            f"there is no client {client_id!r} in this edition", hint="take its key, such as C-0001"
        )
    return client_id


def list_terms(own: Client, *, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """List the contracts that hold on a day.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    DataFrame
        Columns `TERM_COLUMNS`.
    """
    contracts, day = own.contracts, pd.Timestamp(as_of)
    is_ended = as_days(contracts["ended_on"]) <= day
    return contracts[_holds(contracts, day) & ~is_ended][list(TERM_COLUMNS)].reset_index(drop=True)


def list_prices(own: Client, *, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """List the agreed prices that hold on a day.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    DataFrame
        Columns `PRICE_COLUMNS`.
    """
    prices = own.prices[_holds(own.prices, pd.Timestamp(as_of))]
    return prices.sort_values("product_id", ignore_index=True)[list(PRICE_COLUMNS)]


def list_needs(own: Client) -> pd.DataFrame:
    """List the needs that nobody has met, the newest first; not what was said in words.

    Parameters
    ----------
    own : Client
        From ``read_client``.

    Returns
    -------
    DataFrame
        Columns `NEED_COLUMNS`.
    """
    unmet = own.needs[own.needs["met_on"].isna()]
    return unmet.sort_values("stated_on", ascending=False, ignore_index=True)[list(NEED_COLUMNS)]


def list_open_deals(own: Client) -> pd.DataFrame:
    """List the deals that are open, the next to close first.

    Parameters
    ----------
    own : Client
        From ``read_client``.

    Returns
    -------
    DataFrame
        Columns `DEAL_COLUMNS`.
    """
    last = own.deal_states.drop_duplicates("deal_id", keep="last")
    waiting = last[(last["outcome"] == OPEN) & last["known_until"].isna()]
    return waiting.sort_values(["expected_close_on", "deal_id"], ignore_index=True)[
        list(DEAL_COLUMNS)
    ]


def list_offers(own: Client) -> pd.DataFrame:
    """List the lines of offers that are open, the newest first.

    Parameters
    ----------
    own : Client
        From ``read_client``.

    Returns
    -------
    DataFrame
        Columns `OFFER_COLUMNS`.
    """
    waiting = own.quotes[own.quotes["outcome"] == OPEN]
    order = ["sent_on", "quote_id", "line_no"]
    ordered = waiting.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return ordered[list(OFFER_COLUMNS)]


def list_contacts(own: Client, *, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """List the people of a client who have not left by a day.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    DataFrame
        Columns `CONTACT_COLUMNS`.
    """
    has_left = as_days(own.contacts["left_on"]) <= pd.Timestamp(as_of)
    return own.contacts[~has_left][list(CONTACT_COLUMNS)].reset_index(drop=True)


def list_complaints(own: Client, *, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """List complaints, open ones first.

    Parameters
    ----------
    own : Client
        From ``read_client``.
    as_of : str or Timestamp
        The day of the brief.

    Returns
    -------
    DataFrame
        Columns `COMPLAINT_COLUMNS`; the newest first within open and closed.
    """
    complaints = own.complaints
    is_closed = as_days(complaints["closed_on"]) <= pd.Timestamp(as_of)
    rows = complaints.assign(state=is_closed.map({True: CLOSED, False: OPEN}), place=is_closed)
    ordered = rows.sort_values(["place", "opened_on"], ascending=[True, False], ignore_index=True)
    return ordered[list(COMPLAINT_COLUMNS)]


def _holds(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return (as_days(rows["starts_on"]) <= day) & ~(as_days(rows["ends_on"]) < day)
