import numpy as np
import pandas as pd
import pytest

from clientlib.competitors import IndexRules, price_index, verdict
from clientlib.errors import InputError

AS_OF = "2025-06-30"
POINTS = ["price_index", "jevons_index", "weighted_index"]


def index_of(pairs, months, products, **options):
    return price_index(pairs, months, products, as_of=AS_OF, **options)


def first_row(found):
    return found.competitors.iloc[0]


@pytest.fixture(scope="module")
def many_worlds(make_range, make_world):
    random = np.random.default_rng(11)
    products, months = make_range(random)
    worlds = [make_world(random, products, months, f"K-{n:03d}") for n in range(200)]
    pairs = pd.concat([pairs for pairs, _ in worlds], ignore_index=True)
    truth = pd.Series({pairs["competitor_id"].iloc[0]: true for pairs, true in worlds})
    found = index_of(pairs, months, products, rules=IndexRules(repeats=300), seed=4)
    return found, truth, pairs, months


def test_a_competitor_eight_percent_dearer_everywhere_stands_at_108(five_products):
    row = first_row(index_of(*five_products))
    assert row[POINTS].tolist() == pytest.approx([108.0] * 3)
    assert (row["verdict"], row["status"], row["matched_count"]) == ("dearer", "ok", 5)


def test_equal_prices_give_100_and_no_claim(five_products):
    pairs, months, products = five_products
    row = first_row(index_of(pairs.assign(competitor_price=pairs["our_price"]), months, products))
    assert row[POINTS].tolist() == pytest.approx([100.0] * 3)
    assert row["verdict"] == "no clear difference"


def noisy(pairs, seed=3):
    noise = np.random.default_rng(seed).normal(0, 0.1, len(pairs))
    return pairs.assign(competitor_price=pairs["competitor_price"] * np.exp(noise))


def test_prices_a_tenth_higher_raise_the_index_by_a_tenth(five_products):
    pairs, months, products = five_products
    pairs = noisy(pairs)
    dearer = pairs.assign(competitor_price=pairs["competitor_price"] * 1.1)
    before, after = (first_row(index_of(p, months, products)) for p in (pairs, dearer))
    assert (after[POINTS] / before[POINTS]).tolist() == pytest.approx([1.1] * 3)


def test_units_of_price_and_revenue_do_not_matter(five_products):
    pairs, months, products = five_products
    pairs = noisy(pairs)
    scale = np.array([1, 12, 0.001, 7, 1000])
    other = pairs.assign(
        competitor_price=pairs["competitor_price"] * scale, our_price=pairs["our_price"] * scale
    )
    cents = months.assign(revenue_12m_amount=months["revenue_12m_amount"] * 100)
    before, after = (
        first_row(index_of(pairs, months, products)),
        first_row(index_of(other, cents, products)),
    )
    assert after[POINTS].tolist() == pytest.approx(before[POINTS].tolist())
    assert after["price_index_low"] == pytest.approx(before["price_index_low"])


def test_swapping_the_two_sides_gives_the_reciprocal(make_range, make_world):
    random = np.random.default_rng(5)
    products, months = make_range(random)
    pairs, _ = make_world(random, products, months, "K-1")
    swapped = pairs.rename(
        columns={"competitor_price": "our_price", "our_price": "competitor_price"}
    )
    there, back = (first_row(index_of(p, months, products)) for p in (pairs, swapped))
    assert (there[POINTS] * back[POINTS]).tolist() == pytest.approx([10_000.0] * 3)


def test_ninety_percent_intervals_hold_the_level_of_our_basket(many_worlds):
    found, truth, _, _ = many_worlds
    rows = found.competitors.set_index("competitor_id")
    level = 100 * np.exp(truth.reindex(rows.index))
    held = level.between(rows["price_index_low"], rows["price_index_high"])
    assert 0.85 <= held.mean() <= 0.95


def test_pooled_beats_jevons_and_the_ratio_of_means_is_worst(many_worlds):
    found, truth, pairs, months = many_worlds
    rows = found.competitors.set_index("competitor_id")
    means = pairs.groupby("competitor_id")["competitor_price"].mean() / months["price"].mean()
    estimates = {
        "pooled": np.log(rows["price_index"] / 100),
        "jevons": np.log(rows["jevons_index"] / 100),
        "weighted": np.log(rows["weighted_index"] / 100),
        "ratio of means": np.log(means),
    }
    error = {
        name: 100 * np.sqrt(((estimate - truth) ** 2).mean())
        for name, estimate in estimates.items()
    }
    assert error["pooled"] < 0.85 * error["jevons"]
    assert error["pooled"] < error["weighted"]
    assert max(error, key=error.get) == "ratio of means"


