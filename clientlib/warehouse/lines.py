"""Lines that had the wrong shape, parted into cells once more."""

import csv
import io
from collections import Counter
from collections.abc import Mapping

import duckdb

from clientlib.config import FileMapping
from clientlib.errors import InputError
from clientlib.sources.readers import DELIMITERS
from clientlib.warehouse.mapping import without_blanks
from clientlib.warehouse.names import quoted
from clientlib.warehouse.quarantine import KEPT_CHARACTERS
from clientlib.warehouse.temporary import replace_table
from clientlib.warehouse.waiting import Batch


def restore_lines(
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
    mapping: FileMapping,
    headings: Mapping[str, str],
) -> Counter[str]:
    """Make rows of the lines of a batch that now have a cell for each heading, as ``source_rows``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store, after ``list_batches``.
    batch : Batch
        Rows that are kept as lines.
    mapping : FileMapping
        Its delimiter; where it states none, the one that parts a line into most cells.
    headings : mapping of str to str
        Heading when the lines were read to heading in the mapping of now.

    Returns
    -------
    Counter of str
        Why lines still make no row, and how many.
    """
    lines = connection.execute(
        "select source_row, source_text from waiting where batch = $batch order by source_row",
        {"batch": batch.number},
    ).fetchall()
    parted, left = [], Counter[str]()
    for row, text in lines:
        try:
            parted.append((row, part_line(text, mapping, len(headings))))
        except InputError as error:
            left[error.what] += 1
    _name_source_rows(connection, parted, headings)
    return left


def part_line(text: str, mapping: FileMapping, width: int) -> list[str]:
    """Part a line into cells.

    Parameters
    ----------
    text : str
        The line.
    mapping : FileMapping
        Its delimiter.
    width : int
        How many cells a row has.

    Returns
    -------
    list of str
        One for each heading.

    Raises
    ------
    InputError
        It was cut off when it was kept, has a quotation mark that is not closed, or another
        number of cells.
    """
    if len(text) >= KEPT_CHARACTERS:
        raise InputError(f"only the first {KEPT_CHARACTERS:,} characters of the line were kept")
    delimiters = [mapping.delimiter] if mapping.delimiter else DELIMITERS
    cells = max((_cells(text, delimiter) for delimiter in delimiters), key=len)
    if not cells:
        raise InputError("the line is still not one row of cells")
    if len(cells) != width:
        raise InputError(f"the line still has another number of cells: {len(cells)}, not {width}")
    return cells


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def _name_source_rows(
    connection: duckdb.DuckDBPyConnection,
    parted: list[tuple[int, list[str]]],
    headings: Mapping[str, str],
) -> None:
    replace_table(
        connection, "parted", "select cast(null as bigint) as file_row, [''] as cells limit 0"
    )
    if parted:
        connection.executemany("insert into parted values (?, ?)", parted)
    columns = [
        f"{without_blanks(f'cells[{place}]')} as {quoted(name)}"
        for place, name in enumerate(headings.values(), start=1)
    ]
    replace_table(
        connection, "source_rows", f"select {', '.join(['file_row', *columns])} from parted"
    )
