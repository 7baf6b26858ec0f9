"""Decisions on clients are kept for good, known from their day on, and make reports anew."""

import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from conftest import write_notebook
from nbformat.v4 import new_code_cell

from clientlib.cli import main
from clientlib.config import load_settings
from clientlib.errors import InputError
from clientlib.runs.decisions import (
    Decision,
    hash_decisions,
    keep_decision,
    read_decisions,
    table_decisions,
)
from clientlib.runs.ledger import Ledger
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish

MAY = date(2025, 5, 31)
LIMIT = Decision(
    client_id="C-1",
    kind="limit",
    value=5000.0,
    owner="",
    advised=3000.0,
    decided_on=date(2025, 5, 20),
    until=date(2025, 12, 31),
    by="Rasa",
    because="pays in advance",
    written_at=datetime(2025, 5, 20, 9, tzinfo=UTC),
)


def test_a_decision_comes_back_as_it_was_made(tmp_path):
    keep_decision(tmp_path, LIMIT)
    assert read_decisions(tmp_path, MAY) == [LIMIT]
    (row,) = table_decisions([LIMIT]).to_dict("records")
    assert (row["value"], row["advised"], row["is_override"]) == (5000.0, 3000.0, True)
    assert (row["decided_on"].date(), row["until"].date()) == (LIMIT.decided_on, LIMIT.until)


def test_a_report_knows_a_decision_from_its_day_on(tmp_path):
    keep_decision(tmp_path, LIMIT)
    assert read_decisions(tmp_path, date(2025, 5, 19)) == []
    assert read_decisions(tmp_path, date(2025, 5, 20)) == [LIMIT]


def test_the_state_of_decisions_has_a_name_of_its_own(tmp_path):
    assert hash_decisions(tmp_path, MAY) == ""
    keep_decision(tmp_path, LIMIT)
    first = hash_decisions(tmp_path, MAY)
    keep_decision(tmp_path, replace(LIMIT, decided_on=date(2025, 6, 1)))
    assert hash_decisions(tmp_path, MAY) == first
    assert hash_decisions(tmp_path, date(2025, 6, 30)) not in ("", first)


def test_no_decision_is_an_empty_table_with_all_columns():
    table = table_decisions([])
    assert len(table) == 0
    assert {"client_id", "value", "is_override", "until"} < {*table.columns}


@pytest.mark.parametrize(
    ("kind", "value", "advised", "is_override"),
    [
        pytest.param("limit", 3000.0, 3000.0, False, id="as advised"),
        pytest.param("limit", 2000.0, 3000.0, True, id="less than advised"),
        pytest.param("limit", 2000.0, None, False, id="nothing was advised"),
        pytest.param("stop", None, None, False, id="no value"),
    ],
)
def test_an_override_departs_from_the_advice(kind, value, advised, is_override):
    assert replace(LIMIT, kind=kind, value=value, advised=advised).is_override == is_override


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "limits"}, "did you mean 'limit'"),
        ({"value": None}, "no such value"),
        ({"value": -1.0}, "no such value"),
        ({"kind": "deposit_share", "value": 1.5}, "no such value"),
        ({"kind": "owner", "value": None}, "no such value"),
        ({"kind": "stop", "value": 1.0}, "no such value"),
        ({"because": " "}, "a reason"),
        ({"by": ""}, "somebody who made it"),
        ({"because": "x" * 2_001}, "2,001 characters"),
        ({"until": date(2025, 5, 1)}, "before it begins"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_not_kept(tmp_path, wrong, told):
    with pytest.raises(InputError, match=told):
        keep_decision(tmp_path, replace(LIMIT, **wrong))
    assert read_decisions(tmp_path, date(2030, 1, 1)) == []


@pytest.fixture
def project(settings, tmp_path):
    """Give a copy of the project whose report shows decisions and advises a limit."""
    root = tmp_path / "copy"
    shutil.copytree(settings.root, root)
    config = root / "clientlib.toml"
    text = config.read_text(encoding="utf-8")
    asked = text.replace("[reports.fine]\n", "[reports.fine]\ndecisions = true\n")
    config.write_text(asked, encoding="utf-8")
    write_notebook(
        root / "notebooks/fine.ipynb",
        new_code_cell('made = runs.read_issued("client_decisions", as_of=as_of)'),
        new_code_cell('runs.issue("client_advice", scores.assign(limit_amount=3000.0))'),
        new_code_cell("runs.record(decisions_count=len(made), headline='Fine')"),
    )
    return load_settings(root)


@pytest.fixture
def decide(project, monkeypatch, capsys):
    """Call the command in the project, and give what it said."""

    def call(*words):
        monkeypatch.chdir(project.root)
        monkeypatch.setattr(sys, "argv", ["clientlib", "decide", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, told.out + told.err

    return call


def counted(project):
    run = Ledger(project.ledger_folder).runs()[-1]
    return run.as_of, run.key_figures["decisions_count"]


def test_a_new_decision_makes_the_report_anew_and_is_held_against_the_advice(project, decide):
    wish = Wish(("fine",), as_of="2025-05-31")
    run_reports(project, wish)
    assert counted(project) == (MAY, 0)
    runs = len(Ledger(project.ledger_folder).runs())
    run_reports(project, wish)
    assert len(Ledger(project.ledger_folder).runs()) == runs
    code, told = decide("C-1", "limit", "5000", "--because", "old friend", "--on", "2025-05-31")
    assert (code, "override" in told) == (0, True)
    assert read_decisions(project.ledger_folder, MAY)[0].advised == 3000.0
    run_reports(project, wish)
    assert counted(project) == (MAY, 1)


def test_the_command_refuses_what_is_no_decision(project, decide):
    code, told = decide("C-1", "limit", "much", "--because", "x")
    assert (code, "is no number" in told) == (1, True)
    code, told = decide("C-1", "snooze", "--until", "2025-06-30")
    assert (code, "a reason" in told) == (1, True)
    assert read_decisions(project.ledger_folder, date(2030, 1, 1)) == []


def test_an_owner_and_a_snooze_have_no_number(project, decide):
    assert decide("C-1", "owner", "M-02", "--because", "knows them")[0] == 0
    assert decide("C-1", "snooze", "--until", "2099-06-30", "--because", "promised to pay")[0] == 0
    kinds = [(each.kind, each.owner, each.value) for each in
             read_decisions(project.ledger_folder, date(2099, 1, 1))]  # fmt: skip
    assert kinds == [("owner", "M-02", None), ("snooze", "", None)]
