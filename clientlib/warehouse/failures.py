"""What the machine refuses, and what a damaged file does to its reader, said as errors."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from clientlib.errors import ClientlibError, InputError

OURS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.InterruptException,
    duckdb.ParserException,
    duckdb.SyntaxException,
)
_WRITING = re.compile(
    r"write|create|no space|too large|truncate|temporary|offload|sync", re.IGNORECASE
)
_REFUSED = {
    getattr(errno, name)
    for name in ("EACCES", "EDQUOT", "EFBIG", "EIO", "ENOSPC", "EPERM", "EROFS")
    if hasattr(errno, name)
}


@contextmanager
def telling_refusals(command: str) -> Iterator[None]:
    """Say in our words that memory, disk or rights do not suffice for a load or a build.

    Parameters
    ----------
    command : str
        What is under way.

    Raises
    ------
    ClientlibError
        In place of the error of DuckDB or of the system.
    """
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise ClientlibError(
            f"the memory does not suffice for this {command}",
            example=_first_line(error),
            hint="raise memory_limit, or state a temp_folder on a disk with room",
        ) from error
    except (duckdb.IOException, duckdb.FatalException, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _REFUSED:
            raise
        raise ClientlibError(
            f"the warehouse cannot be written by this {command}",
            example=_first_line(error),
            hint="make room on the disk, or mend the rights of the folder; nothing was kept",
        ) from error


@contextmanager
def telling_damage(name: str) -> Iterator[None]:
    """Say of which file it was that DuckDB could not read the contents.

    Parameters
    ----------
    name : str
        What messages call the file.

    Raises
    ------
    InputError
        The contents of the file are damaged. What is a fault of ours, or of the machine, stays
        what it is.
    """
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, OURS) or _is_refusal(error):
            raise
        raise InputError(
            f"{name} cannot be read",
            example=_first_line(error),
            hint="open the file at that place, copy it again, or mend format, delimiter and "
            "encoding",
        ) from error


def _is_refusal(error: duckdb.Error) -> bool:
    is_of_writing = isinstance(error, duckdb.IOException) and _WRITING.search(str(error))
    return isinstance(error, duckdb.OutOfMemoryException) or bool(is_of_writing)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
