"""Invoices a second that get their client's history, on one core, beside a self join.

A million invoices of 20,000 clients over five years, one client with a tenth of them. The facts
and settlements of invoices are built before; what is measured is outcomes, running totals and the
ASOF joins, each with its seconds. The self join is measured on 20,000 invoices of them.
"""

import sys
import time

import duckdb

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
SELF_JOIN = """
    select count(*) from (
        select asked.invoice_id, count(theirs.invoice_id), sum(theirs.days_late)
        from (select * from marts.invoice_histories using sample reservoir(20000 rows) repeatable (1)) as asked
        left join marts.invoice_outcomes as theirs
            on asked.client_id = theirs.client_id and theirs.known_on < asked.issued_on
        group by asked.invoice_id)
"""


def measure_histories(size: int = SIZE) -> dict[str, float]:
    """Seconds of processor time by mart, and invoices a second over all."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("create schema raw")
        create_raw_tables(connection)
        connection.execute(INVOICES.format(size=size))
        for table in BEFORE:
            build_table(connection, read_contracts()[table])
        found = {}
        for table in MEASURED:
            begun = time.process_time()
            build_table(connection, read_contracts()[table])
            found[table] = time.process_time() - begun
        begun = time.process_time()
        connection.execute(SELF_JOIN).fetchall()
        found["self join of 20,000 invoices"] = time.process_time() - begun
    total = sum(found[table] for table in MEASURED)
    found["invoices a second, ASOF joins"] = size / found["marts.invoice_histories"]
    found["invoices a second, with running totals"] = size / total
    return found


if __name__ == "__main__":
    for name, value in measure_histories(*map(int, sys.argv[1:])).items():
        sys.stdout.write(f"{name:<40} {value:>14,.2f}\n")
