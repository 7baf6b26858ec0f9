"""Statements that mean something else on Spark, or nothing, give the same rows after translation."""

from pathlib import Path

import duckdb
import pytest

from clientlib.errors import ContractError
from clientlib.spark import SparkMarts, to_spark
from clientlib.warehouse.contracts import parse_contract

DAYS = "(values (date '2025-01-20', date '2025-03-05'), (date '2025-01-31', date '2025-02-28')) as d (a, b)"
LIST = "(select ['x', 'y', 'z', 'y'] as v)"
SAME = {
    "turns of months": f"select date_diff('month', a, b) as n from {DAYS}",
    "days between": f"select date_diff('day', a, b) as n from {DAYS}",
    "month added": f"select last_day(a + interval 1 month) as n from {DAYS}",
    "days added": f"select a + 1 as n from {DAYS}",
    "month ends": f"""with months as (select unnest(generate_series(
        cast(date_trunc('month', a) as date), b, interval 1 month)) as n from {DAYS})
        select last_day(n) as n from months""",
    "part of a list": f"select array_to_string(list_slice(v, 2, array_length(v) - 1), '-') as n from {LIST}",
    "place in a list": f"select list_position(v, 'y') as n, list_last(v) as o from {LIST}",
    "list turned round": f"select array_to_string(list_reverse(v), '-') as n from {LIST}",
    "first of a list in order": """select list(x order by m)[1] as n
        from (values (3, 'c'), (1, 'a'), (2, 'b')) as t (m, x)""",
    "last of a list in order": """select list(x order by m desc)[1] as n
        from (values (3, 'c'), (1, 'a'), (2, 'b')) as t (m, x)""",
    "star with qualify": """select t.* from (values (1, 2), (1, 3), (2, 1)) as t (k, m)
        qualify row_number() over (partition by k order by m desc) = 1""",
    "qualify by a column and a named window": """select t.k, sum(m) over in_turn as n
        from (values (1, 2, true), (1, 3, false), (1, 4, true)) as t (k, m, first_only)
        window in_turn as (partition by k order by m)
        qualify not t.first_only or row_number() over in_turn = 1""",
    "two days of one row": """select distinct k, unnest([a, b]) as n
        from (values (1, date '2025-01-01', null), (1, date '2025-01-01', date '2025-02-01')) as t (k, a, b)""",
    "star with other columns": """with t as (select * from (values (1, 2, 3)) as v (a, b, c))
        select t.* exclude (b) replace (a + 10 as a), b as d from t""",
    "name of the same select": "select a + 1 as b, b * 2 as c from (values (1)) as t (a)",
    "minus after a window": """select k, sum(k) over to_date - k as n from (values (1), (2)) as t (k)
        window to_date as (order by k)""",
    "last at or before": """with l as (select * from (values ('p', 5), ('p', 1), ('q', 9), ('p', 7)) as v (k, d)),
        r as (select * from (values ('p', 3, 'a'), ('p', 6, 'b')) as v (k, since, name))
        select l.k, l.d, r.name from l asof left join r on l.k = r.k and l.d >= r.since""",
    "last at or before, or none": """with l as (select * from (values ('p', 5), ('q', 9)) as v (k, d)),
        r as (select * from (values ('p', 3, 'a')) as v (k, since, name))
        select l.k, l.d, r.name from l asof join r on l.k = r.k and l.d >= r.since""",
    "first rows in order": "select k from (values (3), (1), (2)) as t (k) order by k limit 2",
    "grouping sets": """select grouping(a) as g, coalesce(a, '') as a, coalesce(b, '') as b, sum(n) as n
        from (values ('x', 'p', 1), ('x', 'q', 2), (null, 'q', 4)) as t (a, b, n)
        group by grouping sets ((a), (b))""",
    "nulls among greatest": "select greatest(a, 2) as n, least(a, 2) as m from (values (null), (3)) as t (a)",
    "nulls last": """select k, row_number() over (order by m, k) as n
        from (values (1, null), (2, 5)) as t (k, m)""",
    "product to its last place": """select cast(cast(q as decimal(38, 4)) * p * (1 - s) as decimal(18, 4)) as n
        from (values (cast(1.5 as decimal(18, 4)), cast(0.3333 as decimal(18, 4)), cast(0.333333 as decimal(9, 6))),
            (cast(1234567.8901 as decimal(18, 4)), cast(98765.4321 as decimal(18, 4)), cast(0.025 as decimal(9, 6)))
        ) as t (q, p, s)""",
    "climb to the parents": """with recursive up as (
        select 1 as id, [1] as path union all
        select up.id + 1 as id, list_append(up.path, up.id + 1) as path from up where up.id < 150)
        select max(array_length(path)) as n from up""",
    "semi and anti": """select a.k from (values (1), (2)) as a (k) semi join (values (2)) as b (k) on a.k = b.k
        union all select a.k + 10 as k from (values (1), (2)) as a (k) anti join (values (2)) as b (k) on a.k = b.k""",
    "own letters": "select regexp_matches(n, '[À-῿]') as own from (values ('Žalgiris'), ('Zalgiris'), ('„A“')) as t (n)",
    "whole numbers divided": "select a / b as n from (values (7, 2), (1, 3)) as t (a, b)",
}  # fmt: skip


@pytest.fixture(scope="module")
def marts(session, tmp_path_factory) -> SparkMarts:
    return SparkMarts(session, tmp_path_factory.mktemp("statements"))


@pytest.mark.parametrize("statement", SAME.values(), ids=SAME.keys())
def test_statement_gives_the_same_rows(marts, statement):
    header = "-- x\n-- kind: view\n-- grain: a\n-- readers: remade\n-- column: a | a\n\n"
    marts.make(parse_contract("marts", "statement", header + statement))
    found = [tuple(row) for row in marts.rows("marts.statement").collect()]
    with duckdb.connect() as connection:
        expected = connection.execute(statement).fetchall()
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_asof_join_the_other_way_round_is_refused():
    columns = {"marts.l": ["k", "d"], "marts.r": ["k", "since"]}
    statement = (
        "select l.d from marts.l as l asof join marts.r as r on l.k = r.k and r.since <= l.d"
    )
    with pytest.raises(ContractError, match="mine.day >= theirs.day"):
        to_spark(statement, columns)


@pytest.mark.parametrize(
    "words", ["list(x order by m)", "list(x order by m)[2]", "list(x order by m, n)[1]"]
)
def test_order_that_spark_would_lose_is_refused(words):
    with pytest.raises(ContractError, match="Spark would lose the order of a list"):
        to_spark(f"select {words} as a from marts.t", {"marts.t": ["x", "m", "n"]})


def test_spark_leaves_no_folder_where_one_works(session):
    session.range(1).count()
    assert not Path("spark-warehouse").exists()
