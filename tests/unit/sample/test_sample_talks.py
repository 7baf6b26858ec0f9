"""Campaigns, talks and surveys: what was planted there can be found again."""

import numpy as np
import pandas as pd
import pytest
from chance import within_chance

# Reach


@pytest.fixture(scope="module")
def tried(truth, tables, sales):
    """Touches of campaigns with a hold-out group, with orders just after and long before."""
    kinds = tables["campaigns"].set_index("campaign_id")["kind"]
    touches = tables["touches"]
    touches = touches[touches["campaign_id"].map(kinds).isin(truth["reach"]["held_out_kinds"])]
    pairs = touches.merge(sales[["client_id", "ordered_on"]], on="client_id")
    days = (pairs["ordered_on"] - pairs["touched_on"]).dt.days
    after = set(pairs[days.between(1, truth["reach"]["window_days"])]["touch_id"])
    before = set(pairs[days.between(-120, -100)]["touch_id"])
    return touches.assign(
        is_held_out=touches["is_held_out"].astype(bool),
        orders_after=touches["touch_id"].isin(after),
        ordered_before=touches["touch_id"].isin(before),
    )


def test_the_planted_lift_is_found_against_those_held_out(truth, tried):
    groups = tried.groupby("is_held_out")["orders_after"].agg(["mean", "size"])
    assert within_chance(
        groups.loc[True, "size"] / len(tried), truth["reach"]["held_out_share"], len(tried)
    )
    lift = groups.loc[False, "mean"] - groups.loc[True, "mean"]
    error = np.sqrt((groups["mean"] * (1 - groups["mean"]) / groups["size"]).sum())
    assert lift > 3 * error
    assert abs(lift - truth["reach"]["expected_lift"]) < 4 * error


def test_those_held_out_were_like_the_others_before(tried):
    groups = tried.groupby("is_held_out")["ordered_before"].agg(["mean", "size"])
    error = np.sqrt((groups["mean"] * (1 - groups["mean"]) / groups["size"]).sum())
    assert abs(groups.loc[False, "mean"] - groups.loc[True, "mean"]) < 3 * error


def test_nobody_held_out_answers_or_costs(tables):
    held = tables["touches"][tables["touches"]["is_held_out"].astype(bool)]
    assert held["responded_on"].isna().all()
    assert (held["cost"] == 0).all()
    assert tables["touches"]["responded_on"].notna().sum() > 200


# Talks


def test_each_managers_time_to_reply_is_recovered(truth, tables):
    replied = tables["interactions"].dropna(subset=["reply_hours"])
    hours = replied.groupby("manager_id")["reply_hours"].agg(["mean", "sem"])
    for manager, mean in truth["talks"]["reply_hours"].items():
        assert abs(hours.loc[manager, "mean"] - mean) < 4 * hours.loc[manager, "sem"] + 0.1


def test_calls_for_an_appointment_succeed_by_hour_as_planted(truth, tables):
    calls = tables["interactions"].query("topic == 'appointment'")
    agreed = calls["outcome"] == "meeting agreed"
    by_hour = agreed.groupby(calls["hour"]).agg(["mean", "size"])
    for hour, share in truth["talks"]["meeting_shares"].items():
        found = by_hour.loc[int(hour)]
        assert within_chance(found["mean"], share, found["size"])
    assert by_hour["mean"].idxmax() in (10, 11)


def test_contacts_answer_more_often_on_the_channel_that_they_prefer(truth, tables):
    wish = tables["contacts"].set_index("contact_id")["channel"]
    asked = tables["interactions"].query("outcome in ('answered', 'no answer')")
    asked = asked.dropna(subset=["contact_id"])
    preferred = asked["contact_id"].map(wish) == asked["channel"]
    reached = (asked["outcome"] == "answered").groupby(preferred).agg(["mean", "size"])
    for flag, name in ((True, "reached_share"), (False, "reached_share_other")):
        share = truth["talks"][name]
        assert within_chance(reached.loc[flag, "mean"], share, reached.loc[flag, "size"])


def test_won_deals_had_more_talks_than_lost_ones_and_those_more_than_dropped_ones(truth, tables):
    counts = tables["interactions"]["deal_id"].value_counts()
    closed = tables["deals"].query("outcome != 'open'")
    means = closed["deal_id"].map(counts).fillna(0).groupby(closed["outcome"]).mean()
    for outcome, mean in truth["talks"]["deal_talks"].items():
        assert means[outcome] == pytest.approx(mean, abs=0.3)


def test_we_talk_only_to_contacts_whom_we_knew_and_who_had_not_left(tables):
    talks = tables["interactions"].merge(tables["contacts"], on=["contact_id", "client_id"])
    assert len(talks) > 10_000
    assert (talks["added_on"] <= talks["happened_on"]).all()
    assert not (talks["left_on"] <= talks["happened_on"]).any()


# Voice


def test_scores_of_delivery_fall_with_the_late_deliveries_of_the_year_before(truth, tables, sales):
    answers = tables["surveys"].query("aspect == 'delivery'")
    served = answers.merge(sales.dropna(subset=["delivered_on"]), on="client_id")
    age = (served["answered_on"] - served["delivered_on"]).dt.days
    served = served[age.between(1, 365)]
    is_late = served["delivered_on"] > served["promised_on"]
    share = is_late.groupby(served["answer_id"]).mean().reindex(answers["answer_id"]).fillna(0.0)
    slope = np.polyfit(share, answers["score"].to_numpy(), 1)[0]
    assert slope == pytest.approx(truth["surveys"]["late_effect"], abs=1.5)


def test_clients_rate_a_rivals_prices_as_they_are_and_its_service_by_its_strength(truth, tables):
    rivals = tables["surveys"].dropna(subset=["competitor_id"])
    scores = rivals.groupby(["aspect", "competitor_id"])["score"].mean()
    levels = pd.DataFrame(truth["rivals"]["levels"]).mean()
    strengths = pd.Series(truth["rivals"]["strengths"])
    assert scores["price"].idxmax() == levels.idxmin()
    assert (
        scores["service"].sort_values().index.tolist() == (-strengths).sort_values().index.tolist()
    )
