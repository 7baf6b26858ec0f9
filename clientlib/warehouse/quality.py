"""Holding built tables to their contracts: grain, columns, checks; orphans are told, not fatal."""

from dataclasses import dataclass

import duckdb

from clientlib.errors import ContractError
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import listed, quoted
from clientlib.warehouse.orphans import find_orphans
from clientlib.warehouse.repeats import is_unique
from clientlib.warehouse.rules import RowRule, row_rules
from clientlib.warehouse.temporary import count_of, single_row


@dataclass(frozen=True)
class Finding:
    """What a check found in one table.

    Attributes
    ----------
    table, check : str
        Which table and which rule.
    severity : str
        ``broken`` for a contract that does not hold, ``warning`` for what a reader should know.
    broken_count, row_count : int
        Rows that break the rule, of how many.
    example : str
        One real value.
    """

    table: str
    check: str
    severity: str
    broken_count: int
    row_count: int
    example: str


def check_contract(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Hold one table to its contract as it is built.

    Of a mart that is a view only the columns are looked at: its rows follow from raw rows whose
    keys are held, and making all of them once more would double a build. ``check_snapshot``
    makes them.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the table.
    contract : Contract
        Its contract.

    Raises
    ------
    ContractError
        The first rule that is broken, with how many rows and an example.
    """
    is_made_when_read = contract.is_view and contract.schema == "marts"
    look = _wrong_columns if is_made_when_read else _broken
    findings = look(connection, contract)
    if findings:
        raise as_error(findings[0])


def as_error(finding: Finding) -> ContractError:
    """Say a finding as an error.

    Parameters
    ----------
    finding : Finding
        A broken contract.

    Returns
    -------
    ContractError
        In the form that every error has.
    """
    return ContractError(
        f"{finding.table} breaks its contract: {finding.check}",
        rows=f"{finding.broken_count:,} of {finding.row_count:,} rows",
        example=finding.example,
        hint="look for the rows behind it in the tables that it reads",
    )


def check_snapshot(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Hold every table of a snapshot to its contract, and look for orphans.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to the snapshot.

    Returns
    -------
    list of Finding
        Broken contracts first, then warnings.
    """
    contracts = read_contracts()
    built = {name for name in contracts if _is_built(connection, contracts[name])}
    found = [_missing(name) for name in contracts if name not in built]
    for name in sorted(built):
        found += _broken(connection, contracts[name])
    for name in sorted(built):
        found += _orphans(connection, contracts[name], built)
    return found


def _is_built(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    kind = "view" if contract.is_view else "table"
    return bool(
        connection.execute(
            f"select 1 from duckdb_{kind}s() where schema_name = ? and {kind}_name = ?",
            [contract.schema, contract.table],
        ).fetchone()
    )


def _missing(table: str) -> Finding:
    example = "the snapshot was built by another version of clientlib; build anew"
    return Finding(table, "the table is there", "broken", 0, 0, example)


def _broken(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Finding]:
    if found := _wrong_columns(connection, contract):
        return found
    rules = [] if contract.schema == "staging" else row_rules(contract)
    grain = _check_grain(connection, contract)
    return [*([grain] if grain else []), *_check_rules(connection, contract, rules)]


def _wrong_columns(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Finding]:
    built = [row[0] for row in connection.execute(f"describe {contract.name}").fetchall()]
    promised = list(contract.column_names)
    if contract.schema == "staging":
        promised += ["known_on", "source"]
    if built == promised:
        return []
    other = sorted(set(built) ^ set(promised)) or built
    return [
        Finding(contract.name, "its columns are those of the header", "broken",
                len(other), len(built), ", ".join(other))
    ]  # fmt: skip


def _check_grain(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Finding | None:
    if is_unique(connection, contract.name, contract.grain):
        return None
    keys = listed(contract.grain)
    repeated = connection.execute(
        f"""select {keys}, count(*) as times from {contract.name}
        group by {keys} having count(*) > 1 order by {keys}"""
    ).fetchall()
    values = ", ".join(
        f"{key} {value}" for key, value in zip(contract.grain, repeated[0][:-1], strict=True)
    )
    return Finding(
        contract.name,
        f"one row per {', '.join(contract.grain)}",
        "broken",
        sum(row[-1] for row in repeated),
        count_of(connection, contract.name),
        f"{values} stands in {repeated[0][-1]} rows",
    )


def _check_rules(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rules: list[RowRule]
) -> list[Finding]:
    """Count the rows that break each rule in one pass; look for examples only where there are."""
    if not rules:
        return []
    counted = ", ".join(f"count(*) filter ({rule.broken})" for rule in rules)
    rows, *broken = single_row(connection, f"select count(*), {counted} from {contract.name}")
    return [
        _rule_finding(connection, contract, rule, (count, rows))
        for rule, count in zip(rules, broken, strict=True)
        if count
    ]


def _rule_finding(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rule: RowRule,
    counts: tuple[int, int],
) -> Finding:
    keys = ", ".join(f"cast({quoted(key)} as varchar)" for key in contract.grain)
    value, key = single_row(
        connection,
        f"""select cast({quoted(rule.column)} as varchar), concat_ws(', ', {keys})
        from {contract.name} where {rule.broken} limit 1""",
    )
    message = f"{rule.rule}: {rule.column} {rule.message}"
    return Finding(contract.name, message, "broken", *counts, f"{rule.column} is {value} at {key}")


def _orphans(
    connection: duckdb.DuckDBPyConnection, contract: Contract, built: set[str]
) -> list[Finding]:
    return [
        Finding(contract.name, f"{orphans.column_name} is a key of {orphans.refers_to}", "warning",
                orphans.orphans_count, count_of(connection, contract.name),
                f"{orphans.column_name} {orphans.example!r} is not there")
        for orphans in find_orphans(connection, contract, among=built)
        if orphans.orphans_count
    ]  # fmt: skip
