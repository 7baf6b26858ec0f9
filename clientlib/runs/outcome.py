"""What became of tasks: run, kept, left to others, waiting."""

from dataclasses import dataclass, field
from datetime import datetime

from clientlib.reports import Run
from clientlib.runs.planning.plan import Task


@dataclass
class Outcome:
    """What became of the tasks of a batch, each under its target.

    Attributes
    ----------
    runs : dict of str to Run
        The last run of each task that ran here.
    kept : dict of str to Run
        Runs that had done a task before.
    elsewhere : dict of str to Task
        Tasks that another process is at, and tasks that need them.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    kept: dict[str, Run] = field(default_factory=dict)
    elsewhere: dict[str, Task] = field(default_factory=dict)


@dataclass(frozen=True)
class Wait:
    """A task that is missing and yet not due now.

    Attributes
    ----------
    task : Task
        What is missing.
    failures : int
        How often it has failed in a row; 0 where it waits for a report that it needs.
    until : datetime or None
        When it is due again, UTC; None where it has been given up.
    """

    task: Task
    failures: int
    until: datetime | None
