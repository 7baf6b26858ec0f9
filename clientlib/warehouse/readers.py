"""Who the readers of a snapshot are, and which clients each of them may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from clientlib.config import ReaderRule
from clientlib.errors import ConfigError, InputError, nearest
from clientlib.warehouse.contracts import Contract, canonical, read_contracts
from clientlib.warehouse.names import day_literal, literal, quoted
from clientlib.warehouse.temporary import count_of, replace_table, single_row

ISSUED = "issued."
MANAGER = "manager_id"  # dated assignments say who holds a client, where there are any

_ENTRIES = """
select client_id as entry_id, client_id from snapshot.marts.clients
union
select source_client_id as entry_id, client_id from snapshot.marts.client_ids
"""
_KNOWN = """
select distinct entries.client_id from temp.entries
where exists (
    select 1 from snapshot.main.clients as cards
    where cards.client_id = entries.entry_id and coalesce(cards.known_on <= {day}, true)
) or exists (
    select 1 from snapshot.marts.client_months as months
    where months.client_id = entries.client_id and months.month_end <= {day}
)
"""
_BY_COLUMN = """
select known.client_id, coalesce(fields.value, cast(cards.{column} as varchar)) as reader_key
from temp.known_clients as known
left join snapshot.main.clients as cards
    on known.client_id = cards.client_id and cards.known_until is null
left join snapshot.marts.client_fields as fields
    on known.client_id = fields.client_id and fields.field = {field}
"""
_BY_ASSIGNMENT = """
with assigned as (
    select entries.client_id, rows.*, entries.entry_id <> entries.client_id as is_merged,
        coalesce(rows.known_on <= {day}, true)
        and coalesce(rows.known_until > {day}, true) as is_believed
    from temp.entries as entries
    inner join (select * rename (client_id as entry_id) from snapshot.main.assignments) as rows
        using (entry_id)
),
holders as (
    select client_id, manager_id from assigned
    where is_believed and starts_on <= {day} and coalesce(ends_on >= {day}, true)
    qualify row_number() over (
        partition by client_id order by starts_on desc, is_merged, known_on desc, manager_id
    ) = 1
)
select given.client_id, case when given.client_id in (
        select client_id from assigned where is_believed or known_until is null
    ) then holders.manager_id else given.reader_key end as reader_key
