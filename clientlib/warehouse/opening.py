"""Opening a warehouse for reading: the current snapshot, or one file."""

from pathlib import Path

from clientlib.config import find_project
from clientlib.errors import ConfigError, InputError
from clientlib.warehouse.completing import offer_names
from clientlib.warehouse.reading import Warehouse
from clientlib.warehouse.snapshots import Snapshots, check_only_file


def open_warehouse(path: Path | str = "data/warehouse") -> Warehouse:
    """Open the current snapshot of a warehouse, or one snapshot file, for reading.

    Parameters
    ----------
    path : Path or str
        Folder of a warehouse, or a snapshot file. A relative path is looked for in the working
        folder, then in the project that it belongs to: JupyterLab works in ``notebooks/``.

    Returns
    -------
    Warehouse
        Open for reading; a context manager. In a notebook the tabulator completes the names of
        its tables and columns.

    Raises
    ------
    InputError
        There is no warehouse or no snapshot there, or an edition may open another file only.
    """
    offer_names()
    place = _locate(Path(path))
    if place.is_dir():
        return Warehouse(_current(place))
    if not place.is_file():
        raise InputError(f"there is no warehouse at {path}", hint="clientlib load, then build")
    return Warehouse(place)


def _current(warehouse: Path) -> Path:
    try:
        return Snapshots(warehouse).current_path()
    except PermissionError:
        check_only_file(warehouse)  # the system hides it from an edition, which is told why
        raise


def _locate(path: Path) -> Path:
    if path.exists():
        return path
    try:
        return find_project(Path.cwd()) / path
    except ConfigError:
        return path
