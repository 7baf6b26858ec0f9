"""Books of invoices whose clients' habits are known."""

import numpy as np
import pandas as pd

FIRST_DAY = np.datetime64("2023-01-02")


def draw_payers(
    clients: int = 60,
    invoices: int = 900,
    *,
    seed: int = 0,
    between: float = 8.0,
    within: float = 5.0,
    days: int = 700,
    pays_on: int | None = None,
) -> tuple[pd.DataFrame, pd.Series]:
    """Draw invoices of 30 days; every client pays around a day of its own, some weekday only.

    Returns
    -------
    (DataFrame, Series)
        Rows of raw.invoices, and the true mean days from due day to payment by client_id.
    """
    random = np.random.default_rng(seed)
    usual = random.normal(1.0, between, clients)
    client = random.integers(0, clients, invoices)
    issued = FIRST_DAY + np.sort(random.integers(0, days, invoices)).astype("timedelta64[D]")
    due = issued + np.timedelta64(30, "D")
    late = np.maximum(np.rint(random.normal(usual[client], within)), -30).astype("timedelta64[D]")
    paid = due + late
    if pays_on is not None:
        ahead = (pays_on - (paid.astype(int) + 3)) % 7
        paid = paid + ahead.astype("timedelta64[D]")
    names = np.array([f"C-{number:03d}" for number in range(clients)])
    table = pd.DataFrame(
        {
            "invoice_id": [f"I-{number:05d}" for number in range(invoices)],
            "client_id": names[client],
            "issued_on": issued,
            "due_on": due,
            "amount": random.lognormal(5, 0.5, invoices).round(2),
            "paid_on": paid,
            "known_on": issued,
        }
    )
    return table, pd.Series(usual, index=names)
