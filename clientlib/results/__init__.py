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
from clientlib.results.agenda import (
    Agenda,
    ask_complaints,
    ask_deals,
    ask_money,
    ask_silent,
    judge_actions,
    plan_actions,
    say_outcomes,
)
from clientlib.results.book import (
    compare_books,
    list_attention,
    make_book,
    say_attention,
    say_month,
    split_by_segment,
    title_split,
)
from clientlib.results.bridge import RevenueBridge, bridge_revenue
from clientlib.results.contacts import follow_contacts, say_contacts
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
from clientlib.results.service import Service, measure_service
from clientlib.results.shown import list_exposures, list_rivals, title_exposures, title_rivals

__all__ = [
    "ActionRules",
    "Agenda",
    "FairComparison",
    "Implication",
    "KeyAccounts",
    "Period",
    "Plan",
    "PlanBridge",
    "Result",
    "RevenueBridge",
    "Service",
    "ask_complaints",
    "ask_deals",
    "ask_money",
    "ask_silent",
    "bridge_plan",
    "bridge_revenue",
    "compare_books",
    "compare_fairly",
    "follow_contacts",
    "join_parts",
    "judge_accounts",
    "judge_actions",
    "judge_lost",
    "judge_pipeline",
    "judge_plan",
    "judge_price",
    "judge_reliability",
    "judge_rivals",
    "judge_segments",
    "lay_out_flows",
    "limit_funnel",
    "list_attention",
    "list_decisions",
    "list_exposures",
    "list_key_accounts",
    "list_rivals",
    "make_book",
    "measure_result",
    "measure_service",
    "plan_actions",
    "read_plan",
    "say_attention",
    "say_contacts",
    "say_decisions",
    "say_implication",
    "say_month",
    "say_outcomes",
    "split_by_segment",
    "sum_segments",
    "title_exposures",
    "title_flows",
    "title_rivals",
    "title_segments",
    "title_split",
    "whole_months",
]
