"""A client's own record counts for n / (n + k), and k is what the past says it is."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from clientlib.reliability.prospects import fit_prior_outcomes, mix, weigh_record


def series(*values):
    return pd.Series(values, dtype=float)


def test_weight_of_the_own_record_by_hand():
    weight = weigh_record(series(0, 1, 3, 12), 1.5)
    assert weight.tolist() == pytest.approx([0.0, 1 / 2.5, 3 / 4.5, 12 / 13.5])


def test_with_k_outcomes_the_own_record_counts_for_half():
    assert weigh_record(series(4), 4.0).iloc[0] == 0.5


def test_mixed_score_by_hand():
    mixed = mix(series(-3.0, -3.0), series(1.0, 1.0), series(0.25, 0.75))
    assert mixed.tolist() == pytest.approx([-2.0, 0.0])


def test_without_outcomes_the_own_record_says_nothing_even_where_it_is_unknown():
    assert mix(series(-3.0), series(np.nan), series(0.0)).tolist() == [-3.0]


@pytest.mark.parametrize("planted", [0.5, 2.0, 8.0])
def test_planted_k_is_found_again(planted):
    random = np.random.default_rng(11)
    outcomes = random.integers(1, 15, 60_000).astype(float)
    before, own = random.normal(-2, 1, 60_000), random.normal(-1, 2, 60_000)
    weight = outcomes / (outcomes + planted)
    happened = random.random(60_000) < expit((1 - weight) * before + weight * own)
    found = fit_prior_outcomes(
        pd.Series(before), pd.Series(own), pd.Series(outcomes), pd.Series(happened.astype(float))
    )
    assert found == pytest.approx(planted, rel=0.2)


def test_few_cases_leave_k_near_three_invoices():
    found = fit_prior_outcomes(series(-2, -1), series(0, 1), series(1, 2), series(0, 1))
    assert 2 < found < 4


def test_rows_without_outcomes_say_nothing_of_k():
    one = fit_prior_outcomes(series(-2, -1), series(0, 1), series(1, 2), series(0, 1))
    more = fit_prior_outcomes(
        series(-2, -1, 4, 5), series(0, 1, -4, 5), series(1, 2, 0, 0), series(0, 1, 1, 0)
    )
    assert one == more
