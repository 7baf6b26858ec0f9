import pytest
from random_books import Book, beliefs_by_evening, day, draw_book

TABLES = (
    "marts.client_ids",
    "marts.invoice_settlements",
    "marts.invoice_facts",
    "marts.invoice_outcomes",
    "marts.client_claim_days",
    "marts.client_outcome_days",
    "marts.client_overdue_spells",
    "marts.invoice_histories",
)
PAID_LATE_AND_OPEN = """
    invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
    I-1         C-1        2025-01-01  2025-01-31  100     2025-02-10  2025-01-01
    I-2         C-1        2025-01-05  2025-02-04  50      -           2025-01-05
    I-3         C-1        {issued_on}  2025-06-30  75      -           {issued_on}
"""
COUNTS = "issued_count, judged_count, late_count, settled_count, open_count, overdue_count"


def history_of_third(warehouse, issued_on, columns):
    warehouse.given("raw.invoices", PAID_LATE_AND_OPEN.format(issued_on=issued_on))
    warehouse.build(*TABLES)
    (row,) = warehouse.rows("marts.invoice_histories", columns, "invoice_id = 'I-3'")
    return row


@pytest.mark.parametrize(
    ("issued_on", "counts"),
    [
        pytest.param(
            "2025-01-05", (1, 0, 0, 0, 1, 0), id="what is issued the same day is not seen"
        ),
        pytest.param(
            "2025-02-01", (2, 0, 0, 0, 2, 0), id="judged on the first of February: not yet"
        ),
        pytest.param("2025-02-02", (2, 1, 1, 0, 2, 1), id="judged yesterday: late and overdue"),
        pytest.param("2025-02-10", (2, 2, 2, 0, 2, 2), id="paid today: not seen"),
        pytest.param("2025-02-11", (2, 2, 2, 1, 1, 1), id="paid yesterday: settled"),
    ],
)
def test_invoice_knows_what_was_known_on_the_eve_of_its_day(warehouse, issued_on, counts):
    assert history_of_third(warehouse, issued_on, COUNTS) == counts


def test_days_late_and_amounts_of_the_past_stand_beside_the_invoice(warehouse):
    columns = (
        "last_days_late, last_3_days_late, recent_days_late, late_days_total, early_days_total, "
        "since_settled_days, usual_amount, open_amount, overdue_amount, oldest_overdue_days"
    )
    row = history_of_third(warehouse, "2025-02-20", columns)
    assert row == (10, 10, 10, 10, 0, 10, 75, 50, 50, 15)


def test_terms_are_those_first_stated(warehouse):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  version  client_id  issued_on   due_on      amount  known_on    known_until
        I-1         1        C-1        2025-01-01  2025-01-31  100     2025-01-01  2025-02-03
        I-1         2        C-1        2025-01-01  2025-03-02  130     2025-02-03  -
        """,
    )
    warehouse.build(*TABLES)
    columns = "amount, terms_days, due_month, due_weekday, issued_count, usual_amount"
    assert warehouse.rows("marts.invoice_histories", columns) == [(100, 30, 1, 5, 0, None)]


def test_newer_payments_weigh_more(warehouse):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  issued_on   due_on      amount  paid_on     known_on
        I-1         C-1        2024-06-01  2024-06-30  10      2024-06-30  2024-06-01
        I-2         C-1        2024-12-01  2024-12-01  10      2024-12-31  2024-12-01
        I-3         C-1        2025-01-15  2025-02-15  10      -           2025-01-15
        """,
    )
    warehouse.build(*TABLES)
    columns = "last_3_days_late, recent_days_late"
    ((mean, recent),) = warehouse.rows("marts.invoice_histories", columns, "invoice_id = 'I-3'")
    assert mean == 15
    assert recent == pytest.approx(20, abs=0.1)  # the older counts half: 30 * 2 / 3


def test_correction_of_an_old_payment_is_no_news(warehouse):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  version  client_id  issued_on   due_on      amount  paid_on     known_on    known_until
        I-1         1        C-1        2025-01-01  2025-01-10  10      2025-01-15  2025-01-01  2025-03-01
        I-1         2        C-1        2025-01-01  2025-01-10  10      2025-01-12  2025-03-01  -
        I-2         1        C-1        2025-01-01  2025-02-10  10      2025-02-11  2025-01-01  -
        I-3         1        C-1        2025-04-01  2025-04-30  10      -           2025-04-01  -
        """,
    )
    warehouse.build(*TABLES)
    columns = "settled_count, last_days_late, last_3_days_late, late_days_total"
    (row,) = warehouse.rows("marts.invoice_histories", columns, "invoice_id = 'I-3'")
    assert row == (2, 1, 3, 3)  # heard as 5 and 1 days late; by now 2 and 1
    news = warehouse.rows("marts.invoice_outcomes", "invoice_id, version, days_late, is_news")
    assert news == [("I-1", 1, 5, True), ("I-1", 2, 2, False), ("I-2", 1, 1, True)]


def naive_histories(book: Book) -> dict[str, tuple]:
    """Look at every invoice's client on its eve, one by one."""
    evenings, found = beliefs_by_evening(book), {}
    for ask in book.invoices:
        if ask["version"] == 1 and ask["amount"] > 0:
            client = book.merges.get(ask["client_id"], ask["client_id"])
            found[ask["invoice_id"]] = describe(evenings, client, ask["issued_on"])
    return found


