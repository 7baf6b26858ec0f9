import pandas as pd
import pytest

from clientlib.reliability.decisions import find_conflicts

PLAIN = {
    "client_id": "C-1",
    "grade": "B",
    "late_share": 0.3,
    "due_count": 20,
    "risk_class": "B",
    "rule_class": "B",
    "probability": 0.01,
    "probability_low": 0.005,
    "probability_high": 0.02,
    "credit_limit_amount": 1000.0,
    "limit_amount": 1000.0,
    "exposure_amount": 500.0,
}


def conflicts(**fields):
    return find_conflicts(pd.DataFrame([PLAIN | fields]))


@pytest.mark.parametrize(
    ("fields", "between"),
    [
        pytest.param({}, [], id="all agree"),
        pytest.param({"late_share": 0.5}, ["rating and payments"], id="good grade, pays late"),
        pytest.param({"late_share": 0.5, "due_count": 4}, [], id="too few invoices to say so"),
        pytest.param({"grade": "D", "risk_class": "C", "late_share": 0.1}, ["rating and payments"],
                     id="bad grade, pays promptly"),
        pytest.param({"risk_class": "D"}, ["rating and model", "rule and model"], id="two classes"),
        pytest.param({"grade": None, "rule_class": None}, [], id="nothing to compare with"),
        pytest.param({"limit_amount": 600.0}, ["manager and model"], id="granted far more"),
        pytest.param({"limit_amount": 1600.0}, ["manager and model"], id="granted far less"),
        pytest.param({"limit_amount": None}, [], id="no advice"),
    ],
)  # fmt: skip
def test_two_sources_that_say_opposite_things_are_a_conflict(fields, between):
    assert conflicts(**fields)["between"].tolist() == between


def test_each_side_says_what_it_says_and_how_sure_it_is():
    found = conflicts(limit_amount=400.0).iloc[0]
    assert found["first_says"] == "the contract grants 1\u202f000"
    assert found["second_says"] == "the advised limit is 400"
    assert found["how_sure"] == "default 1.0%, 90 % interval 0.5% to 2.0%"


def test_the_largest_exposure_comes_first():
    rows = [PLAIN | {"late_share": 0.9}, PLAIN | {"client_id": "C-2", "late_share": 0.9,
                                                  "exposure_amount": 900.0}]  # fmt: skip
    assert find_conflicts(pd.DataFrame(rows))["client_id"].tolist() == ["C-2", "C-1"]
