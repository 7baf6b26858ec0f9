"""Names and values from outside on their way into SQL."""

from collections.abc import Iterable
from datetime import date


def quoted(name: str) -> str:
    """Write a name as a SQL identifier that cannot end early.

    Parameters
    ----------
    name : str
        Name of a table, column or catalogue.

    Returns
    -------
    str
        The name in double quotes.
    """
    return '"' + name.replace('"', '""') + '"'


def qualified(table: str) -> str:
    """Write a table's name with its schema as SQL identifiers.

    Parameters
    ----------
    table : str
        Such as ``marts.client_orders``.

    Returns
    -------
    str
        Both parts in double quotes.
    """
    schema, _, name = table.partition(".")
    return f"{quoted(schema)}.{quoted(name)}"


def literal(value: str | int | float | bool | None) -> str:
    """Write a value as a SQL literal that cannot end early.

    Parameters
    ----------
    value : str, int, float, bool or None
        The value.

    Returns
    -------
    str
        The literal.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"


def listed(names: Iterable[str]) -> str:
    """Write names as a list of SQL identifiers.

    Parameters
    ----------
    names : iterable of str
        Names of columns.

    Returns
    -------
    str
        The quoted names, with commas between.
    """
    return ", ".join(quoted(name) for name in names)


def day_literal(day: date) -> str:
    """Write a day as a SQL literal.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    str
        The literal.
    """
    return f"date '{day.isoformat()}'"
