"""Files of an export: found by name in folders and archives, held to how they were found."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePath, PurePosixPath

from clientlib.config import FileMapping
from clientlib.errors import InputError
from clientlib.sources.archives import check_members, list_members, unpack_gzip, unpack_member
from clientlib.sources.readers import SUFFIX_FORMATS, Reading, open_reading

DEEPEST = 64  # folders within folders that ** goes through
PARQUET_FOLDER = ".parquet"


@dataclass(frozen=True)
class FoundFile:
    """One file of an export, in a folder or within an archive.

    Attributes
    ----------
    name : str
        Its path within the source, by which quarantine and counts know it.
    mapping : FileMapping
        How it is written, and what is made of it.
    path : Path
        The file on disk: itself, or the archive that holds it.
    member : str or None
        Its name within the archive.
    state : tuple of int
        Size, time of the last change and number of the file on disk when it was found.
    """

    name: str
    mapping: FileMapping
    path: Path
    member: str | None
    state: tuple[int, ...]

    @property
    def stored_path(self) -> Path:
        """The file on disk: itself, or the archive that holds it."""
        return self.path

    @contextmanager
    def reading(self, scratch: Path) -> Iterator[Reading]:
        """Open the file for scanning, and hold it to how it was found when that has ended.

        Parameters
        ----------
        scratch : Path
            Folder for unpacked and re-encoded copies.

        Yields
        ------
        Reading
            What DuckDB scans.

        Raises
        ------
        InputError
            The file is empty, broken, in another encoding or of an unknown format; it has
            vanished, or was written to since it was found.
        """
        try:
            yield open_reading(self.unpacked(scratch), self.mapping, scratch, self.name)
            is_as_found = _state(self.path) == self.state
        except FileNotFoundError as error:
            raise InputError(
                f"{self.name} vanished before it was read to its end",
                hint="load again once the export is there",
            ) from error
        except OSError as error:
            raise InputError(
                f"{self.name} cannot be read",
                example=error.strerror,
                hint="mend the rights of the file, or the disk",
            ) from error
        if not is_as_found:
            raise InputError(
                f"{self.name} changed while it was read",
                rows=f"{self.state[0]:,} bytes when the load began",
                hint="is the export still being written? load again when it is done",
            )

    def unpacked(self, scratch: Path) -> Path:
        """Give the file as it was before it was packed.

        Parameters
        ----------
        scratch : Path
            Folder for a copy.

        Returns
        -------
        Path
            Itself, or the copy.

        Raises
        ------
        InputError
            It is broken, or larger than its limit.
        """
        path, limit = self.path, self.mapping.unpacked_limit_mb << 20
        if self.member is not None:
            copy = scratch / PurePosixPath(self.name).name
            path = unpack_member(path, self.member, copy, limit)
        if path.suffix.lower() == ".gz":
            path = unpack_gzip(path, scratch / path.stem, limit, self.name)
        return path


def find_files(folder: Path, mapping: FileMapping) -> list[FoundFile]:
    """Find the files of a mapping, by name.

    A ``.zip`` counts as a folder, ``.gz`` at the end of a name need not be written, and ``**``
    stands for any folders.

    Parameters
    ----------
    folder : Path
        A source's folder, or a single file.
    mapping : FileMapping
        Its ``file`` is a glob within the folder.

    Returns
    -------
    list of FoundFile
        Sorted by name, folder by folder; empty only where the mapping is optional.

    Raises
    ------
    InputError
        Nothing fits and the mapping is not optional, or an archive is broken.
    """
    if folder.is_file() and not _is_archive(folder):
        return [_found(folder, (folder.name,), mapping)]
    found = sorted(_fitting(folder, mapping), key=lambda file: PurePosixPath(file.name).parts)
    if not found and not mapping.optional:
        present = _present(folder)
        raise InputError(
            f"no file fits {mapping.file!r} of {mapping.name}",
            rows=f"{len(present)} files lie in {folder.name}",
            example=present[0] if present else None,
            hint="put the export there, or mend 'file' or 'path' in clientlib.toml",
        )
    return found


def fits(name: str, glob: str) -> bool:
    """Say whether a path fits a glob, packed or not.

    Parameters
    ----------
    name : str
        A path within a source.
    glob : str
        As a mapping's ``file`` has it.

    Returns
    -------
    bool
        True where it fits as a whole, or but for ``.gz`` at its end.
    """
    return any(
        _fits(PurePosixPath(written).parts, PurePosixPath(glob).parts)
        for written in (name, name.removesuffix(".gz"))
    )


def would_find(name: str, mapping: FileMapping) -> bool:
    """Say whether a mapping finds a file of a name where it is there.

    Parameters
    ----------
    name : str
        Path of the file within its source, as ``FoundFile.name`` has it.
    mapping : FileMapping
        Its ``file`` is a glob.

    Returns
    -------
    bool
        True also for a member of an archive that the mapping looks into.
    """
    parts = PurePosixPath(name).parts
    for place, part in enumerate(parts[:-1]):
        if _is_archive(PurePosixPath(part)):
            return _fits_member(parts[: place + 1], "/".join(parts[place + 1 :]), mapping)
    return fits(name, mapping.file or "")


def _fits(parts: Sequence[str], glob: Sequence[str]) -> bool:
    if not glob:
        return not parts
    if glob[0] == "**":
        return any(_fits(parts[start:], glob[1:] or "*") for start in range(len(parts)))
    if not parts or not fnmatchcase(parts[0], glob[0]):
        return False
    return _fits(parts[1:], glob[1:]) or _is_part_of_parquet(parts, glob)


def _is_part_of_parquet(parts: Sequence[str], glob: Sequence[str]) -> bool:
    """Say whether a folder that is one Parquet table fits, and this is a file of it."""
    ends = [PurePosixPath(part).suffix.lower() for part in (parts[0], parts[-1])]
    return len(glob) == 1 and len(parts) > 1 and ends == [PARQUET_FOLDER, ".parquet"]


def _present(folder: Path) -> list[str]:
    if folder.is_dir():
        return sorted(path.name for path in folder.iterdir())
    return list_members(folder) if folder.is_file() else []


def _fitting(folder: Path, mapping: FileMapping) -> Iterator[FoundFile]:
    glob = mapping.file or ""
    if folder.is_file():
        yield from _fitting_members(folder, (folder.name,), mapping)
        return
    depth = DEEPEST if "**" in glob else len(PurePosixPath(glob).parts)
    for path in _files_below(folder, depth, frozenset()):
        parts = path.relative_to(folder).parts
        if _is_archive(path):
            yield from _fitting_members(path, parts, mapping)
        elif fits("/".join(parts), glob):
            yield _found(path, parts, mapping)


def _files_below(folder: Path, depth: int, above: frozenset[Path]) -> Iterator[Path]:
    """List files as deep as a glob can reach; a link to a folder above is not followed again."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.resolve() not in above:
            below = DEEPEST if path.suffix.lower() == PARQUET_FOLDER else depth - 1
            if below > 0:
                yield from _files_below(path, below, above | {path.resolve()})


