def month_ends(warehouse, last_observed_on):
    warehouse.given(
        "raw.competitor_prices",
        f"""
        competitor_id  competitor_product_id  observed_on         price  known_on
        X              X-1                    2025-01-15          1      2025-01-15
        X              X-1                    {last_observed_on}  1      {last_observed_on}
        """,
    )
    warehouse.build("marts.month_ends")
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
    warehouse.build("marts.invoice_settlements", "marts.invoice_facts", "marts.month_ends")
    assert warehouse.rows("marts.month_ends", "month_end") == [("2025-01-10",)]
