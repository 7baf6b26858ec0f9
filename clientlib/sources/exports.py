"""The export of a source, whatever it is: what it holds, one file or one query after another."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from clientlib.config import FileMapping, PagedApi, SourceSettings, check_inside
from clientlib.errors import ConfigError
from clientlib.sources.crm import open_crm
from clientlib.sources.files import FoundFile, find_files, would_find
from clientlib.sources.postgres import open_snapshot
from clientlib.sources.presets import read_preset
from clientlib.sources.readers import Reading

ORIGINS = {"path": ("file",), "postgres": ("relation", "query"), "crm": ("resource",)}


class Part(Protocol):
    """One file of an export, or the rows of one query: it has a name and can be scanned."""

    @property
    def name(self) -> str:
        """Name within the source, by which quarantine and counts know it."""

    @property
    def mapping(self) -> FileMapping:
        """How it is written, and what is made of it."""

    @property
    def stored_path(self) -> Path | None:
        """The file on disk that holds it; None for what comes over a network."""

    def reading(self, scratch: Path) -> AbstractContextManager[Reading]:
        """Open it for scanning, with a folder for copies."""


@contextmanager
def open_export(name: str, source: SourceSettings, root: Path) -> Iterator[Sequence[Part]]:
    """Open a source: find its files, or begin to read its database.

    Parameters
    ----------
    name : str
        Name of the source.
    source : SourceSettings
        One source of the configuration.
    root : Path
        The project's folder.

    Yields
    ------
    sequence of Part
        In the order in which they are loaded.

    Raises
    ------
    ClientlibError
        The source is not well described, leads outside the project, cannot be reached, or
        lacks a file.
    """
    mappings = source_files(source)
    if source.postgres:
        with open_snapshot(source.postgres, mappings) as queries:
            yield queries
    elif source.crm:
        with open_crm(source.crm, _api(source), mappings) as objects:
            yield objects
    else:
        yield _files(name, source, root)


def count_parts(name: str, source: SourceSettings, root: Path) -> int:
    """Count the pairs of file and table that a source will be loaded as.

    Parameters
    ----------
    name : str
        Name of the source.
    source : SourceSettings
        One source of the configuration; no database is asked.
    root : Path
        The project's folder.

    Returns
    -------
    int
        Pairs.
    """
    if source.path is None:
        return sum(len(mapping.tables) for mapping in source_files(source))
    return sum(len(file.mapping.tables) for file in _files(name, source, root))


def source_files(source: SourceSettings) -> list[FileMapping]:
    """List the file mappings of a source, its own or its preset's.

    Parameters
    ----------
    source : SourceSettings
        One source of the configuration.

    Returns
    -------
    list of FileMapping
        In the order in which they are loaded.

    Raises
    ------
    ConfigError
        It has no place or several, neither a preset nor files or both, or a mapping does not
        say what it reads.
    """
    places = {"path": source.path, "postgres": source.postgres, "crm": source.crm}
    given = [key for key, place in places.items() if place is not None]
    if len(given) != 1:
        raise ConfigError(
            "a source must have one place that it is read from",
            rows=f"it has {len(given)}: {', '.join(given) or 'none'}",
            hint=f"state one of {', '.join(places)}",
        )
    place = source.path.as_posix() if source.path else given[0]
    if bool(source.preset) == bool(source.files):
        raise ConfigError(
            f"the source at {place} needs either a preset or files of its own",
            hint="presets are listed by clientlib init --help",
        )
    mappings = list(read_preset(source.preset).files) if source.preset else list(source.files)
    for mapping in mappings:
        _check_origin(place, mapping, ORIGINS[given[0]])
    return mappings


def mappings_of(source: SourceSettings, file_name: str) -> list[FileMapping]:
    """List the mappings by which a source reads a file, whether it is still there or not.

    Parameters
    ----------
    source : SourceSettings
        One source of the configuration.
    file_name : str
        Its name within the source, as ``Part.name`` has it.

    Returns
    -------
    list of FileMapping
        In the order in which they are loaded.

    Raises
    ------
    ConfigError
        The source is not well described.
    """
    mappings = source_files(source)
    if source.path is None:
        return [mapping for mapping in mappings if mapping.name == file_name]
    is_only_file = source.path.name == file_name
    return [mapping for mapping in mappings if is_only_file or would_find(file_name, mapping)]


def _check_origin(place: str, mapping: FileMapping, keys: tuple[str, ...]) -> None:
    known = [key for keys in ORIGINS.values() for key in keys]
    given = [key for key in known if getattr(mapping, key) is not None]
    if len(given) != 1 or given[0] not in keys:
        raise ConfigError(
            f"{mapping.name} of the source at {place} does not say what it reads",
            rows=f"it has {', '.join(given) or 'none'} of {', '.join(known)}",
            hint=f"state {' or '.join(keys)}",
        )


def _api(source: SourceSettings) -> PagedApi:
    api = read_preset(source.preset).api if source.preset else None
    if api is None:
        raise ConfigError(
            "a source of a CRM needs a preset that knows how the CRM answers",
            hint='state preset = "hubspot" or "pipedrive"',
        )
    return api


def _files(name: str, source: SourceSettings, root: Path) -> list[FoundFile]:
    folder = root / (source.path or Path())
    files = [file for mapping in source_files(source) for file in find_files(folder, mapping)]
    if not source.outside_project:
        for file in files:
            check_inside(root, file.path, f"sources.{name}: a link among its files")
    return files
