import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientlib.reliability.learning import tables
from clientlib.reliability.learning.locating import build_locator, find_bins
from clientlib.reliability.learning.tables import AdditiveTables, Term

NAN = float("nan")


@pytest.fixture
def limit_by_days():
    """Two features and their pair: cuts at 1 and 2, and at 10; the place 0 is of missing values."""
    return AdditiveTables(
        -1.0,
        (
            Term((0,), (np.array([1.0, 2.0]),), np.array([0.5, 0.0, 0.1, 0.2])),
            Term((1,), (np.array([10.0]),), np.array([0.0, -0.3, 0.3])),
            Term((0, 1), (np.array([1.5]), np.array([10.0])), np.arange(9.0).reshape(3, 3)),
        ),
    )


@pytest.mark.parametrize(
    ("limit", "days", "parts"),
    [
        pytest.param(0.0, 5.0, [0.0, -0.3, 4.0], id="below all cuts"),
        pytest.param(1.0, 10.0, [0.1, 0.3, 5.0], id="a value equal to a cut lies above it"),
        pytest.param(9.0, NAN, [0.2, 0.0, 6.0], id="one value missing"),
        pytest.param(NAN, NAN, [0.5, 0.0, 0.0], id="both missing"),
    ],
)
def test_parts_worked_by_hand(limit_by_days, limit, days, parts):
    base, found = limit_by_days.split(np.array([[limit, days]]))
    assert (base, found[0].tolist()) == (-1.0, parts)
    assert limit_by_days.log_odds(np.array([[limit, days]]))[0] == pytest.approx(sum(parts) - 1.0)


def test_many_rows_get_the_same_parts_as_few(limit_by_days, monkeypatch):
    random = np.random.default_rng(1)
    matrix = np.column_stack([random.normal(1.5, 1.0, 1000), random.normal(10.0, 5.0, 1000)])
    matrix[random.random(matrix.shape) < 0.1] = np.nan
    few = limit_by_days.split(matrix)[1]
    monkeypatch.setattr(tables, "MANY_ROWS", 1)
    assert limit_by_days.split(matrix)[1].tobytes() == few.tobytes()


def test_record_gives_equal_tables(limit_by_days):
    restored = AdditiveTables.from_record(json.loads(json.dumps(limit_by_days.to_record())))
    matrix = np.array([[0.3, 11.0], [1.7, 2.0]])
    assert restored.split(matrix)[1].tolist() == limit_by_days.split(matrix)[1].tolist()


@given(
    st.lists(st.floats(-1e300, 1e300), max_size=40, unique=True),
    st.lists(st.floats(), min_size=1, max_size=60),
)
@settings(max_examples=150, deadline=None)
def test_locator_finds_the_bins_that_a_search_finds(cuts, values):
    rising = np.sort(np.array(cuts, dtype=float))
    asked = np.array([*values, *cuts, *np.nextafter(rising, -np.inf), NAN, np.inf, -np.inf])
    assert build_locator(rising).find(asked).tolist() == find_bins(asked, rising).tolist()
