"""Planted leaks are found, honest features are not, and training refuses what is not confirmed."""

import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.leaks import Evidence, check_known_in_time, find_leaks

LAST = pd.Timestamp("2025-12-31")
HONEST = ["late_share", "late_6m", "days_since_last", "next_visit_on", "overdue_now"]


def book(clients=120, months=24, seed=3):
    """Clients whose chance of being late differs and drifts; every honest column is as of its month."""
    random = np.random.default_rng(seed)
    ends = pd.date_range(end=LAST, periods=months, freq="ME")
    chance = random.beta(1.5, 3.0, clients)[:, None] * np.ones(months)
    late = random.random((clients, months)) < chance
    behind = np.arange(1, months + 1)
    share = (late.cumsum(axis=1) - late + 2 * 0.33) / (behind - 1 + 2)
    before = np.pad(late, ((0, 0), (1, 0)))[:, :-1]
    recent = sum(np.pad(before, ((0, 0), (k, 0)))[:, :months] for k in range(6))
    return pd.DataFrame(
        {
            "client_id": np.repeat([f"C-{k:03d}" for k in range(clients)], months),
            "month_end": np.tile(ends, clients),
            "late_share": share.ravel(),
            "late_6m": recent.ravel(),
            "overdue_now": before.ravel(),
            "days_since_last": random.integers(1, 90, clients * months),
            "next_visit_on": np.tile(ends, clients)
            + pd.to_timedelta(random.integers(1, 60, clients * months), unit="D"),
            "is_late": late.ravel().astype(float),
        }
    )


def search(rows, features, evidence=None):
    return find_leaks(
        rows, features, last_known_on=LAST, outcome="is_late", evidence=evidence or Evidence()
    )


@pytest.fixture(scope="module")
def rows():
    return book()


@pytest.mark.parametrize("seed", range(5))
def test_honest_features_are_no_suspects(seed):
    assert search(book(seed=seed), HONEST).empty


def test_a_mean_over_the_whole_period_is_found(rows):
    mean = rows.groupby("client_id")["is_late"].transform("mean")
    found = search(rows.assign(mean_late=mean), [*HONEST, "mean_late"])
    assert found[["feature", "kind"]].to_numpy().tolist() == [["mean_late", "without history"]]


def test_a_flag_that_is_set_later_is_found_by_what_the_newest_rows_lack(rows):
    random = np.random.default_rng(1)
    is_old = rows["month_end"] < LAST - pd.Timedelta(days=120)
    flag = (rows["is_late"] == 1) & is_old & (random.random(len(rows)) < 0.8)
    found = search(rows.assign(is_in_dispute=flag), [*HONEST, "is_in_dispute"])
    assert {*found["feature"]} == {"is_in_dispute"}
    assert "filled in later" in {*found["kind"]}


def test_a_flag_that_foretells_better_than_it_remembers_is_found(rows):
    random = np.random.default_rng(1)
    flag = (rows["is_late"] == 1) & (random.random(len(rows)) < 0.6)
    found = search(rows.assign(is_reminded=flag), [*HONEST, "is_reminded"])
    assert found["feature"].tolist() == ["is_reminded"]
    assert found["kind"].tolist() == ["foretells better"]


def test_a_later_date_is_found_and_a_plan_is_not(rows):
    later = rows["month_end"] + pd.Timedelta(days=40)
    found = search(
        rows.assign(settled_on=later.where(later <= LAST)), ["settled_on", "next_visit_on"]
    )
    assert found["feature"].tolist() == ["settled_on"]
    assert found.loc[0, "kind"] == "dated later"
    assert found.loc[0, "rows_count"] == 120 * 22
    assert found.loc[0, "example"] == "2024-03-11 in the row of C-000, 2024-01-31"


def test_a_late_correction_is_found_by_what_was_read_on_the_day(rows):
    then = rows[["client_id", "month_end", *HONEST]]
    now = rows.assign(late_share=rows["late_share"].where(rows.index != 7, 0.9))
    found = search(now, HONEST, Evidence(then=then))
    assert found[["feature", "kind", "rows_count"]].to_numpy().tolist() == [
        ["late_share", "rewritten since", 1]
    ]


def test_rounding_is_no_correction(rows):
    then = rows.assign(late_share=rows["late_share"] * (1 + 1e-13))
    assert search(rows, ["late_share"], Evidence(then=then)).empty


def test_a_value_recorded_after_the_day_is_found(rows):
    entered = rows["month_end"] + pd.to_timedelta(
        (np.arange(len(rows)) % 5 == 4).astype(int), unit="D"
    )
    found = search(
        rows.assign(entered_on=entered),
        ["late_share"],
        Evidence(recorded={"late_share": "entered_on"}),
    )
    assert found[["kind", "rows_count"]].to_numpy().tolist() == [["recorded later", 576]]


def test_a_feature_of_a_table_without_history_is_suspected_unseen(rows):
    found = search(rows, HONEST, Evidence(current=["late_6m"]))
    assert found[["feature", "kind"]].to_numpy().tolist() == [["late_6m", "without history"]]


def test_a_constant_and_an_empty_column_are_no_suspects(rows):
    plain = rows.assign(one=1, nothing=np.nan)
    assert search(plain, ["one", "nothing"]).empty


def test_training_refuses_a_suspect_until_it_is_confirmed(rows):
    size = rows["client_id"].str[-1]
    suspects = search(rows.assign(size_band=size), ["late_share", "size_band"])
    with pytest.raises(InputError, match=r"known_in_time = \['size_band'\]") as refused:
        check_known_in_time(suspects, ["late_share", "size_band"])
    assert "1 of 2: size_band (without history)" in str(refused.value)
    check_known_in_time(suspects, ["late_share", "size_band"], known_in_time=["size_band"])
    check_known_in_time(suspects, ["late_share"])


def test_confirming_what_is_not_there_is_an_error(rows):
    with pytest.raises(InputError, match="did you mean 'late_share'"):
        check_known_in_time(search(rows, HONEST), HONEST, known_in_time=["late_shares"])


def test_two_rows_for_one_client_and_day_are_refused(rows):
    with pytest.raises(InputError, match="several rows"):
        search(pd.concat([rows, rows.head(1)]), HONEST)
