"""What the schedule asks for and the ledger lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, takewhile

from clientlib.config import ReportSettings, RunSettings, Settings
from clientlib.reports import Run
from clientlib.runs.ledger import Ledger
from clientlib.runs.outcome import Wait
from clientlib.runs.planning.plan import EACH, Plan, Planner, Task, check_reports
from clientlib.runs.planning.readers import Readers
from clientlib.warehouse import Warehouse

LAST_MONTHS = {"month": range(1, 13), "quarter": (3, 6, 9, 12), "year": (12,)}
DOUBLED_AT_MOST = 20


@dataclass(frozen=True)
class Due:
    """What is missing of the periods that have closed.

    Attributes
    ----------
    plan : Plan
        What is due now.
    waiting : tuple of Wait
        What failed lately or too often.
    """

    plan: Plan
    waiting: tuple[Wait, ...]


def closed_periods(
    report: ReportSettings, month_ends: Iterable[tuple[date, bool]], count: int
) -> list[date]:
    """List the last closed periods of a report.

    Parameters
    ----------
    report : ReportSettings
        Its ``every`` says how long a period is; without it the report has none.
    month_ends : iterable of (date, bool)
        The months that the data know, oldest first, and whether each is closed.
    count : int
        At most so many.

    Returns
    -------
    list of date
        Their last days, oldest first.
    """
    if report.every is None:
        return []
    months = LAST_MONTHS[report.every]
    closed = [day for day, is_closed in month_ends if is_closed and day.month in months]
    return closed[-count:]


def find_due(
    settings: Settings,
    warehouse: Warehouse,
    readers: Readers,
    now: datetime,
    names: Sequence[str] = (),
) -> Due:
    """Find what the schedule asks for and the ledger lacks.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    warehouse : Warehouse
        The snapshot that the reports will read.
    readers : Readers
        Who gets editions of it.
    now : datetime
        Time, UTC: what failed lately is not due yet.
    names : sequence of str
        Reports by name; all that have a schedule where it is empty.

    Returns
    -------
    Due
        Older periods first.
    """
    planner = Planner(settings, warehouse, readers)
    whole = Plan()
    month_ends = warehouse.month_ends()
    periods = {
        name: closed_periods(settings.reports[name], month_ends, settings.runs.catch_up_periods)
        for name in check_reports(settings, names)
    }
    for as_of in sorted({day for days in periods.values() for day in days}):
        for name in (name for name, days in periods.items() if as_of in days):
            planner.add(whole, name, as_of, editions=[EACH])
    return _without_done(whole, settings, warehouse.about.build_id, now)


def _without_done(whole: Plan, settings: Settings, snapshot: str, now: datetime) -> Due:
    history = History(settings, snapshot)
    due = Plan(later=whole.later)
    waits: dict[str, Wait] = {}
    unmet: set[str] = set()
    for target, task in whole.tasks.items():
        if history.was_skipped(task) and (task.missing or unmet.intersection(task.needs)):
            unmet.add(target)
        elif history.is_settled(task):
            if done := history.last_done(task):
                due.done[target] = done
        elif wait := _held(task, waits) or history.wait(task, now):
            waits[target] = wait
        else:
            due.tasks[target] = task
    return Due(due, tuple(waits.values()))


def _held(task: Task, waits: Mapping[str, Wait]) -> Wait | None:
    """Let a task wait for as long as one that it needs, or one that it wants and that may come."""
    needed = (waits[need] for need in task.needs if need in waits)
    wanted = (waits[want] for want in task.wants if want in waits and waits[want].until)
    held = next(chain(needed, wanted), None)
    return Wait(task, 0, held.until) if held else None


class History:
    """What the ledger says of planned tasks.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    snapshot : str
        Build id of the snapshot that would be read.
    """

    def __init__(self, settings: Settings, snapshot: str) -> None:
        self._runs: RunSettings = settings.runs
        self._output = settings.output_folder
        self._snapshot = snapshot
        self._ledger = Ledger(settings.ledger_folder)
        self._ids: Mapping[str, list[str]] = self._ledger.ids_by_key()

    def done(self, task: Task) -> Run | None:
        """Find the run that has done a task on this snapshot.

        Parameters
        ----------
        task : Task
            What is asked for.

        Returns
        -------
        Run or None
            The last such run whose page is there, and not overwritten by other parameters or in
            another language.
        """
        return next(filter(self._is_here, self._done(task)), None)

    def last_done(self, task: Task) -> Run | None:
        """Find the run that last did a task, on whatever snapshot.

        Parameters
        ----------
        task : Task
            What is asked for.

        Returns
        -------
        Run or None
            One whose page is there and its own.
        """
        return next(iter(self._done(task)), None)

    def is_settled(self, task: Task) -> bool:
        """Tell whether a period's task needs nothing more.

        Parameters
        ----------
        task : Task
            What the schedule asks for.

        Returns
        -------
        bool
            True where it has been done, on this snapshot if the report is renewed with it.
        """
        done = self.last_done(task)
        return done is not None and (not task.settings.renew_on_build or self._is_here(done))

    def wait(self, task: Task, now: datetime) -> Wait | None:
        """Tell whether a task that has failed must wait.

        Parameters
        ----------
        task : Task
            What is missing.
        now : datetime
            Time, UTC.

        Returns
        -------
        Wait or None
            None where it may be tried now.
        """
        failed = self.failures(task)
        if not failed:
            return None
        if len(failed) >= self._runs.attempts:
            return Wait(task, len(failed), None)
        ended_at = failed[0].started_at + timedelta(seconds=failed[0].seconds)
        until = ended_at + back_off(self._runs, len(failed))
        return Wait(task, len(failed), until) if until > now.astimezone(UTC) else None

    def failures(self, task: Task) -> list[Run]:
        """List how a task has failed on this snapshot since it was last done.

        Parameters
        ----------
        task : Task
            What is asked for.

        Returns
        -------
        list of Run
            Newest first; runs that ended with their batch are no failures of theirs.
        """
        here = filter(self._is_here, self._attempts(task))
        failed = takewhile(lambda run: run.state == "failed", here)
        return [run for run in failed if run.failure is None or run.failure.kind != "stopped"]

    def _done(self, task: Task) -> Iterable[Run]:
        return (
            run
            for run in self._attempts(task)
            if run.state == "done" and run.has_page(self._output)
        )

    def was_skipped(self, task: Task) -> bool:
        """Tell whether it has been said that this snapshot lacks what a task needs.

        Parameters
        ----------
        task : Task
            What is asked for.

        Returns
        -------
        bool
            True where that is the last that the ledger says of it.
        """
        last = next(iter(self._attempts(task)), None)
        return bool(last and last.state == "skipped" and self._is_here(last))

    def _is_here(self, run: Run) -> bool:
        return run.snapshot == self._snapshot

    def _attempts(self, task: Task) -> Iterable[Run]:
        return (self._ledger.read(run_id) for run_id in reversed(self._ids.get(task.key, [])))


def back_off(settings: RunSettings, failures: int) -> timedelta:
    """Tell how long to wait after a failure.

    Parameters
    ----------
    settings : RunSettings
        Their ``backoff_seconds``.
    failures : int
        How often it has failed in a row, from 1.

    Returns
    -------
    timedelta
        Doubled with each failure.
    """
    doubled = min(failures - 1, DOUBLED_AT_MOST)
    return timedelta(seconds=settings.backoff_seconds * 2**doubled)
