"""What makes two runs the same work, and how editions are named in files."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from clientlib.language import LANGUAGES

ALL = "all"
KEY_LENGTH = 16
STEM_LENGTH = 48

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def work_key(
    report: str,
    edition: str,
    as_of: date,
    parameters: Mapping[str, Any],
    notebook: str,
    needs: Sequence[str] = (),
    manner: Sequence[str] = (),
) -> str:
    """Name the work of a run, whatever snapshot it reads.

    Together with the snapshot this is the run's key: what is done is not done again.

    Parameters
    ----------
    report, edition : str
        What is made for whom.
    as_of : date
        The last day that it may know.
    parameters : mapping
        What the notebook is given.
    notebook : str
        Its hash, from ``hash_notebook``.
    needs : sequence of str
        Keys of the work that it needs: when that changes, this has changed.
    manner : sequence of str
        How it is told beyond a page in English: its language, after a dot where its files are
        named for it, and what is made beside the page. Nothing adds nothing, so that keys of old
        ledgers hold.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    parts = [report, edition, as_of.isoformat(), dict(parameters), notebook, list(needs)]
    parts += manner
    return _digest(json.dumps(parts, sort_keys=True, default=str).encode())


def hash_notebook(path: Path) -> str:
    """Hash what a notebook says: kinds, sources and tags of its cells, not its outputs.

    Parameters
    ----------
    path : Path
        The notebook; one that is absent or no JSON has a hash too, of its bytes.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    content = path.read_bytes() if path.is_file() else b""
    try:
        cells = json.loads(content)["cells"]
        said = [[cell["cell_type"], _source(cell), cell["metadata"].get("tags")] for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _digest(content)
    return _digest(json.dumps(said).encode())


def hash_file(path: Path) -> str:
    """Hash the bytes of a file.

    Parameters
    ----------
    path : Path
        The file; it may be absent.

    Returns
    -------
    str
        16 hexadecimal digits; empty for a file that is not there.
    """
    return _digest(path.read_bytes()) if path.is_file() else ""


def file_stem(edition: str) -> str:
    """Name an edition so that it can be a file's name on any system.

    Parameters
    ----------
    edition : str
        Such as ``all`` or ``manager=M-01``; readers' keys come from data and may hold anything.

    Returns
    -------
    str
        The same letters where they are safe; otherwise with a hash, so that no two are alike.
    """
    kind, _, key = edition.partition("=")
    plain = f"{kind}-{key}" if key else kind
    safe = _UNSAFE.sub("-", plain)[:STEM_LENGTH].strip("-")
    return safe if safe == plain else f"{safe}-{_digest(edition.encode())[:8]}"


def target_name(report: str, edition: str, as_of: date, language: str = LANGUAGES[0]) -> str:
    """Name what a run writes: at most one process at a time may write it.

    Parameters
    ----------
    report, edition : str
        What is made for whom.
    as_of : date
        As of which day.
    language : str
        Which language it speaks; English is not named.

    Returns
    -------
    str
        A file's name.
    """
    mark = "" if language == LANGUAGES[0] else f".{language}"
    return f"{as_of:%Y%m%d}-{file_stem(report)}-{file_stem(edition)}{mark}"


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:KEY_LENGTH]
