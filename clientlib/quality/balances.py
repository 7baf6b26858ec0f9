"""Amounts that should balance: orders against invoices, invoices against payments."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import join, show_plain, tell
from clientlib.panels import as_days, check_columns
from clientlib.quality.issues import as_issues

CENT = 0.01
SLACK = 1e-6
MIN_ORDERS = 30
OVER, UNDER = "billed too much", "billed too little"
EMPTY, UNBILLED, OVERPAID = "billed without lines", "delivered, not billed", "paid too much"
OFF_COLUMNS = (
    "kind", "document_id", "client_id", "happened_on", "expected_amount", "found_amount",
    "difference_amount",
)  # fmt: skip
_MEND_IN = {
    OVER: "invoicing: credit or correct the invoices",
    UNDER: "invoicing: bill the rest",
    EMPTY: "invoicing: credit them, or bring the lines",
    UNBILLED: "invoicing: bill them, or bring their invoices",
    OVERPAID: "accounts: pay back or set off, or bring the missing invoices",
}


@dataclass(frozen=True)
class Balances:
    """What does not balance.

    Parameters
    ----------
    ratios : DataFrame, one row per usual ratio, most orders first
        ratio (invoiced / ordered), orders_count, orders_share of the billed orders.
    kinds : DataFrame, one row per kind of fault, most money first
        kind, documents_count, difference_amount (sum, without sign).
    documents : DataFrame, one row per order or invoice that does not balance, most money first
        `OFF_COLUMNS`; difference = found - expected.
    billed_count, balanced_count : int
        Orders with an invoice; those of them that balance.
    note : str
        The usual ratio, and what was found.
    issues : DataFrame, one row per kind
        As `issues.ISSUE_COLUMNS`.
    """

    ratios: pd.DataFrame
    kinds: pd.DataFrame
    documents: pd.DataFrame
    billed_count: int
    balanced_count: int
    note: str
    issues: pd.DataFrame


def judge_balances(
    orders: pd.DataFrame,
    invoices: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    usual_share: float = 0.05,
) -> Balances:
    """Compare what was ordered, billed and paid, to the cent.

    Orders are without VAT and invoices may hold it, at more than one rate. So nothing is
    assumed: a ratio of invoiced to ordered amount is usual if at least ``usual_share`` of the
    billed orders have it, to three decimals, and an order balances if its invoices come to a
    usual ratio times its lines, to a cent and half a cent a line, since lines are rounded. An
    invoice is paid too much where its payments exceed it by more than a cent.

    Parameters
    ----------
    orders : DataFrame, one row per order
        marts.order_balances.
    invoices : DataFrame, one row per invoice
        marts.invoice_balances.
    as_of : str or Timestamp
        Orders and invoices of later days are left out.
    usual_share : float, 0..1
        Share of the billed orders that makes a ratio usual.

    Returns
    -------
    Balances
        Below 30 billed orders no ratio is usual, and only payments are compared.

    Raises
    ------
    InputError
        A column is missing.
    """
    wanted = ("order_id", "ordered_on", "status", "lines_count", "ordered_amount", "invoices_count")
    check_columns(orders, wanted, name="marts.order_balances")
    check_columns(invoices, ("invoice_id", "amount", "paid_amount"), name="marts.invoice_balances")
    known = orders[as_days(orders["ordered_on"]) <= pd.Timestamp(as_of)]
    issued = invoices[as_days(invoices["issued_on"]) <= pd.Timestamp(as_of)]
    billed = known[known["invoices_count"] > 0]
    ratios = _find_ratios(billed, usual_share)
    parts = [_find_overpaid(issued)]
    if len(ratios):
        parts += [_find_misbilled(billed, ratios), _find_unbilled(known, ratios)]
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    found = found.assign(size=found["difference_amount"].abs()).sort_values(
        ["size", "document_id"], ascending=[False, True], ignore_index=True
    )
    wrong = int(found["kind"].isin([OVER, UNDER, EMPTY]).sum())
    balanced = len(billed) - wrong if len(ratios) else 0
    kinds = _sum_kinds(found)
    note = _say_balances(ratios, len(billed), balanced)
    documents = found[list(OFF_COLUMNS)]
    return Balances(ratios, kinds, documents, len(billed), balanced, note, _list_kinds(kinds))


def _find_ratios(billed: pd.DataFrame, usual_share: float) -> pd.DataFrame:
    compared = billed[billed["ordered_amount"] != 0]
    ratios = (compared["invoiced_amount"] / compared["ordered_amount"]).round(3)
    counts = ratios.value_counts().rename_axis("ratio").reset_index(name="orders_count")
    counts["orders_share"] = counts["orders_count"] / max(len(compared), 1)
    is_usual = (counts["orders_share"] >= usual_share) & (len(compared) >= MIN_ORDERS)
    usual = counts[is_usual & (counts["ratio"] > 0)]
    return usual.sort_values(["orders_count", "ratio"], ascending=False, ignore_index=True)


def _find_misbilled(billed: pd.DataFrame, ratios: pd.DataFrame) -> pd.DataFrame:
    expected = np.outer(billed["ordered_amount"], ratios["ratio"])
    differences = billed["invoiced_amount"].to_numpy()[:, None] - expected
    nearest = np.abs(differences).argmin(axis=1)
    place = np.arange(len(billed))
    gap = differences[place, nearest]
    rounding = CENT / 2 * billed["lines_count"].to_numpy() * ratios["ratio"].to_numpy()[nearest]
    is_off = np.abs(gap) > CENT + rounding + SLACK
    is_empty = (billed["ordered_amount"] == 0).to_numpy()
    kind = np.where(is_empty, EMPTY, np.where(gap > 0, OVER, UNDER))
    compared = billed.assign(kind=kind, expected_amount=expected[place, nearest])[is_off]
    return _as_documents(compared, "order_id", "ordered_on", "invoiced_amount")


def _find_unbilled(orders: pd.DataFrame, ratios: pd.DataFrame) -> pd.DataFrame:
    is_missing = (
        (orders["status"] == "delivered")
        & (orders["invoices_count"] == 0)
        & (orders["ordered_amount"] != 0)
    )
    missing = orders[is_missing]
    usual = float(ratios["ratio"].iloc[0])
    expected = missing.assign(kind=UNBILLED, expected_amount=missing["ordered_amount"] * usual)
    return _as_documents(expected, "order_id", "ordered_on", "invoiced_amount")


def _find_overpaid(invoices: pd.DataFrame) -> pd.DataFrame:
    excess = invoices["paid_amount"] - invoices["amount"]
    over = invoices[(excess > CENT + SLACK) & (invoices["amount"] > 0)]
    compared = over.assign(kind=OVERPAID, expected_amount=over["amount"])
    return _as_documents(compared, "invoice_id", "issued_on", "paid_amount")


def _as_documents(rows: pd.DataFrame, key: str, day: str, found: str) -> pd.DataFrame:
    named = rows.rename(columns={key: "document_id", day: "happened_on", found: "found_amount"})
    difference = named["found_amount"] - named["expected_amount"]
    return named.assign(difference_amount=difference.round(4))[list(OFF_COLUMNS)]


def _sum_kinds(found: pd.DataFrame) -> pd.DataFrame:
    kinds = found.groupby("kind", as_index=False).agg(
        documents_count=("document_id", "size"), difference_amount=("size", "sum")
    )
    return kinds.sort_values(
        ["difference_amount", "kind"], ascending=[False, True], ignore_index=True
    )


def _say_balances(ratios: pd.DataFrame, billed: int, balanced: int) -> str:
    if ratios.empty:
        return tell(
            "Not enough data to compare orders with invoices: {billed:count} orders are billed, "
            "and {least:count} with a common ratio are needed.",
            billed=billed,
            least=MIN_ORDERS,
        )
    return tell(
        "Invoices usually come to {ratios} times the lines of their order (VAT, as it seems); "
        "{balanced:count} of {billed:count} billed orders balance so.",
        ratios=join([show_plain(ratio) for ratio in ratios["ratio"]]),
        balanced=balanced,
        billed=billed,
    )


def _list_kinds(kinds: pd.DataFrame) -> pd.DataFrame:
    return as_issues(
        kinds.assign(
            issue=kinds["kind"],
            table_name=np.where(kinds["kind"] == OVERPAID, "invoices", "orders"),
            rows_count=kinds["documents_count"],
            amount=kinds["difference_amount"],
            mend_in=kinds["kind"].map(_MEND_IN),
        )
    )
