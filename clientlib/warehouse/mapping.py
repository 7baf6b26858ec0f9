"""A table mapping as SQL: from the rows of a file to typed, judged rows of a canonical table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import ConfigError, InputError, nearest
from clientlib.sources import Reading
from clientlib.warehouse.contracts import Column, Contract
from clientlib.warehouse.names import literal, quoted
from clientlib.warehouse.rules import arrival_rules

KNOWN_ON = Column("known_on", "date", False, "day on which we knew of the row")
_BLANKS = literal(" \t\r\n\u00a0\ufeff")
_PLAIN_NAME = re.compile(r"[\w .#/-]+")
_SPACES = " \u00a0\u202f"
_SMALL_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER")
_YES_NO = {"yes": True, "y": True, "taip": True, "no": False, "n": False, "ne": False}


@dataclass(frozen=True)
class MappedColumn:
    """Where one canonical column comes from.

    Attributes
    ----------
    column : Column
        The canonical column.
    expression : str
        SQL over the headings of the file.
    headings : tuple of str
        The headings that it reads.
    may_fail : bool
        It is an expression that can raise an error for a row, so that it needs a guard.
    """

    column: Column
    expression: str
    headings: tuple[str, ...]
    may_fail: bool


def map_columns(
    contract: Contract, mapping: TableMapping, headings: Sequence[str], file_name: str
) -> list[MappedColumn]:
    """Find for each mapped canonical column where it comes from.

    Parameters
    ----------
    contract : Contract
        Contract of the canonical table.
    mapping : TableMapping
        What the configuration says.
    headings : sequence of str
        Headings of the file, other spellings already replaced.
    file_name : str
        For messages.

    Returns
    -------
    list of MappedColumn
        In the order of the contract; columns that are not mapped are left out.

    Raises
    ------
    ConfigError
        A column that the table does not have, a required one that is not mapped, or an
        expression that is no SQL.
    InputError
        The file lacks a heading that the mapping reads.
    """
    _check_mapping(contract, mapping)
    columns = {column.name: column for column in (*contract.columns, KNOWN_ON)}
    mapped = []
    for name, column in columns.items():
        if name in mapping.constants:
            mapped.append(MappedColumn(column, literal(mapping.constants[name]), (), False))
        elif name in mapping.columns:
            text = mapping.columns[name]
            mapped.append(_map_column(contract, column, text, headings, file_name))
    if mapping.where:
        _read_expression(mapping.where, f"{contract.table}: where", headings, file_name)
    return mapped


def _check_mapping(contract: Contract, mapping: TableMapping) -> None:
    known = {*contract.column_names, KNOWN_ON.name}
    for name in {**mapping.columns, **mapping.constants}:
        if name not in known:
            near = nearest(name, known)
            raise ConfigError(
                f"{contract.table} has no column {name!r}",
                hint=f"did you mean {near!r}?" if near else f"it has {', '.join(sorted(known))}",
            )
    given = {*mapping.columns, *mapping.constants}
    missing = [c.name for c in contract.columns if c.is_required and c.name not in given]
    if missing:
        raise ConfigError(
            f"{contract.table}.{missing[0]} must be mapped",
            rows=f"{len(missing)} required columns are not: {', '.join(missing)}",
            hint="name the heading that holds it, or give it under constants",
        )


def _map_column(
    contract: Contract, column: Column, text: str, headings: Sequence[str], file_name: str
) -> MappedColumn:
    by_fold = {heading.casefold(): heading for heading in headings}
    heading = by_fold.get(text.strip().casefold())
    if heading is not None:
        return MappedColumn(column, quoted(heading), (heading,), False)
    where = f"{contract.table}.{column.name}"
    expression = _read_expression(text, where, headings, file_name)
    used = tuple(dict.fromkeys(by_fold[name] for name in _names_in(expression) if name in by_fold))
    return MappedColumn(column, text, used, not expression.find(exp.Window))


def _read_expression(text: str, where: str, headings: Sequence[str], file_name: str) -> exp.Expr:
    try:
        expression = sqlglot.parse_one(text, dialect="duckdb")
    except SqlglotError as error:
        if _PLAIN_NAME.fullmatch(text):
            raise _missing_heading(text, where, headings, file_name) from error
        raise ConfigError(
            f"{where} is read from something that is neither a heading nor SQL",
            example=text,
            hint=f"{file_name} has {', '.join(headings[:8])}",
        ) from error
    known = {heading.casefold() for heading in headings} | {"file_row"}
    columns = [column.name for column in expression.find_all(exp.Column)]
    unknown = [name for name in columns if name.casefold() not in known]
    if unknown or isinstance(expression, exp.Alias):
        missing = text if _PLAIN_NAME.fullmatch(text) or not unknown else unknown[0]
        raise _missing_heading(missing, where, headings, file_name)
    return expression


def _missing_heading(name: str, where: str, headings: Sequence[str], file_name: str) -> InputError:
    near = nearest(name, headings)
    return InputError(
        f"{file_name} lacks the column {name!r} that {where} is read from",
        rows=f"it has {len(headings)}: {', '.join(headings[:12])}",
        hint=f"is it {near!r} now? mend the mapping" if near else "mend the mapping",
    )


def _names_in(expression: exp.Expr) -> list[str]:
    return [column.name.casefold() for column in expression.find_all(exp.Column)]


def source_rows_query(
    reading: Reading, headings: Mapping[str, str], types: Mapping[str, str]
) -> str:
    """Write the scan of a file: numbered rows, text trimmed, blanks as null unless exact.

    Parameters
    ----------
    reading : Reading
        What is scanned.
    headings : mapping of str to str
        Heading in the file to heading in the mapping.
    types : mapping of str to str
        Heading in the file to its DuckDB type.

    Returns
    -------
    str
        A ``select``.
    """
    columns = [f"{reading.row_number} as file_row"]
    for written, name in headings.items():
        value = quoted(written)
        if types[written] == "VARCHAR" and not reading.is_exact:
            value = without_blanks(value)
        columns.append(f"{value} as {quoted(name)}")
    return f"select {', '.join(columns)} from {reading.relation}"


def without_blanks(value: str) -> str:
    """Write the trimming of a text, and a blank one as null.

    Parameters
    ----------
    value : str
        SQL expression.

    Returns
    -------
    str
        SQL expression.
    """
    return f"nullif(trim({value}, {_BLANKS}), '')"


def mapped_query(mapped: Sequence[MappedColumn], where: str | None) -> str:
    """Write the selection of mapped, still untyped values from ``source_rows``.

    Parameters
    ----------
    mapped : sequence of MappedColumn
        From ``map_columns``.
    where : str or None
        Condition on the rows that the table is made of.

    Returns
    -------
    str
        A ``select`` with ``file_row``, a value per column, and per guarded column the text
        on which its expression failed.
    """
    columns = ["file_row"]
    for source in mapped:
        value = f"({source.expression})"
        if source.may_fail:
            guarded = f"try({{'value': {value}}})"
            columns.append(f"{guarded}.value as {quoted(source.column.name)}")
            columns.append(
                f"case when {guarded} is null then {_as_text(source.headings)} end "
                f"as {quoted('failed: ' + source.column.name)}"
            )
        else:
            columns.append(f"{value} as {quoted(source.column.name)}")
    condition = f" where {where}" if where else ""
    return f"select {', '.join(columns)} from source_rows{condition}"


def _as_text(headings: Sequence[str]) -> str:
    if not headings:
        return "'the expression fails'"
    values = ", ".join(f"cast({quoted(heading)} as varchar)" for heading in headings)
    return f"concat_ws(' | ', {values})"


def judged_query(
    contract: Contract,
    mapped: Sequence[MappedColumn],
    types: Mapping[str, str],
    file: FileMapping,
) -> str:
    """Write the typing and judging of mapped rows.

    Parameters
    ----------
    contract : Contract
        Contract of the canonical table.
    mapped : sequence of MappedColumn
        From ``map_columns``.
    types : mapping of str to str
        DuckDB type of each mapped value.
    file : FileMapping
        Its decimal sign, thousands sign and date format.

    Returns
    -------
    str
        A ``select`` over ``mapped_rows`` with parameter ``$today``: ``file_row``, the columns
        of the contract, ``known_on``, per column ``bad: name`` (the text that could not be
        read), and ``is_bad``.
    """
    by_name = {source.column.name: source for source in mapped}
    typed = [f"cast(null as {KNOWN_ON.sql_type}) as known_on"] if "known_on" not in by_name else []
    unreadable = []
    for column in (*contract.columns, KNOWN_ON):
        name = quoted(column.name)
        source = by_name.get(column.name)
        if source is None:
            if column is not KNOWN_ON:
                typed.append(f"cast(null as {column.sql_type}) as {name}")
            continue
        value = name
        if file.file is None and types[column.name] == "VARCHAR":  # not trimmed when it was read
            value = without_blanks(name)
        cast = _typed(value, column, types[column.name], file)
        typed.append(f"{cast} as {name}")
        bad = _unreadable(source, cast, value)
        unreadable.append(f"{bad} as {quoted('bad: ' + column.name)}")
    rows = f"select file_row, {', '.join(typed + unreadable)} from mapped_rows"
    return f"select *, {_is_bad(contract, mapped)} as is_bad from ({rows})"


def _unreadable(source: MappedColumn, cast: str, name: str) -> str:
    """Write the text of a value that cannot be read; text always can, if its expression can."""
    failed = quoted(f"failed: {source.column.name}") if source.may_fail else "cast(null as varchar)"
    if cast == name or cast.startswith("cast("):
        return failed
    bad = f"case when {name} is not null and {cast} is null then cast({name} as varchar) end"
    return f"coalesce({failed}, {bad})"


def _is_bad(contract: Contract, mapped: Sequence[MappedColumn]) -> str:
    conditions = [f"{quoted('bad: ' + source.column.name)} is not null" for source in mapped]
    conditions += [rule.broken for rule in arrival_rules(contract)]
    return " or ".join(f"coalesce({condition}, false)" for condition in conditions)


def reasons_expression(contract: Contract, mapped: Sequence[MappedColumn]) -> str:
    """Write the list of reasons for which a judged row is bad.

    Parameters
    ----------
    contract : Contract
        Contract of the canonical table.
    mapped : sequence of MappedColumn
        From ``map_columns``.

    Returns
    -------
    str
        SQL for a list of structs: rule, column, value, message.
    """
    names = {source.column.name for source in mapped}
    reasons = [_unreadable_reason(source.column) for source in mapped]
    for rule in arrival_rules(contract):
        broken = rule.broken
        if rule.rule == "required" and rule.column in names:
            broken = f"({broken}) and {quoted('bad: ' + rule.column)} is null"
        value = f"cast({quoted(rule.column)} as varchar)"
        reasons.append(_reason(broken, rule.rule, rule.column, value, rule.message))
    return f"list_filter([{', '.join(reasons)}], lambda reason: reason is not null)"


def _unreadable_reason(column: Column) -> str:
    bad = quoted(f"bad: {column.name}")
    message = f"cannot be read as {column.type}"
    return _reason(f"{bad} is not null", "unreadable", column.name, bad, message)


def _reason(condition: str, rule: str, column: str, value: str, message: str) -> str:
    return (
        f"case when {condition} then {{'rule': {literal(rule)}, 'column': {literal(column)}, "
        f"'value': {value}, 'message': {literal(message)}}} end"
    )


def _typed(name: str, column: Column, sql_type: str, file: FileMapping) -> str:
    if sql_type == "VARCHAR":
        return _from_text(name, column, file)
    if column.type == "text" or _always_fits(sql_type, column):
        return f"cast({name} as {column.sql_type})"
    if column.type == "count":
        return _whole(f"try_cast({name} as decimal(18, 4))")
    return f"try_cast({name} as {column.sql_type})"


def _always_fits(sql_type: str, column: Column) -> bool:
    """Tell whether every value of a type can be written as the column's."""
    if column.type in ("money", "number"):
        decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", sql_type)
        has_room = decimal and int(decimal[2]) <= 4 and int(decimal[1]) - int(decimal[2]) <= 14
        return bool(has_room) or sql_type in _SMALL_INTEGERS
    if column.type == "count":
        return sql_type in (*_SMALL_INTEGERS, "BIGINT")
    return sql_type == column.sql_type.upper()


