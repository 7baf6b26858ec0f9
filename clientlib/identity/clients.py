"""Pairs of clients that may be one company: sure ones, doubtful ones, and why."""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from clientlib.identity.blocks import candidate_pairs, name_rarity
from clientlib.identity.cards import read_cards
from clientlib.identity.clusters import SAME, contradict
from clientlib.identity.comparing import Card, Comparison, compare
from clientlib.identity.weights import probability, vetoes
from clientlib.identity.wording import in_words

SURE_FROM = 0.85
DOUBTFUL_FROM = 0.2
PAIR_COLUMNS = ("left_id", "right_id", "probability", "proposed", "evidence")
_RARITIES = ("common", "shared", "own")


@dataclass(frozen=True)
class Matches:
    """Pairs that may be one.

    Attributes
    ----------
    pairs : DataFrame, one row per pair, the most probable first
        ``left_id``, ``right_id``, ``probability``, ``proposed`` (``same`` for sure pairs, empty
        for doubtful ones), ``evidence`` in words.
    codes : dict of str to frozenset of str
        Codes by client, as ``join_pairs`` takes them.
    compared_count : int
        Pairs that were compared.
    crowded_count : int
        Keys shared by too many clients to compare each with each.
    """

    pairs: pd.DataFrame
    codes: dict[str, frozenset[str]]
    compared_count: int
    crowded_count: int


def match_clients(clients: pd.DataFrame, *, sure_from: float = SURE_FROM) -> Matches:
    """Find the pairs of clients that may be one company.

    Parameters
    ----------
    clients : DataFrame, one row per client
        ``client_id``, ``name`` and what there is of country, register_code, vat_code, region,
        industry and parent_id.
    sure_from : float, 0..1
        Probability from which a pair that nothing speaks against is proposed as the same.

    Returns
    -------
    Matches
        Sure and doubtful pairs; the same list gives the same pairs in the same order.

    Raises
    ------
    InputError
        A needed column is missing.
    """
    cards = read_cards(clients)
    found, crowded = _compare_all(cards)
    likely = [(comparison, share) for comparison in found
              if (share := probability(comparison, len(cards))) >= DOUBTFUL_FROM]  # fmt: skip
    sure = {id(c) for c, share in likely if share >= sure_from and not vetoes(c)}
    codes = codes_by_client(cards)
    torn = _torn([c for c, _ in likely if id(c) in sure], codes)
    rows = [
        (c.left.client_id, c.right.client_id, round(share, 4),
         SAME if id(c) in sure and id(c) not in torn else "", in_words(c))
        for c, share in likely
    ]  # fmt: skip
    pairs = pd.DataFrame(rows, columns=list(PAIR_COLUMNS)).sort_values(
        ["probability", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True
    )
    return Matches(pairs, codes, len(found), crowded)


def compare_clients(clients: pd.DataFrame) -> list[Comparison]:
    """Compare all pairs of clients that share a key.

    Parameters
    ----------
    clients : DataFrame
        As for ``match_clients``.

    Returns
    -------
    list of Comparison
        In the order of the keys of both.

    Raises
    ------
    InputError
        A needed column is missing.
    """
    return _compare_all(read_cards(clients))[0]


def codes_by_client(cards: list[Card]) -> dict[str, frozenset[str]]:
    """List each client's codes that can contradict another's.

    Parameters
    ----------
    cards : list of Card
        Clients.

    Returns
    -------
    dict of str to frozenset of str
        By client_id: ``register LT 110053842``; clients without a code are left out.
    """
    codes = {
        card.client_id: frozenset(
            f"{kind} {card.country} {code.text}"
            for kind, code in (("register", card.register), ("vat", card.vat))
            if code.text
        )
        for card in cards
    }
    return {key: known for key, known in codes.items() if known}


def _compare_all(cards: list[Card]) -> tuple[list[Comparison], int]:
    places, crowded = candidate_pairs(cards)
    rarity = name_rarity(cards)

    def rarer(one: Card, other: Card) -> str:
        return min(rarity[one.name.key], rarity[other.name.key], key=_RARITIES.index)

    found = [
        compare(cards[one], cards[other], rarer(cards[one], cards[other])) for one, other in places
    ]
    return found, crowded


def _torn(sure: list[Comparison], codes: dict[str, frozenset[str]]) -> set[int]:
    """Find pairs of a client that could as well be another: a person must tell which."""
    partners: dict[str, list[tuple[Comparison, str]]] = defaultdict(list)
    for found in sure:
        one, other = found.left.client_id, found.right.client_id
        for mine, theirs in ((one, other), (other, one)):
            if mine not in codes and theirs in codes:
                partners[mine].append((found, theirs))
    return {
        id(found)
        for mine in partners.values()
        if contradict(*(codes[theirs] for _, theirs in mine))
        for found, _ in mine
    }
