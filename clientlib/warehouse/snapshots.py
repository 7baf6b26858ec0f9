"""Snapshot files beside each other, and the small pointer that names the current one."""

import os
from datetime import datetime
from pathlib import Path

from clientlib.errors import InputError

POINTER_NAME = "current"
SUFFIX = ".duckdb"
DRAFT_SUFFIX = ".draft"
ONLY_FILE = "CLIENTLIB_ONLY_FILE"  # set in the environment of an edition


class Snapshots:
    """The snapshots of a warehouse folder.

    Parameters
    ----------
    folder : Path
        Folder of the warehouse.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_id(self, now: datetime) -> str:
        """Name a new build by its time, later than all that exist.

        Parameters
        ----------
        now : datetime
            Time of the build, UTC.

        Returns
        -------
        str
            Such as ``20250701T061203``; with ``-002`` and so on after the newest where that is
            of the same second, or of a clock that was ahead.
        """
        stem = now.strftime("%Y%m%dT%H%M%S")
        newest = max(self.ids(), default="")
        if stem > newest:
            return stem
        taken, _, number = newest.partition("-")
        return f"{taken}-{int(number or 1) + 1:03}"

    def draft(self, build_id: str) -> Path:
        """Name the file that a build writes before it is checked.

        Parameters
        ----------
        build_id : str
            Id of the build.

        Returns
        -------
        Path
            A file that no reader looks for.
        """
        return self.folder / f"{build_id}{DRAFT_SUFFIX}"

    def switch_to(self, build_id: str) -> None:
        """Make a finished draft a snapshot and the current one, at once for every reader.

        Parameters
        ----------
        build_id : str
            Id of the build.
        """
        draft = self.draft(build_id)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(self.path(build_id))
        pointer = self.folder / f"{POINTER_NAME}{DRAFT_SUFFIX}"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(build_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.folder / POINTER_NAME)

    def current(self) -> str | None:
        """Read which snapshot is current.

        Returns
        -------
        str or None
            Its build id; None before the first build.
        """
        pointer = self.folder / POINTER_NAME
        return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None

    def path(self, build_id: str) -> Path:
        """Name the file of a snapshot.

        Parameters
        ----------
        build_id : str
            Id of the build.

        Returns
        -------
        Path
            The file, which may have been pruned.
        """
        return self.folder / f"{build_id}{SUFFIX}"

    def current_path(self) -> Path:
        """Find the file of the current snapshot.

        Returns
        -------
        Path
            An existing file.

        Raises
        ------
        InputError
            There is no snapshot yet, or its file is gone.
        """
        build_id = self.current()
        if build_id is None:
            raise InputError(
                "the warehouse has no snapshot yet", hint="clientlib load, then clientlib build"
            )
        path = self.path(build_id)
        if not path.is_file():
            raise InputError(f"snapshot {build_id} is gone", hint="clientlib build makes a new one")
        return path

    def ids(self) -> list[str]:
        """List the snapshots, oldest first.

        Returns
        -------
        list of str
            Their build ids.
        """
        return sorted(
            path.name.removesuffix(SUFFIX)
            for path in self.folder.glob(f"*{SUFFIX}")
            if path.name[:1].isdigit()
        )

    def sweep(self) -> None:
        """Remove what a killed build left behind."""
        for leftover in self.folder.glob(f"*{DRAFT_SUFFIX}*"):
            leftover.unlink()

    def prune(self, count: int, keep: frozenset[str]) -> None:
        """Remove old snapshots that nobody names.

        Parameters
        ----------
        count : int
            How many of the newest stay.
        keep : frozenset of str
            Build ids that stay whatever their age.
        """
        for build_id in self.ids()[:-count]:
            if build_id not in keep and build_id != self.current():
                self.path(build_id).unlink()


def check_only_file(path: Path) -> None:
    """Refuse every file but the one that an edition was given, where the environment names one.

    It catches mistakes early; what a process may read at all is the operating system's to hold.

    Parameters
    ----------
    path : Path
        File of a snapshot, or of a reader.

    Raises
    ------
    InputError
        The environment names another file.
    """
    only = os.environ.get(ONLY_FILE)
    if only and path.resolve() != Path(only).resolve():
        raise InputError(
            f"this edition may not open {path.name}",
            example=f"its rows are in {Path(only).name}",
            hint="open_warehouse(warehouse_path), with the parameter of the notebook",
        )
