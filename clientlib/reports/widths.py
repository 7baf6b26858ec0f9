"""How wide the columns of a table are where a page does not choose by itself."""

from clientlib.figures import Table
from clientlib.figures.tables import show_heading
from clientlib.figures.wording import shorten

LEAST, MOST = 9, 32  # characters


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
        One weight per column, in characters: its longest cell or longest word of its heading.
    """
    rows = table.show_rows()
    weights = []
    for k, (_, column) in enumerate(table.columns):
        longest = max((len(shorten(row[k], cell_length)) for row in rows), default=0)
        word = max((len(part) + 1 for part in show_heading(column).split()), default=0)
        weights.append(min(MOST, max(LEAST, longest, word)))
    return weights
