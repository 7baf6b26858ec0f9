"""What the whole sample company lets one foretell, held against the habits that were planted."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from habits_in_truth import auc, is_poor, probability_of_poor

from clientlib.language import speaking
from clientlib.reliability import portfolio
from clientlib.reliability.decisions import CreditPolicy
from clientlib.reliability.portfolio.issued import COLUMNS
from clientlib.reliability.portfolio.orders import list_open_orders
from clientlib.reliability.portfolio.reasoning import points_of
from clientlib.reliability.portfolio.states import COME, FORETOLD, STATES
from clientlib.reliability.risks.targets import DEFAULTS, TARGETS

LAST_DAY = "2025-12-31"


@pytest.fixture(scope="module")
def assessment(recovered):
    read = recovered.warehouse.read
    return portfolio.assess_clients(read, as_of=LAST_DAY, kind="scorecard", seed=7)


@pytest.fixture(scope="module")
def answer(recovered, assessment):
    return portfolio.answer_for_all(recovered.warehouse.read, assessment, managers=6)


@pytest.fixture(scope="module")
def issued(answer):
    def find(name, *, as_of):
        assert as_of == LAST_DAY
        return SimpleNamespace(rows=answer.tables.get(name, pd.DataFrame()), missing="")

    return find


def test_every_client_has_every_event_foretold_or_the_reason_why_not(recovered, answer):
    clients = recovered.warehouse.read("marts.clients")
    rows = answer.risks
    assert set(rows["client_id"]) == set(clients["client_id"])
    assert rows.groupby("client_id")["event"].agg(set).map(set(TARGETS).__eq__).all()
    assert set(rows["state"]) <= set(STATES)
    told = rows[rows["state"] == FORETOLD]
    assert len(told) > 1_500
    assert told["probability"].between(0, 1).all()
    assert (told["probability_low"] <= told["probability"]).all()
    assert (told["probability_high"] >= told["probability"]).all()
    assert (told["probability_high"] > told["probability_low"]).all()
    silent = rows[~rows["state"].isin([FORETOLD])]
    assert silent["reason"].str.len().min() > 5


def test_reasons_of_every_forecast_add_up_to_its_points(answer):
    told = answer.risks[answer.risks["state"] == FORETOLD].set_index(["client_id", "event"])
    added = answer.reasons.groupby(["client_id", "event"])["points"].sum().reindex(told.index)
    points = points_of(told["probability"], CreditPolicy())
    assert np.abs(added - points).max() < 1e-7  # in points, of several hundred


def test_scores_come_out_the_same_from_what_the_ledger_keeps(assessment, answer, tmp_path):
    tables = {**portfolio.keep_models(assessment), "client_risks": answer.risks}
    kept = {name: _through_parquet(rows, tmp_path / name) for name, rows in tables.items()}
    found = portfolio.replay_scores(kept)
    assert found.scores_count == (answer.risks["state"] == FORETOLD).sum() > 1_500
    assert found.is_equal


def test_a_sign_that_was_changed_since_is_found_by_the_replay(assessment, answer):
    signs = assessment.now.copy()
    rule = assessment.models[DEFAULTS].rule_sign
    told = answer.risks.query("event == @DEFAULTS and state == @FORETOLD")["client_id"]
    low = signs["client_id"].isin(told) & (signs[rule] == signs[rule].min())
    signs.loc[low, rule] = signs[rule].max()
    tables = {**portfolio.keep_models(assessment), "client_risks": answer.risks}
    tables["client_signs"] = signs
    found = portfolio.replay_scores(tables)
    assert set(found.differing["client_id"]) <= set(signs.loc[low, "client_id"])
    assert not found.is_equal


def test_clients_that_do_not_pay_in_truth_stand_among_the_worst(recovered, answer):
    truth = recovered.clients
    bad = truth.index[pd.to_datetime(truth["unpaid_from"]) < pd.Timestamp(LAST_DAY)]
    rows = answer.risks[answer.risks["event"] == DEFAULTS].set_index("client_id")
    known = rows["probability"].dropna()
    worst = known[known >= known.quantile(0.8)].index
    listed = bad.intersection(known.index)
    assert len(listed) >= 5
    assert len(listed.intersection(worst)) / len(listed) >= 0.8
    assert rows.loc[rows["state"] == COME].index.isin(bad).mean() > 0.5


def test_poor_payers_are_ranked_nearly_as_well_as_could_be(recovered, assessment, answer):
    truth = recovered.clients
    paid = assessment.invoices.dropna(subset=["paid_days"])
    best = probability_of_poor(paid[paid["client_id"].isin(truth.index)])
    ours = answer.payers.set_index("client_id")["late_14_share"].reindex(best.index)
    flags = is_poor(truth, LAST_DAY).reindex(best.index)
    assert len(best) > 500
    assert auc(best, flags) > 0.9
    assert auc(ours, flags) > auc(best, flags) - 0.02


def test_habits_are_those_that_were_planted(recovered, answer):
    truth = recovered.clients
    payers = answer.payers.set_index("client_id")
    known = payers.index[payers["paid_count"] >= 12].intersection(truth.index)
    best = payers.loc[known, "habit"] == 1
    assert (truth.loc[known, "habit"] == "prompt")[best].mean() > 0.8
    assert answer.habits["late_14_share"].is_monotonic_increasing


def test_exposure_and_open_orders_are_those_of_the_panels(assessment, answer):
    advice = answer.advice.clients
    orders = answer.advice.orders
    known = assessment.known
    assert orders["amount"].sum() == pytest.approx(known["open_orders_amount"].sum(), abs=0.01)
    assert advice["open_amount"].sum() == pytest.approx(float(known["open_amount"].sum()))
    assert (advice["expected_loss_amount"].dropna() <= advice["expected_loss_high"].dropna()).all()
    assert advice.loc[advice["risk_class"] == "E", "limit_amount"].eq(0).all()


@pytest.mark.parametrize("day", ["2024-01-31", "2024-08-31", "2025-06-30"])
def test_open_orders_of_a_past_day_are_those_of_its_panels(recovered, day):
    read = recovered.warehouse.read
    orders = list_open_orders(
        read("marts.line_facts", as_of=day), read("marts.order_closings", as_of=day), as_of=day
    )
    conduct = read("marts.client_conduct", as_of=day)
    panel = conduct[pd.to_datetime(conduct["month_end"]) == pd.Timestamp(day)]
    assert len(orders) > 20
    assert orders["amount"].sum() == pytest.approx(float(panel["open_orders_amount"].sum()), abs=1)


def test_no_open_invoice_is_expected_before_the_day(answer):
    rows = answer.invoices
    assert len(rows) > 500
    dated = rows.dropna(subset=["expected_on"])
    assert dated["expected_on"].min() >= pd.Timestamp(LAST_DAY)
    hopeless = rows[rows["expected_on"].isna()]
    assert ((pd.Timestamp(LAST_DAY) - hopeless["due_on"]).dt.days >= 120).all()


@pytest.mark.parametrize("language", ["en", "lt"])
def test_page_of_a_decision_is_whole_for_every_client(recovered, issued, language):
    clients = recovered.warehouse.read("marts.clients")
    with speaking(language):
        pages = [
            portfolio.read_decision_page(
                issued, clients, as_of=LAST_DAY, currency="EUR", client_id=client_id
            )
            for client_id in clients["client_id"]
        ]
        headlines = [str(page.headline) for page in pages]
        notes = [str(page.payment_note) for page in pages]
    assert len(pages) == len(clients) == 600
    assert min(map(len, headlines)) > 20
    assert min(map(len, notes)) > 20
    english = [text for text in headlines if "limit" in text or "Class" in text]
    assert bool(english) is (language == "en")
    for page in pages:
        assert len(page.risks) == len(TARGETS)
        assert len(page.advice) == 1
        _check_whole(page)


def _check_whole(page):
    """Whatever is not known has its reason beside it."""
    advice = page.advice.iloc[0]
    state = page.risks.set_index("event").loc[DEFAULTS]
    if pd.notna(advice["limit_amount"]):
        assert pd.notna(advice[["limit_need_amount", "advised_payment_days", "valid_until"]]).all()
        assert advice["limit_bound_by"] in ("need", "budget", "capacity", "class")
        assert pd.notna(advice[["expected_loss_low", "expected_loss_high"]]).all()
    else:
        assert state["reason"]
        assert advice["limit_bound_by"] == "unknown"
    if state["state"] == FORETOLD:
        assert pd.notna(advice[["points", "risk_class", "percentile"]]).all()
        assert len(page.reasons()) >= 2
    assert set(page.tables) == {name for name, own in COLUMNS.items() if "client_id" in own}


def _through_parquet(rows, path):
    rows.to_parquet(path)
    return pd.read_parquet(path)


def test_overview_adds_up_and_asks_for_decisions(recovered, answer, issued):
    clients = recovered.warehouse.read("marts.clients")
    view = portfolio.read_overview(issued, clients, as_of=LAST_DAY, currency="EUR")
    assert view.exposure_amount == pytest.approx(answer.advice.clients["exposure_amount"].sum())
    assert view.classes["clients_count"].sum() == len(clients)
    assert view.classes["expected_loss_amount"].sum() == pytest.approx(view.expected_loss_amount)
    assert (view.beyond["exposure_amount"] > view.beyond["limit_amount"]).all()
    assert len(view.waiting) == answer.advice.clients["needs_approval"].sum() > 0
    assert (view.doubtful_orders["net_amount"] <= 0).all()
    assert view.overrides.empty
    assert view.clients["name"].notna().all()
    stated = view.clients[view.clients["probability"].between(0.05, 0.99)]
    assert stated["reason_1"].str.len().min() > 3


def test_watch_list_remembers_its_first_alerts_and_what_people_decided(answer):
    watch = answer.watch
    assert set(watch["watched_for"]) == {"may be lost", "may not pay"}
    assert (watch["score"] > watch["leave_below"])[watch["calm_count"] == 0].all()
    assert (pd.to_datetime(watch["first_alert_on"]) < pd.Timestamp(LAST_DAY)).mean() > 0.2
    first, second = watch["client_id"].unique()[:2]
    decisions = pd.DataFrame(
        {
            "client_id": [first, second, second],
            "kind": ["owner", "snooze", "owner"],
            "owner": ["Rasa", None, "Jonas"],
            "decided_on": pd.to_datetime(["2025-12-01", "2025-12-15", "2026-01-05"]),
            "until": pd.to_datetime([None, "2026-01-31", None]),
        }
    )
    laid = portfolio.lay_decisions(watch, decisions, as_of=LAST_DAY).drop_duplicates("client_id")
    laid = laid.set_index("client_id")
    assert laid.loc[first, ["owner_id", "status"]].tolist() == ["Rasa", "watched"]
    assert laid.loc[second, "status"] == "snoozed"
    assert pd.isna(laid.loc[second, "owner_id"])  # named after the day


def test_earlier_models_are_restored_with_the_test_that_they_had(assessment):
    kept = portfolio.keep_models(assessment)
    earlier = portfolio.read_earlier(kept["risk_models"], kept["risk_tests"])
    fitted = [name for name, model in assessment.models.items() if model.is_fitted]
    assert [each.event for each in earlier] == fitted
    for each in earlier:
        model = assessment.models[each.event]
        scores = each.model.predict(assessment.now)
        assert scores.equals(model.fitted[0].predict(assessment.now))
        assert len(each.developed) == len(model.predictions)
    assert portfolio.read_earlier(pd.DataFrame(), pd.DataFrame()) == []
