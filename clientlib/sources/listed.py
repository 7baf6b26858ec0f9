"""Short lists that people write by hand, as CSV: every cell as text, every line kept."""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from clientlib.errors import InputError
from clientlib.sources.readers import DELIMITERS

MOST_BYTES = 20_000_000
BROKEN_COLUMNS = ("line", "reason", "text")


@dataclass(frozen=True)
class Listed:
    """A list as it stands in its file.

    Parameters
    ----------
    name : str
        What messages call the file.
    rows : DataFrame of str, index ``line``
        A column per heading, blanks trimmed; empty text where nothing stands. The index is the
        line of the file, from 1; the headings stand in the first. Blank lines are left out.
    broken : DataFrame
        line, reason and text of the lines whose number of cells is not that of the headings.
    """

    name: str
    rows: pd.DataFrame
    broken: pd.DataFrame


def read_listed(path: str | Path) -> Listed:
    """Read a list from a CSV file, parted by commas, semicolons, tabs or bars.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8 or UTF-16, with headings in its first line.

    Returns
    -------
    Listed
        All lines: those that fit the headings, and those that do not.

    Raises
    ------
    InputError
        There is no such file, it is empty, far too large or in another encoding, a heading is
        blank or stands twice, or a quotation mark is never closed.
    """
    path = Path(path)
    lines = _part(_decode(_read(path), path.name), path.name)
    headings = _headings(lines[0][1], path.name)
    kept = [(number, cells) for number, cells in lines[1:] if any(cells)]
    whole = [(number, cells) for number, cells in kept if len(cells) == len(headings)]
    index = pd.Index([number for number, _ in whole], name="line", dtype="int64")
    rows = pd.DataFrame([cells for _, cells in whole], index=index, columns=headings, dtype=object)
    broken = [
        (number, "line of the wrong shape", " | ".join(cells))
        for number, cells in kept
        if len(cells) != len(headings)
    ]
    return Listed(path.name, rows, pd.DataFrame(broken, columns=list(BROKEN_COLUMNS)))


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(
            f"there is no file {path.name}", hint="paths begin in the project's folder"
        )
    size = path.stat().st_size
    if not size:
        raise InputError(f"{path.name} is empty", rows="0 bytes", hint="save the list again")
    if size > MOST_BYTES:
        raise InputError(
            f"{path.name} is no list that people write",
            rows=f"{size:,} bytes; at most {MOST_BYTES:,} are read",
            hint="bring it as a source of the warehouse",
        )
    return path.read_bytes()


def _decode(content: bytes, name: str) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_wide else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name} is not written in UTF-8",
            example=f"byte 0x{error.object[error.start]:02X} in line {line:,}",
            hint="save it as 'CSV UTF-8'",
        ) from error
    if "\0" in text:
        raise InputError(f"{name} is no text", hint="save the list as 'CSV UTF-8'")
    return text


def _part(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Part the text into the number of each row's first line, and its cells."""
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, before = [], 0
    try:
        for cells in reader:
            found.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        raise InputError(
            f"{name} cannot be parted into cells",
            example=f"line {before + 1:,}: {error}",
            hint="close every quotation mark, and double those within a cell",
        ) from error
    if not found or not any(found[0][1]):
        raise InputError(f"{name} has no headings", hint="its first line names the columns")
    return found


def _headings(cells: list[str], name: str) -> list[str]:
    headings = [cell.lower() for cell in cells]
    repeated = sorted({heading for heading in headings if headings.count(heading) > 1})
    if repeated:
        raise InputError(
            f"{name} has a heading that is blank or stands twice",
            rows=f"{len(headings)} headings",
            example=repr(repeated[0]),
            hint="name each column once",
        )
    if "" in headings:
        raise InputError(
            f"{name} has a heading that is blank or stands twice",
            example=f"column {headings.index('') + 1}",
            hint="name each column once",
        )
    return headings
