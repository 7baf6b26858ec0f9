"""The quarantine: bad rows with every reason, kept until they are mended or gone."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from clientlib.warehouse.contracts import Contract
from clientlib.warehouse.mapping import MappedColumn, reasons_expression
from clientlib.warehouse.names import day_literal, literal, quoted
from clientlib.warehouse.repeats import Fresh
from clientlib.warehouse.temporary import count_of, replace_table

if TYPE_CHECKING:
    from clientlib.warehouse.arrivals import Arrival

KEPT_CHARACTERS = 10_000  # so much DuckDB keeps of a line that it sets aside
NO_BAD_ROWS = """
select cast(null as bigint) as file_row, cast(null as varchar) as source_text,
    cast(null as struct("rule" varchar, "column" varchar, "value" varchar, message varchar)[])
        as reasons
limit 0
"""
_PLACE = "$table as table_name, $source as source, $file as source_file"
_OPENED = "$load as load_id, $today as loaded_on, $mapping as mapping_number"


def keep_bad_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[MappedColumn],
    arrival: "Arrival",
    fresh: Fresh,
    rejects: Sequence[tuple[int, str, str]],
) -> int:
    """Put the bad rows of a file in quarantine; close the entries that it no longer holds.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary views ``judged`` and ``source_rows``.
    contract : Contract
        Contract of the canonical table.
    mapped : sequence of MappedColumn
        Where its columns come from.
    arrival : Arrival
        Where the rows come from.
    fresh : Fresh
        How many rows are bad.
    rejects : sequence of (int, str, str)
        Lines that the reader set aside: line number, reason, text.

    Returns
    -------
    int
        Rows that the file has in quarantine.
    """
    _collect_bad_rows(connection, contract, mapped, arrival, fresh)
    if rejects:
        connection.executemany(
            """insert into bad_rows by name select ? as file_row, ? as source_text, [{'rule':
            'line_shape', 'column': null, 'value': null, 'message': ?}] as reasons""",
            [
                [line, text, f"line {line:,}: {reason}{_cut(text)}"]
                for line, reason, text in rejects
            ],
        )
    _enter(connection, contract, arrival, types_of_source_rows(connection))
    return count_of(connection, "bad_rows")


def settle_bad_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[MappedColumn],
    arrival: "Arrival",
    fresh: Fresh,
) -> int:
    """Close the entries of the quarantine whose rows are bad no more, or for other reasons.

    A row that is bad for other reasons than before gets a new entry with those of now, so that
    the old one goes on to say what was wrong until then. One that is bad for the same reasons
    is left as it is.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary view ``judged`` and the temporary tables ``source_rows``
        and ``entries``.
    contract : Contract
        Contract of the canonical table.
    mapped : sequence of MappedColumn
        Where its columns come from.
    arrival : Arrival
        The release.
    fresh : Fresh
        How many rows are bad.

    Returns
    -------
    int
        Rows that stay in quarantine.
    """
    _collect_bad_rows(connection, contract, mapped, arrival, fresh)
    still_so = "bad_rows.reasons is not distinct from entries.reasons"
    connection.execute(
        f"""update raw.quarantine set closed_load_id = $load
        where rowid in (
            select entries.entry from entries
            left join bad_rows on entries.file_row = bad_rows.file_row and {still_so}
            where bad_rows.file_row is null
        )""",
        {"load": arrival.load_id},
    )
    connection.execute(
        f"""insert into raw.quarantine by name
        select {_PLACE}, file_row as source_row, bad_rows.reasons, entries.source_text,
            entries.source_types, {_OPENED}
        from bad_rows inner join entries using (file_row)
        where not ({still_so})
        order by file_row""",
        _place_of(contract, arrival) | {"today": arrival.today},
    )
    return count_of(connection, "bad_rows")


def types_of_source_rows(connection: duckdb.DuckDBPyConnection) -> str:
    """Write the headings and types of the rows that a file was read as.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, with the temporary relation ``source_rows``.

    Returns
    -------
    str
        JSON as DuckDB's ``json_transform`` takes it, so that a row that is kept as JSON can
        become again what it was.
    """
    described = connection.execute("describe source_rows").fetchall()
    return json.dumps({row[0]: row[1] for row in described[1:]}, ensure_ascii=False)


def _cut(text: str) -> str:
    return f"; its first {KEPT_CHARACTERS:,} characters" if len(text) >= KEPT_CHARACTERS else ""


def _collect_bad_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[MappedColumn],
    arrival: "Arrival",
    fresh: Fresh,
) -> None:
    if not fresh.bad_count and not fresh.conflicting_count:
        replace_table(connection, "bad_rows", NO_BAD_ROWS)
        return
    reasons = reasons_expression(contract, mapped).replace("$today", day_literal(arrival.today))
    reasoned = f"select file_row, {reasons} as reasons from judged where is_bad"
    if fresh.conflicting_count:
        keys = ", ".join(f"cast({quoted(key)} as varchar)" for key in contract.grain)
        reasoned += f"""
            union all
            select file_row, [{{'rule': 'repeats_key',
                'column': {literal(", ".join(contract.grain))}, 'value': concat_ws(', ', {keys}),
                'message': 'stands with other contents in row ' || kept_row}}]
            from judged inner join repeats using (file_row) where not is_same"""
    replace_table(
        connection,
        "bad_rows",
        f"""select file_row, cast(to_json(source_rows) as varchar) as source_text, reasons
        from ({reasoned}) inner join source_rows using (file_row)""",
    )


def _enter(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: "Arrival", types: str
) -> None:
    place = _place_of(contract, arrival)
    mine = """table_name = $table and source = $source and source_file = $file
        and coalesce(mapping_number = $mapping, true)"""
    same = "kept.source_text = bad_rows.source_text and kept.reasons = bad_rows.reasons"
    connection.execute(
        f"""update raw.quarantine as kept set closed_load_id = $load
        where {mine} and closed_load_id is null
        and not exists (select 1 from bad_rows where {same})""",
        place,
    )
    connection.execute(
        f"""insert into raw.quarantine by name
        select {_PLACE}, file_row as source_row, reasons, source_text,
            $types as source_types, {_OPENED}
        from bad_rows
        where not exists (
            select 1 from raw.quarantine as kept
            where {mine} and closed_load_id is null and {same} and source_row = file_row
        )
        order by file_row""",
        place | {"today": arrival.today, "types": types},
    )


def _place_of(contract: Contract, arrival: "Arrival") -> dict[str, Any]:
    return {
        "table": contract.table,
        "source": arrival.source,
        "file": arrival.file_name,
        "load": arrival.load_id,
        "mapping": arrival.mapping_number,
    }
