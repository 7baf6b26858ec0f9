"""Invoices a second that get their client's history, on one core, beside a self join.

A million invoices of 20,000 clients over five years, one client with a tenth of them. The facts
and settlements of invoices are built before; what is measured is one ASOF join to running totals,
its features kept in a table; the whole mart, which makes three such joins and stores all features
in the order of its key; and that with the running totals. The self join is measured on 20,000
invoices of them.
"""

import sys
import time
from collections.abc import Callable
from functools import partial

import duckdb
import numpy as np
import pandas as pd

from clientlib.warehouse.build import build_table
from clientlib.warehouse.contracts import read_contracts
from clientlib.warehouse.store import create_raw_tables

SIZE = 1_000_000
BEFORE = ("marts.client_ids", "marts.invoice_settlements", "marts.invoice_facts")
MEASURED = (
    "marts.invoice_outcomes",
    "marts.client_claim_days",
    "marts.client_outcome_days",
    "marts.client_overdue_spells",
    "marts.invoice_histories",
)
ONE = "one ASOF join"
INVOICES = """
    insert into raw.invoices by name
    select
        'I-' || i as invoice_id,
        1 as version,
        case when i % 10 = 0 then 'C-large'
            else 'C-' || cast(power(hash(i, 1) % 1000000 / 1e6, 2) * 20000 as int) end as client_id,
        date '2020-01-01' + cast(i * 1826 // {size} as int) as issued_on,
        issued_on + 30 as due_on,
        round(10 + hash(i, 2) % 100000 / 100.0, 2) as amount,
        due_on + cast(hash(i, 3) % 40 as int) - 20 as paid_on,
        issued_on as known_on
    from range({size}) as rows(i)
"""
ONE_JOIN = """
    create temp table histories as
    select asked.invoice_id, claims.* exclude (client_id, counted_on)
    from raw.invoices as asked
    asof left join marts.client_claim_days as claims
        on asked.client_id = claims.client_id and asked.issued_on - 1 >= claims.counted_on
"""
SELF_JOIN = """
    select count(*) from (
        select asked.invoice_id, count(theirs.invoice_id), sum(theirs.days_late)
        from (select * from marts.invoice_histories using sample reservoir(20000 rows) repeatable (1)) as asked
        left join marts.invoice_outcomes as theirs
            on asked.client_id = theirs.client_id and theirs.known_on < asked.issued_on
        group by asked.invoice_id)
"""


def measure_histories(size: int = SIZE) -> pd.DataFrame:
    """Invoices a second of processor time on one core, and the seconds of each mart."""
    seconds = _measure(size)
    one = seconds.pop(ONE)
    total = sum(seconds[table] for table in MEASURED)
    protocol = f"{size:,} invoices, 20,000 clients, one with a tenth of them"
    rows = [
        (
            "invoices a second, one ASOF join to 8 running totals",
            size / one,
            "400,000",
            "1,000,000",
        ),
        ("invoices a second, whole mart", size / seconds[MEASURED[-1]], "", ""),
        ("invoices a second, whole mart and running totals", size / total, "", ""),
        *((f"{name}, seconds", value, "", "") for name, value in seconds.items()),
    ]
    return pd.DataFrame(
        [(measure, protocol, figure, np.nan, must, aim) for measure, figure, must, aim in rows],
        columns=["measure", "protocol", "figure", "spread", "must", "aim"],
    )


def _measure(size: int) -> dict[str, float]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("create schema raw")
        create_raw_tables(connection)
        connection.execute(INVOICES.format(size=size))
        for table in BEFORE:
            build_table(connection, read_contracts()[table])
        return {
            **{
                table: _time(partial(build_table, connection, read_contracts()[table]))
                for table in MEASURED
            },
            ONE: _time(partial(connection.execute, ONE_JOIN)),
            "self join of 20,000 invoices": _time(connection.sql(SELF_JOIN).fetchall),
        }


def _time(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


if __name__ == "__main__":
    table = measure_histories(*map(int, sys.argv[1:]))
    sys.stdout.write(table.to_string(index=False) + "\n")
