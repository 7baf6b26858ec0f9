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
    has_rejects: bool = False
    is_quick_to_reread: bool = False


def find_files(folder: Path, mapping: FileMapping) -> list[Path]:
    """Find the files of a mapping, by name.

    Parameters
    ----------
    folder : Path
        A source's folder, or a single file.
    mapping : FileMapping
        Its ``file`` is a glob within the folder.

    Returns
    -------
    list of Path
        Sorted by name; empty only where the mapping is optional.

    Raises
    ------
    InputError
        Nothing fits and the mapping is not optional.
    """
    if folder.is_file():
        return [folder]
    found = sorted(path for path in folder.glob(mapping.file) if path.is_file())
    if not found and not mapping.optional:
        present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        raise InputError(
            f"no file fits {mapping.file!r} of {mapping.name}",
            rows=f"{len(present)} files lie in {folder.name}",
            example=present[0] if present else None,
            hint="put the export there, or mend 'file' or 'path' in clientlib.toml",
        )
    return found


def open_reading(path: Path, mapping: FileMapping, scratch: Path) -> Reading:
    """Open a file of an export for scanning.

    Parameters
    ----------
    path : Path
        The file.
    mapping : FileMapping
        How it is written.
    scratch : Path
        Folder for a re-encoded copy.

    Returns
    -------
    Reading
        What DuckDB scans.

    Raises
    ------
    InputError
        The file is empty, broken, in another encoding, or of an unknown format.
    """
    if path.stat().st_size == 0:
        raise InputError(
            f"{path.name} is empty", rows="0 bytes", hint="was the export stopped? run it again"
        )
    written_as = mapping.format or SUFFIX_FORMATS.get(path.suffix.lower())
    if written_as == "csv":
        return _open_csv(path, mapping, scratch)
    if written_as == "parquet":
        return _open_parquet(path)
    if written_as == "xlsx":
        return _open_xlsx(path, mapping)
    raise InputError(
        f"{path.name} is of no known format",
        hint="state format = 'csv', 'parquet' or 'xlsx'",
    )


def _open_csv(path: Path, mapping: FileMapping, scratch: Path) -> Reading:
    text = as_utf8(path, mapping.encoding, scratch)
    delimiter = mapping.delimiter or _likely_delimiter(text)
    headings = _headings(_first_row(text, delimiter))
    if not headings:
        raise InputError(
            f"{path.name} has no headings", rows="its first line is blank", hint="remove that line"
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


def _first_row(path: Path, delimiter: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        try:
            return next(csv.reader(source, delimiter=delimiter), [])
        except csv.Error as error:
            raise InputError(
                f"{path.name} has no headings that can be read",
                example=str(error),
                hint="is it a CSV file? state its format, or its delimiter",
            ) from error


def _likely_delimiter(path: Path) -> str:
    return max(DELIMITERS, key=lambda delimiter: len(_first_row(path, delimiter)))


def _headings(cells: list[str]) -> list[str]:
    headings: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {number}"
        taken = {heading.lower() for heading in headings}
        while name.lower() in taken:
            name = f"{name} ({number})"
        headings.append(name)
    return headings


def _open_parquet(path: Path) -> Reading:
    with path.open("rb") as source:
        source.seek(-4, 2)
        if source.read() != b"PAR1":
            raise InputError(
                f"{path.name} is no whole Parquet file",
                rows=f"{path.stat().st_size:,} bytes",
                hint="was the copy cut off? copy it again",
            )
    return Reading(
        "read_parquet($path, file_row_number = true)",
        {"path": str(path)},
        row_number="file_row_number + 1",
        is_quick_to_reread=True,
    )


def _open_xlsx(path: Path, mapping: FileMapping) -> Reading:
    try:
        book = fastexcel.read_excel(path)
        sheet = book.load_sheet(mapping.sheet, dtypes="string")
    except fastexcel.SheetNotFoundError as error:
        raise InputError(
            f"{path.name} has no sheet {mapping.sheet!r}",
            rows=f"it has the sheets {', '.join(book.sheet_names)}",
            hint="state one of them: sheet = 'name', or its number from 0",
        ) from error
    except fastexcel.FastExcelError as error:
        raise InputError(
            f"{path.name} cannot be read as a workbook",
            rows=f"{path.stat().st_size:,} bytes",
            example=str(error).splitlines()[0],
            hint="was the copy cut off? open it once in a spreadsheet",
        ) from error
    if not sheet.width:
        raise InputError(
            f"{path.name} has nothing in its sheet {sheet.name!r}",
            rows=f"it has the sheets {', '.join(book.sheet_names)}",
            hint="state the sheet: sheet = 'name', or its number from 0",
        )
    return Reading("sheet", frames={"sheet": sheet})
