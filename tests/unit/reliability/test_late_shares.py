import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientlib.errors import InputError
from clientlib.pooling import fit_prior_weights, fit_share_prior, pool_shares
from clientlib.reliability import payment_index, steady_late_share
from clientlib.reliability.history import add_outcomes, read_history

COUNTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12)


def test_a_share_is_drawn_to_the_portfolio_as_if_by_prior_invoices_more():
    late, due = pd.Series({"C-1": 1, "C-2": 4}), pd.Series({"C-1": 2, "C-2": 18})
    steadied = steady_late_share(late, due, prior_invoices=8)
    # portfolio 5 of 20 = 0.25: (1 + 8 * 0.25) / (2 + 8) and (4 + 2) / (18 + 8)
    assert steadied.to_dict() == pytest.approx({"C-1": 0.3, "C-2": 6 / 26})


@given(COUNTS)
def test_a_steadied_share_lies_between_the_own_one_and_the_portfolios(pairs):
    late = pd.Series([min(pair) for pair in pairs], dtype="int64")
    due = pd.Series([max(pair) for pair in pairs], dtype="int64") + 1
    portfolio = late.sum() / due.sum()
    steadied = steady_late_share(late, due)
    raw = late / due
    assert (steadied >= raw.clip(upper=portfolio) - 1e-12).all()
    assert (steadied <= raw.clip(lower=portfolio) + 1e-12).all()


def test_a_client_without_invoices_gets_the_portfolios_share():
    steadied = steady_late_share(pd.Series([0, 3]), pd.Series([0, 10]))
    assert steadied[0] == pytest.approx(0.3)


def test_more_late_invoices_than_judged_ones_are_refused():
    with pytest.raises(InputError, match="'C-1': 3 of 2"):
        steady_late_share(pd.Series({"C-1": 3}), pd.Series({"C-1": 2}))


def test_no_judged_invoice_at_all_is_refused():
    with pytest.raises(InputError, match="single trial"):
        steady_late_share(pd.Series([0]), pd.Series([0]))


def test_the_prior_weight_is_recovered_from_many_clients(simulate_panel):
    panel, _ = simulate_panel(clients_count=2000, months=12, seed=3, weight=6.0)
    last = panel[panel["month_end"] == panel["month_end"].max()]
    prior = fit_share_prior(last["late_count"], last["due_count"])
    assert prior.weight == pytest.approx(6.0, rel=0.15)
    assert prior.share == pytest.approx(0.3, abs=0.02)


def test_a_unit_without_trials_gets_the_common_distribution_and_a_wide_interval():
    pooled = pool_shares(pd.Series([0, 30, 12]), pd.Series([0, 60, 30]), below=0.46)
    assert pooled.loc[0, "share"] == pytest.approx(0.46, abs=0.05)
    width = pooled["share_high"] - pooled["share_low"]
    assert width[0] > 2 * width[1]
    assert (pooled["probability_below"].between(0, 1)).all()


def test_the_payment_index_is_80_for_prompt_and_falls_to_20():
    index = payment_index(pd.Series([0.0, 15.0, 45.0, 200.0, None]))
    assert index.dropna().tolist() == [80.0, 70.0, 45.0, 20.0]
    assert index.isna().tolist() == [False] * 4 + [True]


def test_an_outcome_is_the_difference_of_running_counts_one_horizon_apart(simulate_panel):
    panel, _ = simulate_panel(clients_count=1, months=8)
    rows = add_outcomes(read_history(panel, "2023-08-31"), 90).set_index("month_end")
    assert rows.loc["2023-01-31", "outcome_on"] == pd.Timestamp("2023-04-30")
    fell_due = rows.loc["2023-04-30", "due_count"] - rows.loc["2023-01-31", "due_count"]
    assert rows.loc["2023-01-31", "outcome_due_count"] == fell_due
    assert rows.loc["2023-06-30":, "outcome_due_count"].isna().all()


def test_an_open_month_closes_no_window(simulate_panel):
    panel, _ = simulate_panel(clients_count=1, months=4)
    panel["month_end"] = panel["month_end"].replace(
        pd.Timestamp("2023-04-30"), pd.Timestamp("2023-04-27")
    )
    rows = add_outcomes(read_history(panel, "2023-04-30"), 90)
    assert rows["outcome_on"].isna().all()


def test_a_client_twice_at_one_month_end_is_refused(simulate_panel):
    panel, _ = simulate_panel(clients_count=1, months=3)
    with pytest.raises(InputError, match="one row per client_id, month_end"):
        read_history(pd.concat([panel, panel.head(1)]), "2023-03-31")


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="due_count"):
        read_history(pd.DataFrame({"client_id": [], "month_end": []}), "2023-03-31")


def test_weights_of_many_sets_are_those_that_each_set_gets_alone():
    random = np.random.default_rng(11)
    trials = random.integers(0, 60, (12, 9)).astype(float)
    share = random.beta(1.5, 4.0, (12, 9))
    hits = random.binomial(trials.astype(int), share).astype(float)
    together = fit_prior_weights(hits, trials)
    alone = [
        fit_share_prior(pd.Series(own), pd.Series(of)).weight
        for own, of in zip(hits, trials, strict=True)
    ]
    assert together == pytest.approx(alone, rel=1e-4)
    assert len(np.unique(together.round(3))) > 6
