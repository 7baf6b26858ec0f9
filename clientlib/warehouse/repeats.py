"""Rows that repeat a key within their file: found cheaply where the file is in order."""

from dataclasses import dataclass

import duckdb

from clientlib.config import TableMapping
from clientlib.warehouse.contracts import Contract
from clientlib.warehouse.mapping import KNOWN_ON
from clientlib.warehouse.names import listed, quoted
from clientlib.warehouse.temporary import count_of, replace_table, single_row

GOOD = "from judged where not is_bad"
NO_REPEATS = """
select cast(null as bigint) as file_row, cast(null as bigint) as kept_row,
    cast(null as boolean) as is_same
limit 0
"""


@dataclass(frozen=True)
class Fresh:
    """The good rows of a file, one per key, in the temporary table ``fresh_rows``.

    Attributes
    ----------
    read_count : int
        Rows of ``judged``.
    bad_count : int
        Of those: rows that break a rule.
    folded_count : int
        Rows that say the same as a fresh row of their key.
    conflicting_count : int
        Rows that say something else than the fresh row of their key; they are bad too.
    """

    read_count: int
    bad_count: int
    folded_count: int = 0
    conflicting_count: int = 0


def gather_fresh_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, mapping: TableMapping
) -> Fresh:
    """Take one row per key from the good rows of ``judged``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary view ``judged``.
    contract : Contract
        Contract of the canonical table.
    mapping : TableMapping
        Its ``one_per_key`` folds all rows of a key into one; without it only equal rows fold.

    Returns
    -------
    Fresh
        Counts; the rows stand in ``fresh_rows``, and those that repeat the key of one without
        being folded into it in ``repeats`` (file_row, kept_row, is_same).
    """
    read = count_of(connection, "judged")
    replace_table(connection, "repeats", NO_REPEATS)
    if mapping.one_per_key:
        count = replace_table(connection, "fresh_rows", _folded(contract, mapping))
        (good,) = single_row(connection, "select coalesce(sum(rows_count), 0) from fresh_rows")
        return Fresh(read, read - int(good), folded_count=int(good) - count)
    good = replace_table(connection, "fresh_rows", f"select * exclude (is_bad) {GOOD}")
    if is_unique(connection, "fresh_rows", contract.grain):
        return Fresh(read, read - good)
    return Fresh(read, read - good, *_set_repeats_aside(connection, contract))


def _folded(contract: Contract, mapping: TableMapping) -> str:
    takes_first = mapping.one_per_key == "first"
    pick, row = ("arg_min_null", "min") if takes_first else ("arg_max_null", "max")
    given = {*mapping.columns, *mapping.constants}
    types = {column.name: column.sql_type for column in (*contract.columns, KNOWN_ON)}
    picked = ", ".join(
        f"{pick}({quoted(name)}, file_row) as {quoted(name)}"
        if name in given
        else f"cast(null as {sql_type}) as {quoted(name)}"
        for name, sql_type in types.items()
        if name not in contract.grain
    )
    keys = listed(contract.grain)
    return f"""select {keys}, {picked}, {row}(file_row) as file_row, count(*) as rows_count
        {GOOD} group by {keys}"""


def is_unique(connection: duckdb.DuckDBPyConnection, relation: str, keys: tuple[str, ...]) -> bool:
    """Tell whether no two rows have equal keys.

    A relation whose keys only ever rise has no repeats, which is seen in one quick pass; any
    other is grouped, which takes ten times as long on a hundred million rows.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    relation : str
        A table, or a query in parentheses.
    keys : tuple of str
        Key columns, none of them null.

    Returns
    -------
    bool
        Whether they are unique.
    """
    return (
        is_ascending(connection, relation, keys)
        or not connection.execute(
            f"select 1 from {relation} group by {listed(keys)} having count(*) > 1 limit 1"
        ).fetchone()
    )


def is_ascending(
    connection: duckdb.DuckDBPyConnection, relation: str, keys: tuple[str, ...]
) -> bool:
    """Tell whether each row has a greater key than the row before it.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection.
    relation : str
        A table, or a query in parentheses.
    keys : tuple of str
        Key columns.

    Returns
    -------
    bool
        Whether the keys rise from row to row.
    """
    names = [quoted(key) for key in keys]
    before = [quoted(f"before: {key}") for key in keys]
    lags = ", ".join(f"lag({n}) over () as {b}" for n, b in zip(names, before, strict=True))
    rises = "false"
    for name, earlier in reversed(list(zip(names, before, strict=True))):
        rises = f"({earlier} < {name} or ({earlier} = {name} and {rises}))"
    rows, rising = single_row(
        connection,
        f"""select count(*), count(*) filter ({rises})
        from (select {listed(keys)}, {lags} from {relation})""",
    )
    return bool(rising >= rows - 1)


def _set_repeats_aside(
    connection: duckdb.DuckDBPyConnection, contract: Contract
) -> tuple[int, int]:
    keys = listed(contract.grain)
    replace_table(
        connection,
        "repeats",
        f"""
        with repeated as (
            select {keys}, min(file_row) as kept_row
            from fresh_rows group by {keys} having count(*) > 1
        )
        select
            later.file_row,
            kept_row,
            {same_values("later", "first", contract)} as is_same
        from fresh_rows as later
        inner join repeated using ({keys})
        inner join fresh_rows as first
            on first.file_row = kept_row and {same_keys("later", "first", contract)}
        where later.file_row <> kept_row""",
    )
    connection.execute("delete from fresh_rows where file_row in (select file_row from repeats)")
    same, other = single_row(
        connection, "select count(*) filter (is_same), count(*) filter (not is_same) from repeats"
    )
    return same, other


def same_keys(left: str, right: str, contract: Contract) -> str:
    """Write the condition that two rows have the same key.

    Parameters
    ----------
    left, right : str
        Aliases of the two.
    contract : Contract
        Contract of the table.

    Returns
    -------
    str
        SQL condition.
    """
    return " and ".join(f"{left}.{quoted(key)} = {right}.{quoted(key)}" for key in contract.grain)


def same_values(left: str, right: str, contract: Contract) -> str:
    """Write the condition that two rows of one key say the same.

    Parameters
    ----------
    left, right : str
        Aliases of the two.
    contract : Contract
        Contract of the table.

    Returns
    -------
    str
        SQL condition over the columns that are no keys.
    """
    pairs = [
        f"{left}.{quoted(name)} is not distinct from {right}.{quoted(name)}"
        for name in contract.column_names
        if name not in contract.grain
    ]
    return " and ".join(pairs) or "true"
