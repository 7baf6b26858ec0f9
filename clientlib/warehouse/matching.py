"""Looking for clients and contacts entered more than once, and undoing what was found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb
import pandas as pd

from clientlib.config import Settings
from clientlib.errors import InputError, nearest
from clientlib.identity import APART, match_clients, match_contacts
from clientlib.warehouse.lock import writing
from clientlib.warehouse.merging import CLIENTS, CONTACTS, Subject, merges_of, pairs_file
from clientlib.warehouse.review import (
    KEYS,
    content,
    is_in_force,
    is_waiting,
    keep_decisions,
    read_pairs,
    write_pairs,
)
from clientlib.warehouse.store import STORE_NAME, open_store

_CLIENTS = """
select client_id, name, country, register_code, vat_code, region, industry, parent_id
from raw.clients where known_until is null order by client_id
"""
_HISTORY = """
select client_id, count(*) from (
    select client_id from raw.orders where known_until is null
    union all select client_id from raw.invoices where known_until is null
    union all select client_id from raw.deals where known_until is null
) where client_id is not null group by client_id
"""


_CONTACT_COLUMNS = """
select column_name from duckdb_columns()
where database_name = 'raw' and table_name = 'contacts' order by column_index
"""


@dataclass(frozen=True)
class MatchCounts:
    """What a search for duplicates found.

    Attributes
    ----------
    kind : str
        ``client`` or ``contact``.
    searched_count : int
        Clients or contacts that were looked at.
    sure_count, waiting_count : int
        Pairs in force, and pairs that wait for a person.
    new_count : int
        Pairs that the file did not have before.
    withdrawn_count : int
        Pairs that nobody had decided and that are no longer alike.
    crowded_count : int
        Keys shared by too many to compare each with each.
    """

    kind: str
    searched_count: int
    sure_count: int
    waiting_count: int
    new_count: int
    withdrawn_count: int
    crowded_count: int


def find_duplicates(settings: Settings, *, now: datetime) -> list[MatchCounts]:
    """Find pairs of clients and contacts that may be one, and write them to files for people.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the search, UTC.

    Returns
    -------
    list of MatchCounts
        What was found among clients and, where a source brings them, among contacts.

    Raises
    ------
    InputError
        Nothing has been loaded, or a file of pairs cannot be read.
    ClientlibError
        A load or build is running, or a file of pairs cannot be written.
    """
    with _reading(settings) as store:
        clients = store.execute(_CLIENTS).df()
        history = dict(store.execute(_HISTORY).fetchall())
        matches = match_clients(clients)
        found = _described(matches.pairs, clients, history)
        counts = _keep(settings, CLIENTS, found, now)
        found_clients = replace(
            counts, searched_count=len(clients), crowded_count=matches.crowded_count
        )
        contacts = _read_contacts(store)
        if contacts.empty:
            return [found_clients]
        _, merges = merges_of(store, read_pairs(pairs_file(settings)))
    named = contacts.assign(key=contacts["contact_id"], codes=_reach(contacts))
    pairs = _with_cards(match_contacts(contacts, merges.kept), named.set_index("key"), {})
    found_contacts = _keep(settings, CONTACTS, pairs, now)
    return [found_clients, replace(found_contacts, searched_count=len(contacts))]


def undo_merge(settings: Settings, key: str, *, now: datetime, by: str) -> int:
    """Hold a client or contact apart from all that it is merged with; the next build has it again.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    key : str
        Key of the client or contact in its source.
    now : datetime
        Time of the decision, UTC.
    by : str
        Who decides it.

    Returns
    -------
    int
        Clients or contacts from which it is now held apart.

    Raises
    ------
    InputError
        It is not merged, or a file of pairs cannot be read.
    """
    known: set[str] = set()
    for subject in (CLIENTS, CONTACTS):
        path = pairs_file(settings, subject)
        before = content(path)
        pairs = read_pairs(path)
        with _reading(settings) as store:
            _, merges = merges_of(store, pairs, subject)
        known |= {*merges.kept, *merges.kept.values()}
        kept = merges.kept_id(key)
        group = {kept, *(one for one, other in merges.kept.items() if other == kept)} - {key}
        if group:
            decided = {"decision": APART, "decided_by": by, "decided_on": now.date().isoformat()}
            write_pairs(path, _held_apart(pairs, key, sorted(group), decided), before=before)
            return len(group)
    near = nearest(key, known)
    raise InputError(
        f"{key!r} is not merged with another",
        hint=f"did you mean {near!r}?" if near else "marts.client_ids lists the merged clients",
    )


def _keep(settings: Settings, subject: Subject, found: pd.DataFrame, now: datetime) -> MatchCounts:
    """Bring what was found into the file of pairs."""
    path = pairs_file(settings, subject)
    before = content(path)
    old = read_pairs(path)
    pairs = keep_decisions(old, found.assign(found_on=now.date().isoformat()))
    write_pairs(path, pairs, before=before)
    known, kept = _keys(old), _keys(pairs)
    return MatchCounts(
        kind=subject.kind,
        searched_count=0,
        sure_count=int(is_in_force(pairs).sum()),
        waiting_count=int(is_waiting(pairs).sum()),
        new_count=len(kept - known),
        withdrawn_count=len(known - kept),
        crowded_count=0,
    )


@contextmanager
def _reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = settings.warehouse_folder
    if not (folder / STORE_NAME).is_file():
        raise InputError("there are no clients to match", hint="clientlib load")
    with writing(folder, "match"), open_store(folder, settings.warehouse) as store:
        yield store


def _held_apart(
    pairs: pd.DataFrame, client_id: str, others: list[str], decided: dict[str, str]
) -> pd.DataFrame:
    """Decide the client's pairs with the others, those too that only a third client joined."""
    wanted = [tuple(sorted((client_id, other))) for other in others]
    missing = [pair for pair in wanted if pair not in _keys(pairs)]
    added = pd.DataFrame(missing, columns=KEYS).assign(
        probability=0.0, evidence="joined through another client", left_history=0, right_history=0
    )
    pairs = pd.concat([pairs, added], ignore_index=True) if missing else pairs.copy()
    texts = pairs.columns.difference(["probability", "left_history", "right_history"])
    pairs[texts] = pairs[texts].fillna("")
    is_wanted = [pair in wanted for pair in zip(pairs["left_id"], pairs["right_id"], strict=True)]
    pairs.loc[is_wanted, list(decided)] = list(decided.values())
    return pairs


