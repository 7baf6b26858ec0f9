"""What arrives for one canonical table: judged, told apart from what is known, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.warehouse.contracts import Contract, canonical
from clientlib.warehouse.mapping import (
    MappedColumn,
    judged_query,
    map_columns,
    mapped_query,
    reasons_expression,
)
from clientlib.warehouse.names import literal, quoted


@dataclass(frozen=True)
class Arrival:
    """Rows of one file on their way to one canonical table."""

    source: str
    file_name: str
    file: FileMapping
    mapping: TableMapping
    headings: tuple[str, ...]
    load_id: int
    today: date
    recorded_from: date


@dataclass(frozen=True)
class LoadCount:
    """What became of the rows of a file that one canonical table is made of.

    Attributes
    ----------
    source, file_name, table : str
        Where the rows came from and where they went.
    file_rows : int
        Rows of the file, lines of the wrong shape included.
    read_count : int
        Of those: rows that the mapping's ``where`` takes for this table.
    new_count, changed_count : int
        Rows written: of a new key, or a new version of a known key.
    same_count : int
        Rows that say what was known already, from an earlier load or an earlier row.
    quarantined_count : int
        Rows that break a rule; they are kept with their reasons.
    where : str or None
        The mapping's condition.
    """

    source: str
    file_name: str
    table: str
    file_rows: int
    read_count: int
    new_count: int
    changed_count: int
    same_count: int
    quarantined_count: int
    where: str | None

    @property
    def loaded_count(self) -> int:
        """Rows written."""
        return self.new_count + self.changed_count


def load_table(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    rejects: Sequence[tuple[int, str, str]],
) -> LoadCount:
    """Judge the rows of ``source_rows`` for one table and write what is new or changed.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, within a transaction, with the temporary table ``source_rows``.
    arrival : Arrival
        Where the rows come from and how they are mapped.
    rejects : sequence of (int, str, str)
        Lines that the reader set aside: line number, reason, text. They count as read.

    Returns
    -------
    LoadCount
        What became of each row.

    Raises
    ------
    ClientlibError
        The mapping does not fit the file or the table.
    """
    contract = canonical(arrival.mapping.table)
    mapped = map_columns(contract, arrival.mapping, arrival.headings, arrival.file_name)
    _judge(connection, contract, mapped, arrival)
    _find_repeats(connection, contract, arrival)
    _compare(connection, contract)
    _write_changes(connection, contract, arrival)
    _quarantine(connection, contract, mapped, arrival, rejects)
    return _count(connection, contract, arrival, len(rejects))


def _judge(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[MappedColumn],
    arrival: Arrival,
) -> None:
    values = mapped_query(mapped, arrival.mapping.where)
    try:
        described = connection.execute(f"describe {values}").fetchall()
        types = {row[0].lower(): row[1] for row in described}
        judged = judged_query(contract, mapped, types, arrival.file)
        _replace(
            connection,
            "judged",
            f"with mapped_rows as ({values}) {judged}".replace("$today", _day(arrival.today)),
        )
    except duckdb.Error as error:
        raise InputError(
            f"{contract.table} cannot be made from {arrival.file_name}",
            example=str(error).splitlines()[0],
            hint="mend that expression in the mapping",
        ) from error


def _find_repeats(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival
) -> None:
    keys = _columns(contract.grain)
    if arrival.mapping.one_per_key:
        pick = "min" if arrival.mapping.one_per_key == "first" else "max"
        query = f"""
            select file_row, kept_row, true as is_same
            from judged
            inner join (
                select {keys}, {pick}(file_row) as kept_row
                from judged where not is_bad group by {keys}
            ) using ({keys})
            where not is_bad and file_row <> kept_row"""
    else:
        same = _equal("later", "first", contract)
        matches = " and ".join(f"later.{quoted(k)} = first.{quoted(k)}" for k in contract.grain)
        query = f"""
            with repeated as (
                select {keys}, min(file_row) as kept_row
                from judged where not is_bad group by {keys} having count(*) > 1
            )
            select later.file_row, kept_row, {same} as is_same
            from judged as later
            inner join repeated using ({keys})
            inner join judged as first on first.file_row = kept_row and {matches}
            where not later.is_bad and later.file_row <> kept_row"""
    _replace(connection, "repeats", query)


def _compare(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    fresh = "select * from judged anti join repeats using (file_row) where not is_bad"
    matches = " and ".join(f"fresh.{quoted(key)} = known.{quoted(key)}" for key in contract.grain)
    row = connection.execute(f"select 1 from raw.{contract.table} limit 1").fetchone()
    if row is None:
        query = f"""
            select *, 'new' as state, cast(null as date) as was_known_on, 1 as version
            from ({fresh})"""
    else:
        query = f"""
            select
                fresh.*,
                case
                    when known.load_id is null then 'new'
                    when {_equal("fresh", "known", contract)} then 'same'
                    else 'changed'
                end as state,
                known.known_on as was_known_on,
                coalesce(known.version, 0) + 1 as version
            from ({fresh}) as fresh
            left join (
                select * from raw.{contract.table} where known_until is null
            ) as known on {matches}"""
    _replace(connection, "arrivals", query)


def _write_changes(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival
) -> None:
    columns = _columns(contract.column_names)
    known_on = _known_on(connection, contract, arrival)
    _replace(
        connection,
        "versions",
        f"""select {columns}, {known_on} as known_on, file_row, state, version
        from arrivals where state <> 'same'""",
    )
    matches = " and ".join(
        f"known.{quoted(key)} = versions.{quoted(key)}" for key in contract.grain
    )
    connection.execute(
        f"""update raw.{contract.table} as known set known_until = versions.known_on
        from versions where versions.state = 'changed' and known.known_until is null
        and {matches}"""
    )
    connection.execute(
        f"""insert into raw.{contract.table} by name
        select {columns}, known_on, version, $source as source, $file as source_file,
            file_row as source_row, $load as load_id
        from versions order by file_row""",
        {"source": arrival.source, "file": arrival.file_name, "load": arrival.load_id},
    )


def _known_on(connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival) -> str:
    earlier = connection.execute(
        f"select 1 from raw.{contract.table} where source = ? and load_id < ? limit 1",
        [arrival.source, arrival.load_id],
    ).fetchone()
    happened = _happened_by(contract, arrival)
    recorded = _day(arrival.recorded_from)
    new = f"coalesce(known_on, {f'greatest({happened}, {recorded})' if earlier else happened})"
    changed = f"""case
        when known_on > was_known_on then known_on else greatest(was_known_on, {recorded})
    end"""
    return f"case state when 'changed' then {changed} else {new} end"


def _happened_by(contract: Contract, arrival: Arrival) -> str:
    """Write the day a row happened, or the day of loading where it lies ahead, as a period may."""
    if contract.happened is None:
        return "null"
    day, today = quoted(contract.happened), _day(arrival.today)
    return f"if({day} > {today} + 1, {today}, {day})"


def _quarantine(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[MappedColumn],
    arrival: Arrival,
    rejects: Sequence[tuple[int, str, str]],
) -> None:
    keys = ", ".join(f"cast({quoted(key)} as varchar)" for key in contract.grain)
    repeated = f"""[{{'rule': 'repeats_key', 'column': {literal(", ".join(contract.grain))},
        'value': concat_ws(', ', {keys}),
        'message': 'stands with other contents in row ' || kept_row}}]"""
    _replace(
        connection,
        "bad_rows",
        f"""
        with reasoned as (
            select file_row, {reasons_expression(contract, mapped)} as reasons
            from judged where is_bad
            union all
            select file_row, {repeated}
            from judged inner join repeats using (file_row) where not is_same
        )
        select file_row, reasons, cast(to_json(source_rows) as varchar) as source_text
        from reasoned inner join source_rows using (file_row)
        """.replace("$today", _day(arrival.today)),
    )
    if rejects:
        connection.executemany(
            """insert into bad_rows values (?, [{'rule': 'line_shape', 'column': null,
            'value': null, 'message': ?}], ?)""",
            [[line, f"line {line:,}: {reason}", text] for line, reason, text in rejects],
        )
    _keep_bad_rows(connection, contract, arrival)


def _keep_bad_rows(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival
) -> None:
    parameters = {
        "table": contract.table,
        "source": arrival.source,
        "file": arrival.file_name,
        "load": arrival.load_id,
    }
    mine = "table_name = $table and source = $source and source_file = $file"
    same = "kept.source_text = bad_rows.source_text and kept.reasons = bad_rows.reasons"
    connection.execute(
        f"""update raw.quarantine as kept set closed_load_id = $load
        where {mine} and closed_load_id is null
        and not exists (select 1 from bad_rows where {same})""",
        parameters,
    )
    connection.execute(
        f"""insert into raw.quarantine
        select $table, $source, $file, file_row, reasons, source_text, $load, $today, null
        from bad_rows
        where not exists (
            select 1 from raw.quarantine as kept
            where {mine} and closed_load_id is null and {same} and source_row = file_row
        )
        order by file_row""",
        {**parameters, "today": arrival.today},
    )


def _count(
    connection: duckdb.DuckDBPyConnection, contract: Contract, arrival: Arrival, rejects: int
) -> LoadCount:
    row = connection.execute(
        """select
            (select count(*) from source_rows),
            (select count(*) from judged),
            (select count(*) from arrivals where state = 'new'),
            (select count(*) from arrivals where state = 'changed'),
            (select count(*) from arrivals where state = 'same')
                + (select count(*) from repeats where is_same),
            (select count(*) from bad_rows)"""
    ).fetchone()
    file_rows, read, new, changed, same, quarantined = row or (0,) * 6
    count = LoadCount(
        arrival.source,
        arrival.file_name,
        contract.table,
        file_rows + rejects,
        read + rejects,
        new,
        changed,
        same,
        quarantined,
        arrival.mapping.where,
    )
    connection.execute(
        "insert into raw.load_counts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [arrival.load_id, count.source, count.file_name, count.table, count.file_rows,
         count.read_count, count.new_count, count.changed_count, count.same_count,
         count.quarantined_count],
    )  # fmt: skip
    _check_balance(count)
    return count


def _check_balance(count: LoadCount) -> None:
    kept = count.loaded_count + count.same_count + count.quarantined_count
    if kept != count.read_count:
        raise AssertionError(f"{count} does not balance: {kept} of {count.read_count} rows")


def _replace(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    connection.execute(f"drop table if exists {name}")
    connection.execute(f"create temp table {name} as {query}")


def _columns(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _equal(left: str, right: str, contract: Contract) -> str:
    pairs = [
        f"{left}.{quoted(name)} is not distinct from {right}.{quoted(name)}"
        for name in contract.column_names
        if name not in contract.grain
    ]
    return " and ".join(pairs) or "true"


def _day(day: date) -> str:
    return f"date '{day.isoformat()}'"
