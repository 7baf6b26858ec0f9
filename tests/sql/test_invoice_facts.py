import pytest

COLUMNS = "kind, counted_on, late_count, overdue_count, settled_count, days_late"


def build(warehouse, invoices, payments="payment_id"):
    warehouse.given("raw.invoices", invoices)
    warehouse.given("raw.payments", payments)
    warehouse.build("marts.invoice_settlements", "marts.invoice_facts")


def test_invoice_paid_in_time_is_issued_judged_and_settled_but_never_late(warehouse):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
        I-1         C-1        2025-01-10  2025-02-09  50      2025-02-09  2025-01-10
        """,
    )
    assert warehouse.rows("marts.invoice_facts", COLUMNS) == [
        ("issued", "2025-01-10", 0, 0, 0, 0),
        ("judged", "2025-02-10", 0, 0, 0, 0),
        ("settled", "2025-02-09", 0, 0, 1, 0),
    ]


def test_payment_in_time_but_recorded_later_is_late_until_we_know_better(warehouse):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-02-09  50      2025-01-10
        """,
        """
        payment_id  invoice_id  paid_on     amount  known_on
        P-1         I-1         2025-02-08  50      2025-02-14
        """,
    )
    assert warehouse.rows("marts.invoice_facts", COLUMNS) == [
        ("issued", "2025-01-10", 0, 0, 0, 0),
        ("judged", "2025-02-10", 0, 0, 0, 0),
        ("late", "2025-02-10", 1, 1, 0, 0),
        ("found paid in time", "2025-02-14", -1, 0, 0, 0),
        ("settled", "2025-02-14", 0, -1, 1, 0),
    ]


def test_corrected_due_date_takes_back_what_the_old_version_said(warehouse):
    build(
        warehouse,
        """
        invoice_id  version  client_id  issued_on   due_on      amount  known_on    known_until
        I-1         1        C-1        2025-01-10  2025-02-09  50      2025-01-10  2025-03-05
        I-1         2        C-1        2025-01-10  2025-03-31  50      2025-03-05  -
        """,
    )
    late = warehouse.rows("marts.invoice_facts", "version, kind, counted_on, late_count",
                          "kind like 'late%'")  # fmt: skip
    assert late == [
        (1, "late", "2025-02-10", 1),
        (1, "late, taken back", "2025-03-05", -1),
        (2, "late", "2025-04-01", 1),
    ]


@pytest.mark.parametrize(
    ("second", "settled_on"),
    [
        pytest.param("60", "2025-02-20", id="the last part completes it"),
        pytest.param("59.995", "2025-02-20", id="half a cent short counts as paid"),
        pytest.param("50", None, id="ten short: still open"),
    ],
)
def test_part_payments_settle_when_their_sum_reaches_the_amount(warehouse, second, settled_on):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-02-09  100     2025-01-10
        """,
        f"""
        payment_id  invoice_id  paid_on     amount    known_on
        P-1         I-1         2025-02-01  40        2025-02-01
        P-2         I-1         2025-02-20  {second}  2025-02-20
        """,
    )
    assert warehouse.rows("marts.invoice_settlements", "settled_on") == [(settled_on,)]


def test_payment_taken_back_before_the_rest_came_leaves_the_invoice_open(warehouse):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-02-09  100     2025-01-10
        """,
        """
        payment_id  version  invoice_id  paid_on     amount  known_on    known_until
        P-1         1        I-1         2025-02-01  60      2025-02-01  2025-02-03
        P-1         2        I-1         2025-02-01  6       2025-02-03  -
        P-2         1        I-1         2025-02-05  40      2025-02-05  -
        """,
    )
    assert warehouse.rows("marts.invoice_settlements", "settled_on") == [(None,)]


@pytest.mark.parametrize(
    ("taken_back_on", "expected"),
    [
        pytest.param(
            "2025-02-05",
            [("late", "2025-02-10", 1, 1, 0, 0), ("opened again", "2025-02-05", 0, 0, -1, 0)],
            id="before it was due: late when it falls due",
        ),
        pytest.param(
            "2025-03-05",
            [("opened again", "2025-03-05", 1, 1, -1, 0)],
            id="after it was judged: late and overdue from then on",
        ),
    ],
)
def test_payment_moved_to_another_invoice_opens_this_one_again(warehouse, taken_back_on, expected):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-02-09  50      2025-01-10
        """,
        f"""
        payment_id  version  invoice_id  paid_on     amount  known_on         known_until
        P-1         1        I-1         2025-02-01  50      2025-02-01       {taken_back_on}
        P-1         2        I-2         2025-02-01  50      {taken_back_on}  -
        """,
    )
    rows = warehouse.rows("marts.invoice_facts", COLUMNS)
    assert [row for row in rows if row[0] in ("late", "opened again")] == expected
    assert ("settled", "2025-02-01", 0, 0, 1, 0) in rows


def test_corrected_day_of_payment_settles_anew_on_the_right_day(warehouse):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-02-09  50      2025-01-10
        """,
        """
        payment_id  version  invoice_id  paid_on     amount  known_on    known_until
        P-1         1        I-1         2025-02-20  50      2025-02-20  2025-03-05
        P-1         2        I-1         2025-02-02  50      2025-03-05  -
        """,
    )
    columns = "sum(late_count), sum(overdue_count), sum(settled_count), sum(days_late)"
    assert warehouse.rows("(select * from marts.invoice_facts)", columns) == [(0, 0, 1, 0)]
    settled = warehouse.rows("marts.invoice_settlements", "settled_on, settled_until")
    assert settled == [("2025-02-20", "2025-03-05"), ("2025-02-02", None)]


def test_invoice_paid_before_it_was_issued_is_settled_from_its_first_day(warehouse):
    build(
        warehouse,
        """
        invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
        I-1         C-1        2025-01-10  2025-02-09  50      2025-01-03  2025-01-10
        """,
    )
    settled = warehouse.rows("marts.invoice_facts", "counted_on, settled_count", "kind = 'settled'")
    assert settled == [("2025-01-10", 1)]
    assert warehouse.rows("marts.invoice_facts", "kind", "kind = 'late'") == []
