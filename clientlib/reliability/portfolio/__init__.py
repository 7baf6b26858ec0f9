"""What is foretold and advised for all clients of a day, kept so that it can be made again."""

from clientlib.reliability.portfolio.answering import Answer, answer_for_all
from clientlib.reliability.portfolio.assessing import Assessment, assess_clients
from clientlib.reliability.portfolio.keeping import (
    Replay,
    keep_models,
    lay_out_models,
    lay_out_tests,
    read_earlier,
    read_model,
    replay_scores,
)
from clientlib.reliability.portfolio.newcomers import score_newcomers
from clientlib.reliability.portfolio.overview import Overview, read_overview
from clientlib.reliability.portfolio.page import DecisionPage, lay_decisions, read_decision_page
from clientlib.reliability.portfolio.promises import benchmark_terms, judge_promises
from clientlib.reliability.portfolio.reasoning import list_pairs

__all__ = [
    "Answer",
    "Assessment",
    "DecisionPage",
    "Overview",
    "Replay",
    "answer_for_all",
    "assess_clients",
    "benchmark_terms",
    "judge_promises",
    "keep_models",
    "lay_decisions",
    "lay_out_models",
    "lay_out_tests",
    "list_pairs",
    "read_decision_page",
    "read_earlier",
    "read_model",
    "read_overview",
    "replay_scores",
    "score_newcomers",
]
