"""The merges that a build goes by: sure pairs as recorded, and decisions of people."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from clientlib.config import Settings
from clientlib.identity import APART, Merges, codes_by_client, join_pairs, read_cards
from clientlib.warehouse.review import is_in_force, is_waiting, read_pairs


@dataclass(frozen=True)
class Subject:
    """Who may stand in the sources more than once.

    Attributes
    ----------
    kind : str
        ``client`` or ``contact``; names the file of pairs.
    merges : str
        Table of the store that holds the merges.
    """

    kind: str
    merges: str


CLIENTS = Subject("client", "raw.client_merges")
CONTACTS = Subject("contact", "raw.contact_merges")


@dataclass(frozen=True)
class MergeCounts:
    """How the merging of clients and contacts stands.

    Attributes
    ----------
    merged_count, contacts_count : int
        Clients, and contacts, that are counted under another.
    waiting_count : int
        Pairs that wait for a person.
    left_out : tuple of (str, str)
        Pairs in force that would bring together what codes or people hold apart.
    """

    merged_count: int
    contacts_count: int
    waiting_count: int
    left_out: tuple[tuple[str, str], ...]


def pairs_file(settings: Settings, subject: Subject = CLIENTS) -> Path:
    """Name the file of pairs.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    subject : Subject
        Clients or contacts.

    Returns
    -------
    Path
        In the project's folder of reviews.
    """
    return settings.review_folder / f"{subject.kind}_pairs.csv"


def record_merges(store: duckdb.DuckDBPyConnection, settings: Settings) -> MergeCounts:
    """Write into the store who is one, as the files of pairs have it.

    The files alone decide, with the codes of the clients: the same files and clients give the
    same merges. Without a file nothing is merged.

    Parameters
    ----------
    store : DuckDBPyConnection
        The store, open for writing.
    settings : Settings
        The project's settings.

    Returns
    -------
    MergeCounts
        How many, and what had to be left out.

    Raises
    ------
    InputError
        A file of pairs cannot be read.
    """
    clients = _record(store, CLIENTS, read_pairs(pairs_file(settings)))
    contacts = _record(store, CONTACTS, read_pairs(pairs_file(settings, CONTACTS)))
    return MergeCounts(
        clients[0], contacts[0], waiting_pairs(settings), (*clients[1], *contacts[1])
    )


def _record(
    store: duckdb.DuckDBPyConnection, subject: Subject, pairs: pd.DataFrame
) -> tuple[int, list[tuple[str, str]]]:
    force, merges = merges_of(store, pairs, subject)
    store.execute(f"delete from {subject.merges}")
    if merges.kept:
        rows = [
            _row(force.iloc[merges.joined[key]], key, kept) for key, kept in merges.kept.items()
        ]
        store.executemany(f"insert into {subject.merges} values (?, ?, ?, ?, ?, ?)", rows)
    left_out = force.iloc[list(merges.left_out)]
    return len(merges.kept), list(zip(left_out["left_id"], left_out["right_id"], strict=True))


def waiting_pairs(settings: Settings) -> int:
    """Count the pairs of clients and contacts that wait for a person.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    int
        Doubtful pairs without a decision.

    Raises
    ------
    InputError
        A file of pairs cannot be read.
    """
    files = [pairs_file(settings, subject) for subject in (CLIENTS, CONTACTS)]
    return sum(int(is_waiting(read_pairs(path)).sum()) for path in files)


def merges_of(
    store: duckdb.DuckDBPyConnection, pairs: pd.DataFrame, subject: Subject = CLIENTS
) -> tuple[pd.DataFrame, Merges]:
    """Join the pairs in force of a file.

    Parameters
    ----------
    store : DuckDBPyConnection
        The store.
    pairs : DataFrame
        From ``read_pairs``.
    subject : Subject
        Clients, whose codes can contradict each other, or contacts.

    Returns
    -------
    DataFrame
        The pairs in force, to which ``Merges`` refers by row.
    Merges
        Who is one.
    """
    force = pairs[is_in_force(pairs)].reset_index(drop=True)
    codes = _codes(store, force) if subject is CLIENTS else {}
    return force, join_pairs(force, codes, apart_pairs(pairs))


def apart_pairs(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    """List the pairs that people hold apart.

    Parameters
    ----------
    pairs : DataFrame
        From ``read_pairs``.

    Returns
    -------
    list of (str, str)
        Keys of both.
    """
    apart = pairs[pairs["decision"] == APART]
    return list(zip(apart["left_id"], apart["right_id"], strict=True))


def _row(pair: pd.Series, key: str, kept: str) -> list[object]:
    is_decided = pair["decision"] != ""
    reason = f"{pair['evidence']}; pair of {pair['left_id']} and {pair['right_id']}"
    return [
        key,
        kept,
        f"decided: {reason}" if is_decided else reason,
        pair["probability"],
        (pair["decided_by"] or "not told") if is_decided else None,
        (pair["decided_on"] or None) if is_decided else None,
    ]


def _codes(store: duckdb.DuckDBPyConnection, pairs: pd.DataFrame) -> dict[str, frozenset[str]]:
    keys = sorted({*pairs["left_id"], *pairs["right_id"]})
    if not keys:
        return {}
    clients = store.execute(
        """select client_id, name, country, register_code, vat_code from raw.clients
        where known_until is null and list_contains($keys, client_id)""",
        {"keys": keys},
    ).df()
    return codes_by_client(read_cards(clients))
