"""A batch: tasks in the order of their needs, what fails tried again, none stopping another."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from clientlib.config import RunSettings, Settings
from clientlib.errors import ClientlibError, RunError
from clientlib.reports import Run
from clientlib.runs.entries import enter_death, enter_skipped
from clientlib.runs.jobs import Crew, Ended, Job, Place
from clientlib.runs.ledger import Ledger
from clientlib.runs.outcome import Outcome
from clientlib.runs.planning.due import History, back_off
from clientlib.runs.planning.plan import Plan, Task
from clientlib.runs.planning.readers import Readers
from clientlib.runs.predecessors import Predecessors

RETRIED_AT_ONCE = ("kernel", "process", "stopped", "fault")  # what a cell raised would come again


@dataclass(frozen=True)
class _Turn:
    task: Task
    attempt: int = 1
    not_before: float = 0.0


class Batch:
    """One pass over a plan.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    place : Place
        Where runs read and write.
    crew : Crew
        Who runs them.
    readers : Readers
        Who writes the files of editions.
    outcome : Outcome
        What became of earlier tasks; this pass adds to it.
    on_run : callable
        Called with each run as it ends.
    """

    def __init__(
        self,
        settings: Settings,
        place: Place,
        crew: Crew,
        readers: Readers,
        outcome: Outcome,
        on_run: Callable[[Run], None],
    ) -> None:
        self._settings: RunSettings = settings.runs
        self._rules = settings.readers
        self._place = place
        self._crew = crew
        self._readers = readers
        self._on_run = on_run
        self._is_forced = False
        self._history = History(settings, place.build_id)
        self._predecessors = Predecessors(Ledger(place.root / place.ledger), place.snapshot_path)
        self._waiting: dict[str, _Turn] = {}
        self._running: set[str] = set()
        self._outcome = outcome
        self._done_before: Mapping[str, Run] = {}
        self._faults: list[Exception] = []
        self._is_given_up = False

    def run(self, plan: Plan, *, is_forced: bool = False) -> None:
        """Run a plan to its end.

        Parameters
        ----------
        plan : Plan
            What is to be done.
        is_forced : bool
            Run also what has been done.

        Raises
        ------
        Exception
            The first fault of ours, when everything else has ended. Where the ledger cannot be
            written to, a RunError when what was running has ended: nothing more is begun.
        """
        self._is_forced = is_forced
        self._done_before = plan.done
        self._waiting |= {target: _Turn(task) for target, task in plan.tasks.items()}
        while self._waiting or self._running:
            self._begin()
            for ended in self._crew.wait(self._pause()):
                self._settle(ended)
        if self._faults:
            raise self._faults[0]

    def _begin(self) -> None:
        """Start what can start; say of the rest why it need not or cannot."""
        for target, turn in list(self._waiting.items()):
            if any(each in self._waiting or each in self._running for each in turn.task.follows):
                continue
            if self._is_given_up or self._is_settled_without_running(target, turn):
                del self._waiting[target]
            elif self._crew.free > 0 and turn.not_before <= time.monotonic():
                del self._waiting[target]
                self._start(target, turn)

    def _start(self, target: str, turn: _Turn) -> None:
        try:
            job = self._job(turn)
        except (OSError, ClientlibError) as error:
            job = Job(turn.task, self._place, attempt=turn.attempt)
            self._settle(Ended(job, None, death=f"was not begun: {error}"))
            return
        self._running.add(target)
        self._crew.start(job)

    def _is_settled_without_running(self, target: str, turn: _Turn) -> bool:
        task = turn.task
        if any(each in self._outcome.elsewhere for each in task.follows):
            self._outcome.elsewhere[target] = task
        elif (
            not self._is_forced
            and not self._is_wanted_new(task)
            and (done := self._history.done(task))
        ):
            self._outcome.kept[target] = done
        elif reason := task.missing or self._unmet_need(task):
            if skipped := self._entered(partial(enter_skipped, task, self._place, reason)):
                self._end(target, skipped)
        else:
            return False
        return True

    def _is_wanted_new(self, task: Task) -> bool:
        """Tell whether this pass has done what the task wants: it may have been made without."""
        wanted = [self._outcome.runs.get(target) for target in task.wants]
        return any(run is not None and run.state == "done" for run in wanted)

    def _unmet_need(self, task: Task) -> str | None:
        for need in task.needs:
            run = self._found(need)
            if run is None or run.state != "done":
                return f"it needs reports.{run.report if run else need}, {_why(run)}"
        return None

    def _job(self, turn: _Turn) -> Job:
        task = turn.task
        before = [self._found(target) for target in task.follows]
        file = self._readers.write_file(task.reader, task.as_of) if task.reader else None
        return Job(
            task,
            self._place,
            attempt=turn.attempt,
            inputs=tuple(run.run_id for run in before if run and run.state == "done"),
            file=file.path if file else None,
            clients=file.clients if file else None,
            rule=self._rules[task.reader.kind] if task.reader else None,
            is_forced=self._is_forced,
            before=self._predecessors.find(task, file.path if file else None),
        )

    def _found(self, target: str) -> Run | None:
        """Find the run that did what another task needs."""
        for found in (self._outcome.runs, self._outcome.kept, self._done_before):
            if target in found:
                return found[target]
        return None

    def _settle(self, ended: Ended) -> None:
        task, target = ended.job.task, ended.job.task.target
        self._running.discard(target)
        run = self._run_of(ended)
        if self._is_given_up and run is None:
            return
        if run is None:
            self._outcome.elsewhere[target] = task
        elif run.batch != self._place.batch:
            self._outcome.kept[target] = run
        else:
            self._end(target, run)
            if self._is_retried(run) and not ended.fault:
                self._waiting[target] = self._next_turn(task, run)

    def _run_of(self, ended: Ended) -> Run | None:
        """Find the run of a job that has ended; of one whose process died, enter it."""
        if isinstance(ended.fault, OSError):  # a run turns all others into its failure
            self._give_up(ended.fault)
            return None
        if ended.fault:
            self._faults.append(ended.fault)
        if not ended.death and not ended.fault:
            return ended.run
        death = ended.death or f"stopped at a fault: {ended.fault!r}"
        return self._entered(partial(enter_death, ended.job, death))

    def _entered(self, enter: Callable[[], Run]) -> Run | None:
        try:
            return enter()
        except OSError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: OSError) -> None:
        """Begin nothing more: what cannot be entered into the ledger would be run for nothing."""
        self._is_given_up = True
        self._faults.append(
            RunError(
                "the ledger cannot be written to",
                example=f"{self._place.ledger}: {error.strerror}",
                hint="make room, or mend its rights; the next run goes on where this one stopped",
            )
        )

    def _end(self, target: str, run: Run) -> None:
        self._outcome.runs[target] = run
        self._predecessors.note(run)
        self._on_run(run)

    def _is_retried(self, run: Run) -> bool:
        kind = run.failure.kind if run.failure else None
        return kind in RETRIED_AT_ONCE and run.attempt < self._settings.attempts

    def _next_turn(self, task: Task, run: Run) -> _Turn:
        pause = back_off(self._settings, run.attempt).total_seconds()
        return _Turn(task, run.attempt + 1, time.monotonic() + pause)

    def _pause(self) -> float | None:
        """Tell how long to wait for a process to end: until something else can start."""
        times = [turn.not_before for turn in self._waiting.values() if turn.attempt > 1]
        if self._crew.free <= 0 or (self._running and not times):
            return None
        if not times:
            return 0.0
        return max(min(times) - time.monotonic(), 0.0)


def _why(run: Run | None) -> str:
    if run is None:
        return "which has not been done"
    if run.failure:
        return f"which failed in cell {run.failure.cell_number}: {run.failure.error_name}"
    return f"which was {run.state}: {run.reason}"
