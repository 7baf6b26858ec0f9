"""The index page: all runs, newest as-of date first, to be searched and filtered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from clientlib.reports.assets import place_assets, write_whole
from clientlib.reports.batches import batch_page
from clientlib.reports.record import STATES, BatchSummary, Run
from clientlib.reports.templating import draw
from clientlib.reports.tiles import Tile, make_tiles

SHOWN_FIGURES = 4


@dataclass(frozen=True)
class _Entry:
    run: Run
    tiles: tuple[Tile, ...]
    is_latest: bool


@dataclass(frozen=True)
class _Period:
    as_of: date
    entries: tuple[_Entry, ...]
    states: str


def write_index(runs: Iterable[Run], path: Path, batch: BatchSummary | None = None) -> Path:
    """Write the page that lists all runs, grouped by as-of date.

    Parameters
    ----------
    runs : iterable of Run
        In any order. Where a report was run more than once for one edition and date, only the
        last run is linked, since it has replaced the page.
    path : Path
        ``reports/index.html``; the shared files are placed beside it.
    batch : BatchSummary, optional
        The last batch, whose page is linked.

    Returns
    -------
    Path
        The same path. The same runs give the same bytes.
    """
    path = Path(path)
    listed = _order(runs)
    html = draw(
        "index",
        periods=_group(listed),
        runs_count=len(listed),
        states=_count_states(listed),
        reports=sorted({(run.title, run.report) for run in listed}),
        choices=STATES,
        batch=batch,
        batch_page=batch_page(batch) if batch else None,
        links=place_assets(path.parent).link_from(path),
    )
    return write_whole(path, html.encode())


def _order(runs: Iterable[Run]) -> list[Run]:
    by_start = sorted(runs, key=lambda run: (run.started_at, run.run_id), reverse=True)
    by_name = sorted(by_start, key=lambda run: (run.title, run.report, run.edition))
    return sorted(by_name, key=lambda run: run.as_of, reverse=True)


def _group(runs: list[Run]) -> list[_Period]:
    periods = []
    for as_of, group in groupby(runs, key=lambda run: run.as_of):
        within = list(group)
        periods.append(_Period(as_of, tuple(_make_entries(within)), _count_states(within)))
    return periods


def _make_entries(runs: list[Run]) -> Iterable[_Entry]:
    seen: set[tuple[str, str, str]] = set()
    for run in runs:
        key = (run.report, run.edition, run.language)
        yield _Entry(
            run, tuple(make_tiles(run.key_figures, run.currency)[:SHOWN_FIGURES]), key not in seen
        )
        seen.add(key)


def _count_states(runs: list[Run]) -> str:
    counts = Counter(run.state for run in runs)
    return ", ".join(f"{counts[state]:,} {state}" for state in STATES if counts[state])
