"""A run beside the one before it: what changed in facts, model, clients and figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clientlib.reports import Run
from clientlib.reports.changes import Changes, FigureChange, ModelChange, Population, Since
from clientlib.runs.ledger import Ledger
from clientlib.runs.predecessors import Before
from clientlib.runs.recording import ISSUED_FOLDER
from clientlib.warehouse.counted import Issued, count_clients, read_issued

OWN_PARAMETERS = ("as_of", "warehouse_path")  # every run has its own
CLIENTS_FIGURE = "clients_count"


def compare(run: Run, before: Before | None, ledger: Ledger, draft: Path) -> Changes:
    """Compare a run with the one before it.

    Parameters
    ----------
    run : Run
        Done, with its figures.
    before : Before or None
        What it is compared with; None for the first of its report and edition.
    ledger : Ledger
        Where the earlier run is.
    draft : Path
        The folder of this run.

    Returns
    -------
    Changes
        What changed.
    """
    if before is None:
        return Changes()
    earlier = before.run
    issued_then = _read_issued(ledger.folder / earlier.run_id)
    issued_now = _read_issued(draft)
    return Changes(
        since=Since(earlier.run_id, earlier.as_of, earlier.started_at, earlier.snapshot),
        facts=before.facts,
        why_uncounted=before.why_uncounted,
        model=_compare_models(earlier, run, issued_then.seeds, issued_now.seeds),
        population=_count_population(issued_then, issued_now, earlier.key_figures, run.key_figures),
        figures=tuple(
            FigureChange(name, earlier.key_figures[name], value)
            for name, value in run.key_figures.items()
            if name in earlier.key_figures
        ),
    )


def _read_issued(folder: Path) -> Issued:
    return read_issued(sorted((folder / ISSUED_FOLDER).glob("*.parquet")))


def _compare_models(
    then: Run, now: Run, seeds_then: tuple[int, ...], seeds_now: tuple[int, ...]
) -> tuple[ModelChange, ...]:
    changes = []
    if then.code_version != now.code_version:
        changes.append(ModelChange("code_version", then.code_version, now.code_version))
    if seeds_then != seeds_now:
        changes.append(ModelChange("seed", _show(seeds_then), _show(seeds_now)))
    names = dict.fromkeys([*then.parameters, *now.parameters])
    for name in (name for name in names if name not in OWN_PARAMETERS):
        before, after = then.parameters.get(name), now.parameters.get(name)
        if before != after:
            changes.append(ModelChange(name, _show(before), _show(after), is_parameter=True))
    return tuple(changes)


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _count_population(
    issued_then: Issued, issued_now: Issued, then: Mapping[str, Any], now: Mapping[str, Any]
) -> Population | None:
    counted = count_clients(issued_then, issued_now)
    if counted is not None:
        return Population(
            counted.then_count, counted.now_count, counted.came_count, counted.gone_count
        )
    counts = [figures.get(CLIENTS_FIGURE) for figures in (then, now)]
    known = [count for count in counts if isinstance(count, int)]
    return Population(known[0], known[1]) if len(known) == len(counts) else None