def _from_text(name: str, column: Column, file: FileMapping) -> str:
    if column.type == "text":
        return name
    if column.type == "date":
        iso = f"try_cast(try_cast({name} as timestamp) as date)"
        if file.date_format is None:
            return iso
        return (
            f"coalesce(try_cast(try_strptime({name}, {literal(file.date_format)}) as date), {iso})"
        )
    if column.type == "flag":
        cases = " ".join(f"when {literal(w)} then {literal(v)}" for w, v in _YES_NO.items())
        return f"case lower({name}) {cases} else try_cast({name} as boolean) end"
    spaces = literal(f"{_SPACES}{file.thousands}")
    number = f"translate({name}, {spaces}, '')"
    if file.decimal == ",":
        number = f"replace({number}, ',', '.')"
    if file.thousands:  # 500,00 with the sign "," is no fifty thousand
        misplaced = literal(rf"{re.escape(file.thousands)}(\d{{0,2}}|\d{{4,}})(\D|$)")
        number = f"case when not regexp_matches({name}, {misplaced}) then {number} end"
    if column.type == "count":
        return _whole(f"try_cast({number} as decimal(18, 4))")
    return f"try_cast({number} as {column.sql_type})"


def _whole(number: str) -> str:
    return f"case when {number} = floor({number}) then cast({number} as bigint) end"
