"""Can a model be relied on: ranking, level, drift, rivals, slices, selection, and its card."""

from clientlib.reliability.validation.cards import Expiry, ModelCard, set_expiry, write_card
from clientlib.reliability.validation.drift import (
    compare_features,
    follow_drift,
    measure_stability,
)
from clientlib.reliability.validation.issuing import issue_cards, issue_tests
from clientlib.reliability.validation.levels import (
    BrierJudged,
    draw_reliability,
    judge_brier,
    judge_classes,
    measure_bias,
    measure_line,
)
from clientlib.reliability.validation.measured import Measured
from clientlib.reliability.validation.page import Validation, validate_models
from clientlib.reliability.validation.ranking import (
    AgainstDevelopment,
    compare_with_development,
    measure_auc,
    measure_ks,
)
from clientlib.reliability.validation.rivals import Contest, hold_contest
from clientlib.reliability.validation.sayings import (
    list_curves,
    say_classes,
    say_contests,
    say_headline,
    say_level,
    say_ranking,
    say_slices,
    say_stability,
    title_drift,
)
from clientlib.reliability.validation.selection import (
    SELECTION_TEXT,
    Selection,
    describe_selection,
    keep_accepted,
)
from clientlib.reliability.validation.slices import judge_slices
from clientlib.reliability.validation.subjects import Assessed, Issued
from clientlib.reliability.validation.tables import (
    list_cards,
    list_classes,
    list_contests,
    list_drift,
    list_features,
    list_models,
    list_months,
    list_slices,
    list_stabilities,
    write_cards,
)

__all__ = [
    "SELECTION_TEXT",
    "AgainstDevelopment",
    "Assessed",
    "BrierJudged",
    "Contest",
    "Expiry",
    "Issued",
    "Measured",
    "ModelCard",
    "Selection",
    "Validation",
    "compare_features",
    "compare_with_development",
    "describe_selection",
    "draw_reliability",
    "follow_drift",
    "hold_contest",
    "issue_cards",
    "issue_tests",
    "judge_brier",
    "judge_classes",
    "judge_slices",
    "keep_accepted",
    "list_cards",
    "list_classes",
    "list_contests",
    "list_curves",
    "list_drift",
    "list_features",
    "list_models",
    "list_months",
    "list_slices",
    "list_stabilities",
    "measure_auc",
    "measure_bias",
    "measure_ks",
    "measure_line",
    "measure_stability",
    "say_classes",
    "say_contests",
    "say_headline",
    "say_level",
    "say_ranking",
    "say_slices",
    "say_stability",
    "set_expiry",
    "title_drift",
    "validate_models",
    "write_card",
    "write_cards",
]
