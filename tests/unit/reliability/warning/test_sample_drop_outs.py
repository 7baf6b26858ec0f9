"""On the sample company, whose clients leave on days that are known, losses are foretold."""

import pytest
from benchmarks.reliability.early_warning import cut_book
from benchmarks.reliability.order_books import simulate_sample


@pytest.fixture(scope="module")
def told():
    lines, truth = simulate_sample(3, clients_count=500)
    return cut_book(lines, freq="ME"), truth


def test_drop_outs_are_warned_of_in_time_more_often_than_by_any_plain_rule(told):
    tested, _ = told
    assert min(tested.lost_count, tested.healthy_count) > 80
    flagged = tested.methods.set_index("method")["mean_flagged_share"]
    assert flagged["model"] > flagged.drop("model").max()


def test_clients_that_have_truly_left_look_worse_than_they_did_before(told):
    tested, truth = told
    left_on = tested.rows["client_id"].map(truth.set_index("client_id")["left_on"])
    weeks = (tested.rows["month_end"] - left_on).dt.days
    just_left, long_before = tested.rows[weeks.between(1, 60)], tested.rows[weeks < -120]
    assert min(len(just_left), len(long_before)) > 50
    assert just_left["model"].mean() > 2 * long_before["model"].mean()
