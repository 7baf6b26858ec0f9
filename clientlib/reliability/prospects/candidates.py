"""Whom the check is about: clients that are new, entries of the CRM, and prospects of a list."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.panels import as_days
from clientlib.reliability.prospects.depths import (
    NEEDED,
    PAPERS,
    YOUNG_MONTHS,
    count_outcomes,
)
from clientlib.reliability.prospects.listing import Prospects
from clientlib.reliability.risks.panels import RiskPanels
from clientlib.reliability.risks.places import LEVELS
from clientlib.reliability.risks.signs import (
    GRADES,
    MONTH_DAYS,
    PRIOR_CONTACTS,
    build_signs,
)

CLIENT, ENTRY, LISTED = "client", "entry without business", "list"
FEW_OUTCOMES = 5
FACTS = (
    "client_id",
    "name",
    "manager_id",
    "origin",
    "month_amount",
    "payment_days",
    "margin_share",
    "equity_amount",
    "collateral_amount",
)


@dataclass(frozen=True)
class Candidates:
    """Prospects and new clients of one day.

    Parameters
    ----------
    signs : DataFrame, one row per candidate
        client_id, the signs and the place, as `score_prospects` takes them.
    facts : DataFrame, one row per candidate, in the same order
        Columns `FACTS`: origin ("client", "entry without business" or "list"), month_amount
        (usual invoicing a month, or what it asked for), payment_days (agreed or asked for),
        margin_share (of its own sales), equity_amount, collateral_amount; null where not known.
    usual : Series
        Median of every sign over all clients of the day.
    """

    signs: pd.DataFrame
    facts: pd.DataFrame
    usual: pd.Series

    def keep(self, wanted: "pd.Series[bool]") -> "Candidates":
        """Keep some of them.

        Parameters
        ----------
        wanted : Series of bool, index as ``facts``
            Which.

        Returns
        -------
        Candidates
            With a fresh index.
        """
        signs, facts = (table[wanted].reset_index(drop=True) for table in (self.signs, self.facts))
        return Candidates(signs, facts, self.usual)


def gather_candidates(
    panels: RiskPanels,
    entries: pd.DataFrame,
    deals: pd.DataFrame,
    listed: Prospects | None = None,
) -> Candidates:
    """Put clients, entries without business and prospects of a list side by side.

    Parameters
    ----------
    panels : RiskPanels
        As of the day.
    entries : DataFrame
        staging.clients: those known by the day, and not in the panels, are candidates too.
    deals : DataFrame
        marts.deal_states: the open deal that was told of last says what is to be bought, where
        nothing was invoiced.
    listed : Prospects, optional
        From `read_prospects`.

    Returns
    -------
    Candidates
        All of them, however long they have been clients.
    """
    signs = build_signs(panels)
    at = signs["month_end"] == panels.as_of
    now, rows = (table[at].reset_index(drop=True) for table in (signs, panels.rows))
    numbers = [name for name in NEEDED if name not in ("client_id", "month_end")]
    usual = now[numbers].median()
    parts = [
        (now, _facts_of_clients(rows, panels.clients, deals, panels.as_of)),
        _describe_entries(entries, panels),
    ]
    if listed is not None:
        parts.append((describe_listed(listed.rows, usual, panels.as_of), _facts_of_listed(listed)))
    columns = ["client_id", *numbers, *LEVELS]
    tables = [[part[0][columns], part[1][list(FACTS)]] for part in parts if len(part[0])]
    if not tables:
        return Candidates(now[columns], parts[0][1], usual)
    together = [pd.concat(list(side), ignore_index=True) for side in zip(*tables, strict=True)]
    return Candidates(together[0], together[1], usual)


def read_candidates(
    read: Callable[..., pd.DataFrame], panels: RiskPanels, listed: Prospects | None = None
) -> Candidates:
    """Gather candidates from a warehouse.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``: gives a table as it stood on a day.
    panels : RiskPanels
        From `read_risk_panels`.
    listed : Prospects, optional
        From `read_prospects`.

    Returns
    -------
    Candidates
        As `gather_candidates`.
    """
    day = panels.as_of.date().isoformat()
    merged = read("marts.client_ids")["source_client_id"]
    entries = read("staging.clients", as_of=day)
    entries = entries[~entries["client_id"].isin(merged)]
    return gather_candidates(panels, entries, read("marts.deal_states", as_of=day), listed)


def choose_candidates(candidates: Candidates, prospect: str = "") -> Candidates:
    """Keep whom the check is about.

    Parameters
    ----------
    candidates : Candidates
        All of them.
    prospect : str
        Key or name of one; empty for all prospects and new clients (known for less than a year,
        or fewer than five judged invoices). Where there is one candidate, it is that one.

    Returns
    -------
    Candidates
        At least one where one was named.

    Raises
    ------
    InputError
        There is nobody of that key or name, or several.
    """
    facts = candidates.facts
    if not prospect:
        months = candidates.signs["known_months"].fillna(0)
        few = count_outcomes(candidates.signs) < FEW_OUTCOMES
        is_new = (months < YOUNG_MONTHS) | few
        return candidates if len(facts) == 1 else candidates.keep(is_new)
    wanted = " ".join(prospect.casefold().split())
    names = facts["name"].map(lambda name: " ".join(str(name).casefold().split()))
    found = (facts["client_id"].str.casefold() == wanted) | (names == wanted)
    if found.sum() != 1:
        _refuse(prospect, int(found.sum()), facts)
    return candidates.keep(found)


def _refuse(prospect: str, count: int, facts: pd.DataFrame) -> None:
    if count:
        raise InputError(
            f"{count} candidates are called {prospect!r}",
            hint=f"give the key of one, such as {facts['client_id'].iloc[0]}",
        )
    near = nearest(prospect, [*facts["client_id"], *facts["name"].astype(str)])
    raise InputError(
        f"there is no client or prospect {prospect!r}",
        rows=f"{len(facts):,} are known",
        hint=f"did you mean {near!r}?" if near else "give its key, or its whole name",
    )


def _facts_of_clients(
    rows: pd.DataFrame, clients: pd.DataFrame, deals: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    cards = clients.drop_duplicates("client_id").set_index("client_id")
    ids = rows["client_id"]
    costed = rows["costed_revenue_12m_amount"].astype(float)
    assets = 10.0 ** rows["log_assets"].astype(float)
    return pd.DataFrame(
        {
            "client_id": ids,
            "name": ids.map(cards["name"]),
            "manager_id": ids.map(cards["manager_id"]),
            "origin": CLIENT,
            "month_amount": _month_amount(rows, deals, as_of),
            "payment_days": rows["payment_days"].astype(float),
            "margin_share": rows["margin_12m_amount"].astype(float) / costed.where(costed > 0),
            "equity_amount": rows["equity_to_assets"].astype(float) * assets,
            "collateral_amount": rows["collateral_amount"].astype(float),
        }
    )


def _month_amount(rows: pd.DataFrame, deals: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Usual invoicing a month; of who was never invoiced the last open deal, as one month's."""
    months = rows["known_months"].astype(float).clip(1, 12)
    usual = rows["invoiced_12m_amount"].astype(float) / months
    told = deals[as_days(deals["told_on"]) <= as_of].sort_values(["told_on", "deal_id"])
    last = told.drop_duplicates("deal_id", keep="last")
    is_open = (last["outcome"] == "open") & last["amount"].notna()
    asked = last[is_open].drop_duplicates("client_id", keep="last").set_index("client_id")
    return usual.where(usual > 0, rows["client_id"].map(asked["amount"].astype(float)))


