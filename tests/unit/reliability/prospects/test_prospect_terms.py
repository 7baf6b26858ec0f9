"""What is advised to whom: by hand, from a few issued scores."""

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.prospects import (
    explain_prospects,
    lay_out_scores,
    read_reasons,
    score_prospects,
)
from clientlib.reliability.prospects.candidates import Candidates, choose_candidates
from clientlib.reliability.prospects.first_invoices import expect_first_invoices
from clientlib.reliability.prospects.issuing import ISSUED_COLUMNS
from clientlib.reliability.prospects.terms import advise_terms
from clientlib.reliability.risks import TARGETS

NOBODY = pd.DataFrame(columns=["credit", "discount", "payment_days"])


def draw_scores(**columns):
    plain = {"event": "defaults", "probability": 0.01, "probability_low": 0.005,
             "probability_high": 0.02, "depth": "statements", "cases_count": 100,
             "outcomes_count": 0.0, "credibility": 0.0, "horizon_months": 6, "reasons": "[]"}  # fmt: skip
    rows = pd.DataFrame([{**plain, "client_id": "C-1", **columns}])
    return rows.reindex(columns=list(ISSUED_COLUMNS))


def draw_facts(**columns):
    plain = {"client_id": "C-1", "name": "A", "manager_id": None, "origin": "client",
             "month_amount": 10_000.0, "payment_days": 30.0, "margin_share": 0.2,
             "equity_amount": np.nan, "collateral_amount": np.nan}  # fmt: skip
    return pd.DataFrame([{**plain, **columns}])


def advise(scores, facts, limits=NOBODY):
    return advise_terms(scores, facts, as_of="2025-12-31", limits=limits).iloc[0]


def test_limit_and_what_is_left_by_hand():
    row = advise(draw_scores(), draw_facts())
    need = 10_000 * 30 / 30.4375 * 1.25
    assert row["limit_amount"] == np.floor(need / 1000) * 1000 == 12_000
    assert (row["limit_bound_by"], row["risk_class"], row["advice"]) == ("need", "B", "grant terms")
    assert row["margin_amount"] == pytest.approx(12_000)
    assert row["net_amount"] == pytest.approx(12_000 - 10_000 * 30 / 30.4375 * 0.45 * 0.01)
    assert row["net_low"] < row["net_amount"] < row["net_high"]


@pytest.mark.parametrize(
    ("scores", "facts", "advice"),
    [
        pytest.param({"probability": 0.08}, {}, "ask for a deposit", id="class D"),
        pytest.param({"probability": 0.30}, {}, "payment before delivery", id="class E"),
        pytest.param({}, {"equity_amount": -5.0}, "payment before delivery", id="no equity"),
        pytest.param({}, {"margin_share": -0.1}, "walk away", id="sold below cost"),
        pytest.param(
            {"depth": "place", "statement_probability": 0.01, "statement_high": 0.02}, {},
            "ask for its statement first", id="only the place is known, a statement would tell",
        ),
        pytest.param({"depth": "place"}, {}, "grant terms", id="a statement would tell nothing"),
        pytest.param({"probability": np.nan}, {}, "not enough data", id="no probability"),
    ],
)  # fmt: skip
def test_advice_follows_from_class_margin_and_evidence(scores, facts, advice):
    assert advise(draw_scores(**scores), draw_facts(**facts))["advice"] == advice


def test_no_limit_is_advised_where_nobody_knows_the_need():
    row = advise(draw_scores(), draw_facts(month_amount=np.nan, equity_amount=1e6))
    assert np.isnan(row["limit_amount"])
    assert row["limit_bound_by"] == "unknown"


def test_evidence_that_would_raise_the_limit_is_named():
    known = {"probability": 0.04, "probability_high": 0.9}
    prompt = {"prompt_probability": 0.01, "prompt_high": 0.03}
    row = advise(draw_scores(**known, **prompt), draw_facts(margin_share=0.05))
    assert row["limit_bound_by"] == "budget"
    assert str(row["raise_by"]) == "three further invoices paid in time"
    assert row["raised_limit_amount"] > row["limit_amount"]


