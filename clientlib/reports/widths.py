"""How wide the columns of a table are where a page does not choose by itself."""

from clientlib.figures import Table
from clientlib.figures.cells import show_heading
from clientlib.figures.wording import shorten

LEAST, MOST, DAY = 9, 32, 13  # characters
MANY, MOST_OF_MANY = 7, 27  # from more columns on, long texts leave room for numbers
UNBROKEN = 3  # more of them for a figure with its interval, which keeps to one line


def weigh_columns(table: Table, *, cell_length: int = MOST) -> list[int]:
    """Weigh columns by the text that they hold.

    Parameters
    ----------
    table : Table
        With or without rows.
    cell_length : int, in characters
        At which longer cells are cut or broken.

    Returns
    -------
    list of int
        One weight per column that is shown, in characters: its longest cell or longest word of
        its heading.
    """
    rows = table.show_rows()
    most = MOST if len(table.shown_columns) <= MANY else MOST_OF_MANY
    weights = []
    for k, (_, column) in enumerate(table.shown_columns):
        longest = max((len(shorten(row[k], cell_length)) for row in rows), default=0)
        longest += UNBROKEN if column.low else 0
        word = max((len(part) + 2 for part in show_heading(column).split()), default=0)
        least = DAY if column.kind == "date" else LEAST
        weights.append(min(most, max(least, longest, word)))
    return weights
