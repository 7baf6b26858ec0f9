"""A million rows of PostgreSQL into the load's own scan, beside pandas.read_sql of the same query.

Give the connection in CLIENTLIB_BENCH_DSN. Each measurement is a process of its own, the two in
turns; medians count. The table is made where it is not there and stays.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

VARIABLE = "CLIENTLIB_BENCH_DSN"
ROWS = 1_000_000
REPEATS = 3
TABLE = f"""
create table if not exists bench_lines as
select
    'O-' || i / 18 as order_no, i % 18 + 1 as line_no, 'P-' || i % 4500 as item,
    (1 + i % 24)::numeric(12, 2) as qty, (0.1 + i % 1000 / 100.0)::numeric(12, 4) as price,
    date '2020-01-01' + i / 1000 as entered_on, i % 7 = 0 as is_promo,
    case when i % 5 = 0 then null else 'note ' || i % 97 end as note
from generate_series(0, {ROWS - 1}) as i
"""


def copy() -> int:
    """COPY as a source does it, then DuckDB's scan of the copy into a table."""
    import duckdb

    from clientlib.config import FileMapping, PostgresSettings, SourceSettings, TableMapping
    from clientlib.sources import open_export

    mapping = FileMapping(
        name="lines", relation="bench_lines", tables=[TableMapping(table="order_lines")]
    )
    source = SourceSettings(postgres=PostgresSettings(dsn_env=VARIABLE), files=[mapping])
    with (
        tempfile.TemporaryDirectory() as folder,
        open_export("bench", source, Path(folder)) as (part,),
        part.reading(Path(folder)) as reading,
        duckdb.connect(Path(folder) / "rows.duckdb") as connection,
    ):
        connection.execute(
            f"create table rows as select * from {reading.relation}", reading.parameters
        )
        return connection.execute("select count(*) from rows").fetchone()[0]


def pandas() -> int:
    """What an analyst would write."""
    import pandas as pd
    import psycopg

    warnings.simplefilter("ignore")  # pandas asks for SQLAlchemy
    with psycopg.connect(os.environ[VARIABLE]) as connection:
        return len(pd.read_sql("select * from bench_lines", connection))


def work(what: str) -> None:
    """Do the work and print what it took."""
    begun, cpu = time.perf_counter(), time.process_time()
    assert {"copy": copy, "pandas": pandas}[what]() == ROWS
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall s": seconds, "CPU s": cpu, "peak MB": peak}))  # noqa: T201


def main() -> None:
    """Run both in turns and print their medians."""
    import psycopg

    with psycopg.connect(os.environ[VARIABLE], autocommit=True) as connection:
        connection.execute(TABLE)
    found = {"copy": [], "pandas": []}
    for _ in range(REPEATS):
        for what, runs in found.items():
            command = [sys.executable, __file__, what]
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
            runs.append(json.loads(answer.stdout))
    for what, runs in found.items():
        medians = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        shown = "  ".join(f"{value:8.1f} {key}" for key, value in medians.items())
        sys.stdout.write(f"{what:<8}{shown}\n")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        work(sys.argv[1])
    else:
        main()
