"""Matrices as native tables, their cells tinted as on the page."""

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from clientlib.figures.native.plotting import Plot, colour, fill_with
from clientlib.figures.theme import DIVERGING, INK, SEQUENTIAL, SURFACE
from clientlib.figures.wording import shorten

ROW_HEIGHT = 0.34  # inches
NAME_WIDTH, MOST_WIDTH = 2.6, 1.25
TEXT_SIZE = 12


def draw_cells(plot: Plot) -> None:
    """Draw a matrix as a table.

    Parameters
    ----------
    plot : Plot
        Of kind ``matrix``.
    """
    heads = [name for name, _ in plot.description.table.columns if name != "row name"]
    names = plot.texts("row name")
    rows = list(zip(*(plot.numbers(head) for head in heads), strict=True))
    width = min(MOST_WIDTH, (plot.box.width - NAME_WIDTH) / max(1, len(heads)))
    box = (
        Inches(plot.box.left), Inches(plot.box.top),
        Inches(NAME_WIDTH + width * len(heads)), Inches(ROW_HEIGHT * (len(rows) + 1)),
    )  # fmt: skip
    frame = plot.slide.shapes.add_table(len(rows) + 1, len(heads) + 1, *box)
    frame.name = plot.description.title[:80]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plot.description.summary)
    table = frame.table
    table.horz_banding = False
    table.columns[0].width = Inches(NAME_WIDTH)
    for k, head in enumerate(["", *heads]):
        if k:
            table.columns[k].width = Inches(width)
        _write(table.cell(0, k), shorten(head, 16), SURFACE, is_number=k > 0)
    steps, (low, high) = _choose_steps([v for row in rows for v in row if v is not None])
    for r, (name, row) in enumerate(zip(names, rows, strict=True), start=1):
        _write(table.cell(r, 0), shorten(name, 30), SURFACE, is_number=False)
        for k, value in enumerate(row, start=1):
            tint = SURFACE if value is None else _tint(value, steps, low, high)
            _write(table.cell(r, k), plot.scale.show(value), tint, is_number=True)


def _write(cell: object, text: str, tint: str, *, is_number: bool) -> None:
    fill_with(cell.fill, tint)  # type: ignore[attr-defined]
    frame = cell.text_frame  # type: ignore[attr-defined]
    frame.text = text
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE  # type: ignore[attr-defined]
    cell.margin_top = cell.margin_bottom = Inches(0.03)  # type: ignore[attr-defined]
    line = frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    line.font.size, line.font.color.rgb, line.font.bold = Pt(TEXT_SIZE), colour(INK), False


def _choose_steps(known: list[float]) -> tuple[tuple[str, ...], tuple[float, float]]:
    low, high = min(known, default=0.0), max(known, default=0.0)
    if low < 0 < high:
        reach = max(-low, high)
        return DIVERGING, (-reach, reach)
    if high <= 0:
        return SEQUENTIAL[::-1], (low, min(high, 0.0))
    return SEQUENTIAL, (min(low, 0.0), high)


def _tint(value: float, steps: tuple[str, ...], low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    return steps[round(share * (len(steps) - 1))]