def describe(evenings: list[dict], client: str, issued: int) -> tuple:
    rows = [row for row in evenings[issued - 1].values() if row["client_id"] == client]
    rows = rows if issued > 0 else []
    settled = [row for row in rows if row["settled_on"] is not None]
    late = [row["settled_on"] - row["due_on"] for row in settled]
    overdue = [row for row in rows if row["overdue_since"] is not None]
    amounts = [float(row["amount"]) for row in rows]
    weights = [2 ** ((row["settled_on"] - issued) / 182.5) for row in settled]
    recent = sum(w * days for w, days in zip(weights, late, strict=True)) / (sum(weights) or 1)
    return (
        len(rows),
        pytest.approx(sum(amounts) / len(amounts)) if rows else None,
        sum(row["is_judged"] for row in rows),
        sum(row["is_late"] for row in rows),
        recently_late(rows),
        len(settled),
        sum(days > 0 for days in late),
        sum(days > 14 for days in late),
        sum(days > 30 for days in late),
        sum(max(days, 0) for days in late),
        sum(max(-days, 0) for days in late),
        sum(days * days for days in late),
        pytest.approx(recent, abs=2e-6) if settled else None,
        *heard(evenings[:issued], client, issued),
        len(rows) - len(settled),
        pytest.approx(sum(amounts) - sum(float(row["amount"]) for row in settled)),
        len(overdue),
        pytest.approx(sum(float(row["amount"]) for row in overdue)),
        max((issued - row["overdue_since"] for row in overdue), default=0),
        sum(row["is_disputed"] for row in rows),
    )


def recently_late(rows: list[dict]) -> object:
    judged = [row for row in rows if row["is_judged"]]
    weights = [2 ** (row["due_on"] / 91.25) for row in judged]
    late = [w for w, row in zip(weights, judged, strict=True) if row["is_late"]]
    return pytest.approx(sum(late) / sum(weights), abs=2e-6) if judged else None


def heard(evenings: list[dict], client: str, issued: int) -> tuple:
    """The outcomes in the order in which they were heard, as they were heard."""
    news = [
        (evening, row["settled_on"], row["due_on"], row["invoice_id"])
        for evening, rows in enumerate(evenings)
        for row in rows.values()
        if row["is_news"] and row["client_id"] == client
    ]
    last = [settled - due for _, settled, due, _ in sorted(news)][-3:]
    if not last:
        return None, None, None
    return last[-1], pytest.approx(sum(last) / len(last)), issued - max(news)[0]


HISTORY = """invoice_id, issued_count, usual_amount, judged_count, late_count,
    recent_late_share, settled_count, settled_late_count, late_14_count, late_30_count, late_days_total, early_days_total,
    days_squares_total, recent_days_late, last_days_late, last_3_days_late, since_settled_days, open_count, open_amount,
    overdue_count, overdue_amount, oldest_overdue_days, disputed_count"""


@pytest.mark.parametrize("seed", range(6))
def test_histories_equal_those_found_one_by_one(warehouse, seed):
    book = draw_book(seed)
    book.write(warehouse.connection)
    warehouse.build(*TABLES)
    found = {row[0]: row[1:] for row in warehouse.rows("marts.invoice_histories", HISTORY)}
    expected = naive_histories(book)
    assert len(expected) > 20
    assert {name: row for name, row in found.items() if row != expected[name]} == {}
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("last", [40, 77, 120])
def test_what_is_known_after_a_day_changes_no_history_until_then(warehouse, last):
    book = draw_book(11, invoices=60)
    until = f"issued_on <= date '{day(last)}' and known_on <= date '{day(last)}'"
    book.write(warehouse.connection)
    warehouse.build(*TABLES)
    before = warehouse.rows("marts.invoice_histories", "*", until)
    book.until(last).write(warehouse.connection)
    warehouse.build(*TABLES)
    assert len(before) > 10
    assert warehouse.rows("marts.invoice_histories", "*", until) == before


def test_random_books_hold_what_the_proof_needs():
    books = [draw_book(seed) for seed in range(6)]
    payments = [payment for book in books for payment in book.payments]
    invoices = [invoice for book in books for invoice in book.invoices]
    assert sum(payment["amount"] < 0 for payment in payments) > 5
    assert sum(payment["version"] > 1 for payment in payments) > 20
    assert sum(invoice["version"] > 1 for invoice in invoices) > 30
    assert sum(invoice["client_id"] == "C-9" for invoice in invoices) > 10
