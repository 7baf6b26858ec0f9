"""What a process is given to run, what comes back, and what a batch needs of those who run it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from clientlib.config import ReaderRule
from clientlib.reports import Run
from clientlib.runs.planning.plan import CATALOGUES, Task
from clientlib.runs.predecessors import Before


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
        Variables by which kernels find the template process of the batch; empty where it has
        none of its own.
    template : Path or None
        Of decks whose reports name none, relative to the root.
    why_cold : str or None
        Why kernels start cold; None where they are forked from a template process: the batch's,
        or the one that the kernels of a user share on a machine.
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
    template: Path | None = None
    why_cold: str | None = None

    @property
    def snapshot_path(self) -> Path:
        """The snapshot's file."""
        return self.root / self.snapshot


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
    file : Path or None
        What its reader may see of the snapshot; None for who sees everything.
    clients : tuple of str or None
        Keys of the reader's clients.
    rule : ReaderRule or None
        What is cleared for, or withheld from, readers of that kind.
    is_forced : bool
        Run it even if it has been done.
    before : Before or None
        The run that it is compared with; None for the first of its report and edition.
    """

    task: Task
    place: Place
    attempt: int = 1
    inputs: tuple[str, ...] = ()
    file: Path | None = None
    clients: tuple[str, ...] | None = None
    rule: ReaderRule | None = None
    is_forced: bool = False
    before: Before | None = None

    @property
    def catalogue(self) -> Path:
        """The folder of translations beside its notebook; it need not exist."""
        return self.place.root / self.task.settings.notebook.parent / CATALOGUES

    @property
    def template(self) -> Path | None:
        """What its deck is made in; None for the house's look."""
        template = self.task.settings.template or self.place.template
        return self.place.root / template if template else None


@dataclass(frozen=True)
class Ended:
    """How a job ended.

    Attributes
    ----------
    job : Job
        What was to be run.
    run : Run or None
        How the run went; None where another process has it, or where the process died.
    death : str or None
        How the process that ran it died; None where it did not.
    fault : Exception or None
        A fault of ours, as it was raised there.
    """

    job: Job
    run: Run | None
    death: str | None = None
    fault: Exception | None = None


class Crew(Protocol):
    """What a batch needs of those who run its jobs."""

    @property
    def free(self) -> int:
        """How many more jobs it can take now."""

    def start(self, job: Job) -> None:
        """Begin a job without waiting for it."""

    def wait(self, seconds: float | None) -> list[Ended]:
        """Wait until jobs have ended, more can be taken, or for so many seconds."""

    def close(self) -> None:
        """Stop whatever is still running."""
