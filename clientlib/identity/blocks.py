"""Which pairs of clients are worth comparing: those that share a key, and no key shared by many."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from clientlib.identity.codes import UNCHECKED
from clientlib.identity.comparing import Card
from clientlib.identity.names import is_common_word

LARGEST_BLOCK = 40
SHORTEST_KEY = 5


def candidate_pairs(cards: Sequence[Card]) -> tuple[list[tuple[int, int]], int]:
    """List the pairs that share a key: a code, a name, a rare word, or a name with one slip.

    Parameters
    ----------
    cards : sequence of Card
        Clients.

    Returns
    -------
    list of (int, int)
        Places of the two in ``cards``, the smaller first, in order.
    int
        Keys left out because more than ``LARGEST_BLOCK`` clients share them.
    """
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, card in enumerate(cards):
        for key in set(_keys(card)):
            blocks[key].append(place)
    pairs: set[tuple[int, int]] = set()
    crowded = 0
    for key, places in blocks.items():
        if len(places) > LARGEST_BLOCK:
            crowded += not key.startswith("word")
        elif len(places) > 1:
            pairs.update(combinations(places, 2))
    return sorted(pairs), crowded


def name_rarity(cards: Sequence[Card]) -> dict[str, str]:
    """Say of each name how much it tells of who bears it.

    Parameters
    ----------
    cards : sequence of Card
        Clients.

    Returns
    -------
    dict of str to str
        By ``name.key``: ``own`` where it has a word that no other name of the list has,
        ``shared`` where other names have its words too, ``common`` where it is made of words
        that many companies carry, or many clients bear it.
    """
    bearers = Counter(card.name.key for card in cards)
    names_with = Counter(word for key in bearers for word in set(key.split()))
    rarity = {}
    for card in cards:
        own = [w for w in card.name.words if len(w) > 2 and not is_common_word(w)]
        if not own or bearers[card.name.key] > 4:
            rarity[card.name.key] = "common"
        else:
            rarest = min(names_with[word] for word in own)
            rarity[card.name.key] = "own" if rarest == 1 else "shared"
    return rarity


def _keys(card: Card) -> Iterator[str]:
    for kind, code in (("register", card.register), ("vat", card.vat)):
        if code.text:
            home = card.country if code.state == UNCHECKED else ""
            yield f"{kind} {home} {code.text}"
    yield f"name {card.name.key}"
    yield from (f"word {word}" for word in card.name.words if len(word) >= SHORTEST_KEY)
    if len(card.name.words) > 1:
        yield "begin " + " ".join(word[:3] for word in sorted(card.name.words))
    if len(card.name.words) > 2:
        yield "initials " + "".join(word[0] for word in card.name.words)
    elif 3 <= len(card.name.compact) <= SHORTEST_KEY:
        yield f"initials {card.name.compact}"
    yield from _slip_keys(card.name.compact)


def _slip_keys(text: str) -> Iterator[str]:
    """Give the text with each letter left out: two texts one slip apart share one of them."""
    yield f"slip {text}"
    if len(text) >= SHORTEST_KEY:
        for place in range(len(text)):
            yield f"slip {text[:place]}{text[place + 1 :]}"
        yield f"head {text[:6]}"
        yield f"tail {text[-6:]}"
