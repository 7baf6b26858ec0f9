"""Running reports: what is asked for, or what is due: planned, run, told."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

from clientlib.config import RunSettings, Settings
from clientlib.errors import RunError
from clientlib.kernels import start_template
from clientlib.language import speaking
from clientlib.reports import (
    BatchSummary,
    Run,
    batch_page,
    place_assets,
    write_batch_page,
    write_index,
)
from clientlib.reports.outputs import check_template
from clientlib.runs.batch import Batch
from clientlib.runs.crews.cluster import ClusterCrew
from clientlib.runs.crews.machine import memory_share
from clientlib.runs.crews.processes import ProcessCrew
from clientlib.runs.executing.sockets import sweep_sockets
from clientlib.runs.jobs import Crew, Limits, Place
from clientlib.runs.keys import ALL
from clientlib.runs.ledger import PATIENCE_SECONDS, Ledger
from clientlib.runs.notices import send_notices, write_notice
from clientlib.runs.outcome import Outcome, Wait
from clientlib.runs.planning.days import choose_as_of
from clientlib.runs.planning.due import History, find_due
from clientlib.runs.planning.plan import Plan, Planner, check_reports
from clientlib.runs.planning.readers import Readers, sweep_editions
from clientlib.runs.wishes import Batched, Hands, Wish
from clientlib.warehouse import Warehouse, open_warehouse

ROOM_BYTES = 65_536  # a folder with less room than this counts as full
NOT_WARM = "warm_kernels is off in clientlib.toml"
WORTH_A_TEMPLATE = 2  # runs from which on the imports of a template are saved again


def run_reports(
    settings: Settings,
    wish: Wish,
    hands: Hands | None = None,
    on_run: Callable[[Run], None] | None = None,
) -> Batched:
    """Run reports on the current snapshot; write the index of all runs and tell how it went.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    wish : Wish
        What is asked for.
    hands : Hands, optional
        Who does the work; by default the configured number of processes.
    on_run : callable, optional
        Called as each run ends.

    Returns
    -------
    Batched
        What became of it. A failed or skipped run is no error here.

    Raises
    ------
    ClientlibError
        There is no snapshot, no such report, edition, parameter or day, or the folder of reports
        or of the ledger cannot be written to.
    """
    for folder in (settings.output_folder, settings.ledger_folder):
        _check_writable(folder)
    hands = hands or Hands()
    ledger = Ledger(settings.ledger_folder)
    ledger.settle_drafts()
    sweep_editions(ledger)
    place = _make_place(settings, hands)
    summary = BatchSummary(place.batch, _in_words(wish), place.build_id, datetime.now(UTC))
    session = _Session(settings, wish, hands, place, Outcome(), on_run or _say_nothing)
    with (
        ledger.claim(place.batch, patience=PATIENCE_SECONDS),
        Readers(settings, place.snapshot_path, place.batch) as readers,
    ):
        plan, waiting = session.plan(readers)
        _check_templates(settings, plan)
        ledger.write_batch(summary)
        try:
            session.run(plan, readers)
            summary = replace(summary, ended_at=datetime.now(UTC))
        finally:
            summary = _count(summary, session.outcome, waiting)
            problems = [
                *_attempt(settings.ledger, partial(_keep, ledger, summary)),
                *_attempt(settings.output, partial(_write_pages, settings, summary, session)),
                *_notify(settings, summary, list(session.outcome.runs.values())),
            ]
    return Batched(summary, session.outcome, waiting, tuple(problems))


def make_plan(
    settings: Settings, warehouse: Warehouse, readers: Readers, wish: Wish
) -> tuple[Plan, tuple[Wait, ...]]:
    """Plan what is asked for.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    warehouse : Warehouse
        The snapshot that the reports will read.
    readers : Readers
        Who gets editions of it.
    wish : Wish
        What is asked for.

    Returns
    -------
    Plan, tuple of Wait
        What is to be done, and what is due but must wait.
    """
    if wish.is_due:
        due = find_due(settings, warehouse, readers, datetime.now(UTC), wish.reports)
        return due.plan, due.waiting
    planner, plan = Planner(settings, warehouse, readers), Plan()
    as_of = choose_as_of(warehouse, wish.as_of)
    for name in check_reports(settings, wish.reports):
        planner.add(plan, name, as_of, editions=wish.editions, given=wish.parameters)
    return plan, ()


def write_index_page(settings: Settings) -> Path:
    """Write the index of all runs in the ledger.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    Path
        ``reports/index.html``.
    """
    settings.output_folder.mkdir(parents=True, exist_ok=True)
    place_assets(settings.output_folder)
    ledger = Ledger(settings.ledger_folder)
    last = next(iter(ledger.batches(1)), None)
    with speaking(settings.company.language):
        return write_index(ledger.runs(), settings.output_folder / "index.html", last)


@dataclass
class _Session:
    """A batch under way."""

    settings: Settings
    wish: Wish
    hands: Hands
    place: Place
    outcome: Outcome
    on_run: Callable[[Run], None]

    def plan(self, readers: Readers) -> tuple[Plan, tuple[Wait, ...]]:
        """Plan what is asked for."""
        with open_warehouse(self.place.snapshot_path) as warehouse:
            return make_plan(self.settings, warehouse, readers, self.wish)

    def run(self, plan: Plan, readers: Readers) -> None:
        """Run a plan, then what could not be planned before its reports had been done."""
        with ExitStack() as stack:
            crew = stack.enter_context(closing(self._hire(stack, plan)))
            self._pass(plan, crew, readers)
            if plan.later:
                self._pass(self._plan_later(plan, readers), crew, readers)

    def _hire(self, stack: ExitStack, plan: Plan) -> Crew:
        if self.hands.cluster:
            why_cold = None if self.settings.runs.warm_kernels else NOT_WARM
            self.place = replace(self.place, why_cold=why_cold)
            return ClusterCrew(self.hands.cluster, self.place)
        crew = ProcessCrew(self.hands.workers or self.settings.runs.workers)
        runs_count = self._count_to_run(plan)
        if runs_count:
            crew.prepare()
        if not self.settings.runs.warm_kernels:
            self.place = replace(self.place, why_cold=NOT_WARM)
        elif runs_count < WORTH_A_TEMPLATE:
            self.place = replace(self.place, why_cold="it is not worth a template process")
        else:
            template = stack.enter_context(start_template())
            self.place = replace(self.place, kernel=template.environment)
        return crew

    def _pass(self, plan: Plan, crew: Crew, readers: Readers) -> None:
        reports = {task.report for task in plan.tasks.values() if task.reader}
        readers.limit_to(self.settings.root / self.settings.reports[name].notebook
                         for name in sorted(reports))  # fmt: skip
        batch = Batch(self.settings, self.place, crew, readers, self.outcome, self.on_run)
        batch.run(plan, is_forced=self.wish.is_forced)

    def _count_to_run(self, plan: Plan) -> int:
        history = History(self.settings, self.place.build_id)
        return sum(
            not task.missing and (self.wish.is_forced or not history.done(task))
            for task in plan.tasks.values()
        )

    def _plan_later(self, plan: Plan, readers: Readers) -> Plan:
        """Plan the editions whose readers an earlier report has named."""
        found = Plan()
        with open_warehouse(self.place.snapshot_path) as warehouse:
            planner = Planner(self.settings, warehouse, readers)
            for report, kind, as_of in plan.later:
                planner.add(found, report, as_of, editions=[kind], given=self.wish.parameters)
        for target in found.tasks.keys() & (self.outcome.runs.keys() | self.outcome.kept.keys()):
            del found.tasks[target]
        return found


def _say_nothing(run: Run) -> None:
    """Take a run that nobody asked to be told of."""


def _attempt(folder: Path, write: Callable[[], None]) -> list[str]:
    """Write at the end of a batch; what cannot be written must not hide how the runs went."""
    try:
        write()
    except OSError as error:
        return [f"{folder} is not up to date: {error.strerror}; the next run writes it again"]
    return []


def _keep(ledger: Ledger, summary: BatchSummary) -> None:
    sweep_sockets()
    ledger.settle_drafts()
    ledger.write_batch(summary)


def _write_pages(settings: Settings, summary: BatchSummary, session: _Session) -> None:
    with speaking(settings.company.language):
        write_batch_page(summary, list(session.outcome.runs.values()), settings.output_folder)
    write_index_page(settings)


def _check_templates(settings: Settings, plan: Plan) -> None:
    """Refuse a template that no deck can be made in before an hour of notebooks has run."""
    decks = [task.settings for task in plan.tasks.values() if "deck" in task.settings.outputs]
    for template in {report.template or settings.company.template for report in decks}:
        if template is not None:
            check_template(settings.root / template)


def _notify(settings: Settings, summary: BatchSummary, runs: Sequence[Run]) -> Sequence[str]:
    """Send the notices of a batch in which something ran."""
    if not runs:
        return ()
    notice = write_notice(settings.company.name, summary, runs, batch_page(summary))
    return send_notices(settings, notice)


def _make_place(settings: Settings, hands: Hands) -> Place:
    sources = [source.path for source in settings.sources.values() if source.path]
    runs, moment = settings.runs, datetime.now(UTC)
    with open_warehouse(settings.warehouse_folder) as warehouse:
        return Place(
            root=settings.root,
            snapshot=settings.warehouse.path / warehouse.path.name,
            build_id=warehouse.about.build_id,
            currency=warehouse.currency,
            ledger=settings.ledger,
            output=settings.output,
            hidden=tuple({settings.warehouse.path, settings.ledger, settings.output,
                          settings.review, *sources}),
            batch=f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}-{os.getpid()}",
            limits=Limits(
                runs.cell_seconds,
                runs.notebook_seconds,
                _memory(runs, hands),
            ),
            template=settings.company.template,
        )  # fmt: skip


def _memory(runs: RunSettings, hands: Hands) -> int | None:
    """Tell how much memory a kernel may use; of workers elsewhere each knows how much it has."""
    if hands.cluster and not runs.memory_limit:
        return None
    return memory_share(runs.memory_limit, hands.workers or runs.workers)


def _in_words(wish: Wish) -> str:
    """Write what was asked for as the command line would."""
    words = ["run", *wish.reports]
    words += ["--due"] if wish.is_due else ["--as-of", wish.as_of]
    words += [f"--edition {kind}" for kind in wish.editions if kind != ALL]
    words += [f"{name}={value}" for name, value in wish.parameters.items()]
    return " ".join(words + (["--force"] if wish.is_forced else []))


def _count(begun: BatchSummary, outcome: Outcome, waiting: Sequence[Wait]) -> BatchSummary:
    return replace(
        begun,
        run_ids=tuple(run.run_id for run in outcome.runs.values()),
        kept_count=len(outcome.kept),
        elsewhere_count=len(outcome.elsewhere),
        waiting_count=len(waiting),
    )


def _check_writable(folder: Path) -> None:
    """Find out before the notebooks run, not after minutes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM_BYTES))
            file.flush()
    except OSError as error:
        raise RunError(
            f"{folder.name} cannot be written to",
            example=f"{folder}: {error.strerror}",
            hint="free the folder, make room, or mend its rights",
        ) from error
