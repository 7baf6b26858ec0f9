"""The first rows of unknown files, and how they are written."""

import codecs
import csv
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

import pandas as pd

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.sources.encoding import as_utf8
from clientlib.sources.files import FoundFile, find_files, fits
from clientlib.sources.readers import (
    SUFFIX_FORMATS,
    first_row,
    headings_of,
    likely_delimiter,
    load_sheet,
)

SAMPLE_ROWS = 20_000
SHOWN_LETTERS = 24
BALTIC, WESTERN = "windows-1257", "windows-1252"
_Family = tuple[str, tuple[str, ...]]  # a glob, and the headings
_ANY = TableMapping(table="any")
_DIGITS = re.compile(r"\d+")
_BALTIC_ONLY = set(
    b"\x8d\x8f\xd0\xde\xf0\xfe"
)  # š, ž and signs that are rare letters in windows-1252


@dataclass(frozen=True)
class Sample:
    """First rows of a family of files that look alike.

    Attributes
    ----------
    name : str
        The first file of the family, by its path within the export.
    glob : str
        What fits all of them.
    files : int
        How many there are.
    rows : DataFrame of str
        Cells, missing where blank.
    is_whole : bool
        The sample holds every row of the family.
    written : dict of str
        What a mapping says of how they are written: encoding, delimiter.
    doubts : tuple of str
        What could be otherwise.
    """

    name: str
    glob: str
    files: int
    rows: pd.DataFrame
    is_whole: bool
    written: dict[str, str]
    doubts: tuple[str, ...]


def read_samples(folder: Path) -> list[Sample]:
    """Read the first rows of every family of files in a folder.

    Parameters
    ----------
    folder : Path
        A folder, an archive or a single file.

    Returns
    -------
    list of Sample
        By name; files of no known format, and files without rows, are left out.

    Raises
    ------
    InputError
        A file is broken.
    """
    mapping = FileMapping(name="any", file="**/*", optional=True, tables=[_ANY])
    samples: dict[_Family, list[Sample]] = {}
    files = find_files(folder, mapping)
    found = [_read_sample(file) for file in files]
    if any(sample and sample.written.get("encoding") == BALTIC for sample in found):
        found = [
            _read_sample(file, is_baltic=True)
            if sample and sample.written.get("encoding") == WESTERN
            else sample
            for file, sample in zip(files, found, strict=True)
        ]
    for sample in found:
        if sample is not None:
            family = (_DIGITS.sub("*", sample.name), tuple(sample.rows.columns))
            samples.setdefault(family, []).append(sample)
    return [one for family in samples for one in _one_or_each(family, samples)]


def _one_or_each(family: _Family, samples: Mapping[_Family, Sequence[Sample]]) -> list[Sample]:
    """Put a family into one sample, unless its glob would take files that look otherwise."""
    others = [sample.name for other in samples if other != family for sample in samples[other]]
    if len(samples[family]) == 1 or any(fits(name, family[0]) for name in others):
        return list(samples[family])
    return [_family(family[0], samples[family])]


def _family(glob: str, samples: Sequence[Sample]) -> Sample:
    rows = pd.concat([sample.rows for sample in samples], ignore_index=True)
    first = samples[0]
    return Sample(
        name=first.name,
        glob=glob,
        files=len(samples),
        rows=rows.head(SAMPLE_ROWS),
        is_whole=all(sample.is_whole for sample in samples) and len(rows) <= SAMPLE_ROWS,
        written=first.written,
        doubts=first.doubts,
    )


def _read_sample(file: FoundFile, is_baltic: bool = False) -> Sample | None:
    name = PurePosixPath(file.name.removesuffix(".gz"))
    kind = SUFFIX_FORMATS.get(name.suffix.lower())
    if kind is None or file.path.stat().st_size == 0:
        return None
    with tempfile.TemporaryDirectory(prefix="clientlib-") as scratch:
        path = file.unpacked(Path(scratch))
        if kind == "csv":
            return _sample_text(file, path, Path(scratch), is_baltic)
        if kind == "parquet":
            return _sample(file, _parquet_rows(path), {}, ())
        return _sample(file, *_sheet(file, path))


def _sample(
    file: FoundFile, rows: pd.DataFrame, written: dict[str, str], doubts: Sequence[str]
) -> Sample:
    glob = re.sub(r"([\[*?])", r"[\1]", file.name)
    is_whole = len(rows) <= SAMPLE_ROWS
    return Sample(file.name, glob, 1, rows.head(SAMPLE_ROWS), is_whole, written, tuple(doubts))


def _sample_text(file: FoundFile, path: Path, scratch: Path, is_baltic: bool) -> Sample | None:
    encoding, doubts = find_encoding(path, is_baltic=is_baltic)
    text = as_utf8(path, encoding, scratch, file.name)
    try:
        delimiter = likely_delimiter(text, file.name)
        headings = headings_of(first_row(text, delimiter, file.name))
    except InputError:  # a text file that is no table
        return None
    cells = list(islice(_text_rows(text, delimiter, len(headings)), SAMPLE_ROWS + 1))
    written = {"delimiter": delimiter} | ({} if encoding == "utf-8" else {"encoding": encoding})
    if not headings:
        return None
    rows = pd.DataFrame(cells, columns=pd.Index(headings), dtype="object")
    return _sample(file, rows, written, doubts)


def _text_rows(path: Path, delimiter: str, width: int) -> Iterator[list[str | None]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = csv.reader(source, delimiter=delimiter)
        next(rows, None)
        for row in rows:
            if len(row) == width:
                yield [cell.strip() or None for cell in row]


def _parquet_rows(path: Path) -> pd.DataFrame:
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]  # slow to import

    with ParquetFile(path) as file:
        batch = next(file.iter_batches(batch_size=SAMPLE_ROWS + 1), None)
        rows = batch.to_pandas() if batch is not None else pd.DataFrame()
    return pd.DataFrame({name: rows[name].map(_as_text, na_action="ignore") for name in rows})


def _as_text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None


def _sheet(file: FoundFile, path: Path) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    book, sheet = load_sheet(path, 0, file.name, SAMPLE_ROWS + 1)
    others = book.sheet_names[1:]
    doubts = [f"only the sheet {sheet.name!r} is read, not {', '.join(others)}"] if others else []
    return pd.DataFrame(sheet.to_pandas()), {}, doubts


def find_encoding(path: Path, *, is_baltic: bool = False) -> tuple[str, tuple[str, ...]]:
    """Find the encoding of a text file.

    Parameters
    ----------
    path : Path
        The file.
    is_baltic : bool
        Another file of the export is written in the Baltic alphabet.

    Returns
    -------
    (str, tuple of str)
        Its name, and the doubt about it where the bytes do not prove it.
    """
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _single_byte(content, error.start, is_baltic)
    return "utf-8", ()


def _single_byte(content: bytes, start: int, is_baltic: bool) -> tuple[str, tuple[str, ...]]:
    """Choose between the Baltic and the Western alphabet by the letters that only one uses."""
    encoding, other = BALTIC, WESTERN
    if not is_baltic and not any(byte in _BALTIC_ONLY for byte in content):
        encoding, other = other, encoding
    around = content[max(0, start - SHOWN_LETTERS // 2) : start + SHOWN_LETTERS // 2]
    shown = [around.decode(name, errors="replace").split("\n")[0] for name in (encoding, other)]
    return encoding, (f"encoding {encoding} reads {shown[0]!r}, {other} reads {shown[1]!r}",)
