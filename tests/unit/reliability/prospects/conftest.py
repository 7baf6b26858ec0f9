"""The made company, and its models."""

import pytest
from made_company import AS_OF, simulate, train


@pytest.fixture(scope="session")
def company():
    """Give a company where place, statements and own history speak, and dealings are noise."""
    return simulate()


@pytest.fixture(scope="session")
def models(company):
    """Give the models of that company."""
    return train(*company)


@pytest.fixture(scope="session")
def prospects(company):
    """Give the rows of its last month end, with their places."""
    signs, _, cards = company
    now = signs[signs["month_end"] == AS_OF]
    return now.merge(cards, on="client_id").reset_index(drop=True)
