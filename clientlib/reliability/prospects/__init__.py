"""Shall we trade with a prospect, and on what terms: models by how much is known of it."""

from clientlib.reliability.prospects.credibility import fit_prior_outcomes, mix, weigh_record
from clientlib.reliability.prospects.depths import DEPTHS, find_evidence
from clientlib.reliability.prospects.issuing import lay_out_scores, read_reasons
from clientlib.reliability.prospects.listing import Prospects, read_prospects
from clientlib.reliability.prospects.models import DepthModel, EventModels, ProspectModels
from clientlib.reliability.prospects.page import Grounds, ProspectCheck, check_prospects
from clientlib.reliability.prospects.records import gather_models, lay_out_models
from clientlib.reliability.prospects.scoring import explain_prospects, score_prospects
from clientlib.reliability.prospects.telling import (
    list_risks,
    say_grounds,
    say_headline,
    say_limits,
    say_list,
    say_made_of,
    title_risks,
)
from clientlib.reliability.prospects.training import train_prospects

__all__ = [
    "DEPTHS",
    "DepthModel",
    "EventModels",
    "Grounds",
    "ProspectCheck",
    "ProspectModels",
    "Prospects",
    "check_prospects",
    "explain_prospects",
    "find_evidence",
    "fit_prior_outcomes",
    "gather_models",
    "lay_out_models",
    "lay_out_scores",
    "list_risks",
    "mix",
    "read_prospects",
    "read_reasons",
    "say_grounds",
    "say_headline",
    "say_limits",
    "say_list",
    "say_made_of",
    "score_prospects",
    "title_risks",
    "train_prospects",
    "weigh_record",
]
