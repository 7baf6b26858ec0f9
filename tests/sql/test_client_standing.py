import pytest

TABLES = (
    "marts.statement_figures",
    "marts.client_statements",
    "marts.client_grades",
    "marts.client_terms",
    "marts.client_register_changes",
    "marts.client_standing",
)


def build(warehouse, *, last="2025-04-30", **drawn):
    for table, drawing in drawn.items():
        warehouse.given(f"raw.{table}", drawing)
    warehouse.given_months("2025-01-01", last)
    warehouse.build(*TABLES)


def test_statement_holds_from_the_day_it_could_be_read_and_a_correction_from_its_own(warehouse):
    build(
        warehouse,
        client_financials="""
        client_id  version  ends_on     published_on  sales_amount  known_on    known_until
        C-1        1        2023-12-31  2024-05-01    10            2024-05-01  -
        C-1        1        2024-12-31  2025-02-20    20            2025-02-20  2025-04-05
        C-1        2        2024-12-31  2025-02-20    25            2025-04-05  -
        """,
    )
    assert warehouse.rows("marts.client_standing", "statement_ends_on, statement_version") == [
        ("2023-12-31", 1),
        ("2024-12-31", 1),
        ("2024-12-31", 1),
        ("2024-12-31", 2),
    ]


def test_a_statement_that_was_withdrawn_gives_way_to_the_one_before(warehouse):
    build(
        warehouse,
        client_financials="""
        client_id  version  ends_on     published_on  sales_amount  known_on    known_until
        C-1        1        2023-12-31  2024-05-01    10            2024-05-01  -
        C-1        1        2024-12-31  2025-01-20    20            2025-01-20  2025-03-05
        """,
    )
    rows = warehouse.rows("marts.client_standing", "statement_ends_on")
    assert rows == [("2024-12-31",), ("2024-12-31",), ("2023-12-31",), ("2023-12-31",)]


EVENTS = """
    event_id  client_id  happened_on  published_on  kind         amount  grade  ended_on    known_on
    E-1       C-1        2024-12-01   2024-12-10    grade        -       B      -           2024-12-10
    E-2       C-1        2025-02-01   2025-03-02    grade        -       D      -           2025-03-02
    E-3       C-1        2025-01-05   2025-01-20    tax_arrears  700     -      2025-03-15  2025-01-20
    E-4       C-1        2023-03-31   2023-04-20    court_claim  50      -      -           2023-04-20
    E-5       C-1        2025-04-01   2025-04-20    insolvency   -       -      -           2025-04-20
"""


def test_grade_is_the_latest_that_could_be_read(warehouse):
    build(warehouse, registry_events=EVENTS)
    rows = warehouse.rows("marts.client_standing", "grade, graded_on")
    assert rows == [("B", "2024-12-10")] * 2 + [("D", "2025-03-02")] * 2


def test_arrears_are_open_until_they_are_over_and_entries_count_for_two_years(warehouse):
    build(warehouse, registry_events=EVENTS)
    rows = warehouse.rows(
        "marts.client_standing",
        "open_arrears_amount, arrears_24m_count, claims_24m_count, insolvencies_count",
    )
    assert rows == [(700, 1, 1, 0), (700, 1, 1, 0), (0, 1, 0, 0), (0, 1, 0, 1)]


CONTRACTS = """
    contract_id  client_id  signed_on   starts_on   ends_on     ended_on  payment_days  credit_limit_amount  known_on
    K-1          C-1        2024-01-01  2024-01-01  2025-02-15  ENDED     30            500                  2024-01-01
    K-2          C-1        SIGNED      2025-02-16  2026-02-15  -         14            900                  2025-02-10
"""


@pytest.mark.parametrize(
    ("ended", "signed", "terms"),
    [
        pytest.param("-", "2025-02-10", [30, 14, 14, 14], id="renewed without a gap"),
        pytest.param("-", "2025-03-20", [30, None, 14, 14], id="not before it is signed"),
        pytest.param("-", "-", [30, None, None, None], id="never signed"),
        pytest.param("2025-01-20", "2025-02-10", [None, 14, 14, 14], id="ended before its time"),
    ],
)
def test_terms_are_those_of_the_contract_that_holds(warehouse, ended, signed, terms):
    build(warehouse, contracts=CONTRACTS.replace("ENDED", ended).replace("SIGNED", signed))
    assert warehouse.rows("marts.client_standing", "payment_days") == [(days,) for days in terms]
