"""Who is who: clients and contacts that stand in the sources more than once."""

from clientlib.identity.cards import read_cards
from clientlib.identity.clients import Matches, match_clients, valid_codes
from clientlib.identity.clusters import APART, SAME, Merges, join_pairs

__all__ = [
    "APART",
    "SAME",
    "Matches",
    "Merges",
    "join_pairs",
    "match_clients",
    "read_cards",
    "valid_codes",
]
