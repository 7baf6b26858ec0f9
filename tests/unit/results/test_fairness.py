"""A book is held against what its mix gives with all clients, and judged outside of chance only."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from clientlib.errors import InputError
from clientlib.results import compare_fairly, limit_funnel

DAY = "2025-12-31"
WHOLE = pd.DataFrame(
    [("late", "large", 0.10, None), ("late", "small", 0.30, None), ("late", "all", 0.25, 1.0),
     ("complaints", "all", 0.02, 4.0), ("won", "all", 0.50, 1.0)],
    columns=["measure", "tier", "rate", "dispersion"],
).assign(month_end=DAY)  # fmt: skip


def book(*rows):
    columns = ["client_id", "measure", "tier", "trials_count", "events_count"]
    return pd.DataFrame(rows, columns=columns).assign(month_end=DAY)


def compared(*rows, whole=WHOLE, **options):
    table = compare_fairly(book(*rows), whole, as_of=DAY, **options).measures
    return table.set_index("measure")


def test_expected_is_what_the_mix_of_the_book_gives():
    table = compared(("C-1", "late", "large", 300, 40), ("C-2", "late", "small", 100, 20))
    late = table.loc["late"]
    assert (late["trials_count"], late["events_count"], late["clients_count"]) == (400, 60, 2)
    assert late["rate_share"] == 0.15
    assert late["expected_share"] == pytest.approx((300 * 0.10 + 100 * 0.30) / 400)
    assert late["verdict"] == "as expected"


def test_where_tiers_are_not_told_the_rate_of_all_is_expected():
    table = compared(("C-1", "won", "large", 40, 20), ("C-2", "late", "middle", 40, 10))
    assert table["expected_share"].to_dict() == {"late": 0.25, "won": 0.50}


@pytest.mark.parametrize(
    ("measure", "events", "verdict"),
    [
        pytest.param("late", 25, "as expected", id="as all"),
        pytest.param("late", 60, "worse than expected", id="more late than chance gives"),
        pytest.param("late", 3, "better than expected", id="fewer late"),
        pytest.param("won", 75, "better than expected", id="more won is good"),
        pytest.param("won", 62, "perhaps better", id="between the two limits"),
    ],
)
def test_direction_of_good_depends_on_the_measure(measure, events, verdict):
    table = compared(("C-1", measure, "none", 100, events))
    assert table.loc[measure, "verdict"] == verdict


def test_few_cases_are_not_judged_and_have_no_limits():
    late = compared(("C-1", "late", "large", 19, 19)).loc["late"]
    assert late["verdict"] == "not enough data"
    assert np.isnan([late["low_95_share"], late["high_998_share"]]).all()
    said = compare_fairly(book(("C-1", "late", "large", 19, 19)), WHOLE, as_of=DAY).headline
    assert said == "No measure has enough cases to be compared."


def test_what_is_outside_is_said_and_what_is_not_is_said_too():
    worse = compare_fairly(book(("C-1", "late", "large", 100, 60)), WHOLE, as_of=DAY)
    assert worse.headline == (
        "Deliveries not on time and in full: 60.0%, where 10.0% is expected of this mix."
    )
    usual = compare_fairly(book(("C-1", "late", "large", 100, 10)), WHOLE, as_of=DAY)
    assert usual.headline.startswith("None of 1 measures lies outside")


def test_limits_hold_what_they_promise_on_the_exact_law():
    """Over all outcomes, the part within the interpolated limits is near the stated level."""
    n, p = 60, 0.3
    low, high = limit_funnel(p, n, is_count=False, level=0.95)
    counts = np.arange(n + 1)
    within = binom.pmf(counts, n, p)[(counts / n >= low) & (counts / n <= high)].sum()
    assert 0.93 < within < 0.97
    assert low < p < high


def test_limits_are_those_of_the_paper_worked_by_hand():
    # binomial(2, 0.5): F = 0.25, 0.75, 1. Quantile 0.9 is r = 2, less (1 - 0.9) / (1 - 0.75).
    low, high = limit_funnel(0.5, 2, is_count=False, level=0.8)
    assert high == pytest.approx((2 - 0.1 / 0.25) / 2)
    assert low == 0.0


def test_dispersion_widens_and_size_narrows_the_funnel():
    plain = limit_funnel(0.02, 500, is_count=True, level=0.95)
    wide = limit_funnel(0.02, 500, is_count=True, level=0.95, dispersion=4.0)
    large = limit_funnel(0.02, 50_000, is_count=True, level=0.95)
    assert wide[1] - 0.02 == pytest.approx(2 * (plain[1] - 0.02))
    assert wide[0] == 0.0
    assert large[1] - large[0] < plain[1] - plain[0]
    row = compared(("C-1", "complaints", "none", 500, 10)).loc["complaints"]
    assert (row["dispersion"], row["high_95_share"]) == (4.0, pytest.approx(wide[1]))


@pytest.mark.parametrize("empty", ["own", "whole"])
def test_without_rates_nothing_is_compared_and_it_is_said(empty):
    rows = book(("C-1", "late", "large", 100, 10))
    own = rows.head(0) if empty == "own" else rows
    whole = WHOLE.head(0) if empty == "whole" else WHOLE
    fair = compare_fairly(own, whole, as_of=DAY)
    assert fair.measures.empty
    assert fair.missing.startswith("Not enough data")
    with pytest.raises(InputError):
        compare_fairly(rows, WHOLE, as_of=DAY, least_trials=0)


def test_later_months_are_not_looked_at():
    later = book(("C-1", "late", "large", 100, 100)).assign(month_end="2026-01-31")
    rows = pd.concat([book(("C-1", "late", "large", 100, 10)), later])
    table = compare_fairly(rows, WHOLE, as_of=DAY).measures
    assert table["events_count"].tolist() == [10]


def test_books_drawn_from_the_whole_are_called_outside_as_seldom_as_chance_says():
    chance = np.random.default_rng(5)
    outside = [
        compared(("C-1", "won", "none", 80, int(chance.binomial(80, 0.5)))).loc["won", "verdict"]
        for _ in range(400)
    ]
    share = np.mean([verdict != "as expected" for verdict in outside])
    assert 0.02 < share < 0.08
    assert outside.count("worse than expected") + outside.count("better than expected") <= 4
