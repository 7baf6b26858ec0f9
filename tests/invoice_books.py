"""The marts of invoices, made in memory from a frame of invoices as an export would bring them."""

from pathlib import Path

import duckdb
import pandas as pd

from clientlib.warehouse.build import build_table
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.selecting import with_plain_types
from clientlib.warehouse.store import create_raw_tables

HISTORY_MARTS = (
    "marts.client_ids",
    "marts.invoice_settlements",
    "marts.invoice_facts",
    "marts.invoice_outcomes",
    "marts.client_claim_days",
    "marts.client_outcome_days",
    "marts.client_overdue_spells",
    "marts.invoice_histories",
)
RECEIVABLES = "ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv"


def make_histories(invoices: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build marts.invoice_histories and marts.invoice_outcomes of rows of raw.invoices."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("create schema raw")
        create_raw_tables(connection)
        connection.register("brought", invoices)
        connection.execute("insert into raw.invoices by name select *, 1 as version from brought")
        for table in HISTORY_MARTS:
            build_table(connection, read_contracts()[table])
        return tuple(
            with_plain_types(connection.execute(f"select * from marts.{table}").df())
            for table in ("invoice_histories", "invoice_outcomes")
        )


def read_receivables(shared_data: Path) -> pd.DataFrame:
    """IBM's invoices; what was known only later (Disputed) is left out."""
    table = pd.read_csv(shared_data / RECEIVABLES, dtype={"invoiceNumber": str})
    dates = {
        name: pd.to_datetime(table[column], format="%m/%d/%Y").dt.date
        for name, column in (
            ("issued_on", "InvoiceDate"),
            ("due_on", "DueDate"),
            ("paid_on", "SettledDate"),
            ("known_on", "InvoiceDate"),
        )
    }
    return pd.DataFrame(
        {
            "invoice_id": table["invoiceNumber"],
            "client_id": table["customerID"],
            "amount": table["InvoiceAmount"],
            "sent_by": table["PaperlessBill"],
            **dates,
        }
    )
