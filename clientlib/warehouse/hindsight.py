"""Panels of a past month end made again: as they were known on any day, and what changed since."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from clientlib.errors import InputError
from clientlib.warehouse.build import build_order, build_table, tables_read
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import day_literal, literal, quoted
from clientlib.warehouse.ownership import OWNED_BY_ALL
from clientlib.warehouse.store import VERSION_COLUMNS

CALENDAR = "marts.month_ends"
PANEL_KEY = "month_end"


def remake_panel(
    snapshot: Path, table: str, *, month_end: date, known_by: date | None
) -> pd.DataFrame:
    """Make a panel's rows of one month end again, from what was known on a day.

    The same SQL as in a build reads the raw rows that were believed on that day, each as if it
    had been known when it happened.

    Parameters
    ----------
    snapshot : Path
        File of the snapshot; it is only read.
    table : str
        A panel: a mart with one row per month end, such as ``marts.client_orders``.
    month_end : date
        A month end of the snapshot.
    known_by : date or None
        Day whose knowledge is used; None for what is believed now.

    Returns
    -------
    DataFrame
        Its rows of that month end, in its order.

    Raises
    ------
    InputError
        It is no panel, ``month_end`` is none of the snapshot's, or the rows behind it are not in
        the file, which is one reader's.
    """
    contract = panel_contract(table)
    with _remaking(snapshot, month_end, known_by) as connection:
        _check_rows_behind(connection, contract)
        for name in _behind(table):
            build_table(connection, read_contracts()[name])
        return connection.execute(
            f"select * from {table} where {PANEL_KEY} = $day order by all",
            {"day": month_end},
        ).df()[list(contract.column_names)]


def panel_contract(table: str) -> Contract:
    """Find the contract of a panel.

    Parameters
    ----------
    table : str
        Such as ``marts.client_orders``.

    Returns
    -------
    Contract
        Its contract.

    Raises
    ------
    InputError
        There is no such mart, or it does not have one row per month end.
    """
    contract = read_contracts().get(table)
    panels = [
        name
        for name, each in read_contracts().items()
        if PANEL_KEY in each.grain and name != CALENDAR
    ]
    if contract is None or table not in panels:
        raise InputError(
            f"{table} has no rows by month end that could be made again",
            hint=f"panels are {', '.join(panels)}",
        )
    return contract


def compare_panels(contract: Contract, then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """List the values in which two makings of a panel differ.

    Parameters
    ----------
    contract : Contract
        Contract of the panel.
    then, now : DataFrame
        Its rows as they were known earlier and later.

    Returns
    -------
    DataFrame
        One row per key and column that differs: the key, ``column``, ``known_then``,
        ``known_now``, and ``difference`` where both are numbers. A row that there was not yet,
        or is no more, has blanks on that side.
    """
    keys = list(contract.grain)
    long = [
        frame.astype(object)
        .melt(id_vars=keys, var_name="column", value_name=name)
        .dropna(subset=[name])
        for frame, name in ((then, "known_then"), (now, "known_now"))
    ]
    both = long[0].merge(long[1], on=[*keys, "column"], how="outer")
    blank = both["known_then"].isna() | both["known_now"].isna()
    changed = both[blank | (both["known_then"] != both["known_now"])].copy()
    numbers = [
        pd.to_numeric(changed[name], errors="coerce") for name in ("known_now", "known_then")
    ]
    changed["difference"] = (numbers[0] - numbers[1]).astype(float)
    order = {name: place for place, name in enumerate(contract.column_names)}
    places = changed["column"].map(order)
    return (
        changed.assign(place=places)
        .sort_values([*keys, "place"])
        .drop(columns="place")
        .reset_index(drop=True)
    )


@contextmanager
def _remaking(
    snapshot: Path, month_end: date, known_by: date | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(snapshot))} as snapshot (read_only)")
        _check_month_end(connection, month_end)
        connection.execute("create schema raw; create schema marts")
        _believe(connection, known_by)
        connection.execute(
            f"""create table {CALENDAR} as
            select * from snapshot.{CALENDAR} where {PANEL_KEY} <= {day_literal(month_end)}"""
        )
        yield connection


def _check_month_end(connection: duckdb.DuckDBPyConnection, month_end: date) -> None:
    known = [row[0] for row in connection.execute(
        f"select {PANEL_KEY} from snapshot.{CALENDAR} order by 1"
    ).fetchall()]  # fmt: skip
    if month_end not in known:
        raise InputError(
            f"{month_end} is no month end of this snapshot",
            rows=f"it has {len(known)}, from {known[0]} to {known[-1]}" if known else None,
        )


def _check_rows_behind(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Refuse to count one reader's rows as those of all."""
    is_of_reader = connection.execute(
        """select 1 from duckdb_tables() where database_name = 'snapshot'
        and schema_name = 'about' and table_name = 'reader'"""
    ).fetchone()
    if is_of_reader and contract.readers.kind == OWNED_BY_ALL:
        raise InputError(
            f"{contract.name} cannot be made again in the file of one reader",
            hint="it counts the rows of all clients; read it, or open the whole snapshot",
        )


def _believe(connection: duckdb.DuckDBPyConnection, known_by: date | None) -> None:
    """Name the raw rows that were believed on a day, as if known when they happened."""
    condition = "known_until is null"
    if known_by is not None:
        day = day_literal(known_by)
        condition = f"""(known_on is null or known_on <= {day})
            and (known_until is null or known_until > {day})"""
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'snapshot' "
        "and schema_name = 'main'"
    ).fetchall()
    for (name,) in tables:
        source = f"snapshot.main.{quoted(name)}"
        columns = [row[0] for row in connection.execute(f"describe {source}").fetchall()]
        if set(VERSION_COLUMNS) <= set(columns):
            source = f"""(
                select * replace (cast(null as date) as known_on, cast(null as date) as known_until)
                from {source} where {condition}
            )"""
        connection.execute(f"create view raw.{quoted(name)} as select * from {source}")


def _behind(table: str) -> list[str]:
    """List the tables that one is made of, in the order in which they are built."""
    contracts = read_contracts()
    found, todo = {table}, [table]
    while todo:
        read = tables_read(contracts[todo.pop()]) - found - {CALENDAR}
        found |= read
        todo += sorted(read)
    return [name for name in build_order(contracts) if name in found]
