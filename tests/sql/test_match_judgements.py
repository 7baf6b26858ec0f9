def test_every_version_of_a_judgement_is_kept(warehouse):
    warehouse.given(
        "raw.product_matches",
        """
        product_id  competitor_id  competitor_product_id  version  kind        probability  known_on    known_until
        P-1         X              X-1                    1        identical   0.9          2025-01-05  2025-02-01
        P-1         X              X-1                    2        substitute  0.6          2025-02-01  -
        """,
    )
    warehouse.build("marts.match_judgements")
    rows = warehouse.rows("marts.match_judgements", "version, kind, known_until")
    assert rows == [(1, "identical", "2025-02-01"), (2, "substitute", None)]
