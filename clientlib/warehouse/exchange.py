"""Tables exchanged as Parquet files with an engine that makes them outside DuckDB."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from clientlib.warehouse.contracts import Contract
from clientlib.warehouse.names import listed, quoted


class Engine(Protocol):
    """Makes the tables of staging and marts, in the order in which it is asked for them.

    Attributes
    ----------
    folder : Path
        Where it finds the tables of ``raw``: a folder of Parquet files each, ``raw/<table>``.
    """

    folder: Path

    def make(self, contract: Contract) -> Path | None:
        """Make a table.

        Parameters
        ----------
        contract : Contract
            Of a table all of whose sources were made before.

        Returns
        -------
        Path or None
            Folder of its Parquet files; None for a view, whose rows are not kept.
        """
        ...


@contextmanager
def exchanging(connection: duckdb.DuckDBPyConnection, engine: Engine | None) -> Iterator[None]:
    """Lay out the tables of ``raw`` for an engine; all that was exchanged goes at the end.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection in which ``raw`` is a schema of views.
    engine : Engine or None
        Without one, nothing is laid out.
    """
    if engine is None:
        yield
        return
    shutil.rmtree(engine.folder, ignore_errors=True)  # of a build that was killed
    try:
        _write_raw(connection, engine.folder / "raw")
        yield
    finally:
        shutil.rmtree(engine.folder, ignore_errors=True)


def take_table(connection: duckdb.DuckDBPyConnection, contract: Contract, folder: Path) -> None:
    """Make a table of rows that an engine has made; its columns have the types of the statement.

    Parameters
    ----------
    connection : DuckDBPyConnection
        A connection that holds the tables which the statement reads.
    contract : Contract
        The table's contract.
    folder : Path
        Folder of the Parquet files.
    """
    connection.execute(f"create or replace table {contract.name} as ({contract.body}) with no data")
    connection.execute(
        f"insert into {contract.name} by name select * from read_parquet($files) "
        f"order by {listed(contract.grain)}",
        {"files": str(folder / "*.parquet")},
    )


def _write_raw(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir(parents=True)
    views = "select view_name from duckdb_views() where schema_name = 'raw'"
    for (name,) in connection.execute(views).fetchall():
        query = f"copy (from raw.{quoted(name)}) to $folder (format parquet, per_thread_output)"
        connection.execute(query, {"folder": str(folder / name)})
