"""What each kind of evidence is worth, in log-odds, and the probability that they add up to.

The weights were fitted by logistic regression on eight simulated client lists of 10,000 (seeds
101 to 108 of tests/client_lists.py; ``bench_duplicates.py --fit`` fits them anew). They hold for
lists of any size: there is nothing to fit on fifty clients.
"""

import math

from clientlib.identity.comparing import Comparison

FITTED_ON = 10_000
BASE = -5.7
WEIGHTS: dict[str, dict[str, float]] = {
    "name": {
        "same own": 10.8, "same shared": 8.6, "same common": 7.4,
        "slip own": 7.8, "slip shared": 7.0, "slip common": 6.6,
        "ending own": 5.9, "ending shared": 5.9, "ending common": 5.5,
        "slips own": 4.9, "slips shared": 1.6,
        "short own": 3.9, "short shared": 7.8, "short common": 2.5,
        "more own": 3.6, "more shared": 3.2, "more common": 1.6,
    },
    "form": {"same": 0.8, "different": -8.2},
    # The lists hold too few equal VAT codes without a check digit: they weigh like register codes.
    # True pairs with different codes, or told apart by groups, were too rare to fit their weights.
    "register": {
        "same": 7.8, "same unchecked": 5.0, "miscopied": 2.9,
        "different": -10.0, "different unchecked": -6.0,
    },
    "vat": {
        "same": 7.2, "same unchecked": 5.0, "miscopied": 2.5,
        "different": -8.0, "different unchecked": -5.0,
    },
    "group": {"head and member": -3.0, "branch": -3.0},
    "country": {"different": -6.0},
    "region": {"same": 0.5, "different": -2.8},
    "industry": {"same": 0.6, "different": -2.1},
}  # fmt: skip
# No weight outvotes these: the pair is never merged without a person.
VETOES = {
    "register": ("different", "different unchecked"),
    "vat": ("different", "different unchecked"),
    "group": ("head and member", "branch"),
    "country": ("different",),
}


def probability(comparison: Comparison, clients_count: int) -> float:
    """Give the probability that two clients are one company.

    Parameters
    ----------
    comparison : Comparison
        How they compare.
    clients_count : int
        Clients of the list. Above the size that the weights were fitted on, chance brings more
        like names together, while each client still has as few duplicates.

    Returns
    -------
    float
        0..1.
    """
    total = BASE + sum(WEIGHTS.get(kind, {}).get(level, 0.0) for kind, level in comparison.levels)
    if not comparison.level("register").startswith("same"):
        total -= math.log(max(1.0, clients_count / FITTED_ON)) / 2
    return 1 / (1 + math.exp(-total))


def vetoes(comparison: Comparison) -> tuple[str, ...]:
    """List the kinds of evidence that forbid an automatic merge.

    Parameters
    ----------
    comparison : Comparison
        How two clients compare.

    Returns
    -------
    tuple of str
        Such as ``("register",)``; empty where nothing speaks against.
    """
    return tuple(k for k, level in comparison.levels if level in VETOES.get(k, ()))
