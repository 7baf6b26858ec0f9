"""Load and build of 1, 10 and 100 million order lines beside DuckDB's own work on the same file.

For each size: the file is made (100,000 clients, 5,000 products, five years, ten lines an
order), then, each in a process of its own with the same threads and memory limit,

* plain: DuckDB alone writes the file into one table and runs the two largest aggregations by
  hand: orders, lines and revenue by client and month, and lines, units and revenue by product
  and month;
* load: orders and lines into a new warehouse, every row judged;
* build: a snapshot of it, with every mart, checked;
* day: the load of one more day, with corrections of five hundred lines of the last quarter;
* build again after that day;
* check: what ``clientlib check`` does with that snapshot.

Prints wall and CPU seconds, peak memory and bytes, and the ratios. Sizes and a folder for the
files may be given: bench_warehouse.py 1000000 10000000 --folder /some/disk
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

SIZES = (1_000_000, 10_000_000, 100_000_000)
LINES_PER_ORDER = 10
MEMORY_LIMIT = "12GB"
LOADED_AT = datetime(2025, 1, 2, tzinfo=UTC)
COLUMNS = """
    'SO-' || lpad(cast(1000000 + o as varchar), 9, '0') as order_id,
    cast(line_no as int) as line_no,
    'C-' || lpad(cast(cast(power(hash(o, 1) % 1000000 / 1e6, 2) * 100000 as int) as varchar), 6, '0')
        as client_id,
    'P-' || lpad(cast(cast(power(hash(line, 2) % 1000000 / 1e6, 2) * 5000 as int) as varchar), 5, '0')
        as product_id,
    ordered_on,
    cast(1 + hash(line, 3) % 40 + more as int) as quantity,
    cast(round(1 + hash(line, 4) % 20000 / 100.0, 2) as decimal(10, 2)) as unit_price
