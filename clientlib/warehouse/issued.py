"""Issued tables of earlier reports, cut down to what one reader may see."""

from collections.abc import Collection
from pathlib import Path

import duckdb
import pandas as pd

from clientlib.warehouse.drafts import drafting
from clientlib.warehouse.names import literal, quoted
from clientlib.warehouse.temporary import single_row

_CLIENT_NAMES = ("parent_id", "head_id", "referred_by_id", "from_client_id", "source_client_id")


def cut_issued(
    source: Path, target: Path, clients: Collection[str], *, is_cleared: bool = False
) -> int | None:
    """Cut an issued table down to the rows of a reader's clients.

    Parameters
    ----------
    source, target : Path
        Parquet file of the issued table, and the file to write.
    clients : collection of str
        Keys of the reader's clients, such as ``ReaderFile.clients``.
    is_cleared : bool
        Whether a table without a client in it is shown whole.

    Returns
    -------
    int or None
        Rows written; None where the table says no client and is not cleared: there is no file.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = f"read_parquet({literal(str(source))})"
        columns = [str(name) for name in connection.execute(f"from {rows} limit 0").df()]
        if "client_id" not in columns and not is_cleared:
            return None
        frame = pd.DataFrame({"client_id": pd.Series(list(clients), dtype="string")})
        connection.register("mine", frame)
        return _copy_cut(connection, rows, columns, target)


def _copy_cut(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: list[str], target: Path
) -> int:
    mine = "(select client_id from mine)"
    others = [name for name in columns if name in _CLIENT_NAMES]
    shown = ", ".join(
        f"case when {quoted(name)} in {mine} then {quoted(name)} end as {quoted(name)}"
        if name in others
        else quoted(name)
        for name in columns
    )
    condition = f" where client_id in {mine}" if "client_id" in columns else ""
    with drafting(target) as draft:
        (count,) = single_row(
            connection,
            f"""copy (select {shown} from {rows}{condition}) to {literal(str(draft))}
            (format parquet, compression zstd)""",
        )
    return int(count)
