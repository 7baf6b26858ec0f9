"""Frames as Parquet files, for the ledger."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd


def write_parquet(rows: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet; the same rows give the same bytes.

    Parameters
    ----------
    rows : DataFrame
        The rows; its index is not kept.
    path : Path
        File to write.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("issued_rows", rows)
        connection.execute(
            "copy (select * from issued_rows) to $path (format parquet, compression zstd)",
            {"path": str(path)},
        )


def read_parquet(paths: Sequence[Path]) -> pd.DataFrame:
    """Read Parquet files of one table, columns matched by name.

    Parameters
    ----------
    paths : sequence of Path
        At least one file.

    Returns
    -------
    DataFrame
        Their rows, in the order of the files.
    """
    with duckdb.connect() as connection:
        return connection.execute(
            "select * from read_parquet($paths, union_by_name = true)",
            {"paths": [str(path) for path in paths]},
        ).df()
