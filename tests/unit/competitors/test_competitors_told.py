"""Price indices, ranges and win rates say the same numbers in every language."""

import numpy as np
import pandas as pd
import pytest
from told import assert_told_the_same

from clientlib.competitors import IndexRules, compare_ranges, price_index, win_rates
from clientlib.language import find_directions, speaking

AS_OF = "2025-06-30"
NAMES = pd.DataFrame({"competitor_id": ["K-1", "K-2"], "name": ["Nordvik", "Baltprekė"]})


def indices(five_products, **rules):
    pairs, months, products = five_products
    return price_index(
        pairs, months, products, as_of=AS_OF, competitors=NAMES, rules=IndexRules(**rules)
    )


def with_prices(five_products, factor):
    pairs, months, products = five_products
    spread = np.array([0.99, 1.0, 1.01, 1.0, 1.0])
    prices = pairs["our_price"].to_numpy() * factor * spread
    return pairs.assign(competitor_price=prices), months, products


@pytest.mark.parametrize("factor", [1.08, 0.92, 1.0])
@pytest.mark.parametrize("net", [True, False])
def test_index_and_its_title(five_products, factor, net):
    world = with_prices(five_products, factor)
    assert_told_the_same(lambda: indices(world, net_prices_only=net), least=4)


def test_too_few_matches_for_an_index(five_products):
    assert_told_the_same(lambda: indices(five_products, min_matches=9), least=5)
    assert_told_the_same(lambda: indices(five_products, max_age_days=1), least=4)


@pytest.mark.parametrize(("factor", "word"), [(1.08, ["dearer"]), (0.92, ["cheaper"]), (1.0, [])])
def test_title_claims_a_direction_only_where_the_interval_allows_it(five_products, factor, word):
    title = indices(with_prices(five_products, factor)).index_message
    assert find_directions(title.template) == word
    assert [claim.allows(each) for claim, each in zip(title.claims, word, strict=True)] == [
        True
    ] * len(word)


def deals(won, lost):
    results = ["won"] * won + ["lost_to_it"] * lost
    return pd.DataFrame(
        {
            "deal_id": [f"D-{k}" for k in range(len(results))],
            "competitor_id": "K-1",
            "closed_on": pd.Timestamp("2025-05-01"),
            "result": results,
        }
    )


def rivals(*counts):
    parts = [
        deals(won, lost).assign(
            competitor_id=f"K-{k}", deal_id=lambda rows, k=k: f"{k}-" + rows["deal_id"]
        )
        for k, (won, lost) in enumerate(counts, 1)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([(5, 60), (60, 5)], id="less and more"),
        pytest.param([(5, 60), (30, 30), (30, 30)], id="less"),
        pytest.param([(60, 5), (30, 30), (30, 30)], id="more"),
        pytest.param([(30, 30), (30, 30)], id="neither"),
        pytest.param([(1, 1), (1, 0)], id="too few"),
    ],
)
def test_win_rates(counts):
    rows = rivals(*counts)
    closed = pd.DataFrame(
        {"deal_id": ["L-1"], "closed_on": [pd.Timestamp("2025-05-01")], "outcome": ["lost"]}
    )
    assert_told_the_same(
        lambda: win_rates(rows, as_of=AS_OF, closed_deals=closed, competitors=NAMES), least=3
    )


def test_nobody_named_and_no_range_collected(five_products):
    assert_told_the_same(lambda: win_rates(deals(0, 0), as_of=AS_OF), least=3)
    _, months, products = five_products
    ranges = pd.DataFrame(
        columns=["competitor_id", "competitor_product_id", "known_on", "name", "family", "seen_on"]
    )
    judged = pd.DataFrame(
        columns=[
            "competitor_id",
            "product_id",
            "competitor_product_id",
            "kind",
            "probability",
            "judged_on",
        ]
    )
    assert_told_the_same(
        lambda: compare_ranges(judged, ranges, months, products, as_of=AS_OF), least=1
    )


def test_issued_verdicts_are_english_whatever_language_is_spoken(five_products):
    english = indices(five_products).competitors
    with speaking("lt"):
        pd.testing.assert_frame_equal(indices(five_products).competitors, english)
