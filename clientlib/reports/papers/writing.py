"""PDFs of a document: the report on A4, the deck on pages of 16:9."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import typst

from clientlib.figures import Table
from clientlib.figures.pictures.typefaces import FACE, find_fonts
from clientlib.figures.theme import BAND, GRID, INK, MAIN, MUTED
from clientlib.figures.wording import clean
from clientlib.language import show_day, spoken
from clientlib.reports.assets import write_whole
from clientlib.reports.decks import Slide, plan_slides
from clientlib.reports.decks.storyboard import say_rows
from clientlib.reports.decks.tables import fit_table
from clientlib.reports.documents import Chart, Document
from clientlib.reports.documents.provenance import list_provenance
from clientlib.reports.papers.content import list_content, write_chart, write_table
from clientlib.reports.tiles import Tile, make_tiles

ACCESSIBLE = "ua-1"  # PDF/UA-1, ISO 14289-1
SLIDE_PICTURE, BESIDE_PICTURE = 980, 660  # pixels of a chart that fills a slide, or shares it
TABLE_WIDTH, TABLE_HEIGHT, SAID_HEIGHT = 12.3, 5.0, 0.45  # inches on a slide; a sentence below
_COLOURS = {"ink": INK, "muted": MUTED, "main": MAIN, "band": BAND, "grid": GRID}
_FOLDER = Path(__file__).parent


def write_paper(document: Document, path: Path) -> Path:
    """Write a report as PDF: texts and exhibits in order, as on its page.

    Parameters
    ----------
    document : Document
        Of a run that was done.
    path : Path
        Where to; usually ``reports/<as-of>/<report>/<edition>.pdf``.

    Returns
    -------
    Path
        The same path. The same document gives the same bytes.
    """
    run = document.run
    said = (run.title, run.question)
    parts = [content for item in document.items for content in list_content(item.part, said)]
    told = {
        "question": clean(run.question),
        "over": f"{show_day(run.as_of)} · {clean(run.reader)}",
        "headline": clean(run.headline) if run.headline else "",
        "tiles": _list_tiles(make_tiles(run.key_figures, run.currency)),
        "parts": parts,
        "foot": " · ".join([clean(run.title), *list_provenance(run)]),
    }
    return _typeset("report", document, told, path)


def write_deck_paper(document: Document, path: Path) -> Path:
    """Write a deck as PDF: the slides that ``write_deck`` writes, with pictures of their charts.

    Parameters
    ----------
    document : Document
        Of a run that was done.
    path : Path
        Where to; usually ``reports/<as-of>/<report>/<edition>.deck.pdf``.

    Returns
    -------
    Path
        The same path. The same document gives the same bytes.
    """
    slides = [_write_slide(document, slide) for slide in plan_slides(document)]
    return _typeset("deck", document, {"slides": slides}, path)


def _typeset(template: str, document: Document, told: dict[str, Any], path: Path) -> Path:
    run = document.run
    about = {
        "title": clean(run.title),
        "keywords": [run.report, str(run.as_of), run.run_id, run.snapshot or "–"],
        "lang": spoken(),
        "face": FACE,
        "colours": _COLOURS,
    }
    compile_any: Any = typst.compile  # its overloads tell bytes from files by the arguments
    compile_pdf = partial(
        compile_any,
        b"\n".join((_FOLDER / f"{name}.typ").read_bytes() for name in ("shared", template)),
        format="pdf",
        font_paths=find_fonts(),
        sys_inputs={"told": json.dumps(about | told)},
        timestamp=run.started_at.replace(microsecond=0),
    )
    try:
        made: bytes = compile_pdf(pdf_standards=ACCESSIBLE)
    except typst.TypstError:  # a name has letters that no font here can show: an empty box it is
        made = compile_pdf()
    return write_whole(path, made)


def _write_slide(document: Document, slide: Slide) -> dict[str, Any]:
    exhibit: dict[str, Any] | None = None
    subtitle = slide.section if slide.section != slide.title else ""
    if isinstance(slide.exhibit, Chart):
        exhibit = write_chart(slide.exhibit, width=BESIDE_PICTURE if slide.said else SLIDE_PICTURE)
        subtitle = exhibit["subtitle"]
        slide = _uncut(slide, slide.exhibit)
    elif isinstance(slide.exhibit, Table):
        free = TABLE_HEIGHT - SAID_HEIGHT * len(slide.said)
        fit = fit_table(slide.exhibit, width=TABLE_WIDTH, height=free)
        exhibit = {**write_table(fit.table), "size": fit.size}
    said = list(slide.said)
    if slide.kind == "cover":
        said.append(f"{show_day(document.run.as_of)} · {clean(document.run.reader)}")
    return {
        "kind": slide.kind,
        "title": slide.title,
        "subtitle": subtitle,
        "said": said,
        "tiles": _list_tiles(slide.tiles),
        "exhibit": exhibit,
        "foot": " · ".join(list_provenance(document.run, slide.coverage)),
    }


def _uncut(slide: Slide, chart: Chart) -> Slide:
    """Say how many rows a picture shows: all of its chart, of which a native one has the first."""
    if chart.description is None:
        return slide
    table = chart.description.table
    return replace(slide, coverage=say_rows(len(table.rows), table.rows_total))


def _list_tiles(tiles: Iterable[Tile]) -> list[dict[str, str]]:
    return [asdict(tile) for tile in tiles]
