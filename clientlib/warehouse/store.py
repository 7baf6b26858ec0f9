"""The store of raw rows: every version of every row, the quarantine, the record of loads."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from clientlib.config import WarehouseSettings
from clientlib.errors import ClientlibError
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import quoted

STORE_NAME = "raw.duckdb"

VERSION_COLUMNS = {
    "version": "bigint",
    "known_on": "date",
    "known_until": "date",
    "source": "varchar",
    "source_file": "varchar",
    "source_row": "bigint",
    "load_id": "bigint",
    "ended_load_id": "bigint",
}

_RECORDS = """
create table if not exists raw.loads (
    load_id bigint, loaded_at timestamp, loaded_on date, clientlib_version varchar
);
alter table raw.loads add column if not exists accepted_excesses varchar[];
alter table raw.loads add column if not exists is_release boolean default false;
create table if not exists raw.files (
    load_id bigint, source varchar, source_file varchar, contents varchar, judgement varchar
);
create table if not exists raw.load_counts (
    load_id bigint, source varchar, source_file varchar, table_name varchar, file_rows bigint,
    rows_read bigint, new_count bigint, changed_count bigint, same_count bigint,
    quarantined_count bigint
);
alter table raw.load_counts add column if not exists vanished_count bigint;
create table if not exists raw.quarantine (
    table_name varchar, source varchar, source_file varchar, source_row bigint,
    reasons struct("rule" varchar, "column" varchar, "value" varchar, message varchar)[],
    source_text varchar, load_id bigint, loaded_on date, closed_load_id bigint
);
alter table raw.quarantine add column if not exists mapping_number bigint;
alter table raw.quarantine add column if not exists source_types varchar;
create table if not exists raw.client_merges (
    source_client_id varchar, client_id varchar, reason varchar, probability double,
    decided_by varchar, decided_on varchar
);
create table if not exists raw.contact_merges (
    source_contact_id varchar, contact_id varchar, reason varchar, probability double,
    decided_by varchar, decided_on varchar
);
"""

_COLUMNS = """
select table_name, column_name from duckdb_columns() where 'raw' in (database_name, schema_name)
"""


@contextmanager
def open_store(folder: Path, settings: WarehouseSettings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the store for writing; its tables are made where they do not exist.

    Parameters
    ----------
    folder : Path
        Folder of the warehouse.
    settings : WarehouseSettings
        Threads and memory.

    Yields
    ------
    DuckDBPyConnection
        Tables stand as ``raw.<table>``.

    Raises
    ------
    ClientlibError
        Another program holds the file, or it is no DuckDB file.
    """
    connection = connect(folder / STORE_NAME, settings)
    try:
        create_raw_tables(connection)
        yield connection
    finally:
        connection.close()


def copy_store(folder: Path, target: Path) -> None:
    """Copy the store, with what a process that died had written but not yet tidied away.

    Parameters
    ----------
    folder : Path
        Folder of the warehouse, which nobody writes to meanwhile.
    target : Path
        Folder of the copy.
    """
    for name in (STORE_NAME, f"{STORE_NAME}.wal"):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)


@contextmanager
def all_or_nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep all that is written within, or, where it does not come to its end, nothing.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    """
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # where the connection itself is lost, so is the transaction
            connection.rollback()
        raise


def connect(
    path: Path, settings: WarehouseSettings, *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file with the project's limits and without extensions.

    Parameters
    ----------
    path : Path
        The file.
    settings : WarehouseSettings
        Threads and memory.
    read_only : bool
        Open it for reading only: no file but this one can be read or written.

    Returns
    -------
    DuckDBPyConnection
        The connection.

    Raises
    ------
    ClientlibError
        Another program holds the file, or it is no DuckDB file.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if settings.threads:
        config["threads"] = settings.threads
    if settings.memory_limit:
        config["memory_limit"] = settings.memory_limit
    if read_only:  # what does not fit in memory goes to a folder beside the file
        config |= {"enable_external_access": False, "lock_configuration": True}
    else:
        config["temp_directory"] = str(settings.temp_folder or path.parent / "spill")
    try:
        return duckdb.connect(path, read_only=read_only, config=config)
    except duckdb.Error as error:
        raise ClientlibError(
            f"{path.name} cannot be opened",
            example=str(error).splitlines()[0],
            hint="close the program that holds it; if the file is broken, restore it",
        ) from error


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the store where they do not exist, and columns that are new.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection in which ``raw`` is a catalogue or schema.
    """
    connection.execute(_RECORDS)
    known: dict[str, set[str]] = defaultdict(set)
    for table, column in connection.execute(_COLUMNS).fetchall():
        known[table].add(column)
    for contract in read_contracts().values():
        if contract.schema == "staging":
            _create_raw_table(connection, contract, known[contract.table])


def _create_raw_table(
    connection: duckdb.DuckDBPyConnection, contract: Contract, known: set[str]
) -> None:
    columns = {column.name: column.sql_type for column in contract.columns} | VERSION_COLUMNS
    if not known:
        listed = ", ".join(f"{quoted(name)} {sql_type}" for name, sql_type in columns.items())
        connection.execute(f"create table raw.{contract.table} ({listed})")
        return
    for name, sql_type in columns.items():
        if name not in known:
            connection.execute(
                f"alter table raw.{contract.table} add column {quoted(name)} {sql_type}"
            )
