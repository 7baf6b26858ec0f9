import numpy as np
import pandas as pd
import pytest

from clientlib.competitors import compare_ranges, win_rates
from clientlib.competitors.matching import name_competitors

AS_OF = "2025-06-30"
DAY = pd.Timestamp("2025-03-01")


@pytest.fixture
def ranges():
    products = pd.DataFrame(
        {"product_id": ["P1", "P2", "P3"], "name": ["Bolt", "Nut", "Saw"], "family": "F"}
    )
    months = pd.DataFrame(
        {
            "product_id": ["P1", "P2", "P3"],
            "month_end": pd.Timestamp(AS_OF),
            "revenue_12m_amount": [600.0, 300.0, 100.0],
        }
    )
    theirs = pd.DataFrame(
        {
            "competitor_id": "K-1",
            "competitor_product_id": ["X1", "X2"],
            "known_on": DAY,
            "name": ["Their bolt", "Their drill"],
            "family": "F",
            "seen_on": DAY,
        }
    )
    judged = pd.DataFrame(
        {
            "product_id": ["P1"],
            "competitor_id": ["K-1"],
            "competitor_product_id": ["X1"],
            "known_on": [DAY],
            "kind": ["identical"],
            "probability": [0.8],
            "judged_on": [DAY],
        }
    )
    return judged, theirs, months, products


def test_overlap_counts_a_match_by_its_probability(ranges):
    found = compare_ranges(*ranges, as_of=AS_OF)
    row = found.overlap.iloc[0]
    assert row["expected_matched_count"] == pytest.approx(0.8)
    assert row["soft_jaccard_share"] == pytest.approx(0.8 / (3 + 2 - 0.8))
    assert row["overlap_coefficient_share"] == pytest.approx(0.8 / 2)
    assert row["contested_revenue_share"] == pytest.approx(0.48)


def test_gaps_are_theirs_and_strongholds_ours_without_a_likely_counterpart(ranges):
    found = compare_ranges(*ranges, as_of=AS_OF)
    assert found.gaps["product_name"].tolist() == ["Their drill"]
    assert found.strongholds["name"].tolist() == ["Nut", "Saw"]
    assert found.overlap.iloc[0][["gaps_count", "strongholds_count"]].tolist() == [1, 2]


def test_a_product_matched_to_several_of_ours_is_not_counted_twice(ranges):
    judged, theirs, months, products = ranges
    all_same = pd.concat([judged.assign(product_id=key) for key in ("P1", "P2", "P3")])
    row = compare_ranges(all_same, theirs, months, products, as_of=AS_OF).overlap.iloc[0]
    # three of ours share one of theirs: P(X1 has a counterpart) = 1 - 0.2 ** 3
    assert row["expected_matched_count"] == pytest.approx(1 - 0.2**3)


def test_judgements_and_products_known_later_do_not_count(ranges):
    judged, theirs, months, products = ranges
    later = judged.assign(judged_on=pd.Timestamp("2025-07-02"), probability=0.0)
    fresh = theirs.assign(known_on=pd.Timestamp("2025-07-02"), competitor_product_id="X9")
    found = compare_ranges(
        pd.concat([judged, later]), pd.concat([theirs, fresh]), months, products, as_of=AS_OF
    )
    assert found.overlap.iloc[0]["expected_matched_count"] == pytest.approx(0.8)
    assert found.overlap.iloc[0]["their_count"] == 2


def test_a_range_without_judged_matches_gets_no_overlap_figure(ranges):
    judged, theirs, months, products = ranges
    row = compare_ranges(judged.iloc[:0], theirs, months, products, as_of=AS_OF).overlap.iloc[0]
    assert row["status"] == "not enough data"
    assert pd.isna(row["soft_jaccard_share"])


def test_no_collected_range_is_said_and_not_an_error(ranges):
    judged, theirs, months, products = ranges
    found = compare_ranges(judged, theirs.iloc[:0], months, products, as_of=AS_OF)
    assert found.note.startswith("Not enough data")
    assert len(found.overlap) == len(found.gaps) == 0


def deals_against(competitor, **results):
    words = [word for word, count in results.items() for _ in range(count)]
    return pd.DataFrame(
        {
            "deal_id": [f"{competitor}-{number}" for number in range(len(words))],
            "competitor_id": competitor,
            "closed_on": DAY,
            "known_on": DAY,
            "result": words,
        }
    )


def test_win_rate_is_wins_of_the_deals_that_either_side_won():
    deals = deals_against(
        "K-1", won=6, lost_to_it=4, lost_to_other=2, lost_unknown=5, no_decision=3
    )
    row = win_rates(deals, as_of=AS_OF).rates.iloc[0]
    assert row["raw_win_share"] == pytest.approx(0.6)
    assert row["win_share_all_unknown_to_it"] == pytest.approx(6 / 15)
    assert row["win_share_present"] == pytest.approx(6 / 17)
    assert (row["deals_count"], row["no_decision_count"]) == (20, 3)


def test_a_pooled_rate_lies_between_the_own_and_the_overall_one():
    deals = pd.concat(
        [deals_against("K-1", won=18, lost_to_it=2), deals_against("K-2", won=8, lost_to_it=22)]
    )
    found = win_rates(deals, as_of=AS_OF)
    rates = found.rates.set_index("competitor_id")
    assert found.overall_win_share < rates.loc["K-1", "win_share"] < 0.9
    assert 8 / 30 < rates.loc["K-2", "win_share"] < found.overall_win_share
    assert rates["verdict"].to_dict() == {
        "K-1": "we win more often",
        "K-2": "we win less often",
    }
    assert rates.loc["K-2", "probability_below_overall"] > 0.95


def test_too_few_decided_deals_get_no_rate_but_the_counts():
    deals = pd.concat(
        [deals_against("K-1", won=10, lost_to_it=9), deals_against("K-2", won=1, lost_to_it=3)]
    )
    row = win_rates(deals, as_of=AS_OF).rates.set_index("competitor_id").loc["K-2"]
    assert (row["status"], row["reason"]) == ("not enough data", "4 decided deals, 5 needed")
    assert pd.isna(row["win_share"])
    assert row["lost_to_it_count"] == 3


def test_deals_closed_later_or_long_before_do_not_count():
    deals = deals_against("K-1", won=6, lost_to_it=4)
    later = deals.assign(closed_on=pd.Timestamp("2025-07-01"), deal_id="L-" + deals["deal_id"])
    old = deals.assign(closed_on=pd.Timestamp("2023-01-01"), deal_id="O-" + deals["deal_id"])
    found = win_rates(pd.concat([deals, later, old]), as_of=AS_OF)
    assert found.rates["deals_count"].tolist() == [10]


def test_lost_deals_that_name_nobody_are_said():
    closed = pd.DataFrame(
        {
            "deal_id": ["unheard of", "K-1-9"],
            "closed_on": DAY,
            "outcome": "lost",
        }
    )
    deals = deals_against("K-1", won=6, lost_to_it=4)
    note = win_rates(deals, as_of=AS_OF, closed_deals=closed).note
    assert note.endswith("1 of 2 lost deals name no competitor at all.")


def test_no_named_competitor_is_said_and_not_an_error():
    deals = deals_against("K-1", won=1)
    for table in (deals.iloc[:0], deals.assign(result="no_decision")):
        found = win_rates(table, as_of=AS_OF)
        assert found.note.startswith("Not enough data")
        assert np.isnan(found.overall_win_share)


def test_ninety_percent_intervals_hold_the_true_win_rates():
    random = np.random.default_rng(21)
    held = []
    for _ in range(25):
        truth = random.beta(6, 6, 8)
        counts = random.integers(6, 60, 8)
        won = random.binomial(counts, truth)
        deals = pd.concat(
            [
                deals_against(f"K-{place}", won=won[place], lost_to_it=counts[place] - won[place])
                for place in range(8)
            ]
        )
        rates = win_rates(deals, as_of=AS_OF).rates.sort_values("competitor_id")
        held.append(
            (rates["win_share_low"].to_numpy() <= truth)
            & (truth <= rates["win_share_high"].to_numpy())
        )
    assert 0.85 <= np.mean(held) <= 0.95


def test_a_competitor_with_an_empty_name_goes_by_its_key():
    names = pd.DataFrame({"competitor_id": ["X-1", "X-2"], "name": [float("nan"), "Rival"]})
    rows = name_competitors(pd.DataFrame({"competitor_id": ["X-1", "X-2", "X-3"]}), names)
    assert list(rows["name"]) == ["X-1", "Rival", "X-3"]
