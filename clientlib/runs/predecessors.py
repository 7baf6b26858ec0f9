"""The run before each run: the last one of the same report and edition that was done."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from clientlib.errors import ClientlibError
from clientlib.reports import Run
from clientlib.reports.changes import FactCount
from clientlib.runs.keys import KEY_LENGTH, file_stem
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.plan import Task
from clientlib.warehouse import canonical_tables_behind
from clientlib.warehouse.since import count_rows_since, last_load

GONE, UNREAD = "gone", "unread"


@dataclass(frozen=True)
class Before:
    """What a run is compared with.

    Attributes
    ----------
    run : Run
        The last one of the same report and edition that was done.
    facts : tuple of FactCount or None
        How the rows behind the report have changed since; None where they are not counted.
    why_uncounted : str
        ``gone`` or ``unread``; empty where they are counted.
    """

    run: Run
    facts: tuple[FactCount, ...] | None
    why_uncounted: str = ""


class Predecessors:
    """Finds what the runs of a batch are compared with.

    Rows are counted once for all runs that compare the same tables of the same files and days.

    Parameters
    ----------
    ledger : Ledger
        The runs there have been.
    snapshot : Path
        File of the snapshot that the batch reads.
    """

    def __init__(self, ledger: Ledger, snapshot: Path) -> None:
        self._ledger = ledger
        self._snapshot = snapshot
        self._ids: dict[str, list[str]] | None = None
        self._count = cache(self._count_rows)
        self._last_load = cache(last_load)

    def find(self, task: Task, file: Path | None = None) -> Before | None:
        """Find what a task's run is compared with.

        Parameters
        ----------
        task : Task
            What is about to run.
        file : Path, optional
            What its reader may see of the snapshot: no other rows are counted. Without, those of
            the whole company are.

        Returns
        -------
        Before or None
            None for the first run of its report and edition.
        """
        run = self._find_run(task)
        if run is None:
            return None
        behind = frozenset(table for mart in task.settings.needs for table in _tables_behind(mart))
        counted = self._count(file or self._snapshot, behind, run.snapshot, run.as_of, task.as_of)
        return Before(run, None, counted) if isinstance(counted, str) else Before(run, counted)

    def note(self, run: Run) -> None:
        """Take note of a run that has ended: later ones of the batch are compared with it.

        Parameters
        ----------
        run : Run
            It is in the ledger.
        """
        if self._ids is not None:
            self._ids[_middle(run.run_id)].append(run.run_id)

    def _find_run(self, task: Task) -> Run | None:
        if self._ids is None:
            self._ids = _list_ids(self._ledger.folder)
        told = (task.report, task.edition, task.language)
        for run_id in reversed(self._ids[f"{file_stem(task.report)}-{file_stem(task.edition)}"]):
            run = self._ledger.read(run_id)
            if run.state == "done" and (run.report, run.edition, run.language) == told:
                return run
        return None

    def _count_rows(
        self, file: Path, tables: frozenset[str], build_id: str | None, then: date, now: date
    ) -> tuple[FactCount, ...] | str:
        earlier = self._snapshot.with_name(f"{build_id}{self._snapshot.suffix}")
        if not earlier.is_file():
            return GONE
        try:
            load_id = self._last_load(earlier)
            counts = count_rows_since(file, tables, load_id=load_id, then=then, now=now)
        except (ClientlibError, OSError):
            return UNREAD
        return tuple(
            FactCount(table, rows.new_count, rows.corrected_count, rows.later_count)
            for table, rows in counts.items()
        )


def _list_ids(ledger: Path) -> dict[str, list[str]]:
    """List the runs by report and edition, without reading them, oldest first."""
    ids: dict[str, list[str]] = defaultdict(list)
    names = (path.name for path in ledger.iterdir()) if ledger.is_dir() else ()
    for name in sorted(name for name in names if not name.startswith(".")):
        ids[_middle(name)].append(name)
    return ids


def _middle(run_id: str) -> str:
    """Cut the time and the key off a run's id."""
    return run_id.partition("-")[2][: -(KEY_LENGTH + 1)]


@cache
def _tables_behind(mart: str) -> frozenset[str]:
    try:
        return frozenset(canonical_tables_behind(mart))
    except KeyError:  # a report that another report needs
        return frozenset()
