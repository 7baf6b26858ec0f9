"""The index page: all runs, newest as-of date first, to be searched and filtered.

The newest runs stand in the page as they are shown. Older ones are packed, and unpacked by the
page's script when they are searched or opened: thousands of rows would take a browser seconds.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from pathlib import Path

from markupsafe import Markup

from clientlib.reports.assets import place_assets, write_whole
from clientlib.reports.batches import batch_page
from clientlib.reports.folding import fold
from clientlib.reports.news import News, tell_news
from clientlib.reports.record import STATES, BatchSummary, Run
from clientlib.reports.states import count_states, name_state
from clientlib.reports.templating import draw
from clientlib.reports.tiles import Tile, make_tiles

SHOWN_FIGURES = 4
SHOWN_RUNS = 300  # as many as the page's script shows at once

Packed = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class _Entry:
    run: Run
    tiles: tuple[Tile, ...]
    news: News | None
    is_latest: bool


@dataclass(frozen=True)
class _Period:
    as_of: date
    count: int
    states: str
    shown: tuple[Markup, ...]
    packed_count: int
    packed: Markup


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
        states=count_states(listed),
        reports=sorted({(run.title, run.report) for run in listed}),
        editions=sorted({(run.reader, run.edition) for run in listed}),
        choices=[(state, name_state(state)) for state in STATES],
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
    periods, room, last = [], SHOWN_RUNS, _find_last(runs)
    for as_of, group in groupby(runs, key=lambda run: run.as_of):
        within = list(group)
        rows = ((entry.run, draw("blocks/run", entry=entry))
                for entry in _make_entries(within, last))  # fmt: skip
        shown = tuple(row for _, row in islice(rows, room))
        packed = [_pack(run, row) for run, row in rows]
        periods.append(
            _Period(as_of, len(within), count_states(within), shown, len(packed), _embed(packed))
        )
        room -= len(shown)
    return periods


def _find_last(runs: list[Run]) -> frozenset[str]:
    """Find the last run of each report and edition, whatever its day."""
    by_start = sorted(runs, key=lambda run: (run.started_at, run.run_id))
    return frozenset({_told(run): run.run_id for run in by_start}.values())


def _told(run: Run) -> tuple[str, str, str]:
    """Tell what a run tells whom: a later run of the same replaces its page."""
    return run.report, run.edition, run.language


def _pack(run: Run, row: Markup) -> Packed:
    squeezed = row.replace("\n", "")
    return squeezed, fold(row.striptags()), run.report, run.edition, run.state


def _embed(packed: list[Packed]) -> Markup:
    """Write rows as JSON inside a script element, which nothing in them may end or comment out."""
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("</", "<\\/").replace("<!", "\\u003c!"))  # noqa: S704


def _make_entries(runs: list[Run], last: frozenset[str]) -> Iterator[_Entry]:
    seen: set[tuple[str, str, str]] = set()
    for run in runs:
        is_latest = _told(run) not in seen
        seen.add(_told(run))
        tiles = make_tiles(run.key_figures, run.currency)[:SHOWN_FIGURES] if is_latest else ()
        news = tell_news(run) if run.run_id in last else None
        yield _Entry(run, tuple(tiles), news, is_latest)
