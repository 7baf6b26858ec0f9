"""Which clients become one: pairs drawn as text."""

import pandas as pd
import pytest

from clientlib.identity import join_pairs

CODE_1, CODE_2 = frozenset({"register LT 110053842"}), frozenset({"register LT 303299016"})


def drawn(text: str) -> pd.DataFrame:
    lines = [line.split() for line in text.strip().splitlines()]
    pairs = pd.DataFrame(lines[1:], columns=lines[0]).replace("-", "")
    numbers = {name: float for name in pairs if name == "probability" or "history" in name}
    return pairs.astype(numbers)


CHAIN = drawn("""
    left_id right_id probability left_history right_history
    A       B        0.99        10           40
    B       C        0.95        40           5
""")


def test_chain_of_pairs_is_one_client_kept_under_the_one_with_the_most_history():
    assert join_pairs(CHAIN, {}).kept == {"A": "B", "C": "B"}


def test_weakest_link_gives_way_where_codes_contradict():
    merges = join_pairs(CHAIN, {"A": CODE_1, "C": CODE_2})
    assert merges.kept == {"A": "B"}
    assert merges.left_out == (1,)


def test_weakest_link_gives_way_where_a_person_holds_the_ends_apart():
    merges = join_pairs(CHAIN, {}, [("A", "C")])
    assert (merges.kept, merges.left_out) == ({"A": "B"}, (1,))


def test_decision_of_a_person_goes_before_codes_and_probability():
    pairs = CHAIN.assign(decision=["", "same"])
    assert join_pairs(pairs, {"B": CODE_1, "C": CODE_2}).kept == {"A": "B", "C": "B"}
    apart = join_pairs(pairs, {}, [("A", "C")])
    assert (apart.kept, apart.left_out) == ({"C": "B"}, (0,))


def test_code_that_was_miscopied_contradicts_nothing():
    slip = frozenset({"register LT 110053824"})
    assert join_pairs(CHAIN, {"A": CODE_1, "C": slip}).left_out == ()


def test_kept_client_stays_when_it_is_found_again_with_more_history():
    later = drawn("""
        left_id right_id probability left_history right_history
        A       B        0.99        10           40
        B       C        0.95        40           5
        C       D        0.90        900          1
    """)
    assert set(join_pairs(later, {}).kept.values()) == {"B"}


def test_equal_histories_keep_the_first_key():
    pairs = CHAIN.assign(left_history=3, right_history=3)
    assert set(join_pairs(pairs, {}).kept.values()) == {"A"}


def test_without_pairs_nothing_is_merged():
    merges = join_pairs(CHAIN.head(0), {})
    assert (merges.kept, merges.left_out, merges.kept_id("A")) == ({}, (), "A")


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_order_of_the_file_does_not_matter(order):
    pairs = CHAIN.iloc[order].reset_index(drop=True)
    assert join_pairs(pairs, {"A": CODE_1, "C": CODE_2}).kept == {"A": "B"}
