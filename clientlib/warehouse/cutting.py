"""The statements that fill a reader's file with the rows that the reader may see."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from clientlib.config import ReaderRule
from clientlib.warehouse.build import build_order, tables_read
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import quoted
from clientlib.warehouse.ownership import OWNED_BY_ALL, REMADE, WITHHELD, Ownership
from clientlib.warehouse.rules import references
from clientlib.warehouse.store import VERSION_COLUMNS

MINE = "(select entry_id from temp.mine)"
RAW = "main"  # where the tables of the store stand in a snapshot

# Tables of the store that no contract describes; what is not named here stays empty.
RECORDS = {
    "loads": Ownership(OWNED_BY_ALL),
    "client_merges": Ownership("client", "client_id"),
    "contact_merges": Ownership("follows", "contact_id", None, "staging.contacts"),
}


@dataclass(frozen=True)
class Stored:
    """A table of a snapshot that keeps rows.

    Attributes
    ----------
    schema, table : str
        ``main`` for what the store holds, or ``marts``.
    columns : tuple of str
        Its columns, in order.
    has_rows : bool
        Whether there is anything to cut.
    """

    schema: str
    table: str
    columns: tuple[str, ...]
    has_rows: bool

    @property
    def place(self) -> str:
        """Schema and table, as SQL writes them."""
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    @property
    def contract(self) -> Contract | None:
        """The contract that says whose rows it holds; None where there is none."""
        schema = "staging" if self.schema == RAW else self.schema
        return read_contracts().get(f"{schema}.{self.table}")


@dataclass(frozen=True)
class Cut:
    """One statement of the filling: the table, as ``raw.orders``, and its insert."""

    name: str
    statement: str


def shared_cuts(tables: Mapping[str, Stored], rule: ReaderRule) -> Iterator[Cut]:
    """Write the statements for the tables that every reader sees whole.

    Parameters
    ----------
    tables : mapping of str to Stored
        Tables of the snapshot by their place.
    rule : ReaderRule
        What is cleared and withheld.

    Yields
    ------
    Cut
        One per table with rows.
    """
    for stored in tables.values():
        ownership = owned_under(stored, rule)
        if stored.has_rows and ownership.kind == OWNED_BY_ALL:
            yield _insert(stored, f"select {_columns(stored, rule)} from {_source(stored)} as r")


def reader_cuts(tables: Mapping[str, Stored], rule: ReaderRule) -> Iterator[Cut]:
    """Write the statements for the rows of one reader, whose entries stand in ``temp.mine``.

    Rows of the store come first, those that others follow before them; then marts, cut or
    made again from what is there by then.

    Parameters
    ----------
    tables : mapping of str to Stored
        Tables of the snapshot by their place.
    rule : ReaderRule
        Who the readers are, what is cleared and withheld.

    Yields
    ------
    Cut
        One per table with rows; a table made again always.
    """
    for stored in _in_order(tables):
        ownership = owned_under(stored, rule)
        if ownership.kind == REMADE and stored.contract:
            yield _insert(stored, stored.contract.body)
        elif stored.has_rows and ownership.kind not in (OWNED_BY_ALL, WITHHELD):
            yield _insert(stored, _selected(stored, ownership, rule))


def tables_behind(
    names: Collection[str], tables: Mapping[str, Stored], rule: ReaderRule
) -> dict[str, Stored]:
    """List the tables whose rows are needed so that some tables can be read.

    Parameters
    ----------
    names : collection of str
        What is to be read, as ``marts.client_orders``.
    tables : mapping of str to Stored
        Tables of the snapshot by their place.
    rule : ReaderRule
        What is cleared and withheld.

    Returns
    -------
    dict of str to Stored
        By their place: those themselves or under their views, those that a table is made again
        from, and those whose rows others follow or name. Records of loads are always among them.
    """
    found = {s.place: s for s in tables.values() if s.schema == RAW and s.contract is None}
    todo = list(names)
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        schema, _, table = name.partition(".")
        stored = tables.get(f"{quoted(RAW if schema == 'raw' else schema)}.{quoted(table)}")
        contract = read_contracts().get(name)
        if stored:
            found[stored.place] = stored
            todo += [f"raw.{other}" for other in _tables_named(stored)] if schema == "raw" else []
        if contract and (stored is None or owned_under(stored, rule).kind == REMADE):
            todo += tables_read(contract, ("raw", "staging", "marts"))
    return found


def owned_under(stored: Stored, rule: ReaderRule) -> Ownership:
    """Tell whose rows a table holds under a rule; nobody's where nothing says it.

    Parameters
    ----------
    stored : Stored
        The table.
    rule : ReaderRule
        What is cleared and withheld; withheld wins.

    Returns
    -------
    Ownership
        What its header says, unless the rule says otherwise.
    """
    contract = stored.contract
    if contract is None:
        is_record = stored.schema == RAW and stored.table in RECORDS
        return RECORDS[stored.table] if is_record else Ownership(WITHHELD)
    return contract_under(contract, rule)


def contract_under(contract: Contract, rule: ReaderRule) -> Ownership:
    """Tell whose rows the table of a contract holds under a rule.

    Parameters
    ----------
    contract : Contract
        The contract.
    rule : ReaderRule
        What is cleared and withheld; withheld wins.

    Returns
    -------
    Ownership
        What its header says, unless the rule says otherwise.
    """
    if contract.name in rule.withheld:
        return Ownership(WITHHELD)
    if contract.name in rule.cleared:
        return Ownership(OWNED_BY_ALL)
    names_reader = rule.issued is None and contract.readers.column == rule.column
    if contract.readers.kind == "own" and not names_reader:
        return Ownership(WITHHELD)
    return contract.readers


def _in_order(tables: Mapping[str, Stored]) -> list[Stored]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for stored in tables.values():
        if stored.schema == RAW:
            sorter.add(stored.table, *sorted(_tables_named(stored) - {stored.table}))
    raw = [f"{quoted(RAW)}.{quoted(name)}" for name in sorter.static_order()]
    built = [name.partition(".") for name in build_order(read_contracts())]
    marts = [f"{quoted(schema)}.{quoted(table)}" for schema, _, table in built if schema == "marts"]
    return [tables[place] for place in (*raw, *marts) if place in tables]


def _tables_named(stored: Stored) -> set[str]:
    """List the canonical tables whose rows a table of the store names."""
    contract = stored.contract
    ownership = contract.readers if contract else RECORDS.get(stored.table)
    named = [table for _, table in references(contract)] if contract else []
    followed = [ownership.table] if ownership and ownership.table else []
    return {table.partition(".")[2] for table in (*named, *followed)}


def _selected(stored: Stored, ownership: Ownership, rule: ReaderRule) -> str:
    columns, column = _columns(stored, rule), f"r.{quoted(ownership.column or '')}"
    source = f"from {_source(stored)} as r"
    order = "" if stored.schema == RAW else " order by r.rowid"
    if ownership.kind == "own":
        return f"select {columns} {source} where {column} = (select key from temp.reader){order}"
    if ownership.kind == "client":
        return f"select {columns} {source} where {column} in {MINE}{order}"
    followed = read_contracts()[ownership.table or ""]
    place, key = f"{quoted(RAW)}.{quoted(followed.table)}", quoted(followed.grain[0])
    if ownership.version:
        return f"""select {columns} {source} semi join {place} as theirs
            on {column} = theirs.{key} and r.{quoted(ownership.version)} = theirs.version{order}"""
    if not set(VERSION_COLUMNS) <= set(stored.columns):
        return f"select {columns} {source} where {column} in (select {key} from {place}){order}"
    # A row is believed no longer than the row that it follows was believed to be the reader's.
    return f"""select {columns} {source} inner join (
            select {key}, case when count(*) = count(known_until) then max(known_until) end as until
            from {place} group by {key}
        ) as theirs on {column} = theirs.{key}
        where coalesce(r.known_on < theirs.until, true){order}"""


def _columns(stored: Stored, rule: ReaderRule) -> str:
    contract = stored.contract
    shown = {name: f"r.{quoted(name)}" for name in stored.columns}
    if contract and contract.name not in rule.cleared:
        shown |= dict.fromkeys(contract.hidden, "null")
        shown |= {name: _if_among(name, MINE) for name in contract.others}
        shown |= dict(_references(stored, contract))
        if _is_believed_as_followed(stored, contract):
            shown["known_until"] = "least(r.known_until, theirs.until)"
    return ", ".join(f"{text} as {quoted(name)}" for name, text in shown.items())


def _references(stored: Stored, contract: Contract) -> Iterator[tuple[str, str]]:
    """Blank the keys of rows that are not, or no more, the reader's."""
    for column, target in references(contract) if stored.schema == RAW else ():
        followed = read_contracts()[target]
        is_known = column == contract.readers.column or column in contract.others
        if is_known or followed.readers.kind != "client":
            continue
        place, is_mine = f"{quoted(RAW)}.{quoted(followed.table)}", ""
        if followed is contract:  # its own rows are not there yet
            place = _source(stored)
            is_mine = f" and {quoted(contract.readers.column or '')} in {MINE}"
        key = quoted(followed.grain[0])
        keys = f"(select {key} from {place} where known_until is null{is_mine})"
        yield column, _if_among(column, keys)


def _is_believed_as_followed(stored: Stored, contract: Contract) -> bool:
    return stored.schema == RAW and contract.readers.kind == "follows"


def _if_among(column: str, keys: str) -> str:
    return f"case when r.{quoted(column)} in {keys} then r.{quoted(column)} end"


def _source(stored: Stored) -> str:
    return f"snapshot.{stored.place}"


def _insert(stored: Stored, query: str) -> Cut:
    name = f"raw.{stored.table}" if stored.schema == RAW else f"{stored.schema}.{stored.table}"
    return Cut(name, f"insert into {stored.place} by name {query}")
