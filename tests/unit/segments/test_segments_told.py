"""Segments say the same numbers in every language."""

import pandas as pd
import pytest
from told import assert_told_the_same

from clientlib.segments import (
    compare_labellings,
    compare_segments,
    measure_concentration,
    segment_clients,
)

AS_OF = "2025-06-30"
NAMES = pd.DataFrame({"client_id": ["C-0001", "C-0002"], "name": ["UAB „Ąžuolas“", "SIA Bērzs"]})


def test_segmentation(orders_panel):
    assert_told_the_same(lambda: segment_clients(orders_panel, as_of=AS_OF, clients=NAMES), least=4)


@pytest.mark.parametrize("by", ["segment", "value_tier", "life_state"])
def test_migration(orders_panel, by):
    assert_told_the_same(lambda: compare_segments(orders_panel, as_of=AS_OF, by=by), least=2)


def test_concentration_and_labellings(orders_panel):
    assert_told_the_same(lambda: measure_concentration(orders_panel, as_of=AS_OF), least=2)
    assert_told_the_same(lambda: compare_labellings(orders_panel, as_of=AS_OF), least=1)


@pytest.mark.parametrize("analyse", [segment_clients, compare_segments, measure_concentration])
def test_nothing_to_say_is_said_too(orders_panel, analyse):
    assert_told_the_same(lambda: analyse(orders_panel, as_of="2020-01-31"), least=2)


def test_issued_words_are_english_whatever_language_is_spoken(orders_panel, monkeypatch):
    english = segment_clients(orders_panel, as_of=AS_OF).clients
    monkeypatch.setenv("CLIENTLIB_LANGUAGE", "lt")
    pd.testing.assert_frame_equal(segment_clients(orders_panel, as_of=AS_OF).clients, english)


def test_titles_tell_figures_that_stand_in_their_tables(orders_panel):
    found = segment_clients(orders_panel, as_of=AS_OF)
    (share,) = found.revenue_message.told
    revenue = found.segments["revenue_12m_amount"]
    assert share.value == pytest.approx(revenue.iloc[0] / revenue.sum())
    moved = compare_segments(orders_panel, as_of=AS_OF, by="value_tier")
    (count,) = moved.message.told
    assert count.value in moved.counts.to_numpy()
    top = measure_concentration(orders_panel, as_of=AS_OF)
    told = {each.name: each.value for each in top.message.told}
    assert told == {"count": len(top.top), "share": top.top["cumulative_share"].iloc[-1]}
