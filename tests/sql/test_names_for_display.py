"""marts.clients, marts.products and marts.competitors: who and what, as it is now."""


def test_client_without_a_client_list_goes_by_its_key(warehouse):
    warehouse.given("staging.clients", "client_id name manager_id\nC-1 Alfa~UAB M-1")
    warehouse.given("staging.managers", "manager_id name\nM-1 Rasa")
    warehouse.given("marts.client_months", "client_id month_end\nC-2 2025-01-31")
    warehouse.build("marts.clients")
    rows = warehouse.rows("marts.clients", "client_id, name, manager_name")
    assert rows == [("C-1", "Alfa UAB", "Rasa"), ("C-2", "C-2", None)]


def test_product_that_was_sold_but_is_on_no_list_goes_by_its_key(warehouse):
    warehouse.given("staging.products", "product_id name family\nP-1 Pump pumps")
    warehouse.given("staging.order_lines", "order_id line_no product_id\nO-1 1 P-2")
    warehouse.build("marts.products")
    assert warehouse.rows("marts.products", "product_id, name, family") == [
        ("P-1", "Pump", "pumps"),
        ("P-2", "P-2", None),
    ]


def test_competitor_known_only_by_its_prices_goes_by_its_key(warehouse):
    warehouse.given("staging.competitors", "competitor_id name\nX Xenon")
    warehouse.given("staging.competitor_prices", "competitor_id price\nY 5")
    warehouse.build("marts.competitors")
    rows = warehouse.rows("marts.competitors", "competitor_id, name")
    assert rows == [("X", "Xenon"), ("Y", "Y")]
