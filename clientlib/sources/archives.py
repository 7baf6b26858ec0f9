"""Packed exports: gzip files and the members of zip archives, unpacked within a stated size."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from clientlib.errors import InputError

BLOCK_BYTES = 1 << 20
IS_LOCKED = 0x1  # flag of a member that needs a password
UNIX_KIND, UNIX_LINK = 0o170000, 0o120000
EXTRAS = "__MACOSX"  # what macOS packs beside the files


class Source(Protocol):
    """What can be read block by block."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes."""


def list_members(archive: Path) -> list[str]:
    """List the files within a zip archive.

    Parameters
    ----------
    archive : Path
        The archive.

    Returns
    -------
    list of str
        Their names in the order of the archive, without folders and links.

    Raises
    ------
    InputError
        The archive is cut off or is none.
    """
    with _opened(archive) as packed:
        return [
            info.filename
            for info in packed.infolist()
            if not info.is_dir()
            and info.external_attr >> 16 & UNIX_KIND != UNIX_LINK
            and PurePosixPath(info.filename).parts[:1] != (EXTRAS,)
        ]


def check_members(archive: Path, members: Sequence[str], limit: int) -> None:
    """Refuse members that lead outside, are locked or are too large, before any is unpacked.

    Parameters
    ----------
    archive : Path
        The archive.
    members : sequence of str
        Those that are to be read.
    limit : int
        Bytes that they may have together.

    Raises
    ------
    InputError
        What is wrong with the first such member.
    """
    repeated = sorted({name for name in members if members.count(name) > 1})
    leading_out = [name for name in members if _leads_out(name)]
    if repeated or leading_out:
        raise InputError(
            f"{archive.name} has members whose names cannot be trusted",
            rows=f"{len(repeated + leading_out)} repeat a name or lead outside the archive",
            example=(leading_out + repeated)[0],
            hint="pack the export again",
        )
    with _opened(archive) as packed:
        infos = [packed.getinfo(name) for name in members]
    locked = [info.filename for info in infos if info.flag_bits & IS_LOCKED]
    if locked:
        raise InputError(
            f"{archive.name} is locked with a password",
            example=locked[0],
            hint="unpack it, or export without a password",
        )
    if sum(info.file_size for info in infos) > limit:
        raise _too_large(archive.name, limit)


def unpack_member(archive: Path, member: str, copy: Path, limit: int) -> Path:
    """Unpack a file of a zip archive.

    Parameters
    ----------
    archive : Path
        The archive.
    member : str
        Its name in the archive.
    copy : Path
        Where it is written.
    limit : int
        Bytes that it may have.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    InputError
        The archive is broken, packed in a way that is not known, or larger than the limit.
    """
    name = f"{archive.name}/{member}"
    with _opened(archive) as packed, packed.open(member) as source:
        _copy(source, copy, limit, name)
    return copy


def unpack_gzip(path: Path, copy: Path, limit: int, name: str) -> Path:
    """Unpack a gzip file.

    Parameters
    ----------
    path : Path
        The file.
    copy : Path
        Where it is written.
    limit : int
        Bytes that it may have.
    name : str
        The file's name, for messages.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    InputError
        The file is cut off, is no gzip file, or larger than the limit.
    """
    if path.stat().st_size == 0:
        raise InputError(f"{name} is empty", rows="0 bytes", hint="was the export stopped?")
    try:
        with gzip.open(path, "rb") as source:
            _copy(source, copy, limit, name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{name} is no whole gzip file",
            rows=f"{path.stat().st_size:,} bytes",
            example=str(error),
            hint="was the copy cut off? copy it again",
        ) from error
    return copy


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as packed:
            yield packed
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise InputError(
            f"{archive.name} is no zip archive that can be read",
            rows=f"{archive.stat().st_size:,} bytes",
            example=str(error),
            hint="was the copy cut off? copy or pack it again",
        ) from error


def _copy(source: Source, copy: Path, limit: int, name: str) -> None:
    written = 0
    with copy.open("wb") as sink:
        while block := source.read(BLOCK_BYTES):
            written += len(block)
            if written > limit:
                raise _too_large(name, limit)
            sink.write(block)


def _leads_out(member: str) -> bool:
    parts = PurePosixPath(member.replace("\\", "/")).parts
    return ".." in parts or parts[0].endswith(("/", ":"))


def _too_large(name: str, limit: int) -> InputError:
    return InputError(
        f"{name} is larger when unpacked than it may be",
        rows=f"more than {limit >> 20:,} MB",
        hint="if that is right, raise unpacked_limit_mb in its mapping",
    )
