"""What the reliability curve is said to show."""

from dataclasses import replace

import pandas as pd

from clientlib.reliability import backtest

COLUMNS = ["client_id", "month_end", "due_count", "late_count", "due_6m_count", "late_6m_count",
           "settled_count", "settled_late_count", "late_days_total", "open_count", "open_amount",
           "overdue_count", "overdue_amount", "invoiced_12m_amount", "late_share"]  # fmt: skip


def test_calibration_is_told_by_the_groups_inside_the_band_and_the_slope():
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS})
    empty["month_end"] = pd.to_datetime(empty["month_end"])
    nothing = backtest(empty, as_of="2025-06-30")
    assert nothing.calibration_note.startswith("Not enough data")
    curve = pd.DataFrame(
        {
            "predicted_share": [0.1, 0.5],
            "observed_share": [0.12, 0.8],
            "band_low": [0.08, 0.4],
            "band_high": [0.15, 0.6],
            "count": [100, 50],
        }
    )
    told = replace(nothing, curve=curve, slope=1.25).calibration_note
    assert told.startswith("1 of 2 groups of like predictions lie inside the band")
    assert "slope is 1.25" in told
