"""A company that mends its records from load to load, and what its tables are without later facts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from forgetting import FACTS, forget

from clientlib.config import FileMapping, Settings, SourceSettings
from clientlib.sample import write_sample
from clientlib.sources.presets import read_preset
from clientlib.warehouse import load_sources
from clientlib.warehouse.build import build_order, build_table, tables_read
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.quality import check_contract

LOADS = ("2026-01-05", "2026-02-10", "2026-03-05")
LAST_WORD = date(2026, 4, 2)
# Exports behind the dated tables: how their columns are parted, and how many are their key.
EXPORTS = {
    "crm_deals": (b";", 1),
    "crm_deal_rivals": (b";", 2),
    "crm_complaints": (b";", 1),
    "crm_targets": (b";", 1),
    "crm_contracts": (b";", 1),
    "crm_incidents": (b";", 1),
    "crm_interactions": (b";", 1),
    "crm_obligations": (b";", 1),
    "erp_orders": (b",", 1),
    "erp_order_lines": (b",", 2),
    "erp_deliveries": (b",", 1),
    "erp_invoices": (b",", 1),
    "erp_payments": (b",", 1),
    "erp_quotes": (b",", 3),
    "erp_returns": (b",", 1),
    "bureau_events": (b"\t", 1),
    "bureau_statements": (b"\t", 2),
    "rival_catalogue": (b"\t", 3),
    "rival_matches": (b"\t", 3),
    "rival_prices": (b"\t", 3),
}
LISTS = {"crm_clients", "crm_managers", "erp_items"}


def tables_behind(names: list[str]) -> list[Contract]:
    """Give the tables that some are made of, in the order in which they are built."""
    contracts, found, todo = read_contracts(), set(names), list(names)
    while todo:
        read = tables_read(contracts[todo.pop()]) - found
        found |= read
        todo += sorted(read)
    return [contracts[name] for name in build_order(contracts) if name in found]


DATED = [contract for contract in read_contracts().values() if contract.as_of]
BUILT = tables_behind([contract.name for contract in DATED])
RAW = sorted({name for contract in BUILT for name in tables_read(contract, ("raw",))})
FORGETTABLE = [table for table in FACTS if f"raw.{table}" in RAW]


def load_mended_company(root: Path) -> Path:
    """Load the exports of a company three times, each time mended; give the store."""
    project = Settings(
        root=root, sources={"sample": SourceSettings(path=Path("exports"), files=mapping())}
    )
    write_sample(root / "first", seed=11, clients=50, start=date(2024, 1, 1))
    (root / "exports").mkdir()
    for load, day in enumerate(LOADS):
        for path in sorted((root / "first").iterdir()):
            lines = path.read_bytes().splitlines(keepends=True)
            name = path.stem.rstrip("_0123456789")
            if name in EXPORTS:
                lines = mend(lines, *EXPORTS[name], load)
            (root / "exports" / path.name).write_bytes(b"".join(lines))
        load_sources(project, now=datetime.fromisoformat(day).replace(tzinfo=UTC))
    return root / "data/warehouse/raw.duckdb"


def mapping() -> list[FileMapping]:
    """Take the sample's mapping; exports are complete, some invoices state when they were paid."""
    files = []
    for file in read_preset("sample_company").files:
        if file.name in EXPORTS.keys() | LISTS:
            tables = [table.model_copy(update={"complete": True}) for table in file.tables]
            files.append(file.model_copy(update={"tables": tables}))
    (invoices,) = next(file.tables for file in files if file.name == "erp_invoices")
    invoices.columns["paid_on"] = (
        'case when "Invoice" like \'%3\' then cast("InvoiceDate" as date) + 20 end'
    )
    return files


def mend(lines: list[bytes], delimiter: bytes, keys: int, load: int) -> list[bytes]:
    """Change an export as companies do: entries late or undated, rows corrected, gone, back again.

    The last column is the day of entry. A correction gives a row the fields of another row.
    """
    rows = [line.split(delimiter) for line in lines]
    for number in range(4, len(rows) - 25, 4):
        rows[number][-1] = rows[number + 25][-1]
    for number in range(5, len(rows), 11):
        rows[number][-1] = b"\n"
    for number in range(8 + load, len(rows) - 25, 9) if load else ():
        donor = rows[number + (20 if number % 2 else -8)]
        if len(rows[number]) == len(donor):
            rows[number] = [*rows[number][:keys], *donor[keys:]]
    left = [row for number, row in enumerate(rows) if load == 0 or number % 25 != 9 + load]
    return [delimiter.join(row) for row in left]


class History:
    """The dated tables of a store, and what they are when later facts are forgotten."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._whole = store.with_name("whole.duckdb")
        with self._copy(self._whole) as whole:
            build(whole)
            ends = whole.execute("select month_end from marts.month_ends order by 1").fetchall()
        self.month_ends = [day for (day,) in ends]

    def changed_by_forgetting(
        self, after: date, shares: Mapping[str, float], seed: int = 0, *, as_of: date | None = None
    ) -> dict[str, dict[str, set]]:
        """Forget shares of what is later, build again, give what differs in each dated table."""
        day = as_of or after
        with self._copy() as rest, duckdb.connect(self._whole, read_only=True) as whole:
            forget(rest, after, shares, seed)
            build(rest)
            seen = [(seen_by(whole, table, day), seen_by(rest, table, day)) for table in DATED]
        return {
            table.name: {"before": before - left, "left": left - before}
            for table, (before, left) in zip(DATED, seen, strict=True)
            if before != left
        }

    def _copy(self, path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
        copy = duckdb.connect(path, config={"threads": 1})
        copy.execute(f"attach '{self._store}' as store (read_only); create schema raw")
        for table in RAW:
            copy.execute(f"create table {table} as from {table.replace('raw.', 'store.')}")
        return copy


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the dated tables; a last complaint lets every history go equally far."""
    connection.execute(
        """insert into raw.complaints (complaint_id, version, opened_on, known_on)
        values ('the last word', 1, $day, $day)""",
        {"day": LAST_WORD},
    )
    for contract in BUILT:
        build_table(connection, contract)
        check_contract(connection, contract)


def seen_by(connection: duckdb.DuckDBPyConnection, table: Contract, day: date) -> set[tuple]:
    """Read what a dated table shows as of a day, but for what ended, or went on, later."""
    known = [f"coalesce({column} <= $day, true)" for column in table.as_of]
    holds = [f"coalesce({table.until} > $day, true)"] if table.until else []
    columns = [name for name in table.column_names if name not in {"known_until", "is_closed"}]
    rows = connection.execute(
        f"select {', '.join(columns)} from {table.name} where {' and '.join(known + holds)}",
        {"day": day},
    ).fetchall()
    return set(rows)
