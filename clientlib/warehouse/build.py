"""Building a snapshot: staging and marts in the order of their SQL, checked, then switched in."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from graphlib import CycleError, TopologicalSorter

import duckdb
import sqlglot
from sqlglot import exp

from clientlib import __version__
from clientlib.config import Settings
from clientlib.errors import ContractError, InputError
from clientlib.warehouse.about import ABOUT_VIEWS
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.exchange import Engine, exchanging, take_table
from clientlib.warehouse.failures import telling_refusals
from clientlib.warehouse.lock import writing
from clientlib.warehouse.merging import MergeCounts, record_merges
from clientlib.warehouse.names import literal, quoted
from clientlib.warehouse.quality import check_contract
from clientlib.warehouse.snapshots import Snapshots
from clientlib.warehouse.store import STORE_NAME, connect, open_store
from clientlib.warehouse.temporary import count_of

CALENDAR = "marts.month_ends"  # it and the span behind it read every table


@dataclass(frozen=True)
class BuiltTable:
    """A table of a new snapshot and its rows; a mart that is a view makes them as it is read."""

    name: str
    row_count: int | None


def build_snapshot(
    settings: Settings,
    *,
    now: datetime,
    keep: frozenset[str] = frozenset(),
    engine: Engine | None = None,
    on_table: Callable[[BuiltTable], None] | None = None,
    on_merges: Callable[[MergeCounts], None] | None = None,
) -> str:
    """Build a new snapshot from raw, check it, and switch to it.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the build, UTC; names the snapshot.
    keep : frozenset of str
        Build ids that must not be pruned, such as those that the ledger names.
    engine : Engine, optional
        What makes the marts in place of DuckDB.
    on_table : callable, optional
        Called as each table is done.
    on_merges : callable, optional
        Called with the merges of clients that the snapshot is built with.

    Returns
    -------
    str
        The build id, which ``current`` now names.

    Raises
    ------
    InputError
        Nothing has been loaded yet, or the file of client pairs cannot be read.
    ContractError
        A table breaks its contract; the previous snapshot stays current.
    ClientlibError
        Another load or build is running, or another program holds the store.
    """
    folder = settings.warehouse_folder
    if not (folder / STORE_NAME).is_file():
        raise InputError("there is nothing to build from", hint="clientlib load")
    snapshots = Snapshots(folder)
    with telling_refusals("build"), writing(folder, "build"):
        snapshots.sweep()
        # Opening also adds the tables and columns of newer contracts to raw.
        with open_store(folder, settings.warehouse) as store:
            if store.execute("select 1 from raw.loads limit 1").fetchone() is None:
                raise InputError(
                    "there is nothing to build from: no load has succeeded", hint="clientlib load"
                )
            merges = record_merges(store, settings)
        if on_merges:
            on_merges(merges)
        build_id = snapshots.new_id(now)
        draft = snapshots.draft(build_id)
        shutil.copyfile(folder / STORE_NAME, draft)
        with connect(draft, settings.warehouse) as connection:
            name_raw_tables(connection)
            with exchanging(connection, engine):
                build_tables(connection, on_table, engine)
            _write_about(connection, settings, build_id, now)
            connection.execute("checkpoint")
        snapshots.switch_to(build_id)
        snapshots.prune(settings.warehouse.keep_snapshots, keep)
    return build_id


def build_tables(
    connection: duckdb.DuckDBPyConnection,
    on_table: Callable[[BuiltTable], None] | None = None,
    engine: Engine | None = None,
) -> list[BuiltTable]:
    """Build and check every table of staging and marts.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection in which ``raw`` is a catalogue.
    on_table : callable, optional
        Called as each table is done.
    engine : Engine, optional
        What makes the marts in place of DuckDB.

    Returns
    -------
    list of BuiltTable
        In the order in which they were built.

    Raises
    ------
    ContractError
        A table breaks its contract.
    """
    built = []
    contracts = read_contracts()
    for name in build_order(contracts):
        built.append(BuiltTable(name, build_table(connection, contracts[name], engine)))
        check_contract(connection, contracts[name])
        if on_table:
            on_table(built[-1])
    return built


def name_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the tables of a copied store the schema ``raw``, as they have it in the store.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to the copy.
    """
    connection.execute("create schema raw")
    for (name,) in connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'main'"
    ).fetchall():
        connection.execute(f"create view raw.{quoted(name)} as select * from main.{quoted(name)}")