def _keys(pairs: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(pairs["left_id"], pairs["right_id"], strict=True))


def _read_contacts(store: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Read the contacts with the columns that there are; none where no source brings them."""
    known = [row[0] for row in store.execute(_CONTACT_COLUMNS).fetchall()]
    if not {"contact_id", "client_id", "name"} <= set(known):
        return pd.DataFrame()
    columns = ["contact_id", "client_id", "name", *(c for c in ("email", "phone") if c in known)]
    return store.execute(
        f"""select {", ".join(columns)} from raw.contacts
        where known_until is null order by contact_id"""
    ).df()


def _reach(contacts: pd.DataFrame) -> "pd.Series[str]":
    ways = contacts.reindex(columns=["email", "phone"]).fillna("").astype(str)
    return (ways["email"] + " " + ways["phone"]).str.strip()


def _described(pairs: pd.DataFrame, clients: pd.DataFrame, history: dict[str, int]) -> pd.DataFrame:
    cards = clients.set_index("client_id").fillna("")
    codes = cards["register_code"].astype(str) + " " + cards["vat_code"].astype(str)
    return _with_cards(pairs, cards.assign(codes=codes.str.strip()), history)


def _with_cards(pairs: pd.DataFrame, cards: pd.DataFrame, history: dict[str, int]) -> pd.DataFrame:
    """Put the names, codes and histories of both beside each pair."""
    for side in ("left", "right"):
        ids = pairs[f"{side}_id"]
        pairs = pairs.assign(
            **{
                f"{side}_name": ids.map(cards["name"]).fillna(""),
                f"{side}_codes": ids.map(cards["codes"]).fillna(""),
                f"{side}_history": ids.map(history).fillna(0).astype("int64"),
            }
        )
    return pairs
