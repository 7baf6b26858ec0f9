"""One page per batch: what ran, what failed where, how long it took and how much memory."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from clientlib.language import show_number, translate
from clientlib.reports.assets import place_assets, write_whole
from clientlib.reports.record import STATES, BatchSummary, Run
from clientlib.reports.states import name_state
from clientlib.reports.templating import draw, show_megabytes
from clientlib.reports.tiles import Tile

BATCHES_FOLDER = "batches"
ORDER = ("failed", "skipped", "done")


def batch_page(batch: BatchSummary) -> str:
    """Name the page of a batch.

    Parameters
    ----------
    batch : BatchSummary
        The batch.

    Returns
    -------
    str
        Its path, relative to the folder of reports.
    """
    return f"{BATCHES_FOLDER}/{batch.batch_id}.html"


def write_batch_page(batch: BatchSummary, runs: Sequence[Run], folder: Path) -> Path:
    """Write the page of a batch.

    Parameters
    ----------
    batch : BatchSummary
        What was asked for, and when.
    runs : sequence of Run
        The last run of each of its tasks.
    folder : Path
        The folder of reports.

    Returns
    -------
    Path
        The page. The same batch and runs give the same bytes.
    """
    path = Path(folder) / batch_page(batch)
    seconds = (batch.ended_at - batch.started_at).total_seconds() if batch.ended_at else None
    html = draw(
        "batch",
        batch=batch,
        seconds=seconds,
        runs=sorted(runs, key=lambda run: (ORDER.index(run.state), run.report, run.edition)),
        tiles=_make_tiles(batch, runs),
        reports=sorted({(run.title, run.report) for run in runs}),
        choices=STATES,
        links=place_assets(Path(folder)).link_from(path),
    )
    return write_whole(path, html.encode())


def _make_tiles(batch: BatchSummary, runs: Sequence[Run]) -> list[Tile]:
    states = Counter(run.state for run in runs)
    counts = {
        **{name_state(state): states[state] for state in STATES},
        translate("Done before"): batch.kept_count,
        translate("Left to another process"): batch.elsewhere_count,
        translate("Waiting for another try"): batch.waiting_count,
    }
    memory = max((run.peak_memory_bytes or 0 for run in runs), default=0)
    tiles = [Tile(label, show_number(count)) for label, count in counts.items() if count]
    if memory:
        tiles.append(Tile(translate("Most memory of one"), show_megabytes(memory)))
    return tiles
