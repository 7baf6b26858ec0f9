"""Can a model be relied on: ranking, level, drift, rivals, slices, selection, and its card."""

from clientlib.reliability.validation.cards import Expiry, ModelCard, set_expiry, write_card
from clientlib.reliability.validation.drift import (
    compare_features,
    follow_drift,
    measure_stability,
)
from clientlib.reliability.validation.levels import (
    BrierJudged,
    draw_reliability,
    judge_brier,
    judge_classes,
    measure_bias,
    measure_line,
)
from clientlib.reliability.validation.measured import Measured
from clientlib.reliability.validation.ranking import (
    AgainstDevelopment,
    compare_with_development,
    measure_auc,
    measure_ks,
)
from clientlib.reliability.validation.rivals import Contest, hold_contest
from clientlib.reliability.validation.selection import (
    SELECTION_TEXT,
    Selection,
    describe_selection,
    keep_accepted,
)
from clientlib.reliability.validation.slices import judge_slices

__all__ = [
    "SELECTION_TEXT",
    "AgainstDevelopment",
    "BrierJudged",
    "Contest",
    "Expiry",
    "Measured",
    "ModelCard",
    "Selection",
    "compare_features",
    "compare_with_development",
    "describe_selection",
    "draw_reliability",
    "follow_drift",
    "hold_contest",
    "judge_brier",
    "judge_classes",
    "judge_slices",
    "keep_accepted",
    "measure_auc",
    "measure_bias",
    "measure_ks",
    "measure_line",
    "measure_stability",
    "set_expiry",
    "write_card",
]
