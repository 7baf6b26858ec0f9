"""Who is who: clients and contacts that stand in the sources more than once."""

from clientlib.identity.cards import read_cards
from clientlib.identity.clients import Matches, codes_by_client, match_clients
from clientlib.identity.clusters import APART, SAME, Merges, join_pairs
from clientlib.identity.contacts import match_contacts

__all__ = [
    "APART",
    "SAME",
    "Matches",
    "Merges",
    "codes_by_client",
    "join_pairs",
    "match_clients",
    "match_contacts",
    "read_cards",
]
