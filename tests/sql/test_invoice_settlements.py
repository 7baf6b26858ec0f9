import pytest

INVOICES = """
    invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
    I-1         C-1        2025-01-10  2025-02-09  100     2025-02-20  2025-01-10
"""


def test_last_payment_day_of_the_invoice_serves_where_payments_are_not_brought(warehouse):
    warehouse.given("raw.invoices", INVOICES)
    warehouse.build("marts.invoice_settlements")
    rows = warehouse.rows("marts.invoice_settlements", "settled_on, settled_known_on")
    assert rows == [("2025-02-20", "2025-02-20")]


@pytest.mark.parametrize(
    ("entered_on", "settlements"),
    [
        pytest.param("2025-02-20", [("2025-02-01", "2025-02-20", None)], id="known as early"),
        pytest.param(
            "2025-03-05",
            [("2025-02-20", "2025-02-20", "2025-03-05"), ("2025-02-01", "2025-03-05", None)],
            id="known later",
        ),
    ],
)
def test_day_that_the_invoice_states_serves_until_payments_are_known(
    warehouse, entered_on, settlements
):
    warehouse.given("raw.invoices", INVOICES)
    warehouse.given(
        "raw.payments",
        f"payment_id invoice_id paid_on amount known_on\nP-1 I-1 2025-02-01 100 {entered_on}",
    )
    warehouse.build("marts.invoice_settlements")
    columns = "settled_on, settled_known_on, settled_until"
    assert warehouse.rows("marts.invoice_settlements", columns) == settlements


def test_payments_go_before_the_day_that_the_invoice_states(warehouse):
    warehouse.given("raw.invoices", INVOICES)
    warehouse.given(
        "raw.payments",
        """
        payment_id  invoice_id  paid_on     amount  known_on
        P-1         I-1         2025-02-01  100     2025-02-03
        """,
    )
    warehouse.build("marts.invoice_settlements")
    rows = warehouse.rows("marts.invoice_settlements", "settled_on, settled_known_on")
    assert rows == [("2025-02-01", "2025-02-03")]