def _fitting_members(
    archive: Path, parts: tuple[str, ...], mapping: FileMapping
) -> Iterator[FoundFile]:
    fitting = [
        member
        for member in list_members(archive)
        if _fits_member(parts, member.replace("\\", "/"), mapping)
    ]
    check_members(archive, fitting, mapping.unpacked_limit_mb << 20)
    for member in fitting:
        yield _found(archive, (*parts, member.replace("\\", "/")), mapping, member)


def _fits_member(archive: tuple[str, ...], member: str, mapping: FileMapping) -> bool:
    """Say whether a file fits that lies within an archive, of itself or as the archive does."""
    glob = mapping.file or ""
    names = ["/".join((*above, member)) for above in (archive, archive[:-1])]
    is_known = mapping.format is not None or _format_of(member) is not None
    return any(fits(name, glob) for name in names) or (is_known and fits("/".join(archive), glob))


def _is_archive(path: PurePath) -> bool:
    return path.suffix.lower() == ".zip"


def _format_of(name: str) -> str | None:
    return SUFFIX_FORMATS.get(PurePosixPath(name.removesuffix(".gz")).suffix.lower())


def _found(
    path: Path, parts: tuple[str, ...], mapping: FileMapping, member: str | None = None
) -> FoundFile:
    return FoundFile("/".join(parts), mapping, path, member, _state(path))


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino
