def month_ends(warehouse, last_observed_on):
    warehouse.given(
        "raw.competitor_prices",
        f"""
        competitor_id  competitor_product_id  observed_on         price  known_on
        X              X-1                    2025-01-15          1      2025-01-15
        X              X-1                    {last_observed_on}  1      {last_observed_on}
        """,
    )
    warehouse.build("marts.history_span", "marts.month_ends")
    return warehouse.rows("marts.month_ends", "month_end, is_closed")


def test_last_month_ends_on_the_last_day_that_the_data_know(warehouse):
    assert month_ends(warehouse, "2025-03-09") == [
        ("2025-01-31", True),
        ("2025-02-28", True),
        ("2025-03-09", False),
    ]


def test_month_is_closed_when_the_data_reach_its_last_day(warehouse):
    assert month_ends(warehouse, "2025-02-28")[-1] == ("2025-02-28", True)


def test_due_date_ahead_is_no_knowledge_of_that_day(warehouse):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-10  2025-06-30  100     2025-01-10
        """,
    )
    warehouse.build("marts.invoice_settlements", "marts.invoice_facts")
    warehouse.build("marts.history_span", "marts.month_ends")
    assert warehouse.rows("marts.month_ends", "month_end") == [("2025-01-10",)]


def test_correction_known_long_after_the_last_event_closes_no_month(warehouse):
    warehouse.given(
        "raw.competitor_prices",
        """
        competitor_id  competitor_product_id  observed_on  version  price  known_on    known_until
        X              X-1                    2025-01-15   1        1      2025-01-15  2025-04-10
        X              X-1                    2025-01-15   2        2      2025-04-10  -
        X              X-1                    2025-02-28   1        1      2025-02-28  -
        """,
    )
    warehouse.build("marts.history_span", "marts.month_ends")
    assert warehouse.rows("marts.history_span", "last_happened_on, last_known_on") == [
        ("2025-02-28", "2025-04-10")
    ]
    assert warehouse.rows("marts.month_ends", "month_end, is_closed") == [
        ("2025-01-31", True),
        ("2025-02-28", True),
        ("2025-03-31", False),
        ("2025-04-10", False),
    ]
