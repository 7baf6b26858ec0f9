"""What waits in quarantine, in batches of rows that were read alike, to be judged once more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from clientlib.warehouse.names import quoted
from clientlib.warehouse.temporary import replace_table

# A row is kept as JSON that begins with its number, a line that could not be read as itself.
_WAITING = """
with entries as (
    select
        quarantine.rowid as entry,
        quarantine.*,
        min(load_id) over (partition by source, source_file, source_row, source_text)
            as first_load,
        not starts_with(source_text, '{"file_row":') as is_line,
        reasons[1]."rule" = 'line_shape' as is_unread,
        if(reasons[1]."rule" = 'repeats_key',
            try_cast(regexp_extract(reasons[1].message, 'row (\\d+)$', 1) as bigint), null)
            as conflicts_with
    from raw.quarantine as quarantine
),
waiting as (
    select
        * exclude (source_types),
        coalesce(source_types, if(is_line, null, '{' || array_to_string(list_transform(
            list_filter(json_keys(source_text), lambda name: name <> 'file_row'),
            lambda name: to_json(name) || ':"VARCHAR"'
        ), ',') || '}')) as source_types,
        row_number() over (
            partition by source, source_file, table_name, source_row, is_line order by entry
        ) as turn
    from entries
    where closed_load_id is null and coalesce(table_name = $table, true)
)
select
    *,
    dense_rank() over (
        order by source, source_file, table_name, mapping_number, is_line, is_unread,
            source_types, turn
    ) as batch
from waiting
"""
_BATCHES = """
select batch, any_value(source), any_value(source_file), any_value(table_name),
    any_value(mapping_number), any_value(is_line), any_value(is_unread),
    coalesce(any_value(source_types), '{}'), count(*)
from waiting group by batch order by min(first_load), batch
"""

_NO_ENTRY = """cast(null as bigint) as entry, cast(null as bigint) as conflicts_with,
    cast(null as struct("rule" varchar, "column" varchar, "value" varchar, message varchar)[])
        as reasons"""


@dataclass(frozen=True)
class Batch:
    """Rows in quarantine of one file and table that were read with the same headings and types.

    Attributes
    ----------
    number : int
        Its number in the temporary table ``waiting``.
    source, file_name, table : str
        Where the rows came from and where they were to go.
    mapping_number : int or None
        Place of the table's mapping among those of the file, when the rows were judged last.
    is_line : bool
        They are kept as lines of text, since they could not be parted into cells.
    is_unread : bool
        They still are not, so that no table has judged them.
    types : dict of str to str
        Headings and types, in the order of the file; empty where nothing was noted.
    rows : int
        How many they are.
    """

    number: int
    source: str
    file_name: str
    table: str
    mapping_number: int | None
    is_line: bool
    is_unread: bool
    types: Mapping[str, str]
    rows: int


def list_batches(connection: duckdb.DuckDBPyConnection, table: str | None) -> list[Batch]:
    """List what is open in quarantine, those that were read first before the others.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    table : str or None
        A canonical table; None for all.

    Returns
    -------
    list of Batch
        Their rows stand in the temporary table ``waiting``.
    """
    replace_table(connection, "waiting", _WAITING, {"table": table})
    rows = connection.execute(_BATCHES).fetchall()
    return [
        Batch(number, source, file, name, place, is_line, is_unread, json.loads(types), count)
        for number, source, file, name, place, is_line, is_unread, types, count in rows
    ]


def name_entries(connection: duckdb.DuckDBPyConnection, batch: Batch, *, is_own: bool) -> None:
    """Gather what the quarantine says of the rows of a batch that are judged, as ``entries``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the rows in ``source_rows``.
    batch : Batch
        The batch.
    is_own : bool
        The rows are judged for the table that they were to go to; not for another one that is
        made of the same file, which has no entry of them yet.
    """
    own = "entry, conflicts_with, reasons" if is_own else _NO_ENTRY
    replace_table(
        connection,
        "entries",
        f"""select source_row as file_row, first_load, source_text, source_types, {own}
        from waiting semi join source_rows on waiting.source_row = source_rows.file_row
        where batch = $batch""",
        {"batch": batch.number},
    )


def restore_rows(
    connection: duckdb.DuckDBPyConnection, batch: Batch, headings: Mapping[str, str]
) -> None:
    """Make the rows of a batch again what they were when they were read, as ``source_rows``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, after ``list_batches``.
    batch : Batch
        Rows that are kept as JSON.
    headings : mapping of str to str
        Heading at that time to heading in the mapping of now.
    """
    columns = [f"cells.{quoted(old)} as {quoted(new)}" for old, new in headings.items()]
    replace_table(
        connection,
        "source_rows",
        f"""select {", ".join(["file_row", *columns])}
        from (
            select source_row as file_row, json_transform_strict(source_text, $types) as cells
            from waiting where batch = $batch
        )""",
        {"types": json.dumps(batch.types), "batch": batch.number},
    )
