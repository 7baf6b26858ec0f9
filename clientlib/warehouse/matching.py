"""Looking for clients that stand in the sources more than once, and undoing what was found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd

from clientlib.config import Settings
from clientlib.errors import InputError, nearest
from clientlib.identity import APART, match_clients
from clientlib.warehouse.lock import writing
from clientlib.warehouse.merging import merges_of, pairs_file
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


@dataclass(frozen=True)
class MatchCounts:
    """What a search for duplicates found.

    Attributes
    ----------
    clients_count : int
        Clients that were looked at.
    sure_count, waiting_count : int
        Pairs in force, and pairs that wait for a person.
    new_count : int
        Pairs that the file did not have before.
    withdrawn_count : int
        Pairs that nobody had decided and that are no longer alike.
    crowded_count : int
        Keys shared by too many clients to compare each with each.
    """

    clients_count: int
    sure_count: int
    waiting_count: int
    new_count: int
    withdrawn_count: int
    crowded_count: int


def find_duplicates(settings: Settings, *, now: datetime) -> MatchCounts:
    """Find pairs of clients that may be one, and write them to the file that people decide in.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    now : datetime
        Time of the search, UTC.

    Returns
    -------
    MatchCounts
        What was found.

    Raises
    ------
    InputError
        Nothing has been loaded, or the file of pairs cannot be read.
    ClientlibError
        A load or build is running, or the file of pairs cannot be written.
    """
    path = pairs_file(settings)
    before = content(path)
    old = read_pairs(path)
    with _reading(settings) as store:
        clients = store.execute(_CLIENTS).df()
        history = dict(store.execute(_HISTORY).fetchall())
    matches = match_clients(clients)
    found = _described(matches.pairs, clients, history).assign(found_on=now.date().isoformat())
    pairs = keep_decisions(old, found)
    write_pairs(path, pairs, before=before)
    known, kept = _keys(old), _keys(pairs)
    return MatchCounts(
        clients_count=len(clients),
        sure_count=int(is_in_force(pairs).sum()),
        waiting_count=int(is_waiting(pairs).sum()),
        new_count=len(kept - known),
        withdrawn_count=len(known - kept),
        crowded_count=matches.crowded_count,
    )


def undo_merge(settings: Settings, client_id: str, *, now: datetime, by: str) -> int:
    """Hold a client apart from all that it is merged with; the next build has it again.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    client_id : str
        Key of the client in its source.
    now : datetime
        Time of the decision, UTC.
    by : str
        Who decides it.

    Returns
    -------
    int
        Clients from which it is now held apart.

    Raises
    ------
    InputError
        The client is not merged, or the file of pairs cannot be read.
    """
    path = pairs_file(settings)
    before = content(path)
    pairs = read_pairs(path)
    with _reading(settings) as store:
        _, merges = merges_of(store, pairs)
    kept = merges.kept_id(client_id)
    group = {kept, *(key for key, other in merges.kept.items() if other == kept)} - {client_id}
    if not group:
        near = nearest(client_id, [*merges.kept, *merges.kept.values()])
        raise InputError(
            f"client {client_id!r} is not merged with another",
            hint=f"did you mean {near!r}?" if near else "marts.client_ids lists the merged ones",
        )
    decided = {"decision": APART, "decided_by": by, "decided_on": now.date().isoformat()}
    write_pairs(path, _held_apart(pairs, client_id, sorted(group), decided), before=before)
    return len(group)


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


def _described(pairs: pd.DataFrame, clients: pd.DataFrame, history: dict[str, int]) -> pd.DataFrame:
    known = clients.set_index("client_id").fillna("")
    codes = known["register_code"].astype(str) + " " + known["vat_code"].astype(str)
    for side in ("left", "right"):
        ids = pairs[f"{side}_id"]
        pairs = pairs.assign(
            **{
                f"{side}_name": ids.map(known["name"]),
                f"{side}_codes": ids.map(codes.str.strip()),
                f"{side}_history": ids.map(history).fillna(0).astype("int64"),
            }
        )
    return pairs
