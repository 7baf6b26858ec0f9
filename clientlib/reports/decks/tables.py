"""Tables on a slide: native, cut to what a slide has room for, and honest about it."""

from dataclasses import replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide as Sheet
from pptx.util import Inches, Pt

from clientlib.figures import Table
from clientlib.figures.cells import NUMERIC_KINDS, show_heading
from clientlib.figures.columns import Column
from clientlib.figures.native import Box
from clientlib.figures.native.plotting import colour, fill_with
from clientlib.figures.theme import BAND, INK, SURFACE
from clientlib.figures.wording import shorten
from clientlib.reports.decks.storyboard import TABLE_ROWS
from clientlib.reports.decks.texts import write_lines
from clientlib.reports.widths import weigh_columns

MOST_COLUMNS = 9
CELL_LENGTH, HEAD_LENGTH = 46, 40
ROW_HEIGHT, HEAD_HEIGHT = 0.34, 0.5  # inches
TEXT_SIZE, HEAD_SIZE = 11, 10
LETTER_WIDTH, LINE_HEIGHT, EDGES = 0.083, 0.185, 0.1  # inches, at that size


def cut_table(table: Table) -> Table:
    """Cut a table to the rows and columns that a slide has room for.

    Parameters
    ----------
    table : Table
        From the document.

    Returns
    -------
    Table
        Its first rows and columns, long texts shortened.
    """
    cut = table.keep_columns(MOST_COLUMNS)
    rows = tuple(
        tuple(shorten(v, CELL_LENGTH) if isinstance(v, str) else v for v in row)
        for row in cut.rows[:TABLE_ROWS]
    )
    return replace(cut, rows=rows)


def draw_table(sheet: Sheet, box: Box, table: Table) -> float:
    """Draw a table's first rows and columns.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where; long words are cut so that the table keeps to it.
    table : Table
        From the document.

    Returns
    -------
    float, in inches
        The height that it takes.
    """
    cut = cut_table(table)
    if not cut.rows:
        write_lines(sheet, box, [table.note], size=14, ink=INK)
        return HEAD_HEIGHT
    weights = weigh_columns(cut, cell_length=CELL_LENGTH)
    widths = [box.width * weight / sum(weights) for weight in weights]
    columns = [column for _, column in cut.shown_columns]
    heads = [shorten(show_heading(column), HEAD_LENGTH) for column in columns]
    texts = [heads, *cut.show_rows()]
    if sum(_reckon_heights(texts, widths)) > box.height:
        texts = [heads, *(_keep_to_a_line(row, columns, widths) for row in texts[1:])]
    heights = _reckon_heights(texts, widths)
    left, top, width, _ = box.lengths
    frame: Any = sheet.shapes.add_table(
        len(texts), len(columns), left, top, width, Inches(sum(heights))
    )
    frame.name = table.caption[:80]
    native = frame.table
    native.horz_banding = False
    for held, across in zip(native.columns, widths, strict=True):
        held.width = Inches(across)
    for held, down in zip(native.rows, heights, strict=True):
        held.height = Inches(down)
    for r, row in enumerate(texts):
        for k, (text, column) in enumerate(zip(row, columns, strict=True)):
            _write(native.cell(r, k), text, column, is_head=r == 0)
    return sum(heights)


def _reckon_heights(texts: list[list[str]], widths: list[float]) -> list[float]:
    """Reckon how high the head and each row become, by the lines that their texts take."""
    room = _count_letters(widths)
    lines = [
        max(-(-len(text) // letters) for text, letters in zip(row, room, strict=True)) or 1
        for row in texts
    ]
    head, *rows = [count * LINE_HEIGHT + EDGES for count in lines]
    return [max(HEAD_HEIGHT, head), *(max(ROW_HEIGHT, row) for row in rows)]


def _keep_to_a_line(row: list[str], columns: list[Column], widths: list[float]) -> list[str]:
    """Cut words where rows of two lines would not fit; numbers are never cut."""
    room = _count_letters(widths)
    return [
        text if column.kind in NUMERIC_KINDS else shorten(text, letters)
        for text, column, letters in zip(row, columns, room, strict=True)
    ]


def _count_letters(widths: list[float]) -> list[int]:
    return [max(2, int((width - 0.12) / LETTER_WIDTH)) for width in widths]


def _write(cell: Any, text: str, column: Column, *, is_head: bool) -> None:  # noqa: ANN401
    fill_with(cell.fill, BAND if is_head else SURFACE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if column.kind in NUMERIC_KINDS else PP_ALIGN.LEFT
    run = line.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(HEAD_SIZE if is_head else TEXT_SIZE), is_head
    run.font.color.rgb = colour(INK)
