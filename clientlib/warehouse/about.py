"""What a snapshot says of itself."""

from dataclasses import dataclass
from datetime import date

import duckdb

from clientlib.errors import InputError

# How loads went, by name of the view in ``about``; a reader's file has them without rows.
ABOUT_VIEWS = {
    "loads": "select * from raw.loads where not is_release order by load_id",
    "load_counts": "select * from raw.load_counts order by all",
    "quarantine": """select * from raw.quarantine where closed_load_id is null
        order by table_name, source, source_file, source_row""",
}


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
    reader_kind, reader_key : str or None
        Whose rows it holds, such as ``manager`` and ``M-03``; None where it holds all.
    """

    build_id: str
    company: str
    currency: str
    data_end: date | None
    clientlib_version: str
    reader_kind: str | None = None
    reader_key: str | None = None


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
    return About(*row, *_read_reader(connection))


def _read_reader(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    try:
        row = connection.execute("select kind, key from about.reader").fetchone()
    except duckdb.CatalogException:  # the whole snapshot
        return ()
    if row is None:
        raise InputError("the file of a reader does not say whose it is", hint="write it anew")
    return tuple(row)
