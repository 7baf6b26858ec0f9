"""The load beside DuckDB's own `create table as select` of the same file, in one run.

Each measurement is a process of its own: wall and CPU seconds of the work without the start of
the interpreter, and the peak memory of the process. The two are run in turns; medians count.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

REPEATS = 7
ROWS = 525_461
REAL = Path("../shared/data/online_retail_2009_2010/online_retail_II_2009_2010.parquet")


def write_orders(path: Path) -> None:
    """Make a file of the same size and columns where the real one is not there."""
    duckdb.execute(
        f"""copy (
            select
                cast(489434 + i // 18 as varchar) as "Invoice",
                cast(20000 + hash(i) % 4500 as varchar) as "StockCode",
                'ITEM ' || hash(i) % 4500 as "Description",
                1 + hash(i, 1) % 24 as "Quantity",
                timestamp '2009-12-01' + to_minutes(cast(i as bigint)) as "InvoiceDate",
                round(0.1 + hash(i, 2) % 1000 / 100, 2) as "Price",
                cast(12346 + (i // 18) % 4383 as double) as "Customer ID",
                'United Kingdom' as "Country"
            from range({ROWS}) as rows(i)) to '{path}' (format parquet, compression zstd)"""
    )


def create_table(path: Path, folder: Path) -> None:
    """DuckDB alone: the file into one table of a new database, closed."""
    with duckdb.connect(folder / "plain.duckdb") as connection:
        connection.execute("create table lines as select * from read_parquet(?)", [str(path)])


def load(path: Path, folder: Path) -> None:
    """The load: clients, products, orders and lines, judged, into a new warehouse."""
    from clientlib.config import Settings, SourceSettings
    from clientlib.warehouse import load_sources

    source = SourceSettings(path=path, preset="online_retail", outside_project=True)
    settings = Settings(root=folder, sources={"shop": source})
    counts = load_sources(settings, now=datetime.now(UTC))
    lines = counts[-1]
    assert lines.read_count == ROWS, lines


def measure(what: str, path: Path) -> dict[str, float]:
    """Measure one of the two in a process of its own."""
    command = [sys.executable, __file__, what, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def work(what: str, path: Path) -> None:
    """Do the work and print what it took."""
    do = {"create_table": create_table, "load": load}[what]
    with tempfile.TemporaryDirectory() as folder:
        if what == "load":
            import clientlib.warehouse  # noqa: F401  (the import is not what is measured)
        begun, cpu = time.perf_counter(), time.process_time()
        do(path, Path(folder))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))  # noqa: T201


def main() -> None:
    """Run both in turns and print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = REAL.resolve()
        if not path.is_file():
            path = Path(folder) / "online_retail_like.parquet"
            write_orders(path)
        names = ("create_table", "load")
        found = {name: [] for name in names}
        for _ in range(REPEATS):
            for name in names:
                found[name].append(measure(name, path))
    medians = {
        name: {key: statistics.median(run[key] for run in found[name]) for key in found[name][0]}
        for name in names
    }
    lines = [f"{ROWS:,} rows of {path.name}, medians of {REPEATS} runs in turns"]
    for name in names:
        entry = medians[name]
        lines.append(
            f"{name:<13} {entry['seconds']:6.2f} s wall  {entry['cpu']:6.2f} s CPU  "
            f"{entry['peak_mb']:6.0f} MB peak"
        )
    lines += [
        f"ratio of {key}: {medians['load'][key] / medians['create_table'][key]:.1f}"
        for key in ("seconds", "cpu")
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
