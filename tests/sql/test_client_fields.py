MERGE = "source_client_id client_id reason probability\nC-2 C-1 - 0.9\nC-3 C-1 - 0.9"


def fields(warehouse, drawing: str) -> dict:
    warehouse.given("raw.client_merges", MERGE.replace(" - ", " why "))
    warehouse.given("staging.clients", drawing)
    warehouse.build("marts.client_ids", "marts.client_fields")
    rows = warehouse.rows("marts.client_fields", "field, value, from_client_id, reason")
    return {field: rest for field, *rest in rows}


def test_blank_field_is_filled_by_whoever_knows_it(warehouse):
    found = fields(
        warehouse,
        """
        client_id  name     region   known_on
        C-1        Žulvina  -        2025-03-01
        C-2        Žulvina  Vilnius  2025-01-01
        """,
    )
    assert found["region"] == ["Vilnius", "C-2", "the only one known"]
    assert found["name"][2] == "all agree"


def test_what_was_known_last_wins(warehouse):
    found = fields(
        warehouse,
        """
        client_id  name  region   known_on
        C-1        Alfa  Kaunas   2025-01-01
        C-2        Alfa  Vilnius  2025-02-01
        """,
    )
    assert found["region"] == ["Vilnius", "C-2", "known last"]


def test_name_with_its_own_letters_wins_over_later_ones_without(warehouse):
    found = fields(
        warehouse,
        """
        client_id  name     known_on
        C-1        Žulvina  2025-01-01
        C-2        ZULVINA  2025-02-01
        """,
    )
    assert found["name"] == ["Žulvina", "C-1", "most complete spelling"]


def test_code_that_most_entries_have_wins_over_a_later_one(warehouse):
    found = fields(
        warehouse,
        """
        client_id  name  register_code  known_on
        C-1        Alfa  110053842      2025-01-01
        C-2        Alfa  110053842      2025-01-01
        C-3        Alfa  110053824      2025-02-01
        """,
    )
    assert found["register_code"] == ["110053842", "C-1", "named by most"]


def test_client_of_one_entry_has_no_rows(warehouse):
    warehouse.given("staging.clients", "client_id name\nC-1 Alfa")
    warehouse.build("marts.client_ids", "marts.client_fields")
    assert warehouse.rows("marts.client_fields", "client_id") == []
