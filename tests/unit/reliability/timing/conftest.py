"""A book of known habits, joined and fitted once."""

import pandas as pd
import pytest
from invoice_books import make_histories
from payers import draw_payers

from clientlib.reliability.timing import fit_timing, join_outcomes

AS_OF = pd.Timestamp("2024-08-31")


@pytest.fixture(scope="session")
def as_of() -> pd.Timestamp:
    return AS_OF


@pytest.fixture(scope="session")
def book():
    invoices, usual = draw_payers()
    histories, outcomes = make_histories(invoices)
    return histories, outcomes, usual


@pytest.fixture(scope="session")
def rows(book):
    return join_outcomes(book[0], book[1], AS_OF)


@pytest.fixture(scope="session")
def later(book):
    """Invoices issued after the day, with what became of them."""
    all_rows = join_outcomes(book[0], book[1], "2025-06-30")
    return all_rows[all_rows["issued_on"] > AS_OF].reset_index(drop=True)


@pytest.fixture(scope="session")
def model(rows):
    return fit_timing(rows, AS_OF)
