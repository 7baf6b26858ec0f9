"""Names and values from outside on their way into SQL."""


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
