"""What a process is given to run: the task, and where it reads and writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clientlib.runs.plan import Task


@dataclass(frozen=True)
class Limits:
    """How long a notebook may take and how much memory it may use.

    Attributes
    ----------
    cell_seconds, notebook_seconds : float
        Deadlines.
    memory_mb : int or None
        Of its kernel.
    """

    cell_seconds: float
    notebook_seconds: float
    memory_mb: int | None


@dataclass(frozen=True)
class Place:
    """Where the runs of a batch read and write; picklable, for other processes and machines.

    Attributes
    ----------
    root : Path
        The project.
    snapshot : Path
        The snapshot file that all runs of a batch read, relative to the root.
    build_id, currency : str
        Its id, and the currency of its money.
    ledger, output : Path
        Folders of the ledger and the reports, relative to the root.
    hidden : tuple of Path
        What an edition must not read: folders, relative to the root.
    batch : str
        Id of the batch.
    limits : Limits
        For reports that set none of their own.
    kernel : mapping
        Variables by which kernels find the template process of the batch; empty where kernels
        start cold.
    """

    root: Path
    snapshot: Path
    build_id: str
    currency: str
    ledger: Path
    output: Path
    hidden: tuple[Path, ...]
    batch: str
    limits: Limits
    kernel: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A task on its way to a process.

    Attributes
    ----------
    task : Task
        What to run.
    place : Place
        Where it reads and writes.
    attempt : int
        The first, second ... within the batch.
    inputs : tuple of str
        Ids of the runs that it needs: their issued rows are given to the notebook.
    is_forced : bool
        Run it even if it has been done.
    """

    task: Task
    place: Place
    attempt: int = 1
    inputs: tuple[str, ...] = ()
    is_forced: bool = False