def _describe_entries(
    entries: pd.DataFrame, panels: RiskPanels
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Describe who stands in the list of clients and never had any business with us."""
    known = entries[as_days(entries["known_on"]) <= panels.as_of]
    new = known[~known["client_id"].isin(panels.rows["client_id"])].reset_index(drop=True)
    signs = new.reindex(columns=["client_id", *NEEDED[2:], *LEVELS])
    signs = signs.assign(dealings_count=0.0, evidence=0.0, known_months=0.0)
    facts = new.reindex(columns=list(FACTS)).assign(origin=ENTRY)
    return _as_numbers(signs), facts


def describe_listed(rows: pd.DataFrame, usual: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Turn prospects of a list into signs.

    Shares of few cases are drawn towards the usual share of clients, as those of clients are.

    Parameters
    ----------
    rows : DataFrame
        Of `Prospects`.
    usual : Series
        Median of every sign over all clients.
    as_of : Timestamp
        The day of the check.

    Returns
    -------
    DataFrame, one row per prospect
        client_id, the signs (null where not known) and the place; no own history.
    """
    signs = rows.reindex(columns=["client_id", *NEEDED[2:], *LEVELS])
    registers = {name: rows[f"{name}_count"] for name in PAPERS if f"{name}_count" in rows}
    assets, liabilities = rows["total_assets_amount"], rows["total_liabilities_amount"]
    short, sales = rows["short_liabilities_amount"], rows["sales_amount"]
    cash_profit = rows["gross_profit_amount"] + rows["depreciation_amount"]
    found = {
        **registers,
        "bureau_grade": rows["bureau_grade"].map(GRADES),
        "equity_to_assets": _divide(rows["equity_amount"], assets),
        "current_ratio": _divide(rows["current_assets_amount"], short),
        "net_profit_to_assets": _divide(rows["net_profit_amount"], assets),
        "sales_growth": _divide(sales, rows["previous_sales_amount"]),
        "receivable_days": 365 * _divide(rows["receivables_amount"], sales),
        "short_liability_days_of_sales": 365 * _divide(short, sales),
        "cash_profit_to_liabilities": _divide(cash_profit, liabilities),
        "log_assets": np.log10(assets.where(assets > 0)),
        "statement_age_months": (as_of - rows["year_ends_on"]).dt.days / MONTH_DAYS,
        **_deal_signs(rows, usual),
        "evidence": 0.0,
        "known_months": 0.0,
    }
    return _as_numbers(signs.assign(**found))


def _deal_signs(rows: pd.DataFrame, usual: pd.Series) -> dict[str, pd.Series]:
    contacts, quotes = rows["contacts_count"], rows["quotes_count"]
    return {
        "answered_share": _steady(rows["answered_count"], contacts, usual["answered_share"]),
        "longer_terms_share": _steady(
            rows["longer_terms_count"], quotes, usual["longer_terms_share"]
        ),
        "asked_off_share": rows["asked_off_share"],
        "prepaid_refused": rows["prepaid_refused_count"],
        "payment_days": rows["asked_payment_days"],
        "is_secured": (rows["collateral_amount"] > 0).astype(float),
        "dealings_count": contacts.fillna(0.0) + quotes.fillna(0.0),
        "broken_share": pd.Series(usual["broken_share"], index=rows.index),
    }


def _steady(hits: pd.Series, trials: pd.Series, usual: float) -> pd.Series:
    known = hits.notna() & trials.notna()
    count = trials.where(known, 0.0)
    return (hits.where(known, 0.0) + PRIOR_CONTACTS * usual) / (count + PRIOR_CONTACTS)


def _facts_of_listed(listed: Prospects) -> pd.DataFrame:
    rows = listed.rows
    facts = rows.reindex(columns=list(FACTS))
    return facts.assign(
        origin=LISTED,
        month_amount=rows["asked_amount"],
        payment_days=rows["asked_payment_days"],
    )


def _divide(amount: pd.Series, whole: pd.Series) -> pd.Series:
    return amount / whole.where(whole != 0)


def _as_numbers(signs: pd.DataFrame) -> pd.DataFrame:
    numbers = [name for name in signs.columns if name not in ("client_id", *LEVELS)]
    return signs.astype(dict.fromkeys(numbers, float))
