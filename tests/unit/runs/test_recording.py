import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from clientlib import runs
from clientlib.errors import InputError, RunError
from clientlib.runs.recording import CONTEXT_NAME, RUN_VARIABLE, STAMPS

ROWS = pd.DataFrame({"client_id": ["C-1"]})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / CONTEXT_NAME).write_text(json.dumps(dict.fromkeys(STAMPS, "x")))
    monkeypatch.setenv(RUN_VARIABLE, str(tmp_path))
    return tmp_path


def recorded(folder) -> dict:
    text = (folder / "figures.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_outside_of_a_run_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    runs.issue("client_scores", ROWS)
    runs.issue("client_scores", ROWS)
    runs.record(clients_count=1)
    assert list(tmp_path.iterdir()) == []


def test_outside_of_a_run_the_same_mistakes_are_told(monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    with pytest.raises(InputError, match="no name for an issued table"):
        runs.issue("Client Scores", ROWS)
    with pytest.raises(InputError, match="key figure rows is no number or text"):
        runs.record(rows=[1, 2])


def test_table_is_issued_once_in_a_run(folder):
    runs.issue("client_scores", ROWS)
    with pytest.raises(RunError, match="client_scores has been issued by this run already"):
        runs.issue("client_scores", ROWS)


@pytest.mark.parametrize(
    "name", ["", "Scores", "client scores", "../scores", "scores.parquet", "1st"]
)
def test_name_that_is_no_plain_name_is_refused(folder, name):
    with pytest.raises(InputError, match="is no name for an issued table"):
        runs.issue(name, ROWS)
    assert not (folder / "issued").exists()


@pytest.mark.parametrize("stamp", STAMPS)
def test_column_named_like_a_stamp_is_refused(folder, stamp):
    with pytest.raises(InputError, match=f"column '{stamp}' of client_scores is a stamp"):
        runs.issue("client_scores", ROWS.assign(**{stamp: 1}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="infinite"),
        pytest.param(np.float64("nan"), None, id="numpy, not a number"),
        pytest.param(np.float32(0.5), 0.5, id="numpy number"),
        pytest.param(np.int64(3), 3, id="numpy count"),
        pytest.param(np.bool_(True), True, id="numpy flag"),
        pytest.param(pd.NA, None, id="missing"),
        pytest.param(pd.NaT, None, id="no day"),
        pytest.param(None, None, id="none"),
        pytest.param("Šarūnas", "Šarūnas", id="text"),
    ],
)
def test_figure_is_kept_as_a_plain_value_and_what_is_no_number_as_null(folder, value, expected):
    runs.record(late_share=value)
    assert recorded(folder) == {"late_share": expected}


@pytest.mark.parametrize(
    "value", [[1], {"a": 1}, date(2025, 6, 30), np.array([1, 2]), pd.Series([1, 2]), ROWS]
)
def test_figure_that_is_no_plain_value_is_refused(folder, value):
    with pytest.raises(InputError, match="key figure late_share is no number or text"):
        runs.record(late_share=value)
    assert not (folder / "figures.json").exists()


def test_figures_keep_their_order(folder):
    runs.record(zeta_count=1, alpha_count=2)
    assert list(recorded(folder)) == ["zeta_count", "alpha_count"]
