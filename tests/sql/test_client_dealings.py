TABLES = (
    "marts.client_quote_changes",
    "marts.client_promise_changes",
    "marts.client_dealings",
)


def build(warehouse, *, last="2026-02-28", **drawn):
    for table, drawing in drawn.items():
        warehouse.given(f"raw.{table}", drawing)
    warehouse.given_months("2025-01-01", last)
    warehouse.build(*TABLES)


QUOTES = """
    quote_id  revision_no  line_no  client_id  sent_on     list_price  price  asked_price  payment_days  asked_payment_days  outcome   known_on
    Q-1       1            1        C-1        2025-01-05  100         90     80           30            45                  replaced  2025-01-05
    Q-1       1            2        C-1        2025-01-05  100         90     95           30            -                   replaced  2025-01-05
    Q-1       2            1        C-1        2025-02-05  100         85     -            0             14                  refused   2025-02-05
"""


def test_every_line_counts_with_what_the_client_asked_off_the_list_price(warehouse):
    build(warehouse, quotes=QUOTES)
    rows = warehouse.rows(
        "marts.client_dealings",
        "quoted_12m_count, revised_12m_count, asked_off_12m_count, asked_off_12m_total",
    )
    assert rows[:2] == [(2, 0, 2, 0.1), (3, 1, 2, 0.1)]
    assert rows[11:] == [(3, 1, 2, 0.1), (1, 1, 0, 0), (0, 0, 0, 0)]


def test_longer_terms_and_refused_prepayment_are_counted(warehouse):
    build(warehouse, quotes=QUOTES)
    rows = warehouse.rows(
        "marts.client_dealings",
        "longer_terms_12m_count, prepaid_12m_count, prepaid_refused_12m_count",
    )
    assert rows[:2] == [(1, 0, 0), (2, 1, 1)]
    assert rows[-2:] == [(1, 1, 1), (0, 0, 0)]


def test_contacts_of_ours_count_by_whether_they_were_answered(warehouse):
    build(
        warehouse,
        interactions="""
        interaction_id  client_id  happened_on  channel  is_inbound  outcome     known_on
        T-1             C-1        2024-12-05   call     false       no~answer   2024-12-05
        T-2             C-1        2025-02-05   e-mail   false       answered    2025-02-05
        T-3             C-1        2025-02-06   e-mail   true        answered    2025-02-06
        T-4             C-1        2025-02-07   call     false       -           2025-02-07
        """,
    )
    rows = warehouse.rows("marts.client_dealings", "asked_12m_count, answered_12m_count")
    assert rows[:2] == [(1, 0), (2, 1)]
    assert rows[10:] == [(2, 1), (1, 1), (1, 1), (0, 0)]


PROMISES = """
    obligation_id  client_id  owed_by  owed_to  agreed_on   due_on      done_on     known_on
    B-1            C-1        client   us       2025-01-01  2025-02-10  2025-02-10  2025-01-01
    B-2            C-1        client   us       2025-01-01  2025-02-28  2025-03-20  2025-01-01
    B-3            C-1        us       client   2025-01-01  2025-01-10  -           2025-01-01
    B-4            C-1        client   us       2025-01-01  2026-02-28  -           2025-01-01
"""


def test_promise_is_judged_the_day_after_it_was_due_and_never_before(warehouse):
    build(warehouse, obligations=PROMISES)
    rows = warehouse.rows("marts.client_dealings", "promised_12m_count, broken_12m_count")
    assert rows[:2] == [(1, 0), (2, 1)]
    assert rows[-2:] == [(2, 1), (1, 1)]


def test_change_of_a_code_counts_from_the_load_that_brought_it(warehouse):
    build(
        warehouse,
        clients="""
        client_id  version  name  register_code  vat_code  known_on    known_until
        C-1        1        Ada   123            LT1       2025-01-01  2025-02-10
        C-1        2        Ada~  123            LT1       2025-02-10  2025-03-10
        C-1        3        Ada   456            LT1       2025-03-10  -
        """,
    )
    rows = warehouse.rows("marts.client_dealings", "month_end, requisites_count")
    assert rows[:2] == [("2025-03-31", 1), ("2025-04-30", 1)]
