"""Holding built tables to their contracts: grain, columns, checks; orphans are told, not fatal."""

from dataclasses import dataclass

import duckdb

from clientlib.errors import ContractError
from clientlib.warehouse.contracts import Contract, read_contracts
from clientlib.warehouse.names import quoted
from clientlib.warehouse.rules import RowRule, references, row_rules


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
    """Hold one built table to its contract.

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
    findings = _broken(connection, contract)
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
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ?",
            [contract.schema, contract.table],
        ).fetchone()
    )


def _missing(table: str) -> Finding:
    example = "the snapshot was built by another version of clientlib; build anew"
    return Finding(table, "the table is there", "broken", 0, 0, example)


def _broken(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[Finding]:
    built = [row[0] for row in connection.execute(f"describe {contract.name}").fetchall()]
    promised = list(contract.column_names)
    if contract.schema == "staging":
        promised += ["known_on", "source"]
    if built != promised:
        other = sorted(set(built) ^ set(promised)) or built
        return [
            Finding(contract.name, "its columns are those of the header", "broken",
                    len(other), len(built), ", ".join(other))
        ]  # fmt: skip
    rules = [] if contract.schema == "staging" else row_rules(contract)
    found = [_check_grain(connection, contract)]
    found += [_check_rule(connection, contract, rule) for rule in rules]
    return [finding for finding in found if finding]


def _check_grain(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Finding | None:
    keys = ", ".join(quoted(key) for key in contract.grain)
    repeated = connection.execute(
        f"""select {keys}, count(*) as times from {contract.name}
        group by {keys} having count(*) > 1 order by {keys}"""
    ).fetchall()
    if not repeated:
        return None
    values = ", ".join(
        f"{key} {value}" for key, value in zip(contract.grain, repeated[0][:-1], strict=True)
    )
    return Finding(
        contract.name,
        f"one row per {', '.join(contract.grain)}",
        "broken",
        sum(row[-1] for row in repeated),
        _row_count(connection, contract.name),
        f"{values} stands in {repeated[0][-1]} rows",
    )


def _check_rule(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rule: RowRule
) -> Finding | None:
    keys = ", ".join(f"cast({quoted(key)} as varchar)" for key in contract.grain)
    row = connection.execute(
        f"""select count(*), any_value(cast({quoted(rule.column)} as varchar)),
            any_value(concat_ws(', ', {keys}))
        from {contract.name} where {rule.broken}"""
    ).fetchone()
    if row is None or row[0] == 0:
        return None
    return Finding(
        contract.name,
        f"{rule.rule}: {rule.column} {rule.message}",
        "broken",
        row[0],
        _row_count(connection, contract.name),
        f"{rule.column} is {row[1]} at {row[2]}",
    )


def _orphans(
    connection: duckdb.DuckDBPyConnection, contract: Contract, built: set[str]
) -> list[Finding]:
    found = []
    for column, target in references(contract):
        if target not in built:
            continue
        key = read_contracts()[target].grain[0]
        row = connection.execute(
            f"""select count(*), any_value(mine.{quoted(column)}), (select count(*) from {target})
            from {contract.name} as mine
            anti join {target} as theirs on mine.{quoted(column)} = theirs.{quoted(key)}
            where mine.{quoted(column)} is not null"""
        ).fetchone()
        if row and row[0] and row[2]:
            found.append(
                Finding(contract.name, f"{column} is a key of {target}", "warning", row[0],
                        _row_count(connection, contract.name), f"{column} {row[1]!r} is not there")
            )  # fmt: skip
    return found


def _row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0
