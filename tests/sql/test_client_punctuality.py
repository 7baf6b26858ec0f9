import pytest

INVOICES = """
    invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
    I-1         C-1        2025-01-11  2025-02-10  100     2025-02-01  2025-01-11
    I-2         C-1        2025-02-28  DUE         300     PAID        2025-02-28
"""
MONTHS = """
    client_id  month_end
    C-1        2025-01-31
    C-1        2025-02-28
    C-1        2025-03-31
    C-1        2025-04-30
"""
MONTH_ENDS = MONTHS.replace("client_id", "").replace("C-1", "")
TABLES = (
    "marts.invoice_settlements",
    "marts.invoice_facts",
    "marts.client_dues",
    "marts.client_punctuality",
)


def build(warehouse, due_on="2025-03-30", paid_on="-", invoices=INVOICES):
    drawn = invoices.replace("DUE", due_on).replace("PAID", paid_on)
    warehouse.given("raw.invoices", drawn)
    warehouse.given("marts.client_months", MONTHS)
    warehouse.given("marts.month_ends", MONTH_ENDS)
    warehouse.build(*TABLES)


@pytest.mark.parametrize(
    ("due_on", "late_by_march"),
    [
        pytest.param("2025-03-30", 1, id="the day after it was due falls in March: late in March"),
        pytest.param("2025-03-31", 0, id="due on the last day: not late before April"),
    ],
)
def test_unpaid_invoice_is_late_from_the_day_after_it_was_due(warehouse, due_on, late_by_march):
    build(warehouse, due_on)
    late = warehouse.rows("marts.client_punctuality", "month_end, late_count")
    assert late[1:] == [("2025-02-28", 0), ("2025-03-31", late_by_march), ("2025-04-30", 1)]


def test_late_share_is_null_until_an_invoice_has_fallen_due(warehouse):
    warehouse.given("raw.invoices", INVOICES.replace("2025-02-10", "2025-03-10")
                    .replace("DUE", "2025-03-30").replace("PAID", "-"))  # fmt: skip
    warehouse.given("marts.client_months", MONTHS)
    warehouse.given("marts.month_ends", MONTH_ENDS)
    warehouse.build(*TABLES)
    shares = warehouse.rows("marts.client_punctuality", "due_count, late_share")
    assert shares == [(0, None), (0, None), (2, 0.5), (2, 0.5)]


def test_overdue_amount_ends_with_the_payment_and_the_lateness_stays(warehouse):
    build(warehouse, due_on="2025-03-10", paid_on="2025-04-09")
    rows = warehouse.rows(
        "marts.client_punctuality",
        "open_amount, overdue_count, overdue_amount, late_count, settled_late_count, late_days_total",
    )
    assert rows[1:] == [(300, 0, 0, 0, 0, 0), (300, 1, 300, 1, 0, 0), (0, 0, 0, 1, 1, 30)]


def test_invoices_that_fell_due_over_six_months_ago_leave_the_half_year_count(warehouse):
    build(warehouse, due_on="2025-03-10")
    months = [f"C-1 2025-{month:02d}-28" for month in range(2, 13)]
    warehouse.given("marts.client_months", "client_id month_end\n" + "\n".join(months))
    warehouse.build("marts.client_punctuality")
    counts = warehouse.rows("marts.client_punctuality", "due_6m_count, late_6m_count")
    assert counts[0] == (1, 0)
    assert counts[5:7] == [(2, 1), (1, 1)]
    assert counts[-1] == (0, 0)


def test_a_credit_note_among_the_invoices_is_never_judged(warehouse):
    credit = INVOICES.replace("300     ", "-300    ")
    build(warehouse, invoices=credit)
    rows = warehouse.rows("marts.client_punctuality", "due_count, open_count")
    assert rows == [(0, 1), (1, 0), (1, 0), (1, 0)]


@pytest.mark.parametrize(
    ("last_day", "counts"),
    [
        pytest.param("2025-04-14", (1, 0, 0), id="the day before it is judged"),
        pytest.param("2025-04-15", (2, 1, 1), id="the day after it was due"),
    ],
)
def test_invoice_due_later_in_the_open_month_is_not_judged_yet(warehouse, last_day, counts):
    warehouse.given("raw.invoices", INVOICES.replace("DUE", "2025-04-14").replace("PAID", "-"))
    warehouse.given("marts.client_months", MONTHS.replace("2025-04-30", last_day))
    warehouse.given("marts.month_ends", MONTH_ENDS.replace("2025-04-30", last_day))
    warehouse.build(*TABLES)
    rows = warehouse.rows("marts.client_punctuality", "due_count, late_count, overdue_count")
    assert rows[-1] == counts