"""
MAPPING = {
    "order_id": "order_id",
    "known_on": "ordered_on",
}


def write_lines(path: Path, size: int) -> None:
    """Five years of order lines, in the order in which they came."""
    duckdb.execute(
        f"""copy (select {COLUMNS} from (
            select i as line, i // {LINES_PER_ORDER} as o, i % {LINES_PER_ORDER} + 1 as line_no,
                date '2020-01-01' + cast(i * 1826 // {size} as int) as ordered_on, 0 as more
            from range({size}) as rows(i)
        )) to '{path}' (format parquet, compression zstd)"""
    )


def write_day(path: Path, size: int) -> None:
    """The lines of the day after, and five hundred of the last quarter with one unit more."""
    quarter = size // 20
    duckdb.execute(
        f"""copy (select {COLUMNS} from (
            select i as line, i // {LINES_PER_ORDER} as o, i % {LINES_PER_ORDER} + 1 as line_no,
                date '2024-12-31' as ordered_on, 0 as more
            from range({size}, {size + size // 1826}) as rows(i)
            union all
            select i as line, i // {LINES_PER_ORDER} as o, i % {LINES_PER_ORDER} + 1 as line_no,
                date '2020-01-01' + cast(i * 1826 // {size} as int) as ordered_on, 1 as more
            from range({size - quarter}, {size}, {quarter // 500}) as rows(i)
        )) to '{path}' (format parquet, compression zstd)"""
    )


def plain(folder: Path) -> None:
    """DuckDB alone: one table, and the two largest aggregations."""
    config = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spill")}
    with duckdb.connect(folder / "plain.duckdb", config=config) as connection:
        connection.execute(
            f"create table lines as select * from read_parquet('{folder / 'raw' / 'lines_0.parquet'}')"
        )
        connection.execute(
            """create table client_months as
            select client_id, last_day(ordered_on) as month, count(distinct order_id) as orders,
                count(*) as lines, sum(quantity * unit_price) as revenue
            from lines group by all"""
        )
        connection.execute(
            """create table product_months as
            select product_id, last_day(ordered_on) as month, count(*) as lines,
                sum(quantity) as quantity, sum(quantity * unit_price) as revenue
            from lines group by all"""
        )


def project(folder: Path):
    """The project whose source is the folder of files."""
    from clientlib.config import (
        FileMapping,
        Settings,
        SourceSettings,
        TableMapping,
        WarehouseSettings,
    )

    orders = TableMapping(
        table="orders",
        columns={**MAPPING, "client_id": "client_id", "ordered_on": "ordered_on"},
        constants={"status": "delivered"},
        one_per_key="first",
    )
    names = ("line_no", "product_id", "quantity", "unit_price")
    lines = TableMapping(table="order_lines", columns={**MAPPING, **{name: name for name in names}})
    file = FileMapping(name="lines", file="lines_*.parquet", tables=[orders, lines])
    return Settings(
        root=folder,
        sources={"erp": SourceSettings(path=Path("raw"), files=[file])},
        warehouse=WarehouseSettings(memory_limit=MEMORY_LIMIT),
    )


def load(folder: Path) -> None:
    """The load of whatever files there are."""
    from clientlib.warehouse import load_sources

    counts = load_sources(project(folder), now=LOADED_AT)
    assert all(count.quarantined_count == 0 for count in counts), counts


def build(folder: Path) -> None:
    """A snapshot of all that is loaded."""
    from clientlib.warehouse import build_snapshot

    build_snapshot(project(folder), now=datetime.now(UTC))


def check(folder: Path) -> None:
    """Every contract of the current snapshot, rows of views included, and its orphans."""
    from clientlib.warehouse import open_warehouse

    with open_warehouse(project(folder).warehouse_folder) as warehouse:
        assert [found for found in warehouse.check() if found.severity == "broken"] == []


WORK = {
    "plain": plain,
    "load": load,
    "build": build,
    "day": load,
    "build again": build,
    "check": check,
}


def work(what: str, folder: Path) -> None:
    """Do one piece of work and print what it took, the start of the interpreter left out."""
    import clientlib.warehouse  # noqa: F401  (the import is not what is measured)

    begun, cpu = time.perf_counter(), time.process_time()
    WORK[what](folder)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": seconds, "cpu": cpu, "peak": peak}))  # noqa: T201


def measure(what: str, folder: Path) -> dict[str, float]:
    """Measure one piece of work in a process of its own."""
    command = [sys.executable, __file__, "--work", what, "--folder", str(folder)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(answer.stdout)


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def bytes_of(folder: Path, pattern: str) -> float:
    """Gigabytes of the newest file of a name."""
    paths = sorted(folder.glob(pattern))
    return paths[-1].stat().st_size / 1e9 if paths else 0.0


def run(size: int, folder: Path) -> None:
    """Measure one size."""
    (folder / "raw").mkdir()
    write_lines(folder / "raw" / "lines_0.parquet", size)
    file = bytes_of(folder, "raw/*.parquet")
    say(f"\n{size:,} lines, {file:.2f} GB of Parquet, load average {os.getloadavg()[0]:.1f}")
    found = {}
    for what, result in (
        ("plain", "plain.duckdb"),
        ("load", "data/warehouse/raw.duckdb"),
        ("build", "data/warehouse/2*.duckdb"),
        ("day", "data/warehouse/raw.duckdb"),
        ("build again", "data/warehouse/2*.duckdb"),
        ("check", "data/warehouse/2*.duckdb"),
    ):
        if what == "day":
            write_day(folder / "raw" / "lines_1.parquet", size)
        entry = found[what] = measure(what, folder)
        say(
            f"{what:<12} {entry['wall']:7.1f} s wall {entry['cpu']:7.1f} s CPU "
            f"{entry['peak'] / 1024:6.1f} GB peak {bytes_of(folder, result):6.2f} GB on disk"
        )
    for kind in ("wall", "cpu"):
        full = found["load"][kind] + found["build"][kind]
        say(
            f"{kind:<4} load + build / plain {full / found['plain'][kind]:.2f}"
            f"   day / load {found['day'][kind] / found['load'][kind]:.3f}"
            f"   (day + build) / (load + build) "
            f"{(found['day'][kind] + found['build again'][kind]) / full:.2f}"
        )


def main() -> None:
    """Measure each size in a folder that goes afterwards."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--work", choices=WORK)
    given = parser.parse_args()
    if given.work:
        work(given.work, given.folder)
        return
    for size in given.sizes:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=given.folder) as folder:
            run(size, Path(folder))


if __name__ == "__main__":
    main()
