DEALS = """
    deal_id  version  client_id  product_id  opened_on   expected_close_on  closed_on   outcome  amount  known_on    known_until
    D-1      1        C-9        P-1         2025-01-01  2025-03-31         -           open     100     2025-01-01  2025-02-01
    D-1      2        C-9        P-1         2025-01-01  2025-06-30         -           open     80      2025-02-01  2025-06-15
    D-1      3        C-9        P-1         2025-01-01  2025-06-30         2025-06-10  won      90      2025-06-15  -
"""
COLUMNS = "version, outcome, closed_on, amount, told_on, known_until"


def test_each_version_tells_its_state_from_the_day_on_which_it_was_known(warehouse):
    warehouse.given("raw.deals", DEALS)
    warehouse.build("marts.deal_states")
    assert warehouse.rows("marts.deal_states", COLUMNS) == [
        (1, "open", None, 100, "2025-01-01", "2025-02-01"),
        (2, "open", None, 80, "2025-02-01", "2025-06-15"),
        (3, "won", "2025-06-10", 90, "2025-06-15", None),
    ]


def test_deal_that_was_first_heard_of_at_its_end_was_open_before_at_an_unknown_amount(warehouse):
    warehouse.given(
        "raw.deals",
        """
        deal_id  opened_on   closed_on   outcome  amount  known_on
        D-1      2025-01-01  2025-06-10  lost     90      2025-01-01
        """,
    )
    warehouse.build("marts.deal_states")
    assert warehouse.rows("marts.deal_states", COLUMNS) == [
        (1, "open", None, None, "2025-01-01", None),
        (1, "lost", "2025-06-10", 90, "2025-06-10", None),
    ]


def test_end_that_was_taken_back_before_it_was_known_is_no_state(warehouse):
    drawn = DEALS.replace(
        "2025-06-30         -           open     80 ", "2025-06-30         2025-06-20  won      80 "
    )
    warehouse.given("raw.deals", drawn)
    warehouse.build("marts.deal_states")
    rows = warehouse.rows("marts.deal_states", "version, outcome, told_on")
    assert rows == [
        (1, "open", "2025-01-01"),
        (2, "open", "2025-02-01"),
        (3, "won", "2025-06-15"),
    ]


def test_client_and_family_are_those_that_reports_show(warehouse):
    warehouse.given("marts.products", "product_id name family\nP-1 Pump pumps")
    warehouse.given("marts.client_ids", "source_client_id client_id\nC-9 C-1")
    warehouse.given("raw.deals", DEALS)
    warehouse.build("marts.deal_states")
    assert set(warehouse.rows("marts.deal_states", "client_id, family")) == {("C-1", "pumps")}
