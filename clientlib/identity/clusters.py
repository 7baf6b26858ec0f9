"""Which clients become one: pairs joined, strongest first, unless codes or people say no."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from clientlib.identity.spelling import is_within

SAME, APART = "same", "apart"

Codes = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Merges:
    """Which clients are one.

    Attributes
    ----------
    kept : dict of str to str
        Kept client by the client that goes up in it; clients that stay as they are, are left out.
    joined : dict of str to int
        By client that goes up: the row of ``pairs`` that joined it, the strongest of its own.
    left_out : tuple of int
        Rows of ``pairs`` that would have brought together what must stay apart.
    """

    kept: dict[str, str]
    joined: dict[str, int]
    left_out: tuple[int, ...]

    def kept_id(self, client_id: str) -> str:
        """Give the client that another is after merging; itself where it is not merged."""
        return self.kept.get(client_id, client_id)


class _Groups:
    """Clients in groups that grow by joining; each knows its codes and what it must not hold."""

    def __init__(self, codes: Codes, apart: Iterable[tuple[str, str]]) -> None:
        self._codes = codes
        self._group: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def of(self, key: str) -> set[str]:
        return self._group.setdefault(key, {key})

    def join(self, one: str, other: str, *, is_decided: bool) -> bool:
        mine, theirs = self.of(one), self.of(other)
        if mine is theirs:
            return True
        if any(self._apart[key] & theirs for key in mine):
            return False
        if not is_decided and contradict(self._codes_of(mine), self._codes_of(theirs)):
            return False
        mine |= theirs
        for key in theirs:
            self._group[key] = mine
        return True

    def _codes_of(self, keys: set[str]) -> frozenset[str]:
        return frozenset(code for key in keys for code in self._codes.get(key, ()))


def contradict(*known: frozenset[str]) -> bool:
    """Tell whether two of the clients have codes of one kind and country, but none in common.

    Parameters
    ----------
    *known : frozenset of str
        Codes of each client or group, each written as kind, country and number.

    Returns
    -------
    bool
        False where each two share a code, to a slip, or have no codes of the same kind.
    """
    return any(_differ(_by_kind(one), _by_kind(other)) for one, other in combinations(known, 2))


def _by_kind(codes: frozenset[str]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        kind, _, text = code.rpartition(" ")
        kinds[kind].add(text)
    return kinds


def _differ(one: dict[str, set[str]], other: dict[str, set[str]]) -> bool:
    return any(
        not any(is_within(mine, theirs, 1) for mine in one[kind] for theirs in other[kind])
        for kind in one.keys() & other.keys()
    )


def join_pairs(pairs: pd.DataFrame, codes: Codes, apart: Sequence[tuple[str, str]] = ()) -> Merges:
    """Join pairs to groups of one company each, and choose whom each group keeps.

    Pairs that a person decided come first, then the most probable. A pair is left out where it
    would bring together two clients that a person holds apart or, unless a person decided it,
    two groups with contradicting codes: so the weakest link of a chain gives way.

    Parameters
    ----------
    pairs : DataFrame, one row per pair in force
        ``left_id``, ``right_id``, ``probability``, ``left_history``, ``right_history`` (rows of
        history when the pair was found) and, where people decided, ``decision``.
    codes : mapping of str to frozenset of str
        Codes by client, each written as kind, country and number.
    apart : sequence of (str, str)
        Pairs that a person holds apart.

    Returns
    -------
    Merges
        The kept client is the one with the most history, then the first by its key.
    """
    groups = _Groups(codes, apart)
    rows = _strongest_first(pairs)
    accepted = [
        (place, left, right) for place, left, right, is_decided in rows
        if groups.join(left, right, is_decided=is_decided)
    ]  # fmt: skip
    history = _history(pairs)
    kept: dict[str, str] = {}
    joined: dict[str, int] = {}
    for place, left, right in accepted:
        keeper = min(groups.of(left), key=lambda key: (-history[key], key))
        for key in (left, right):
            if key != keeper:
                kept[key] = keeper
                joined.setdefault(key, place)
    places = {place for place, _, _ in accepted}
    left_out = tuple(sorted(place for place, *_ in rows if place not in places))
    return Merges(dict(sorted(kept.items())), joined, left_out)


def _strongest_first(pairs: pd.DataFrame) -> list[tuple[int, str, str, bool]]:
    decided = pairs.get("decision", pd.Series("", index=pairs.index)) == SAME
    order = pd.DataFrame(
        {
            "undecided": ~decided.to_numpy(),
            "doubt": -pairs["probability"].to_numpy(),
            "left": pairs["left_id"].to_numpy(),
            "right": pairs["right_id"].to_numpy(),
            "place": range(len(pairs)),
        }
    ).sort_values(["undecided", "doubt", "left", "right"], kind="stable")
    return [
        (int(row["place"]), row["left"], row["right"], not row["undecided"])
        for row in order.to_dict("records")
    ]


def _history(pairs: pd.DataFrame) -> Counter[str]:
    """Take each client's history as it was first seen, so that a later count changes nothing."""
    history: Counter[str] = Counter()
    for side in ("left", "right"):
        counts = pairs.get(f"{side}_history", pd.Series(0, index=pairs.index))
        for key, count in zip(pairs[f"{side}_id"], counts, strict=True):
            history[key] = min(history.get(key, count), count)
    return history
