"""From a probability to a decision: class, loss, limit, terms, authority; where views differ."""

from clientlib.reliability.decisions.authority import cap_by_authority, limits_on
from clientlib.reliability.decisions.conflicts import find_conflicts
from clientlib.reliability.decisions.limits import (
    advise_limits,
    find_smallest_change,
    say_change,
)
from clientlib.reliability.decisions.losses import (
    LossShare,
    estimate_loss_share,
    expect_losses,
    weigh_orders,
)
from clientlib.reliability.decisions.overrides import judge_overrides
from clientlib.reliability.decisions.policy import CLASSES, CreditPolicy
from clientlib.reliability.decisions.scale import to_classes, to_percentiles, to_points

__all__ = [
    "CLASSES",
    "CreditPolicy",
    "LossShare",
    "advise_limits",
    "cap_by_authority",
    "estimate_loss_share",
    "expect_losses",
    "find_conflicts",
    "find_smallest_change",
    "judge_overrides",
    "limits_on",
    "say_change",
    "to_classes",
    "to_percentiles",
    "to_points",
    "weigh_orders",
]
