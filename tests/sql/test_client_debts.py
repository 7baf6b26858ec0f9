import pytest

TABLES = (
    "marts.invoice_settlements",
    "marts.invoice_facts",
    "marts.client_debt_changes",
    "marts.client_debts",
)


def build(warehouse, invoices, *, last="2025-05-31", payments=None):
    warehouse.given("raw.invoices", invoices)
    if payments:
        warehouse.given("raw.payments", payments)
    warehouse.given_months("2025-01-01", last)
    warehouse.build(*TABLES)


UNPAID = """
    invoice_id  client_id  issued_on   due_on      amount  paid_on  known_on    disputed_on
    I-1         C-1        2025-01-01  2025-01-30  100     PAID     2025-01-01  DISPUTED
"""


@pytest.mark.parametrize(
    ("paid_on", "amounts"),
    [
        pytest.param("-", [(0, 0), (0, 0), (100, 100), (100, 100), (100, 100)], id="never paid"),
        pytest.param("2025-03-15", [(0, 0)] * 5, id="paid 44 days late: over before the month was"),
        pytest.param(
            "2025-04-02", [(0, 0), (0, 0), (100, 100), (0, 0), (0, 0)], id="62 days late: in March"
        ),
        pytest.param("2025-01-29", [(0, 0)] * 5, id="paid in time"),
    ],
)
def test_amount_ages_by_days_after_the_due_day_until_it_is_paid(warehouse, paid_on, amounts):
    build(warehouse, UNPAID.replace("PAID", paid_on).replace("DISPUTED", "-"))
    rows = warehouse.rows("marts.client_debts", "overdue_30_amount, overdue_60_amount")
    assert rows == amounts


def test_invoice_is_of_age_from_its_thirtieth_day_on(warehouse):
    build(warehouse, UNPAID.replace("2025-01-30", "2025-01-29").replace("PAID", "-")
          .replace("DISPUTED", "-"))  # fmt: skip
    assert warehouse.rows("marts.client_debts", "overdue_30_count")[1] == (1,)


def test_what_will_be_of_age_later_in_the_open_month_is_not_so_yet(warehouse):
    build(warehouse, UNPAID.replace("2025-01-30", "2025-01-29").replace("PAID", "-")
          .replace("DISPUTED", "-"), last="2025-02-27")  # fmt: skip
    assert warehouse.rows("marts.client_debts", "overdue_30_count") == [(0,), (0,)]


def test_a_payment_learnt_later_ends_the_debt_only_then(warehouse):
    build(
        warehouse,
        UNPAID.replace("PAID", "-").replace("DISPUTED", "-"),
        payments="""
        payment_id  invoice_id  paid_on     amount  known_on
        P-1         I-1         2025-03-10  100     2025-04-20
        """,
    )
    counts = warehouse.rows("marts.client_debts", "overdue_30_count, late_30_count")
    assert counts == [(0, 0), (0, 0), (1, 0), (0, 1), (0, 1)]


def test_days_late_of_a_year_leave_a_year_after_they_were_due(warehouse):
    build(
        warehouse, UNPAID.replace("PAID", "2025-03-15").replace("DISPUTED", "-"), last="2026-01-31"
    )
    rows = warehouse.rows("marts.client_debts", "settled_12m_count, late_days_12m_total")
    assert rows[1:4] == [(0, 0), (1, 44), (1, 44)]
    assert rows[11:] == [(1, 44), (0, 0)]


def test_dispute_counts_from_the_day_it_was_known_and_leaves_the_year(warehouse):
    disputed = UNPAID.replace("PAID", "-").replace("DISPUTED", "2025-02-10")
    build(warehouse, disputed, last="2026-02-28")
    rows = warehouse.rows("marts.client_debts", "disputed_count, disputed_12m_count")
    assert [*rows[:2], *rows[12:]] == [(0, 0), (1, 1), (1, 1), (1, 0)]


def test_client_without_invoices_has_no_row(warehouse):
    build(warehouse, UNPAID.replace("C-1", "C-2").replace("PAID", "-").replace("DISPUTED", "-"))
    assert warehouse.rows("marts.client_debts", "client_id") == []