def build_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, engine: Engine | None = None
) -> int | None:
    """Build one table, with the texts of its contract as comments.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the tables it reads.
    contract : Contract
        Its contract.
    engine : Engine, optional
        What makes its rows in place of DuckDB; what DuckDB makes as it is read stays a view.

    Returns
    -------
    int or None
        Its rows; None for a mart that is a view.

    Raises
    ------
    ContractError
        Its statement fails.
    """
    kind = "view" if contract.is_view else "table"
    connection.execute(f"create schema if not exists {contract.schema}")
    made = engine.make(contract) if engine else None
    try:
        if made:
            take_table(connection, contract, made)
        else:
            connection.execute(f"create or replace {kind} {contract.name} as {contract.body}")
    except duckdb.Error as error:
        raise ContractError(
            f"{contract.name} cannot be built",
            example=str(error).splitlines()[0],
            hint=f"see clientlib/sql/{contract.schema}/{contract.table}.sql",
        ) from error
    comment_on(connection, contract)
    if contract.is_view and contract.schema == "marts":
        return None
    return count_of(connection, contract.name)


def comment_on(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Comment a built table with the texts of its contract.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the table.
    contract : Contract
        Its contract.
    """
    kind = "view" if contract.is_view else "table"
    connection.execute(f"comment on {kind} {contract.name} is {literal(contract.about)}")
    meanings = {column.name: column.meaning for column in contract.columns}
    for column in describe_columns(connection, contract):
        if meaning := meanings.get(column):
            connection.execute(
                f"comment on column {contract.name}.{quoted(column)} is {literal(meaning)}"
            )


def describe_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[str]:
    """List the columns that a built table has.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the table.
    contract : Contract
        Its contract.

    Returns
    -------
    list of str
        Names, in order.
    """
    return [row[0] for row in connection.execute(f"describe {contract.name}").fetchall()]


def build_order(contracts: dict[str, Contract]) -> list[str]:
    """Order tables so that each comes after those it reads.

    Parameters
    ----------
    contracts : dict of str to Contract
        By ``schema.table``.

    Returns
    -------
    list of str
        Names in an order that is the same each time.

    Raises
    ------
    ContractError
        Tables read each other in a ring, or one reads a table that does not exist.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, contract in sorted(contracts.items()):
        sorter.add(name, *sorted(tables_read(contract) - {name}))
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        ring = " reads ".join(reversed(error.args[1]))
        raise ContractError(f"tables read each other in a ring: {ring}") from error
    unknown = [name for name in order if name not in contracts]
    if unknown:
        readers = [name for name, c in contracts.items() if unknown[0] in tables_read(c)]
        raise ContractError(
            f"{readers[0]} reads {unknown[0]}, which does not exist", hint="mend its from or join"
        )
    return order


@cache
def tables_read(
    contract: Contract, schemas: tuple[str, ...] = ("staging", "marts")
) -> frozenset[str]:
    """List the tables that a statement reads.

    Parameters
    ----------
    contract : Contract
        Contract with its statement.
    schemas : tuple of str
        Whose tables; raw ones are left out by default, since they are not built.

    Returns
    -------
    frozenset of str
        As ``schema.table``; its own CTEs are left out.
    """
    tables = sqlglot.parse_one(contract.body, dialect="duckdb").find_all(exp.Table)
    return frozenset(f"{table.db}.{table.name}" for table in tables if table.db in schemas)


def canonical_tables_behind(name: str) -> list[str]:
    """List the canonical tables that a table is made of, through all that it reads.

    The calendar of month ends is passed over: it reads every table only for its days.

    Parameters
    ----------
    name : str
        Table as ``schema.table``.

    Returns
    -------
    list of str
        Names without a schema, sorted.
    """
    contracts = read_contracts()
    found: set[str] = set()
    todo = [name]
    while todo:
        read = tables_read(contracts[todo.pop()], ("raw", "staging", "marts"))
        for table in read - found - {CALENDAR}:
            found.add(table)
            todo += [table] if table in contracts else []
    names = {table.partition(".")[2] for table in found if not table.startswith("marts.")}
    return sorted(table for table in names if f"staging.{table}" in contracts)


def _write_about(
    connection: duckdb.DuckDBPyConnection, settings: Settings, build_id: str, now: datetime
) -> None:
    connection.execute("create schema about")
    connection.execute(
        """create table about.build as select ? as build_id, ? as built_at, ? as clientlib_version,
        ? as company, ? as currency,
        (select last_happened_on from marts.history_span) as data_end""",
        [build_id, now.replace(tzinfo=None), __version__, settings.company.name,
         settings.company.currency],
    )  # fmt: skip
    connection.execute(
        "create table about.dated_tables (name varchar, as_of varchar[], until varchar)"
    )
    dated = [(c.name, list(c.as_of), c.until) for c in read_contracts().values() if c.as_of]
    connection.executemany("insert into about.dated_tables values (?, ?, ?)", dated)
    for name, query in ABOUT_VIEWS.items():
        connection.execute(f"create view about.{name} as {query}")
