"""A planned deck drawn into a template: titles, native charts and tables, notes, provenance."""

from io import BytesIO
from pathlib import Path
from typing import Any

from pptx.slide import Slide as Sheet
from pptx.util import Inches, Pt

from clientlib.figures import Table
from clientlib.figures.native import Box, draw_native, is_native
from clientlib.figures.pictures.raster import draw_raster
from clientlib.figures.wording import clean, shorten
from clientlib.language import show_day
from clientlib.reports.assets import write_whole
from clientlib.reports.decks.masters import Master, open_master
from clientlib.reports.decks.storyboard import Slide, plan_slides
from clientlib.reports.decks.tables import draw_table
from clientlib.reports.decks.texts import (
    LETTER_SHARE,
    write_bullets,
    write_foot,
    write_lines,
    write_tiles,
)
from clientlib.reports.documents import Chart, Document
from clientlib.reports.documents.provenance import list_provenance

TITLE_LENGTH = 200  # characters in two lines of the least size
TITLE_SIZE, LEAST_TITLE_SIZE = 24, 16
UNIT_HEIGHT, SAID_SHARE, GAP = 0.34, 0.68, 0.3
SENTENCE_HEIGHT = 0.45  # inches under a table


def write_deck(document: Document, path: Path, *, template: Path | None = None) -> Path:
    """Write a run's deck.

    Parameters
    ----------
    document : Document
        Of a run that was done.
    path : Path
        Where to; usually ``reports/<as-of>/<report>/<edition>.pptx``.
    template : Path, optional
        The company's own; without, the house's.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InputError
        The template cannot be used.
    """
    master = open_master(template)
    _write_properties(master, document)
    for number, slide in enumerate(plan_slides(document), start=1):
        _draw_slide(master, document, slide, number)
    content = BytesIO()
    master.deck.save(content)
    return write_whole(path, content.getvalue())


def _write_properties(master: Master, document: Document) -> None:
    run, about = document.run, master.deck.core_properties
    about.title, about.subject = clean(run.title), clean(run.question)
    about.author, about.last_modified_by = "clientlib", ""
    about.keywords = f"{run.report}; {run.as_of}; {run.run_id}; {run.snapshot or ''}"
    about.created = about.modified = run.started_at.replace(tzinfo=None)


def _draw_slide(master: Master, document: Document, slide: Slide, number: int) -> None:
    sheet = master.deck.slides.add_slide(master.cover if slide.kind == "cover" else master.plain)
    _write_title(sheet, slide.title)
    if slide.kind == "cover":
        _fill_cover(master, sheet, document, slide)
    elif slide.kind == "summary":
        _fill_summary(master, sheet, slide)
    elif slide.kind == "words":
        write_bullets(sheet, master.room, slide.said, size=16)
    else:
        _fill_exhibit(master, sheet, slide)
    write_foot(sheet, master.foot, list_provenance(document.run, slide.coverage), number)
    if slide.notes:
        sheet.notes_slide.notes_text_frame.text = "\n".join((slide.title, *slide.notes))


def _write_title(sheet: Sheet, title: str) -> None:
    """Write a title, smaller where it would not fit into two lines."""
    held: Any = sheet.shapes.title
    held.text_frame.text = shorten(title, TITLE_LENGTH)
    letters = (held.width / Inches(1)) * 72 / LETTER_SHARE * 2  # of one point, in two lines
    if len(title) * TITLE_SIZE > letters:
        size = max(LEAST_TITLE_SIZE, int(letters / min(len(title), TITLE_LENGTH)))
        held.text_frame.paragraphs[0].runs[0].font.size = Pt(size)


def _fill_cover(master: Master, sheet: Sheet, document: Document, slide: Slide) -> None:
    run = document.run
    lines = [*slide.said, f"{show_day(run.as_of)} · {clean(run.reader)}"]
    title: Any = sheet.shapes.title
    others = [s for s in sheet.placeholders if s.placeholder_format.idx != 0]
    if others:
        others[0].text_frame.text = "\n".join(lines)
        for spare in others[1:]:
            spare._element.getparent().remove(spare._element)
    else:
        top = (title.top + title.height) / Inches(1) + 0.2
        write_lines(sheet, Box(master.room.left, top, master.room.width, 1.2), lines, size=18)


def _fill_summary(master: Master, sheet: Sheet, slide: Slide) -> None:
    room = master.room
    if not slide.tiles:
        write_bullets(sheet, room, slide.said, size=16)
        return
    above, below = room.split_down(0.26)
    write_tiles(sheet, above, slide.tiles)
    write_bullets(sheet, below, slide.said, size=16)


def _fill_exhibit(master: Master, sheet: Sheet, slide: Slide) -> None:
    unit, room = master.room.split_down(UNIT_HEIGHT / master.room.height)
    exhibit = slide.exhibit
    if isinstance(exhibit, Chart) and exhibit.description:
        write_lines(sheet, unit, [exhibit.description.subtitle], size=12)
    elif slide.section and slide.section != slide.title:
        write_lines(sheet, unit, [slide.section], size=12)
    if slide.said and isinstance(exhibit, Chart):
        room, beside = room.split_across(SAID_SHARE, gap=GAP)
        write_bullets(sheet, beside, slide.said, size=14)
    if isinstance(exhibit, Chart):
        _place_chart(sheet, exhibit, room)
    elif isinstance(exhibit, Table):
        kept = SENTENCE_HEIGHT * len(slide.said)
        free, _ = room.split_down(1 - min(0.4, kept / room.height))
        taken = draw_table(sheet, free, exhibit) + GAP / 2
        _, below = room.split_down(min(0.9, taken / room.height))
        if slide.said:
            write_bullets(sheet, below, slide.said, size=14)


def _place_chart(sheet: Sheet, chart: Chart, room: Box) -> None:
    if is_native(chart.figure):
        draw_native(sheet, chart.figure, room)
        return
    picture = draw_raster(chart.figure, width=round(room.width * 80))
    left, top, width, height = room.lengths
    placed: Any = sheet.shapes.add_picture(BytesIO(picture), left, top, width=width)
    if placed.height > height:
        placed.width, placed.height = round(placed.width * height / placed.height), height
    if chart.description:
        placed._element.nvPicPr.cNvPr.set("descr", chart.description.summary)
