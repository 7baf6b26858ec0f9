"""Files that people give to a report: parameters whose names end in ``_file``.

A run's key holds what such a file says, so that a changed list makes the report anew; and only the
edition for all is given it, since nobody has said which of its lines another reader may see.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from clientlib.config import check_inside
from clientlib.errors import RunError
from clientlib.runs.keys import hash_file
from clientlib.warehouse import ONLY_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from clientlib.sources.listed import Listed

SUFFIX = "_file"


def list_files(parameters: Mapping[str, Any]) -> dict[str, str]:
    """List the files that parameters name.

    Parameters
    ----------
    parameters : mapping
        What a notebook is given.

    Returns
    -------
    dict of str to str
        Path, relative to the project, by parameter; those that are empty are left out.
    """
    named = {name: value for name, value in parameters.items() if name.endswith(SUFFIX)}
    return {name: str(value) for name, value in named.items() if value}


def hash_files(root: Path, parameters: Mapping[str, Any], report: str) -> list[str]:
    """Tell by hashes what the files say that a report is given.

    Parameters
    ----------
    root : Path
        The project.
    parameters : mapping
        What its notebook is given.
    report : str
        Its name, for messages.

    Returns
    -------
    list of str
        One text a file, by parameter; empty where none is given.

    Raises
    ------
    ConfigError
        A path leads outside the project.
    RunError
        There is no such file.
    """
    found = []
    for name, path in sorted(list_files(parameters).items()):
        check_inside(root, root / path, f"{report}: {name}")
        if not (root / path).is_file():
            raise RunError(
                f"{report}: {name} names a file that is not there",
                example=path,
                hint="paths begin in the project's folder",
            )
        found.append(f"{name}={hash_file(root / path)}")
    return found


def read_list(path: str) -> Listed | None:
    """Read a list that a report was given.

    Parameters
    ----------
    path : str
        The parameter; empty for no list.

    Returns
    -------
    Listed or None
        None where there is no list, and in editions of single readers.

    Raises
    ------
    InputError
        As `read_listed`.
    """
    if not path or os.environ.get(ONLY_FILE):
        return None
    from clientlib.sources.listed import read_listed  # kernels need not wait for it

    return read_listed(path)