from temp.given left join holders on given.client_id = holders.client_id
"""
_BY_MEMBERSHIP = """
select distinct entries.client_id, cast(members.{column} as varchar) as reader_key
from members inner join temp.entries as entries on members.client_id = entries.entry_id
where entries.client_id in (select client_id from temp.known_clients)
"""
_TITLES = {
    MANAGER: "select manager_id as key, name from snapshot.main.managers where known_until is null",
    "client_id": "select client_id as key, name from snapshot.marts.clients",
}
_NO_TITLES = "select null::varchar as key, null::varchar as name where false"


@dataclass(frozen=True)
class Reader:
    """Somebody who gets an edition of their own.

    Attributes
    ----------
    kind, key : str
        Such as ``manager`` and ``M-03``.
    title : str
        Name for people; the key where there is none.
    clients_count : int
        Clients of the reader that were known as of the day; entries of one client count once.
    """

    kind: str
    key: str
    title: str
    clients_count: int


def check_rule(kind: str, rule: ReaderRule) -> None:
    """Hold the rule of a kind of reader against the contracts.

    Parameters
    ----------
    kind : str
        Name of the kind, such as ``manager``.
    rule : ReaderRule
        Its rule.

    Raises
    ------
    ConfigError
        It names a column or table that there is not, or clears a table of single clients.
    """
    contracts = read_contracts()
    place = f"readers.{kind}"
    if rule.issued is None:
        columns = canonical("clients").column_names
        _check_names(f"{place}.column", [rule.column], columns, "columns of staging.clients")
    for key, names in (("cleared", rule.cleared), ("withheld", rule.withheld)):
        tables = [name for name in names if not name.startswith(ISSUED)]
        _check_names(f"{place}.{key}", tables, contracts, "tables of staging and marts")
    for name in sorted(rule.cleared & contracts.keys()):
        if is_of_clients(contracts[name]):
            raise ConfigError(
                f"{place}.cleared: {name} holds rows of single clients",
                example=f"in its header: -- readers: {contracts[name].readers}",
                hint="only tables without a client can be cleared; take it out of the list",
            )


def is_of_clients(contract: Contract) -> bool:
    """Tell whether a table names clients, or holds rows of single ones.

    Parameters
    ----------
    contract : Contract
        Contract of the table.

    Returns
    -------
    bool
        True for every table that must not be shown whole.
    """
    return contract.readers.is_of_clients or "client_id" in contract.column_names


def settle_readers(
    connection: duckdb.DuckDBPyConnection,
    rule: ReaderRule,
    as_of: date,
    members: pd.DataFrame | Path | None = None,
) -> None:
    """Write down who holds which client, as temporary tables.

    ``entries`` says of every entry which client it is, ``holders`` which reader has a client.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to which the snapshot is attached as ``snapshot``.
    rule : ReaderRule
        Who the readers are.
    as_of : date
        Day whose assignments hold, and by which a client must be known.
    members : DataFrame or Path, optional
        Rows of the issued table that the rule names, or its Parquet file.

    Raises
    ------
    InputError
        The rows of the issued table are missing, lack a column, or give a client twice.
    """
    day = day_literal(as_of)
    replace_table(connection, "entries", _ENTRIES)
    replace_table(connection, "known_clients", _KNOWN.format(day=day))
    if rule.issued is not None:
        _read_members(connection, rule, members)
        query = _BY_MEMBERSHIP.format(column=quoted(rule.column))
    elif rule.column == "client_id":
        query = "select client_id, client_id as reader_key from temp.known_clients"
    else:
        query = _BY_COLUMN.format(column=quoted(rule.column), field=literal(rule.column))
    replace_table(connection, "given", query)
    if rule.issued is None and rule.column == MANAGER:
        replace_table(connection, "held", _BY_ASSIGNMENT.format(day=day))
    else:
        replace_table(connection, "held", "select * from temp.given")
    replace_table(connection, "holders", "select * from temp.held where reader_key <> ''")
    _check_one_reader(connection, rule)


def find_readers(
    connection: duckdb.DuckDBPyConnection, kind: str, rule: ReaderRule
) -> tuple[Reader, ...]:
    """List the readers whose clients have been settled.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection after ``settle_readers``.
    kind : str
        Name of the kind.
    rule : ReaderRule
        Its rule.

    Returns
    -------
    tuple of Reader
        By key; each has at least one client.
    """
    titles = _NO_TITLES if rule.issued is not None else _TITLES.get(rule.column, _NO_TITLES)
    rows = connection.execute(
        f"""select holders.reader_key, coalesce(any_value(titles.name), holders.reader_key),
            count(distinct holders.client_id)
        from temp.holders left join ({titles}) as titles on holders.reader_key = titles.key
        group by holders.reader_key order by holders.reader_key"""
    ).fetchall()
    return tuple(Reader(kind, *row) for row in rows)


def count_unassigned(connection: duckdb.DuckDBPyConnection) -> int:
    """Count the clients that no reader has.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection after ``settle_readers``.

    Returns
    -------
    int
        Known clients, entries of one counted once.
    """
    return count_of(connection, "temp.known_clients") - count_of(connection, "temp.holders")


def _check_names(place: str, names: Iterable[str], known: Iterable[str], what: str) -> None:
    known = list(known)
    for name in sorted(set(names) - set(known)):
        near = nearest(name, known)
        raise ConfigError(
            f"{place}: there is no {name!r} among the {what}",
            hint=f"did you mean {near!r}?" if near else f"known are {', '.join(known[:5])} ...",
        )


def _read_members(
    connection: duckdb.DuckDBPyConnection, rule: ReaderRule, members: pd.DataFrame | Path | None
) -> None:
    if members is None:
        raise InputError(
            f"readers by {rule.column} need the rows of {ISSUED}{rule.issued}",
            hint=f"run the report that issues {rule.issued} first",
        )
    if isinstance(members, Path):
        source = f"read_parquet({literal(str(members))})"
    else:
        connection.register("given_members", members)
        source = "given_members"
    columns = [row[0] for row in connection.execute(f"describe from {source}").fetchall()]
    missing = sorted({"client_id", rule.column} - set(columns))
    if missing:
        raise InputError(
            f"{ISSUED}{rule.issued} has no column {missing[0]!r}",
            example=f"its columns are {', '.join(columns)}",
            hint="readers need client_id and the column that names the reader",
        )
    replace_table(connection, "members", f"select client_id, {quoted(rule.column)} from {source}")


def _check_one_reader(connection: duckdb.DuckDBPyConnection, rule: ReaderRule) -> None:
    repeated, example = single_row(
        connection,
        """select count(*), min(client_id) from (
            select client_id from temp.holders group by client_id having count(*) > 1)""",
    )
    if repeated:
        raise InputError(
            f"{ISSUED}{rule.issued} gives a client to more than one {rule.column}",
            rows=f"{repeated} clients",
            example=f"client_id {example!r}",
            hint="pass the rows of one run, with one row per client",
        )
