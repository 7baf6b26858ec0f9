"""Tables on a slide: native, cut to what a slide has room for, and honest about it."""

from dataclasses import dataclass, replace
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
from clientlib.reports.decks.storyboard import TABLE_COLUMNS, TABLE_ROWS
from clientlib.reports.widths import weigh_columns

HEAD_LENGTH = 40
CHOICES = ((11, 180), (10, 180), (9, 180), (10, 120), (10, 80), (11, 46))  # points; longest text
HEAD_HEIGHT, EDGES = 0.5, 0.1  # inches
LETTER_WIDTH, LINE_HEIGHT, ROW_HEIGHT = 0.0076, 0.0168, 0.031  # inches for each point


@dataclass(frozen=True)
class Fit:
    """A table as far as a slide has room for it.

    Parameters
    ----------
    table : Table
        Its first rows and columns, long texts shortened.
    size : int, in points
        Of its letters.
    widths : tuple of float, in inches
        Of its columns.
    """

    table: Table
    size: int
    widths: tuple[float, ...]

    @property
    def texts(self) -> list[list[str]]:
        """The heads, then the cells of each row."""
        columns = [column for _, column in self.table.shown_columns]
        heads = [shorten(show_heading(column), HEAD_LENGTH) for column in columns]
        return [heads, *self.table.show_rows()]

    @property
    def room(self) -> list[int]:
        """How many letters a line of each column holds."""
        return [max(2, int((width - 0.12) / (LETTER_WIDTH * self.size))) for width in self.widths]

    def reckon(self, texts: list[list[str]]) -> list[float]:
        """Reckon how high the head and each row become, by the lines that their texts take.

        Parameters
        ----------
        texts : list of list of str
            As of ``texts``.

        Returns
        -------
        list of float, in inches
            As many as there are rows, and one.
        """
        lines = [
            max(len(wrap(text, letters)) for text, letters in zip(row, self.room, strict=True)) or 1
            for row in texts
        ]
        head, *rows = [count * LINE_HEIGHT * self.size + EDGES for count in lines]
        return [max(HEAD_HEIGHT, head), *(max(ROW_HEIGHT * self.size, row) for row in rows)]


def fit_table(table: Table, *, width: float, height: float) -> Fit:
    """Fit the first rows and columns of a table into a room: smaller letters, then shorter texts.

    Parameters
    ----------
    table : Table
        From the document.
    width, height : float, in inches
        Of the room.

    Returns
    -------
    Fit
        The first that has the room; else the last, its texts cut to a line each.
    """
    cut = table.keep_columns(TABLE_COLUMNS)
    cut = replace(cut, rows=cut.rows[:TABLE_ROWS])
    fits = (_cut_texts(cut, size, length, width) for size, length in CHOICES)
    for fit in fits:
        if sum(fit.reckon(fit.texts)) <= height:
            return fit
    return replace(fit, table=_keep_to_lines(fit.table, fit.room))


def draw_table(sheet: Sheet, box: Box, table: Table) -> float:
    """Draw a table's first rows and columns.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where; long words are cut so that the table keeps to it.
    table : Table
        From the document, with rows.

    Returns
    -------
    float, in inches
        The height that it takes.
    """
    fit = fit_table(table, width=box.width, height=box.height)
    columns = [column for _, column in fit.table.shown_columns]
    texts, widths = fit.texts, fit.widths
    heights = fit.reckon(texts)
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
            _fill(native.cell(r, k), text, column, fit.size - (r == 0), is_head=r == 0)
    return sum(heights)


def _cut_texts(table: Table, size: int, length: int, width: float) -> Fit:
    rows = tuple(
        tuple(shorten(v, length) if isinstance(v, str) else v for v in row) for row in table.rows
    )
    cut = replace(table, rows=rows)
    weights = weigh_columns(cut, cell_length=CHOICES[-1][1])
    return Fit(cut, size, tuple(width * weight / sum(weights) for weight in weights))


def _keep_to_lines(table: Table, room: list[int]) -> Table:
    """Cut words where rows of two lines would not fit; numbers are never cut."""
    letters = dict(zip((name for name, _ in table.shown_columns), room, strict=True))
    lengths = [letters.get(name) for name, _ in table.columns]
    rows = tuple(
        tuple(
            shorten(value, length) if isinstance(value, str) and length else value
            for value, length in zip(row, lengths, strict=True)
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def _fill(cell: Any, text: str, column: Column, size: int, *, is_head: bool) -> None:  # noqa: ANN401
    fill_with(cell.fill, BAND if is_head else SURFACE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if column.kind in NUMERIC_KINDS else PP_ALIGN.LEFT
    run = line.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), is_head
    run.font.color.rgb = colour(INK)
