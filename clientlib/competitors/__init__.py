"""Where competitors are cheaper, what they also sell, and how often we win against them."""

from clientlib.competitors.assortment import Assortment, compare_ranges
from clientlib.competitors.matching import IndexRules
from clientlib.competitors.prices import CONVENTION, PriceIndex, price_index, verdict
from clientlib.competitors.win_rates import WinRates, win_rates

__all__ = [
    "CONVENTION",
    "Assortment",
    "IndexRules",
    "PriceIndex",
    "WinRates",
    "compare_ranges",
    "price_index",
    "verdict",
    "win_rates",
]
