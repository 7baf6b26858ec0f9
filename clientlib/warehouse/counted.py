"""Which clients the issued tables of two runs name, and the seeds that the rows were made with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLIENT, SEED = "client_id", "seed"


@dataclass(frozen=True)
class Counted:
    """The clients in what two runs have issued.

    Attributes
    ----------
    then_count, now_count, came_count, gone_count : int
        Clients in the earlier and the later run, and those in only one of them.
    """

    then_count: int
    now_count: int
    came_count: int
    gone_count: int


@dataclass(frozen=True)
class Issued:
    """What the rows that a run has issued say of it.

    Attributes
    ----------
    clients : pyarrow.Array or None
        Keys of the clients in them, each once; None where no table has a client in it.
    seeds : tuple of int
        The seeds that they were made with.
    """

    clients: Any
    seeds: tuple[int, ...]


def read_issued(paths: Sequence[Path]) -> Issued:
    """Read whom issued tables name, and their seeds; nothing else of them.

    Parameters
    ----------
    paths : sequence of Path
        Parquet files. They are read without DuckDB, which takes longer to start than this takes.

    Returns
    -------
    Issued
        Of all tables together.
    """
    import pyarrow  # type: ignore[import-untyped]  # slow to import

    columns = [column for path in paths for column in _distinct(path).items()]
    named = [values.cast(pyarrow.string()) for name, values in columns if name == CLIENT]
    clients = pyarrow.concat_arrays(named).unique() if named else None
    seeds = {int(seed) for name, values in columns if name == SEED for seed in values.to_pylist()}
    return Issued(clients, tuple(sorted(seeds)))


def count_clients(then: Issued, now: Issued) -> Counted | None:
    """Count the clients of two runs, and those in only one of them.

    Parameters
    ----------
    then, now : Issued
        What the earlier and the later run have issued.

    Returns
    -------
    Counted or None
        None where one of them has issued no table with a client in it.
    """
    before, after = then.clients, now.clients
    if before is None or after is None:
        return None
    from pyarrow import compute  # slow to import

    stayed_count = compute.sum(compute.is_in(after, value_set=before)).as_py() or 0
    return Counted(
        then_count=len(before),
        now_count=len(after),
        came_count=len(after) - stayed_count,
        gone_count=len(before) - stayed_count,
    )


def _distinct(path: Path) -> dict[str, Any]:
    """Read the distinct values of the columns that a table has of those that are asked for."""
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # slow to import

    with ParquetFile(path) as file:
        there = [name for name in (CLIENT, SEED) if name in file.schema_arrow.names]
        table = file.read(columns=there, use_threads=False)
    return {name: table[name].unique().drop_null() for name in there}
