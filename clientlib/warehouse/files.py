"""Which file was loaded last under a name: the very same one need not be judged again."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from clientlib import __version__
from clientlib.sources import Part
from clientlib.warehouse.contracts import canonical

DEPENDS_ON_TODAY = ("happened", "planned", "known_on")  # rules that a row may keep tomorrow


@dataclass(frozen=True)
class Fingerprint:
    """What a load of a file rests on: its bytes, and how they are judged."""

    contents: str | None
    judgement: str


def fingerprint_of(part: Part) -> Fingerprint:
    """Take the fingerprint of a file and of what is made of it.

    Parameters
    ----------
    part : Part
        The file with its mapping, or rows that come over a network: nothing but reading them
        says whether those have changed.

    Returns
    -------
    Fingerprint
        SHA-256 of the bytes, and of mapping, contracts and version of clientlib together.
    """
    contents = None
    if part.stored_path:
        with (
            suppress(OSError),
            part.stored_path.open("rb") as file,
        ):  # reading it says what is wrong
            contents = hashlib.file_digest(file, "sha256").hexdigest()
    contracts = [repr(canonical(table.table)) for table in part.mapping.tables]
    judged_by = "\n".join([part.mapping.model_dump_json(), *contracts, __version__])
    return Fingerprint(contents, hashlib.sha256(judged_by.encode()).hexdigest())


def is_as_loaded(
    connection: duckdb.DuckDBPyConnection, source: str, file_name: str, fingerprint: Fingerprint
) -> bool:
    """Tell whether a file would bring again what it brought when it was last loaded.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    source, file_name : str
        Under which names it was loaded.
    fingerprint : Fingerprint
        Its fingerprint now.

    Returns
    -------
    bool
        True where bytes, mapping, contracts and version are those of the last load, and none of
        its rows waits in quarantine for a day to come.
    """
    last = connection.execute(
        """select contents, judgement from raw.files
        where source = $source and source_file = $file order by load_id desc limit 1""",
        {"source": source, "file": file_name},
    ).fetchone()
    if fingerprint.contents is None or last != (fingerprint.contents, fingerprint.judgement):
        return False
    waiting = connection.execute(
        """select 1 from raw.quarantine
        where source = $source and source_file = $file and closed_load_id is null
        and list_has_any(list_transform(reasons, lambda reason: reason."rule"), $rules) limit 1""",
        {"source": source, "file": file_name, "rules": list(DEPENDS_ON_TODAY)},
    ).fetchone()
    return waiting is None


def note_file(
    connection: duckdb.DuckDBPyConnection,
    load_id: int,
    source: str,
    file_name: str,
    fingerprint: Fingerprint,
) -> None:
    """Remember which file a load has read.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The store.
    load_id : int
        The load.
    source, file_name : str
        Under which names.
    fingerprint : Fingerprint
        Its fingerprint.
    """
    connection.execute(
        "insert into raw.files values (?, ?, ?, ?, ?)",
        [load_id, source, file_name, fingerprint.contents, fingerprint.judgement],
    )
