"""Rates of clients and of all clients together, by value tier, that readers may compare with."""

import pytest

RATES = "client_id month_end measure tier trials_count events_count"


def rates(tier: str, clients: int, trials: int, events: int, measure: str = "late") -> str:
    row = f"2025-12-31 {measure} {tier} {trials} {events}"
    return "\n".join(f"C-{tier}-{k} {row}" for k in range(clients))


def portfolio(warehouse, *drawn: str, columns: str = "tier, clients_count, rate") -> list:
    warehouse.given("marts.client_rates", "\n".join([RATES, *drawn]))
    warehouse.build("marts.portfolio_rates")
    return warehouse.rows("marts.portfolio_rates", columns)


def test_rates_are_told_by_tier_and_for_all(warehouse):
    told = portfolio(warehouse, rates("large", 5, 10, 2), rates("small", 5, 10, 4))
    assert told == [("all", 10, 0.3), ("large", 5, 0.2), ("small", 5, 0.4)]


@pytest.mark.parametrize(
    ("few", "told"),
    [
        pytest.param(4, [("all", 9, pytest.approx(26 / 90))], id="all less the others would tell"),
        pytest.param(0, [("all", 5, 0.2), ("large", 5, 0.2)], id="a tier without clients is none"),
    ],
)
def test_no_tier_is_told_where_one_has_fewer_than_five_clients(warehouse, few, told):
    assert portfolio(warehouse, rates("large", 5, 10, 2), rates("small", few, 10, 4)) == told


def test_fewer_than_five_clients_are_not_told_of_at_all(warehouse):
    assert portfolio(warehouse, rates("large", 4, 10, 2)) == []


def test_dispersion_is_one_for_clients_alike_and_more_for_clients_that_differ(warehouse):
    same, columns = rates("large", 6, 10, 5), "tier, dispersion"
    assert dict(portfolio(warehouse, same, columns=columns)) == {"all": 1.0, "large": None}
    differing = [rates("large", 3, 10, 10), rates("large", 3, 10, 0).replace("C-", "D-")]
    # Each of six clients lies 5 from the 5 expected; chance gives 10 x 0.5 x 0.5 = 2.5 each.
    assert dict(portfolio(warehouse, *differing, columns=columns))["all"] == 10.0


TIERS = """
    client_id  month_end   tier   orders_12m_count  orders_previous_12m_count
    C-1        2025-01-31  large  4                 0
    C-1        2025-02-28  large  5                 2
    C-1        2025-03-31  large  0                 3
"""
MONTHS = "client_id month_end\nC-1 2025-01-31\nC-1 2025-02-28\nC-1 2025-03-31"


def client_rates(warehouse, measure: str) -> list:
    warehouse.given("marts.client_months", MONTHS)
    warehouse.given("marts.client_tiers", TIERS)
    warehouse.build("marts.client_rate_changes")
    warehouse.build("marts.client_rates")
    columns = "month_end, trials_count, events_count"
    return warehouse.rows("marts.client_rates", columns, f"measure = '{measure}'")


def test_judged_orders_count_for_twelve_months_from_the_day_after_the_promise(warehouse):
    warehouse.given(
        "marts.delivery_judgements",
        """
        order_id  client_id  promised_on  judged_on   ordered_quantity  arrived_quantity  is_late
        O-1       C-1        2025-01-31   2025-02-01  1                 0                 true
        O-2       C-1        2025-02-10   2025-02-11  1                 1                 false
        O-3       C-1        2024-02-10   2024-02-11  1                 0                 true
        O-4       C-1        2024-03-30   2024-03-31  1                 0                 true
        """,
    )
    assert client_rates(warehouse, "late") == [
        ("2025-01-31", 2, 2),
        ("2025-02-28", 3, 2),
        ("2025-03-31", 2, 1),
    ]


def test_what_begins_to_count_in_a_month_ends_to_count_a_year_later(warehouse):
    warehouse.given("marts.client_months", MONTHS)
    warehouse.given(
        "marts.delivery_judgements",
        """
        order_id  client_id  promised_on  judged_on   ordered_quantity  arrived_quantity  is_late
        O-1       C-1        2025-01-31   2025-02-01  1                 0                 true
        O-2       C-1        2025-02-10   2025-02-11  1                 1                 false
        """,
    )
    warehouse.build("marts.client_rate_changes")
    columns = "measure, month, trials_count, events_count"
    assert warehouse.rows("marts.client_rate_changes", columns) == [
        ("late", "2025-02-28", 2, 1),
        ("late", "2026-02-28", -2, -1),
    ]


def test_complaints_count_on_orders_of_the_year_until_they_are_taken_back(warehouse):
    warehouse.given(
        "raw.complaints",
        """
        complaint_id  version  client_id  opened_on   known_on    known_until
        K-1           1        C-1        2025-01-05  2025-01-05  2025-02-20
        K-2           1        C-1        2025-01-06  2025-02-01  -
        """,
    )
    assert client_rates(warehouse, "complaints") == [
        ("2025-01-31", 4, 1),
        ("2025-02-28", 5, 1),
    ]  # in March no order is left of which there could be complaints


def test_deals_count_once_they_are_decided_and_dropped_ones_never(warehouse):
    warehouse.given(
        "marts.deal_states",
        """
        deal_id  version  client_id  opened_on   outcome      closed_on   told_on
        D-1      1        C-1        2025-01-02  open         -           2025-01-02
        D-1      1        C-1        2025-01-02  won          2025-02-03  2025-02-03
        D-2      1        C-1        2025-01-02  lost         2025-01-03  2025-03-01
        D-3      1        C-1        2025-01-02  no_decision  2025-02-03  2025-02-03
        """,
    )
    assert client_rates(warehouse, "won") == [
        ("2025-02-28", 1, 1),
        ("2025-03-31", 2, 1),
    ]


def test_a_client_repeats_if_it_ordered_in_both_years(warehouse):
    assert client_rates(warehouse, "repeat") == [("2025-02-28", 1, 1), ("2025-03-31", 1, 0)]


def test_tiers_are_those_of_the_revenue_before_the_twelve_months(warehouse):
    warehouse.given(
        "marts.client_orders",
        """
        client_id  month_end   orders_12m_count  revenue_previous_12m_amount
        C-1        2024-12-31  7                 0
        C-1        2025-12-31  3                 80
        C-2        2025-12-31  1                 15
        C-3        2025-12-31  2                 5
        C-4        2025-12-31  9                 0
        """,
    )
    warehouse.build("marts.client_tiers")
    columns = "client_id, tier, orders_12m_count, orders_previous_12m_count"
    assert warehouse.rows("marts.client_tiers", columns, "month_end = '2025-12-31'") == [
        ("C-1", "large", 3, 7),
        ("C-2", "middle", 1, 0),
        ("C-3", "small", 2, 0),
        ("C-4", "none", 9, 0),
    ]
