"""Key figures are written by what their names say of them."""

from datetime import date

import pytest

from clientlib.reports.templating import show_seconds
from clientlib.reports.tiles import Tile, make_tiles, show_figure


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("late_share", 0.3421, "34.2%"),
        ("clients_count", 4182, "4\u202f182"),
        ("overdue_amount", 1_284_300.0, "1.28 million"),
        ("overdue_amount", 128_430.4, "128\u202f430"),
        ("gap_days", 34.25, "34.2"),
        ("brier_score", 0.1421, "0.142"),
        ("first_on", date(2025, 6, 30), "30 June 2025"),
        ("is_better", True, "yes"),
        ("best", "A\nB", "A B"),
        ("brier_score", None, "not enough data"),
        ("brier_score", float("nan"), "not enough data"),
    ],
)
def test_a_figure_is_written_by_its_name(name, value, shown):
    assert show_figure(name, value) == shown


def test_a_figure_takes_its_interval_and_the_plain_rule_into_its_tile():
    tiles = make_tiles(
        {
            "late_share": 0.14,
            "late_share_low": 0.13,
            "late_share_high": 0.15,
            "baseline_late_share": 0.2,
        }
    )
    assert tiles == [
        Tile("Late share", "14.0%", "interval 13.0% to 15.0%; plain rule: 20.0%"),
    ]


def test_a_baseline_without_its_figure_stands_for_itself():
    assert make_tiles({"baseline_brier_score": 0.2}) == [Tile("Baseline brier score", "0.200")]


def test_time_taken_is_in_seconds_then_minutes():
    assert show_seconds(1.34) == "1.3 s"
    assert show_seconds(250.2) == "4 min 10 s"
