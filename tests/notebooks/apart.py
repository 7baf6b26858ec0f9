"""Searching what an edition's reader gets for clients that are not the reader's."""

import html
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd

from clientlib.config import Settings
from clientlib.reports import Run

PACKAGES = {".pptx", ".xlsx"}
NAMED_BY = ["client_id", "name", "register_code", "vat_code"]

_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")


def texts_of(rows: pd.DataFrame) -> set[str]:
    """List all that names a client: keys, names, codes."""
    columns = [name for name in NAMED_BY if name in rows]
    return {str(value) for name in columns for value in rows[name].dropna()}


def foreign_texts(clients: pd.DataFrame, own: Iterable[str]) -> set[str]:
    """List what names clients of others and nothing of the reader's own."""
    is_own = clients["client_id"].isin(set(own))
    mine = "\n".join(texts_of(clients[is_own]))
    return {text for text in texts_of(clients[~is_own]) if text not in mine}


def files_of(settings: Settings, run: Run) -> list[Path]:
    """List all files that belong to a run: page, notebook, whatever bears their name, ledger."""
    stem = settings.output_folder / str(run.page).removesuffix(".html")
    written = [path for path in stem.parent.glob(f"{stem.name}*") if path.is_file()]
    kept = [path for path in (settings.ledger_folder / run.run_id).rglob("*") if path.is_file()]
    return sorted([*written, *kept])


def found_in(path: Path, texts: Iterable[str]) -> list[str]:
    """List the texts that a file holds, however they are escaped."""
    held = plain(read(path))
    return sorted(text for text in texts if _holds(held, plain(text)))


def read(path: Path) -> str:
    if path.suffix == ".parquet":
        return pd.read_parquet(path).astype(str).to_csv()
    if path.suffix in PACKAGES:
        return unpacked(path.read_bytes())
    if path.suffix == ".pdf":
        return " ".join(words_of(path).split())  # a name may be broken over two lines
    return path.read_text(encoding="utf-8")


def unpacked(package: bytes) -> str:
    """Read all parts of a deck or workbook, the workbooks within its charts too."""
    with ZipFile(BytesIO(package)) as parts:
        return "\n".join(
            unpacked(parts.read(name))
            if Path(name).suffix in PACKAGES
            else parts.read(name).decode("utf-8", errors="ignore")
            for name in parts.namelist()
        )


def words_of(path: Path) -> str:
    """Read the text of a PDF; nothing where the program that can is not on this machine."""
    if shutil.which("pdftotext") is None:
        return ""
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def plain(text: str) -> str:
    """Undo escapes of JSON and HTML, one within the other too, and set quotes aside."""
    for _ in range(2):
        text = html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    return re.sub(r"[\\\"]+", "", text)


def _holds(held: str, text: str) -> bool:
    return any(_is_whole(held, place, len(text)) for place in _places(held, text))


def _places(held: str, text: str) -> Iterator[int]:
    place = held.find(text)
    while place >= 0:
        yield place
        place = held.find(text, place + 1)


def _is_whole(held: str, place: int, length: int) -> bool:
    """Tell a client's key from the beginning of a longer one."""
    around = held[max(place - 1, 0) : place] + held[place + length : place + length + 1]
    return not any(letter.isalnum() for letter in around)
