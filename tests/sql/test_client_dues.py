def test_invoice_leaves_the_half_year_six_months_after_it_fell_due_and_the_year_after_its_issue(
    warehouse,
):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  issued_on   due_on      amount  paid_on  known_on
        I-1         C-1        2025-01-10  2025-02-09  100     -        2025-01-10
        """,
    )
    warehouse.given("marts.month_ends", "month_end\n2025-02-28")
    warehouse.build("marts.invoice_settlements", "marts.invoice_facts", "marts.client_dues")
    rows = warehouse.rows(
        "marts.client_dues", "month, due_6m_count, late_count, invoiced_12m_amount"
    )
    assert rows == [
        ("2025-01-31", 0, 0, 100),
        ("2025-02-28", 1, 1, 0),
        ("2025-08-31", -1, 0, 0),
        ("2026-01-31", 0, 0, -100),
    ]