def test_without_further_evidence_security_would_raise_it():
    row = advise(draw_scores(probability_high=0.9), draw_facts(margin_share=0.05))
    assert str(row["raise_by"]).startswith("security of ")


def test_what_is_above_the_managers_authority_needs_approval():
    limits = pd.DataFrame(
        {"credit": [5_000.0], "discount": [0.1], "payment_days": [30.0]}, index=["M-1"]
    )
    assert advise(draw_scores(), draw_facts(manager_id="M-1"), limits)["needs_approval"]
    small = draw_facts(manager_id="M-1", month_amount=1_000.0)
    assert not advise(draw_scores(), small, limits)["needs_approval"]


def draw_candidates(*rows):
    facts = pd.DataFrame(rows, columns=["client_id", "name", "known_months", "outcomes"])
    signs = facts[["client_id", "known_months"]].assign(evidence=np.log1p(facts["outcomes"]))
    return Candidates(signs, facts[["client_id", "name"]], pd.Series(dtype=float))


OLD, NEW, FEW = ("C-1", "UAB Sena", 40, 90), ("C-2", "UAB Nauja", 11, 30), ("C-3", "Retas", 40, 4)


def test_new_clients_and_those_with_few_invoices_are_checked():
    chosen = choose_candidates(draw_candidates(OLD, NEW, FEW))
    assert chosen.facts["client_id"].tolist() == ["C-2", "C-3"]
    assert chosen.signs["client_id"].tolist() == ["C-2", "C-3"]


def test_named_prospect_is_checked_whoever_it_is():
    for named in ("C-1", "uab  sena"):
        chosen = choose_candidates(draw_candidates(OLD, NEW, FEW), named)
        assert chosen.facts["client_id"].tolist() == ["C-1"]
    assert len(choose_candidates(draw_candidates(OLD)).facts) == 1  # a reader's only client


def test_unknown_and_doubtful_names_are_refused():
    with pytest.raises(InputError, match="did you mean 'UAB Sena'"):
        choose_candidates(draw_candidates(OLD, NEW), "UAB Senas")
    with pytest.raises(InputError, match="2 candidates are called 'x'"):
        choose_candidates(draw_candidates(("C-1", "x", 1, 0), ("C-2", "X", 1, 0)), "x")


def test_issued_scores_hold_reasons_that_add_up(models, prospects):
    issued = lay_out_scores(models, prospects)
    scores = score_prospects(models, prospects)
    pd.testing.assert_frame_equal(issued[scores.columns.tolist()], scores)
    told = read_reasons(issued).groupby(["event", "client_id"])["effect"].sum()
    whole = explain_prospects(models, prospects).groupby(["event", "client_id"])["effect"].sum()
    pd.testing.assert_series_equal(told.sort_index(), whole.sort_index(), rtol=0, atol=1e-9)


def test_further_evidence_is_scored_where_it_would_tell(models, prospects):
    bare = prospects.assign(
        equity_to_assets=prospects["equity_to_assets"].where(prospects.index > 0)
    )
    issued = lay_out_scores(models, bare)
    own = issued[issued["event"] == "defaults"].set_index("client_id")
    told = own["statement_probability"].notna()
    assert told[told].index.tolist() == [prospects["client_id"][0]]
    late = own[own["outcomes_count"] == 0]
    assert (late["prompt_probability"] < late["probability"]).mean() > 0.5
    assert issued.loc[issued["event"] != "defaults", "prompt_probability"].isna().all()
    assert set(issued["event"]) == set(TARGETS)


def test_without_a_timing_model_nothing_is_said_of_first_invoices():
    found = expect_first_invoices(None, draw_facts(), as_of="2025-12-31")
    assert found.isna().all(axis=None)
    assert len(found) == 1
