"""What a snapshot says of itself."""

from dataclasses import dataclass
from datetime import date

import duckdb

from clientlib.errors import InputError


@dataclass(frozen=True)
class About:
    """What a snapshot says of itself.

    Attributes
    ----------
    build_id : str
        Id of the build.
    company, currency : str
        Whose history, in which money.
    data_end : date or None
        Last day on which something happened; None while nothing has.
    clientlib_version : str
        Version that built it.
    """

    build_id: str
    company: str
    currency: str
    data_end: date | None
    clientlib_version: str


def read_about(connection: duckdb.DuckDBPyConnection, name: str) -> About:
    """Read what a snapshot says of itself.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection to the snapshot.
    name : str
        Name of its file, for messages.

    Returns
    -------
    About
        What it says.

    Raises
    ------
    InputError
        The file is no snapshot of a warehouse.
    """
    try:
        row = connection.execute(
            """select build_id, company, currency, data_end, clientlib_version
            from about.build"""
        ).fetchone()
    except duckdb.CatalogException as error:
        raise InputError(f"{name} is no snapshot of a warehouse", hint="clientlib build") from error
    if row is None:
        raise InputError(f"{name} does not say what it is", hint="clientlib build")
    return About(*row)
