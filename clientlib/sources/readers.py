"""Files as relations that DuckDB can scan: CSV and Parquet by itself, XLSX through Arrow."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastexcel

from clientlib.config import FileMapping
from clientlib.errors import InputError
from clientlib.sources.encoding import as_utf8

DELIMITERS = (",", ";", "\t", "|")
SUFFIX_FORMATS = {".csv": "csv", ".txt": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}


@dataclass(frozen=True)
class Reading:
    """A file, ready to be scanned.

    Attributes
    ----------
    relation : str
        A DuckDB table expression; parameters stand as ``$name``.
    parameters : dict
        Values of the parameters.
    frames : dict
        Objects to be registered under a name before the scan.
    row_number : str
        SQL expression that numbers the rows of the file from 1.
    is_exact : bool
        Text stands as the source has it: blanks are not trimmed, and empty text is no null.
    has_rejects : bool
        Lines of the wrong shape are set aside by the reader, into tables named by
        ``rejects_table`` and ``rejects_scan``.
    is_quick_to_reread : bool
        The rows need not be copied before they are judged.
    """

    relation: str
    parameters: dict[str, Any] = field(default_factory=dict)
    frames: dict[str, Any] = field(default_factory=dict)
    row_number: str = "row_number() over ()"
    is_exact: bool = False
    has_rejects: bool = False
    is_quick_to_reread: bool = False


def open_reading(
    path: Path, mapping: FileMapping, scratch: Path, name: str | None = None
) -> Reading:
    """Open a file of an export for scanning.

    Parameters
    ----------
    path : Path
        The file.
    mapping : FileMapping
        How it is written.
    scratch : Path
        Folder for a re-encoded copy.
    name : str, optional
        What messages call the file; else its own name.

    Returns
    -------
    Reading
        What DuckDB scans.

    Raises
    ------
    InputError
        The file is empty, broken, in another encoding, or of an unknown format.
    """
    name = name or path.name
    if path.stat().st_size == 0:
        raise InputError(
            f"{name} is empty", rows="0 bytes", hint="was the export stopped? run it again"
        )
    written_as = mapping.format or SUFFIX_FORMATS.get(path.suffix.lower())
    if written_as == "csv":
        return _open_csv(path, mapping, scratch, name)
    if written_as == "parquet":
        return _open_parquet(path, name)
    if written_as == "xlsx":
        return _open_xlsx(path, mapping, name)
    raise InputError(
        f"{name} is of no known format",
        hint="state format = 'csv', 'parquet' or 'xlsx'",
    )


def _open_csv(path: Path, mapping: FileMapping, scratch: Path, name: str) -> Reading:
    text = as_utf8(path, mapping.encoding, scratch, name)
    delimiter = mapping.delimiter or likely_delimiter(text, name)
    headings = headings_of(first_row(text, delimiter, name))
    if not headings:
        raise InputError(
            f"{name} has no headings", rows="its first line is blank", hint="remove that line"
        )
    options = (
        "auto_detect = false, header = true, columns = $columns, delim = $delimiter, "
        "quote = '\"', escape = '\"', store_rejects = true"
    )
    parameters = {
        "path": str(text),
        "columns": dict.fromkeys(headings, "VARCHAR"),
        "delimiter": delimiter,
    }
    return Reading(f"read_csv($path, {options})", parameters, has_rejects=True)


def first_row(path: Path, delimiter: str, name: str) -> list[str]:
    """Read the cells of a text file's first row.

    Parameters
    ----------
    path : Path
        The file, in UTF-8.
    delimiter : str
        What parts its cells.
    name : str
        What messages call the file.

    Returns
    -------
    list of str
        The cells.

    Raises
    ------
    InputError
        It is no CSV file.
    """
    with path.open(encoding="utf-8-sig", newline="") as source:
        try:
            return next(csv.reader(source, delimiter=delimiter), [])
        except csv.Error as error:
            raise InputError(
                f"{name} has no headings that can be read",
                example=str(error),
                hint="is it a CSV file? state its format, or its delimiter",
            ) from error


def likely_delimiter(path: Path, name: str) -> str:
    """Guess what parts the cells of a text file: what parts its first row into most.

    Parameters
    ----------
    path : Path
        The file, in UTF-8.
    name : str
        What messages call the file.

    Returns
    -------
    str
        The delimiter.
    """
    return max(DELIMITERS, key=lambda delimiter: len(first_row(path, delimiter, name)))


def headings_of(cells: list[str]) -> list[str]:
    """Name the columns of a file by its first row, each by a name of its own.

    Parameters
    ----------
    cells : list of str
        The first row.

    Returns
    -------
    list of str
        One name a column; a blank one is named by its place.
    """
    headings: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {number}"
        taken = {heading.lower() for heading in headings}
        while name.lower() in taken:
            name = f"{name} ({number})"
        headings.append(name)
    return headings


def _open_parquet(path: Path, name: str) -> Reading:
    with path.open("rb") as source:
        source.seek(-min(4, path.stat().st_size), 2)
        if source.read() != b"PAR1":
            raise InputError(
                f"{name} is no whole Parquet file",
                rows=f"{path.stat().st_size:,} bytes",
                hint="was the copy cut off? copy it again",
            )
    is_parted = any("=" in part for part in name.split("/")[:-1])  # year=2025/part.parquet
    options = "hive_partitioning = $is_parted, hive_types_autocast = false"
    return Reading(
        f"read_parquet($path, file_row_number = true, {options})",
        {"path": str(path), "is_parted": is_parted},
        row_number="file_row_number + 1",
        is_quick_to_reread=True,
    )


def _open_xlsx(path: Path, mapping: FileMapping, name: str) -> Reading:
    book, sheet = load_sheet(path, mapping.sheet, name)
    if not sheet.width:
        raise InputError(
            f"{name} has nothing in its sheet {sheet.name!r}",
            rows=f"it has the sheets {', '.join(book.sheet_names)}",
            hint="state the sheet: sheet = 'name', or its number from 0",
        )
    return Reading("sheet", frames={"sheet": sheet})


def load_sheet(
    path: Path, sheet: str | int, name: str, rows: int | None = None
) -> tuple[fastexcel.ExcelReader, fastexcel.ExcelSheet]:
    """Open a sheet of a workbook, all cells as text.

    Parameters
    ----------
    path : Path
        The workbook.
    sheet : str or int
        Name of the sheet, or its number from 0.
    name : str
        What messages call the file.
    rows : int, optional
        Rows to read; else all.

    Returns
    -------
    (ExcelReader, ExcelSheet)
        The workbook and its sheet.

    Raises
    ------
    InputError
        It is no workbook, or has no such sheet.
    """
    try:
        book = fastexcel.read_excel(path)
        return book, book.load_sheet(sheet, dtypes="string", n_rows=rows)
    except fastexcel.SheetNotFoundError as error:
        raise InputError(
            f"{name} has no sheet {sheet!r}",
            rows=f"it has the sheets {', '.join(book.sheet_names)}",
            hint="state one of them: sheet = 'name', or its number from 0",
        ) from error
    except fastexcel.FastExcelError as error:
        raise InputError(
            f"{name} cannot be read as a workbook",
            rows=f"{path.stat().st_size:,} bytes",
            example=str(error).splitlines()[0],
            hint="was the copy cut off? open it once in a spreadsheet",
        ) from error
