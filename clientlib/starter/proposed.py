"""A starter project for an export that no preset knows: its mapping is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clientlib.config import FileMapping, TableMapping
from clientlib.errors import InputError
from clientlib.sources import find_files
from clientlib.sources.proposals import (
    ProposedFile,
    TableShape,
    open_points,
    propose_tables,
    read_samples,
    write_mappings,
)
from clientlib.starter import check_place, fill_project, fill_template

ASSUMED_CURRENCY = "EUR"

_SOURCE = """[sources.{name}]
path = "data/raw/{name}"
recorded_within_days = 45                  # rows of a later export count from the day they happened

# What follows was proposed from headings and contents. Lines that say "confirm" are in doubt: those
# that are needed stand, the others are commented out. Try it: clientlib load --dry-run

{mappings}"""


@dataclass(frozen=True)
class ProposedProject:
    """A project whose mapping was proposed.

    Attributes
    ----------
    config : Path
        Its ``clientlib.toml``.
    tables : dict of str to tuple of str
        By file, the canonical tables that it is proposed to be made into.
    points : tuple of str
        What somebody must confirm or complete.
    """

    config: Path
    tables: dict[str, tuple[str, ...]]
    points: tuple[str, ...]


def write_proposed_project(
    folder: Path, export: Path, shapes: Mapping[str, TableShape]
) -> ProposedProject:
    """Write a starter project with a proposed mapping.

    Parameters
    ----------
    folder : Path
        Folder of the project; made where it does not exist.
    export : Path
        A file or folder, copied to ``data/raw`` as far as something was recognised in it.
    shapes : mapping of str to TableShape
        The canonical tables.

    Returns
    -------
    ProposedProject
        What was written, and what is open.

    Raises
    ------
    ConfigError
        There is a project or a file already.
    InputError
        The export does not exist, is broken, or nothing in it was recognised.
    """
    check_place(folder)
    if not export.exists():
        raise InputError(f"there is no file or folder {export}", hint="mend --from")
    files = propose_tables(read_samples(export), shapes)
    used = [file for file in files if any(not table.missing for table in file.tables)]
    if not used:
        raise _nothing_recognised(export, files)
    name = _name(export)
    source = _SOURCE.format(name=name, mappings=write_mappings(name, files))
    text = fill_template("Our company", ASSUMED_CURRENCY, source)
    config = fill_project(folder, text, name, _files(export, used))
    tables = {file.sample.glob: tuple(t.table for t in file.tables if not t.missing)
              for file in used}  # fmt: skip
    currency = f"[company] currency = {ASSUMED_CURRENCY}: no file says in which money it is"
    return ProposedProject(config, tables, (currency, *open_points(files)))


def _files(export: Path, files: list[ProposedFile]) -> dict[Path, Path]:
    if export.is_file():
        return {Path(export.name): export}
    found = set()
    for file in files:
        mapping = FileMapping(name="any", file=file.sample.glob, tables=[TableMapping(table="any")])
        found |= {part.path for part in find_files(export, mapping)}
    return {path.relative_to(export): path for path in sorted(found)}


def _name(export: Path) -> str:
    plain = export.resolve().name.partition(".")[0].lower()
    letters = (letter if letter.isascii() and letter.isalnum() else "_" for letter in plain)
    return "".join(letters).strip("_") or "export"


def _nothing_recognised(export: Path, files: list[ProposedFile]) -> InputError:
    headings = [str(name) for file in files for name in file.sample.rows.columns]
    return InputError(
        f"nothing in {export.name} was recognised as a canonical table",
        rows=f"{len(files)} files with headings were read",
        example=", ".join(headings[:8]) or None,
        hint="map it by hand: docs/how-to/map-your-exports.md; CSV, Parquet and XLSX are read",
    )
