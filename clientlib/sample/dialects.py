"""The exports as files: which columns each shows under which headings, in which dialect."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Dialect:
    """How one system writes CSV.

    Parameters
    ----------
    delimiter, encoding, decimal : str
        As the reader of the file must know them.
    date_format : str
        For ``strftime``.
    line_end : str
        What ends a row.
    """

    delimiter: str
    encoding: str
    decimal: str
    date_format: str
    line_end: str


CRM = Dialect(";", "windows-1257", ",", "%d.%m.%Y", "\r\n")
ERP = Dialect(",", "utf-8", ".", "%Y-%m-%d", "\n")
WATCH = Dialect("\t", "utf-8", ",", "%Y/%m/%d", "\n")


@dataclass(frozen=True)
class Export:
    """One family of files.

    Parameters
    ----------
    file : str
        File name without ending, and without the year where there is one.
    table : str
        Canonical table that the rows come from.
    dialect : Dialect
        How it is written.
    headings : dict of str to str
        Column of the table by heading, in the order of the file.
    keys : tuple of str
        Headings of the key.
    year_of : str, optional
        Column of the day that tells the year; without it there is one file for all years.
    """

    file: str
    table: str
    dialect: Dialect
    headings: dict[str, str]
    keys: tuple[str, ...]
    year_of: str | None = None


EXPORTS = (
    Export(
        "crm_managers",
        "managers",
        CRM,
        {"Manager No": "manager_id", "Manager": "name", "Team": "team", "Region": "region",
         "Hours": "weekly_hours", "Entered": "known_on"},
        ("Manager No",),
    ),
    Export(
        "crm_clients",
        "clients",
        CRM,
        {"Client No": "client_id", "Company": "name", "Reg. code": "register_code",
         "VAT code": "vat_code", "Country": "country", "Region": "region",
         "Line of business": "industry", "Size": "size_band", "Head office No": "parent_id",
         "Manager No": "manager_id", "Source": "source_channel", "Referred by": "referred_by_id",
         "First contact": "first_contact_on", "Language": "language", "NACE": "nace_code",
         "Outlet": "outlet_type", "Contact by": "preferred_channel", "Consent": "has_consent",
         "Key account": "is_key_account", "Supplier now": "current_supplier_id",
         "Potential EUR": "potential_amount", "Entered": "known_on"},
        ("Client No",),
    ),
    Export(
        "crm_deals",
        "deals",
        CRM,
        {"Deal No": "deal_id", "Client No": "client_id", "Manager No": "manager_id",
         "Item No": "product_id", "Opened": "opened_on", "Expected": "expected_close_on",
         "Closed": "closed_on", "Result": "outcome", "Value EUR": "amount",
         "Reason": "lost_reason", "Buyer says": "buyer_reason", "Lost to": "lost_to_id",
         "Entered": "known_on"},
        ("Deal No",),
    ),
    Export(
        "crm_deal_stages",
        "deal_stages",
        CRM,
        {"Deal No": "deal_id", "Stage": "stage", "Since": "entered_on", "Entered": "known_on"},
        ("Deal No", "Stage", "Since"),
    ),
    Export(
        "crm_deal_rivals",
        "deal_competitors",
        CRM,
        {"Deal No": "deal_id", "Rival No": "competitor_id", "Named on": "named_on",
         "Entered": "known_on"},
        ("Deal No", "Rival No"),
    ),
    Export(
        "crm_complaints",
        "complaints",
        CRM,
        {"Case No": "complaint_id", "Client No": "client_id", "Order No": "order_id",
         "Item No": "product_id", "Unit": "unit", "Opened": "opened_on", "Closed": "closed_on",
         "Kind": "kind", "Cost EUR": "cost", "Replied": "replied_on", "Remedy": "remedy",
         "Satisfaction": "satisfaction_score", "Entered": "known_on"},
        ("Case No",),
    ),
    Export(
        "erp_items",
        "products",
        ERP,
        {"ItemNo": "product_id", "Description": "name", "Family": "family", "Unit": "unit",
         "Pack": "pack", "EAN": "ean", "ListPrice": "list_price", "LaunchDate": "launched_on",
         "EndDate": "ended_on", "EntryDate": "known_on"},
        ("ItemNo",),
    ),
    Export(
        "erp_orders",
        "orders",
        ERP,
        {"OrderNo": "order_id", "DocType": "is_credit", "CustNo": "client_id",
         "RepNo": "manager_id", "DealNo": "deal_id", "OrderDate": "ordered_on",
         "RequestedDate": "requested_on", "PromisedDate": "promised_on", "Status": "status",
         "CancelDate": "cancelled_on", "Channel": "channel", "EntryDate": "known_on"},
        ("OrderNo",),
        "ordered_on",
    ),
    Export(
        "erp_order_lines",
        "order_lines",
        ERP,
        {"OrderNo": "order_id", "LineNo": "line_no", "ItemNo": "product_id", "Qty": "quantity",
         "UnitPrice": "unit_price", "DiscountPct": "discount_percent", "UnitCost": "unit_cost",
         "EntryDate": "known_on"},
        ("OrderNo", "LineNo"),
        "ordered_on",
    ),
    Export(
        "erp_deliveries",
        "deliveries",
        ERP,
        {"DeliveryNo": "delivery_id", "OrderNo": "order_id", "LineNo": "line_no",
         "DeliveryDate": "delivered_on", "Qty": "quantity", "RejectedQty": "rejected_quantity",
         "Carrier": "carrier", "EntryDate": "known_on"},
        ("DeliveryNo",),
        "delivered_on",
    ),
    Export(
        "erp_invoices",
        "invoices",
        ERP,
        {"Invoice": "invoice_id", "CustNo": "client_id", "OrderNo": "order_id",
         "InvoiceDate": "issued_on", "DueDate": "due_on", "AmountInclVAT": "amount",
         "DisputeDate": "disputed_on", "ReminderDate": "reminded_on", "EntryDate": "known_on"},
        ("Invoice",),
        "issued_on",
    ),
    Export(
        "erp_payments",
        "payments",
        ERP,
        {"PaymentNo": "payment_id", "Invoice": "invoice_id", "PaymentDate": "paid_on",
         "Amount": "amount", "EntryDate": "known_on"},
        ("PaymentNo",),
        "paid_on",
    ),
    Export(
        "rival_catalogue",
        "competitor_products",
        WATCH,
        {"RivalNo": "competitor_id", "Rival": "competitor_name",
         "RivalItem": "competitor_product_id", "Name": "name", "Family": "family",
         "Unit": "unit", "EAN": "ean", "AddedOn": "known_on"},
        ("RivalNo", "RivalItem"),
    ),
    Export(
        "rival_matches",
        "product_matches",
        WATCH,
        {"ItemNo": "product_id", "RivalNo": "competitor_id",
         "RivalItem": "competitor_product_id", "Kind": "kind", "Probability": "probability",
         "JudgedBy": "judged_by", "JudgedOn": "judged_on", "Recorded": "known_on"},
        ("ItemNo", "RivalNo", "RivalItem"),
    ),
    Export(
        "rival_prices",
        "competitor_prices",
        WATCH,
        {"RivalNo": "competitor_id", "RivalItem": "competitor_product_id",
         "SeenOn": "observed_on", "Price": "price", "Basis": "is_net", "SeenAt": "source_name",
         "Recorded": "known_on"},
        ("RivalNo", "RivalItem", "SeenOn"),
        "observed_on",
    ),
)  # fmt: skip

YES_NO = (
    ("clients", "has_consent"), ("clients", "is_key_account"), ("contacts", "has_consent"),
    ("contracts", "has_referral_clause"), ("contracts", "has_reference_consent"),
    ("touches", "is_held_out"), ("handoffs", "has_defect"),
)  # fmt: skip
# Words and letters that the systems write for our values, by table and column.
CODES: dict[tuple[str, str], dict[object, str]] = {
    ("orders", "status"): {"open": "O", "delivered": "D", "cancelled": "C"},
    ("orders", "is_credit"): {False: "SO", True: "CR"},
    ("deals", "outcome"): {
        "open": "Open", "won": "Won", "lost": "Lost", "no_decision": "No decision",
    },
    ("competitor_prices", "is_net"): {True: "net", False: "list"},
    ("interactions", "is_inbound"): {True: "in", False: "out"},
    ("obligations", "owed_by"): {"us": "Us", "client": "Client", "partner": "Partner"},
    ("obligations", "owed_to"): {"us": "Us", "client": "Client", "partner": "Partner"},
    **{(table, column): {True: "yes", False: "no"} for table, column in YES_NO},
}  # fmt: skip
# In the files of the first year the ERP still had another heading.
OLD_HEADINGS = {"erp_invoices": {"Invoice": "InvoiceNo"}}


def as_texts(export: Export, table: pd.DataFrame) -> pd.DataFrame:
    """Write a table as the texts that stand in the export.

    Parameters
    ----------
    export : Export
        Headings and dialect.
    table : DataFrame
        The canonical table; order lines also bring ``discount_share``.

    Returns
    -------
    DataFrame of str, one row per row of the table
        One column per heading; an empty text where nothing is known.
    """
    shown = table
    if export.table == "order_lines":
        shown = table.assign(discount_percent=(table["discount_share"] * 100).round(1))
    texts = {
        heading: _column_texts(shown[column], export.dialect, CODES.get((export.table, column)))
        for heading, column in export.headings.items()
    }
    return pd.DataFrame(texts, dtype=object)


def _column_texts(
    values: pd.Series, dialect: Dialect, codes: dict[object, str] | None
) -> list[str]:
    if codes is not None:
        return [codes.get(value, "") for value in values]
    if pd.api.types.is_datetime64_any_dtype(values):
        return _date_texts(values, dialect.date_format)
    if pd.api.types.is_float_dtype(values):
        return [_number_text(value, dialect.decimal) for value in values]
    return list(values.map(str).where(values.notna(), ""))


def _date_texts(values: pd.Series, date_format: str) -> list[str]:
    places, days = pd.factorize(values)
    texts = [*pd.DatetimeIndex(days).strftime(date_format), ""]
    return [str(texts[place]) for place in places]


def _number_text(value: float, decimal: str) -> str:
    return "" if np.isnan(value) else f"{value:.12g}".replace(".", decimal)
