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
    clients : frozenset of str or None
        Keys of the clients in them; None where no table has a client in it.
    seeds : tuple of int
        The seeds that they were made with.
    """

    clients: frozenset[str] | None
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
    found = [_distinct(path) for path in paths]
    named = [values[CLIENT] for values in found if CLIENT in values]
    seeds = {int(seed) for values in found for seed in values.get(SEED, ())}
    clients = frozenset(str(key) for keys in named for key in keys) if named else None
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
    return Counted(len(before), len(after), len(after - before), len(before - after))


def _distinct(path: Path) -> dict[str, list[Any]]:
    """Read the distinct values of the columns that a table has of those that are asked for."""
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # slow to import

    with ParquetFile(path) as file:
        there = [name for name in (CLIENT, SEED) if name in file.schema_arrow.names]
        table = file.read(columns=there)
    return {name: table[name].unique().drop_null().to_pylist() for name in there}
