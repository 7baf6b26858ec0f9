"""Whether the data can be rested on: blanks, keys, freshness, volume, balances, loads."""

from clientlib.quality.balances import Balances, judge_balances
from clientlib.quality.completeness import Completeness, judge_completeness
from clientlib.quality.keys import Keys, judge_keys
from clientlib.quality.loads import Loads, follow_loads
from clientlib.quality.mending import Mending, rank_issues
from clientlib.quality.series import Freshness, Volume, judge_freshness, judge_volume

__all__ = [
    "Balances",
    "Completeness",
    "Freshness",
    "Keys",
    "Loads",
    "Mending",
    "Volume",
    "follow_loads",
    "judge_balances",
    "judge_completeness",
    "judge_freshness",
    "judge_keys",
    "judge_volume",
    "rank_issues",
]