def test_trimming_sets_false_matches_aside(make_range, make_world):
    random = np.random.default_rng(8)
    products, months = make_range(random)
    keys = [f"K-{number:02d}" for number in range(20)]
    worlds = [make_world(random, products, months, key, product_sd=0.05) for key in keys]
    pairs = pd.concat([pairs for pairs, _ in worlds], ignore_index=True)
    is_false = random.random(len(pairs)) < 0.08
    gap = random.normal(0.15, 0.25, len(pairs))
    pairs["competitor_price"] *= np.where(is_false, np.exp(gap), 1.0)
    error = {}
    for share in (0.05, 0.0):
        rules = IndexRules(trim_share=share, repeats=50)
        rows = index_of(pairs, months, products, rules=rules).competitors.sort_values(
            "competitor_id"
        )
        off = np.log(rows["price_index"] / 100).to_numpy() - [true for _, true in worlds]
        error[share] = np.sqrt((off**2).mean())
    assert error[0.05] < 0.6 * error[0.0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"kind": "substitute"}, "not identical or equivalent", id="substitute"),
        pytest.param({"observed_on": "2024-06-29"}, "older than 365 days", id="too old"),
        pytest.param({"our_price": np.nan}, "we have no recent price", id="no own price"),
        pytest.param({"probability": 0.0}, "the match has no probability", id="no match"),
    ],
)
def test_a_price_that_cannot_be_compared_is_left_out_with_the_reason(five_products, change, reason):
    pairs, months, products = five_products
    for column, value in change.items():
        pairs.loc[0, column] = pd.Timestamp(value) if column == "observed_on" else value
    found = index_of(pairs, months, products)
    assert found.left_out["reason"].tolist() == [reason]
    assert first_row(found)["status"] == "not enough data"
    assert first_row(found)["reason"] == "4 matched products, 5 needed"
    assert np.isnan(first_row(found)["price_index"])


def test_the_latest_price_of_a_pair_counts_and_later_ones_than_the_day_do_not(five_products):
    pairs, months, products = five_products
    old = pairs.assign(observed_on=pd.Timestamp("2025-01-10"), competitor_price=1.0)
    later = pairs.assign(observed_on=pd.Timestamp("2025-07-01"), competitor_price=999.0)
    row = first_row(index_of(pd.concat([later, old, pairs]), months, products))
    assert row["price_index"] == pytest.approx(108.0)
    assert row["matched_count"] == 5


def test_an_older_price_counts_less(five_products):
    pairs, months, products = five_products
    counterparts = pairs.assign(
        competitor_product_id=pairs["competitor_product_id"] + "-b",
        competitor_price=pairs["our_price"],
        observed_on=pairs["observed_on"] - pd.Timedelta(days=120),
    )
    both = first_row(index_of(pd.concat([pairs, counterparts]), months, products))
    # weights 2 : 1 between ln 1.08 and ln 1.00
    assert both["price_index"] == pytest.approx(100 * 1.08 ** (2 / 3))


def test_below_the_coverage_floor_there_is_no_index_but_the_families_stay(five_products):
    pairs, months, products = five_products
    giant = pd.DataFrame(
        {"product_id": ["P-big"], "name": ["Big"], "family": ["F99"], "unit": ["piece"]}
    )
    sold = months.head(1).assign(product_id="P-big", revenue_12m_amount=1_000_000.0)
    found = index_of(pairs, pd.concat([months, sold]), pd.concat([products, giant]))
    assert first_row(found)["status"] == "not enough data"
    assert "cover <0.1% of our revenue, 10% needed" in first_row(found)["reason"]
    assert found.families["price_index"].tolist() == pytest.approx([108.0])
    assert found.headline.startswith("Not enough data")


def test_three_competitors_of_one_kind_are_named_as_a_list(five_products):
    pairs, months, products = five_products
    three = pd.concat([pairs.assign(competitor_id=f"K-{number}") for number in (1, 2, 3)])
    names = pd.DataFrame({"competitor_id": ["K-1", "K-2", "K-3"], "name": ["A", "B", "C"]})
    found = index_of(three, months, products, competitors=names)
    assert found.headline == "For the basket that we sell, A, B and C are dearer than we are."


def test_a_competitor_without_any_match_is_kept_with_the_reason(five_products):
    names = pd.DataFrame({"competitor_id": ["K-1", "K-2"], "name": ["Alpha", "Beta"]})
    found = index_of(*five_products, competitors=names)
    assert found.competitors["name"].tolist() == ["Alpha", "Beta"]
    assert found.competitors["reason"].tolist() == ["", "no usable price of a matched product"]
    assert found.headline == "For the basket that we sell, Alpha is dearer than we are."


def test_list_prices_and_unknown_terms_are_counted_apart(five_products):
    pairs, months, products = five_products
    pairs["is_net"] = [True, False, None, True, True]
    row = first_row(index_of(pairs, months, products))
    assert (row["list_price_share"], row["unknown_terms_share"]) == (0.2, 0.2)
    without = index_of(pairs, months, products, rules=IndexRules(net_prices_only=True))
    assert without.left_out["reason"].tolist() == ["a list price"]


def test_the_seed_alone_decides_the_interval(many_worlds, make_range):
    _, _, pairs, months = many_worlds
    products, _ = make_range(np.random.default_rng(11))
    pairs = pairs[pairs["competitor_id"] == "K-000"]
    one, same, other = (index_of(pairs, months, products, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.competitors, same.competitors)
    assert first_row(one)["price_index_low"] != first_row(other)["price_index_low"]
    assert first_row(one)["price_index"] == first_row(other)["price_index"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (101, 110, "dearer"),
        (90, 99, "cheaper"),
        (99, 101, "no clear difference"),
        (100, 104, "no clear difference"),
        (np.nan, np.nan, "not enough data"),
    ],
)
def test_words_are_claimed_only_where_the_whole_interval_allows_them(low, high, words):
    assert verdict(low, high) == words


def test_no_observation_at_all_is_said_and_not_an_error(five_products):
    pairs, months, products = five_products
    empty = index_of(pairs.iloc[:0], months, products)
    assert empty.note.startswith("Not enough data")
    assert len(empty.competitors) == len(empty.families) == 0
    unsold = index_of(pairs, months.iloc[:0], products)
    assert first_row(unsold)["status"] == "not enough data"


def test_a_missing_column_is_named(five_products):
    pairs, months, products = five_products
    with pytest.raises(InputError, match="our_price"):
        index_of(pairs.drop(columns="our_price"), months, products)
