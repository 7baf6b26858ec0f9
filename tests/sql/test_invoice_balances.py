def test_invoice_stands_beside_all_payments_of_it_as_they_are_now(warehouse):
    warehouse.given(
        "raw.invoices",
        """
        invoice_id  client_id  issued_on   due_on      amount  known_on
        I-1         C-1        2025-01-12  2025-02-11  121     2025-01-12
        I-2         C-1        2025-01-13  2025-02-12  50      2025-01-13
        """,
    )
    warehouse.given(
        "raw.payments",
        """
        payment_id  version  invoice_id  paid_on     amount  known_on    known_until
        Y-1         1        I-1         2025-02-01  100     2025-02-01  -
        Y-2         1        I-1         2025-02-02  12      2025-02-02  2025-02-09
        Y-2         2        I-1         2025-02-02  21      2025-02-09  -
        """,
    )
    warehouse.build("marts.invoice_balances")
    columns = "invoice_id, amount, payments_count, paid_amount"
    assert warehouse.rows("marts.invoice_balances", columns) == [
        ("I-1", 121.0, 2, 121.0),
        ("I-2", 50.0, 0, 0.0),
    ]
