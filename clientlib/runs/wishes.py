"""What a batch is asked for, who does it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clientlib.reports import BatchSummary, Run
from clientlib.runs.keys import ALL
from clientlib.runs.outcome import Outcome, Wait
from clientlib.runs.planning.days import LAST_CLOSED_MONTH


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes
    ----------
    reports : tuple of str
        By name; where it is empty all that are configured, or all that have a schedule.
    as_of : str
        A day such as ``2025-06-30``, ``2025-06``, ``2025-Q2`` or ``last-closed-month``.
    editions : tuple of str
        ``all``, ``each``, a kind such as ``manager``, or one reader such as ``manager=M-01``.
    parameters : mapping
        Those that go before the configured ones.
    is_due : bool
        Whatever the schedule asks for and the ledger lacks, instead of one day's reports.
    is_forced : bool
        Run also what has been done.
    """

    reports: tuple[str, ...] = ()
    as_of: str = LAST_CLOSED_MONTH
    editions: tuple[str, ...] = (ALL,)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_due: bool = False
    is_forced: bool = False


@dataclass(frozen=True)
class Hands:
    """Who does the work.

    Attributes
    ----------
    workers : int or None
        Processes of this machine; by default as configured.
    cluster : str or None
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``, instead of them.
    """

    workers: int | None = None
    cluster: str | None = None


@dataclass(frozen=True)
class Batched:
    """What became of a batch.

    Attributes
    ----------
    summary : BatchSummary
        When, what and how many.
    outcome : Outcome
        The runs, and what was left to others.
    waiting : tuple of Wait
        What is due and must wait, for having failed.
    problems : tuple of str
        Notices that could not be sent, and why.
    """

    summary: BatchSummary
    outcome: Outcome
    waiting: tuple[Wait, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def runs(self) -> list[Run]:
        """The last run of each task, those that had been done before among them."""
        return [*self.outcome.kept.values(), *self.outcome.runs.values()]
