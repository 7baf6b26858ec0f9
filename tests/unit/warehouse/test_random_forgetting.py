"""Whatever part of the later facts is forgotten, no dated table changes at or before that day."""

import pytest
from histories import DATED, FORGETTABLE, History, load_mended_company
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> History:
    return History(load_mended_company(tmp_path_factory.mktemp("history")))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    months_before_the_last=st.integers(0, 27),
    shares=st.fixed_dictionaries({}, optional=dict.fromkeys(FORGETTABLE, st.floats(0, 1))),
    seed=st.integers(0, 1_000_000),
)
def test_forgetting_any_part_of_the_later_facts_changes_nothing_earlier(
    history, months_before_the_last, shares, seed
):
    month_end = history.month_ends[-1 - months_before_the_last]
    assert history.changed_by_forgetting(month_end, shares, seed) == {}


def test_forgetting_everything_later_does_change_what_is_seen_later(history):
    everything = dict.fromkeys(FORGETTABLE, 1.0)
    middle, last = history.month_ends[12], history.month_ends[-1]
    changed = history.changed_by_forgetting(middle, everything, as_of=last)
    calendar = {"marts.month_ends"}  # goes equally far
    assert changed.keys() == {table.name for table in DATED} - calendar
