"""What a period brought against last year and plan, why, and what the findings ask for."""

from clientlib.results.accounts import (
    KeyAccounts,
    lay_out_flows,
    list_key_accounts,
    sum_segments,
    title_flows,
    title_segments,
)
from clientlib.results.actions import (
    ActionRules,
    Implication,
    list_decisions,
    say_decisions,
    say_implication,
)
from clientlib.results.bridge import RevenueBridge, bridge_revenue
from clientlib.results.fairness import FairComparison, compare_fairly, limit_funnel
from clientlib.results.findings import (
    judge_accounts,
    judge_lost,
    judge_pipeline,
    judge_plan,
    judge_price,
    judge_reliability,
    judge_rivals,
    judge_segments,
)
from clientlib.results.months import Result, measure_result
from clientlib.results.parts import join_parts
from clientlib.results.periods import Period, whole_months
from clientlib.results.plans import Plan, PlanBridge, bridge_plan, read_plan
from clientlib.results.shown import list_exposures, list_rivals, title_exposures, title_rivals

__all__ = [
    "ActionRules",
    "FairComparison",
    "Implication",
    "KeyAccounts",
    "Period",
    "Plan",
    "PlanBridge",
    "Result",
    "RevenueBridge",
    "bridge_plan",
    "bridge_revenue",
    "compare_fairly",
    "join_parts",
    "judge_accounts",
    "judge_lost",
    "judge_pipeline",
    "judge_plan",
    "judge_price",
    "judge_reliability",
    "judge_rivals",
    "judge_segments",
    "lay_out_flows",
    "limit_funnel",
    "list_decisions",
    "list_exposures",
    "list_key_accounts",
    "list_rivals",
    "measure_result",
    "read_plan",
    "say_decisions",
    "say_implication",
    "sum_segments",
    "title_exposures",
    "title_flows",
    "title_rivals",
    "title_segments",
    "whole_months",
]
