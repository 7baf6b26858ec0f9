"""Tables on a slide: native, cut to what a slide has room for, and honest about it."""

from dataclasses import replace
from textwrap import wrap
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
CELL_LENGTHS, HEAD_LENGTH = (180, 120, 80, 46), 40  # the longest that a slide has room for
ROW_HEIGHT, HEAD_HEIGHT = 0.34, 0.5  # inches
TEXT_SIZE, HEAD_SIZE = 11, 10
LETTER_WIDTH, LINE_HEIGHT, EDGES = 0.083, 0.185, 0.1  # inches, at that size


def cut_table(table: Table, *, width: float, height: float) -> Table:
    """Cut a table to the rows, columns and texts that a slide has room for.

    Parameters
    ----------
    table : Table
        From the document.
    width, height : float, in inches
        Of the room.

    Returns
    -------
    Table
        Its first rows and columns; texts shortened where they would not fit broken into lines.
    """
    cut = table.keep_columns(MOST_COLUMNS)
    cut = replace(cut, rows=cut.rows[:TABLE_ROWS])
    for length in CELL_LENGTHS:
        shortened = _shorten_cells(cut, length)
        if sum(_reckon_heights(_list_texts(shortened), _share_out(shortened, width))) <= height:
            break
    return shortened


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
    cut = cut_table(table, width=box.width, height=box.height)
    if not cut.rows:
        write_lines(sheet, box, [table.note], size=14, ink=INK)
        return HEAD_HEIGHT
    columns = [column for _, column in cut.shown_columns]
    texts, widths = _list_texts(cut), _share_out(cut, box.width)
    if sum(_reckon_heights(texts, widths)) > box.height:
        texts = [texts[0], *(_keep_to_a_line(row, columns, widths) for row in texts[1:])]
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


def _shorten_cells(table: Table, length: int) -> Table:
    rows = tuple(
        tuple(shorten(v, length) if isinstance(v, str) else v for v in row) for row in table.rows
    )
    return replace(table, rows=rows)


def _list_texts(table: Table) -> list[list[str]]:
    """List the heads, then the cells of each row."""
    heads = [shorten(show_heading(column), HEAD_LENGTH) for _, column in table.shown_columns]
    return [heads, *table.show_rows()]


def _share_out(table: Table, width: float) -> list[float]:
    weights = weigh_columns(table, cell_length=CELL_LENGTHS[-1])
    return [width * weight / sum(weights) for weight in weights]


def _reckon_heights(texts: list[list[str]], widths: list[float]) -> list[float]:
    """Reckon how high the head and each row become, by the lines that their texts take."""
    room = _count_letters(widths)
    lines = [
        max(len(wrap(text, letters)) for text, letters in zip(row, room, strict=True)) or 1
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
