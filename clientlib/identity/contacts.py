"""Pairs of contacts that may be one person: within one client, by name, e-mail and telephone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from clientlib.identity.clients import PAIR_COLUMNS
from clientlib.identity.clusters import SAME
from clientlib.identity.columns import read_texts
from clientlib.identity.spelling import fold, is_within

NEEDED = ("contact_id", "client_id", "name")
OPTIONAL = ("email", "phone")
PHONE_DIGITS = 8  # from behind: with and without the country's prefix
SHORTEST_MISTYPED = 4
# Rules, not fitted: no list of contacts with a known truth is at hand.
SURE, DOUBTFUL = 0.95, 0.5


@dataclass(frozen=True)
class _Person:
    contact_id: str
    words: tuple[str, ...]
    email: str
    phone: str


def match_contacts(contacts: pd.DataFrame, kept: Mapping[str, str]) -> pd.DataFrame:
    """Find the pairs of contacts of one client that may be one person.

    A person who works for two clients stays two contacts. An e-mail address or telephone
    without a like name is shared by colleagues and joins nobody.

    Parameters
    ----------
    contacts : DataFrame, one row per contact
        ``contact_id``, ``client_id``, ``name`` and what there is of email and phone.
    kept : mapping of str to str
        Client by the client that was merged into it, as ``Merges.kept``.

    Returns
    -------
    DataFrame
        Pairs as ``Matches.pairs`` has them; ``probability`` is 0.95 for sure pairs and 0.5 for
        doubtful ones by rule.

    Raises
    ------
    InputError
        A needed column is missing.
    """
    texts = read_texts(contacts, "contacts", NEEDED, OPTIONAL)
    texts = texts[texts["client_id"] != ""]
    clients = texts["client_id"].map(lambda key: kept.get(key, key))
    rows = [
        row for _, group in texts.groupby(clients, sort=True) for row in _pairs_of_client(group)
    ]
    pairs = pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
    return pairs.sort_values(
        ["probability", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True
    )


def _pairs_of_client(group: pd.DataFrame) -> Iterator[tuple[str, str, float, str, str]]:
    people = [
        _Person(row["contact_id"], tuple(fold(row["name"]).split()), row["email"].strip().lower(),
                re.sub(r"\D", "", row["phone"])[-PHONE_DIGITS:])
        for row in group.to_dict("records")
    ]  # fmt: skip
    for one, other in combinations(people, 2):
        name = _compare_names(one.words, other.words)
        reach = {kind: _compare(getattr(one, kind), getattr(other, kind)) for kind in OPTIONAL}
        share = _judge(name, set(reach.values()))
        if share:
            words = [_NAMES[name], *(_REACH[level].format(kind) for kind, level in reach.items())]
            evidence = "; ".join(word for word in words if word)
            proposed = SAME if share == SURE else ""
            yield one.contact_id, other.contact_id, share, proposed, evidence


_NAMES = {
    "full": "same full name", "part": "same single name", "slip": "names one slip apart",
    "initial": "one name has initials only", "missing": "a name is missing",
}  # fmt: skip
_REACH = {"same": "same {}", "different": "different {}", "missing": ""}


def _judge(name: str, reach: set[str]) -> float:
    """Give the rule's probability: a like name with a shared way to reach, or a full name."""
    if name == "other" or (name == "missing" and "same" not in reach):
        return 0.0
    if "same" in reach:
        return DOUBTFUL if name == "missing" else SURE
    if name == "full":
        return DOUBTFUL if "different" in reach else SURE
    return DOUBTFUL if "different" not in reach else 0.0


def _compare_names(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    if not left or not right:
        return "missing"
    if sorted(left) == sorted(right):
        return "full" if len(left) > 1 else "part"
    if len(left) != len(right):
        return "other"
    mine = sorted(set(left) - set(right))
    theirs = sorted(set(right) - set(left))
    if len(mine) != 1 or len(theirs) != 1 or len(left) < 2:
        return "other"
    short, long = sorted((mine[0], theirs[0]), key=len)
    if len(short) == 1 and long.startswith(short):
        return "initial"
    is_slip = len(short) >= SHORTEST_MISTYPED and is_within(short, long, 1)
    return "slip" if is_slip else "other"


def _compare(left: str, right: str) -> str:
    if not left or not right:
        return "missing"
    return "same" if left == right else "different"
