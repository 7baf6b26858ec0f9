"""The checks of a contract as SQL: each rule says when a row breaks it, and in which words."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from clientlib.errors import ContractError, nearest
from clientlib.warehouse.contracts import Check, Column, Contract
from clientlib.warehouse.names import literal, quoted

OLDEST_DAY = "date '1950-01-01'"
PLANNED_YEARS = 30
_QUOTED_NAME = re.compile(r'"(\w+)"')


@dataclass(frozen=True)
class RowRule:
    """A rule that each row obeys by itself.

    Attributes
    ----------
    rule : str
        Name of the rule.
    column : str
        The column that is blamed.
    broken : str
        SQL condition, true where a row breaks the rule, over the contract's columns and
        ``:today`` written as ``$today``.
    message : str
        What is wrong, in words; the offending value is kept beside it.
    """

    rule: str
    column: str
    broken: str
    message: str


def row_rules(contract: Contract) -> list[RowRule]:
    """List the rules of a contract that judge a row by itself.

    Parameters
    ----------
    contract : Contract
        Contract of a canonical table or a mart.

    Returns
    -------
    list of RowRule
        Required columns first, then the checks in the order of the header.

    Raises
    ------
    ContractError
        The header names a rule or a column that does not exist.
    """
    required = [
        _required(column) for column in contract.columns if column.type and column.is_required
    ]
    checks = [
        rule
        for check in contract.checks
        if check.rule != "refers"
        for rule in _read_rules(contract, check)
    ]
    return required + checks


def arrival_rules(contract: Contract) -> list[RowRule]:
    """List the rules that a row obeys when it is loaded.

    Parameters
    ----------
    contract : Contract
        Contract of a canonical table.

    Returns
    -------
    list of RowRule
        Those of the contract, and that nobody knew of the row later than it was loaded: such a
        row would be seen by no reader until then, and would be replaced before it was known.
    """
    broken = f"{quoted('known_on')} > $today + 1"
    known = RowRule("known_on", "known_on", broken, "is after the day of loading")
    return [*row_rules(contract), known]


def references(contract: Contract) -> list[tuple[str, str]]:
    """List the columns of a contract that are keys of another table.

    Parameters
    ----------
    contract : Contract
        Contract of a table.

    Returns
    -------
    list of (str, str)
        Column, and the table whose key it is as ``schema.table``.
    """
    return [
        (check.arguments[0], check.arguments[1])
        for check in contract.checks
        if check.rule == "refers"
    ]


def _read_rules(contract: Contract, check: Check) -> list[RowRule]:
    if check.rule not in _RULES:
        near = nearest(check.rule, _RULES)
        raise ContractError(
            f"{contract.name} has an unknown check",
            example=str(check),
            hint=f"did you mean {near!r}?" if near else f"known are {', '.join(_RULES)}",
        )
    try:
        rules = _RULES[check.rule](*check.arguments)
    except (TypeError, ValueError) as error:
        raise ContractError(
            f"{contract.name} has a check with other arguments than it takes", example=str(check)
        ) from error
    _check_columns(contract, check, rules)
    return rules


def _check_columns(contract: Contract, check: Check, rules: list[RowRule]) -> None:
    named = {name for rule in rules for name in _QUOTED_NAME.findall(rule.broken)}
    unknown = sorted(named - set(contract.column_names))
    if unknown:
        near = nearest(unknown[0], contract.column_names)
        raise ContractError(
            f"{contract.name} has a check of a column that it does not have: {unknown[0]}",
            example=str(check),
            hint=f"did you mean {near!r}?" if near else "mend that line of the header",
        )


def _required(column: Column) -> RowRule:
    return RowRule("required", column.name, f"{quoted(column.name)} is null", "is missing")


def _not_null(*columns: str) -> list[RowRule]:
    return [RowRule("not_null", name, f"{quoted(name)} is null", "is missing") for name in columns]


def _between(column: str, low: str, high: str) -> list[RowRule]:
    broken = f"{quoted(column)} not between {float(low)!r} and {float(high)!r}"
    return [RowRule("between", column, broken, f"is not between {low} and {high}")]


def _one_of(column: str, *values: str) -> list[RowRule]:
    allowed = ", ".join(literal(value) for value in values)
    broken = f"{quoted(column)} not in ({allowed})"
    return [RowRule("one_of", column, broken, f"is none of {', '.join(values)}")]


def _happened(column: str) -> list[RowRule]:
    broken = f"{quoted(column)} not between {OLDEST_DAY} and $today + 1"
    return [RowRule("happened", column, broken, "is no day from 1950 up to the day of loading")]


def _planned(column: str) -> list[RowRule]:
    latest = f"$today + interval {PLANNED_YEARS} years"
    broken = f"{quoted(column)} not between {OLDEST_DAY} and {latest}"
    message = f"is no day from 1950 up to {PLANNED_YEARS} years ahead"
    return [RowRule("planned", column, broken, message)]


def _not_after(earlier: str, later: str) -> list[RowRule]:
    broken = f"{quoted(earlier)} > {quoted(later)}"
    return [RowRule("not_after", earlier, broken, f"is after {later}")]


def _at_most(smaller: str, larger: str) -> list[RowRule]:
    broken = f"{quoted(smaller)} > {quoted(larger)}"
    return [RowRule("at_most", smaller, broken, f"is above {larger}")]


def _differ(column: str, other: str) -> list[RowRule]:
    broken = f"{quoted(column)} = {quoted(other)}"
    return [RowRule("differ", column, broken, f"is the same as {other}")]


def _closed_when_decided(outcome: str, closed_on: str) -> list[RowRule]:
    broken = f"({quoted(outcome)} = 'open') <> ({quoted(closed_on)} is null)"
    message = "does not fit the outcome: a decided deal has a closing day, an open one has none"
    return [RowRule("closed_when_decided", closed_on, broken, message)]


_RULES: dict[str, Callable[..., list[RowRule]]] = {
    "not_null": _not_null,
    "between": _between,
    "one_of": _one_of,
    "happened": _happened,
    "planned": _planned,
    "not_after": _not_after,
    "at_most": _at_most,
    "differ": _differ,
    "closed_when_decided": _closed_when_decided,
}
