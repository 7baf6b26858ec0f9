"""Tables as JupyterLab and a terminal display them; reports have renderers of their own."""

from collections.abc import Sequence
from html import escape

from clientlib.figures.cells import NUMERIC_KINDS, Cell, show_heading
from clientlib.figures.columns import Column
from clientlib.language import tell

PLAIN_ROWS = 10
# JupyterLab tells its theme's colours by variables; the second ones are for other programs. A
# notebook that is not trusted loses this style, and keeps its numbers and their alignment.
_STYLE = """
table.clientlib-table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  color: var(--jp-content-font-color1, inherit); }
table.clientlib-table caption { caption-side: top; text-align: left; font-weight: 600;
  padding: 0 0 .4em; color: var(--jp-content-font-color1, inherit); }
table.clientlib-table th { vertical-align: bottom; max-width: 14em;
  border-bottom: 1px solid var(--jp-border-color1, #888888); }
table.clientlib-table td { vertical-align: top; max-width: 28em; }
table.clientlib-table td.bar { background: linear-gradient(var(--jp-brand-color2, #64a0d0) 0 0)
  right 0 top 1.85em / calc(var(--share) * 1%) 3px no-repeat; }
table.clientlib-table td.n { white-space: nowrap; }
p.clientlib-note { color: var(--jp-content-font-color2, inherit); }
"""


def write_html(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    bars: Sequence[bool],
    note: str,
) -> str:
    """Write a table for JupyterLab, in its light and its dark theme.

    Parameters
    ----------
    caption, note : str
        What the table shows, and what is said under it; may be empty.
    columns : sequence of Column
        Those that are shown.
    rows : sequence of sequence of Cell
        As many cells as columns in each.
    bars : sequence of bool
        Which columns have bars in their cells.

    Returns
    -------
    str
        HTML without scripts; all text in it is escaped.
    """
    heads = "".join(
        f'<th style="{_align(column)}">{escape(show_heading(column))}</th>' for column in columns
    )
    body = "".join(f"<tr>{_write_row(row, columns, bars)}</tr>" for row in rows)
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    under = f'<p class="clientlib-note">{escape(note)}</p>' if note else ""
    return (
        f'<style>{_STYLE}</style><table class="clientlib-table">{top}'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{under}"
    )


def write_plain(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    rows_total: int,
    note: str,
) -> str:
    """Write a table's first rows for a terminal.

    Parameters
    ----------
    caption, note : str
        What the table shows, and what is said under it; may be empty.
    columns : sequence of Column
        Those that are shown.
    rows : sequence of sequence of str
        Cells as they are read; ten rows of them are written.
    rows_total : int
        How many rows there were before the table was cut.

    Returns
    -------
    str
        Lines of text.
    """
    lines = [[show_heading(column) for column in columns], *rows[:PLAIN_ROWS]]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    body = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    left = rows_total - PLAIN_ROWS
    more = [tell("… {count:count} more rows", count=left)] if left > 0 else []
    return "\n".join([caption, *body, *more, note]).strip()


def _write_row(row: Sequence[Cell], columns: Sequence[Column], bars: Sequence[bool]) -> str:
    return "".join(map(_write_cell, row, columns, bars))


def _write_cell(cell: Cell, column: Column, has_bar: bool) -> str:
    kinds = ["n"] if column.kind in NUMERIC_KINDS else []
    style = _align(column)
    if has_bar and isinstance(cell.value, int | float):
        kinds, style = [*kinds, "bar"], f"{style};--share:{cell.value * 100:.1f}"
    named = f' class="{" ".join(kinds)}"' if kinds else ""
    return f'<td{named} style="{style}">{escape(cell.text)}</td>'


def _align(column: Column) -> str:
    return f"text-align:{'right' if column.kind in NUMERIC_KINDS else 'left'}"
