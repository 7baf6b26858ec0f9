"""Reports that read what earlier ones issued, and get what their reader may see of it."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from conftest import CONFIG, write_notebook
from nbformat.v4 import new_code_cell

from clientlib import runs
from clientlib.config import load_settings
from clientlib.errors import InputError, RunError
from clientlib.runs.ledger import Ledger
from clientlib.runs.recording import RUN_VARIABLE
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish
from clientlib.warehouse import build_snapshot, load_sources

REPORT = """
[reports.{0}]
notebook = "notebooks/{0}.ipynb"
title = "Report {0}"
question = "?"
{1}
editions = ["all", "client"]
parameters = {{ top_n = 9 }}
"""
RULE = """
[readers.client]
cleared = ["issued.cleared_means"]
withheld = ["issued.secret_scores"]
"""
READS = {  # by report: what it reads of what `scores` has issued
    "manager": "client_scores",
    "means": "cleared_means",
    "unclear": "plain_means",
    "withheld": "secret_scores",
    "unknown": "client_segments",
}
MAY = "2025-05-31"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("building")
    orders, scores = 'needs = ["marts.order_facts"]', 'needs = ["reports.scores"]'
    reports = [("scores", orders), ("broken", orders), ("unneeded", orders)]
    reports += [(name, scores) for name in READS]
    reports += [("after", 'needs = ["reports.broken"]')]
    reports += [("review", 'wants = ["reports.scores", "reports.broken"]')]
    text = CONFIG + RULE + "".join(REPORT.format(*report) for report in reports)
    (root / "clientlib.toml").write_text(text)
    (root / "data/raw").mkdir(parents=True)
    (root / "data/raw/orders.csv").write_text(
        "No,Client,Date,State\nO-1,C-1,2025-05-05,open\nO-2,C-2,2025-05-10,open\n"
        "O-3,C-1,2025-06-10,open\n"
    )
    tables = ["client_scores", "secret_scores"]
    issue = [f'runs.issue("{table}", scores, seed=7)' for table in tables]
    issue += [f'runs.issue("{name}", scores[["typical_gap_days"]])'
              for name in ("cleared_means", "plain_means")]  # fmt: skip
    write_notebook(root / "notebooks/scores.ipynb", new_code_cell("\n".join(issue)))
    write_notebook(root / "notebooks/broken.ipynb", new_code_cell("1 / 0"))
    write_notebook(root / "notebooks/after.ipynb")
    look = new_code_cell(
        "\n".join(
            f'{name} = runs.find_issued("{name}", as_of=as_of)'
            for name in ("client_scores", "plain_means", "broken_scores")
        )
    )
    say = new_code_cell(
        "runs.record(rows=len(client_scores.rows), means=plain_means.missing or 'there', "
        "broken=broken_scores.missing)"
    )
    write_notebook(root / "notebooks/review.ipynb", look, say)
    for name, table in [*READS.items(), ("unneeded", "client_scores")]:
        read = new_code_cell(f'given = runs.read_issued("{table}", as_of=as_of)')
        issue_again = new_code_cell(
            'runs.issue("given_rows", given.add_prefix("given_"))\nruns.record(rows=len(given))'
        )
        write_notebook(root / f"notebooks/{name}.ipynb", read, issue_again)
    settings = load_settings(root)
    load_sources(settings, now=datetime(2025, 7, 1, tzinfo=UTC))
    build_snapshot(settings, now=datetime(2025, 7, 1, tzinfo=UTC))
    return settings


@pytest.fixture(scope="module")
def ended(settings) -> dict:
    """Run the report of scores, and those that read it, for all and for client C-2."""
    few = run_reports(settings, Wish(("manager", "unneeded", "after", "review"), MAY)).runs
    names = (*READS, "review")
    more = run_reports(settings, Wish(names, MAY, editions=("client=C-2",))).runs
    return {(run.report, run.edition): run for run in [*few, *more]}


def given(settings, run) -> pd.DataFrame:
    rows = Ledger(settings.ledger_folder).issued("given_rows", [run])
    return rows.sort_values("given_client_id") if "given_client_id" in rows else rows


def test_report_reads_what_the_report_that_it_needs_has_issued(settings, ended):
    rows = given(settings, ended["manager", "all"])
    assert list(rows["given_client_id"]) == ["C-1", "C-2"]


def test_edition_reads_the_issued_rows_of_its_own_clients_only(settings, ended):
    rows = given(settings, ended["manager", "client=C-2"])
    assert list(rows["given_client_id"]) == ["C-2"]


def test_rows_keep_the_stamps_with_which_they_were_issued(settings, ended):
    for edition in ("all", "client=C-2"):
        rows = given(settings, ended["manager", edition])
        assert set(rows["given_as_of"]) == {MAY}
        assert set(rows["given_snapshot"]) == {ended["scores", "all"].snapshot}
        assert set(rows["given_seed"]) == {7}


def test_cleared_table_without_clients_is_shown_whole_to_an_edition(settings, ended):
    assert ended["means", "client=C-2"].issued == {"given_rows": 2}


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("unclear", "issued.plain_means has no client_id to be cut by, and is not cleared"),
        ("withheld", "issued.secret_scores is withheld in clientlib.toml"),
    ],
)
def test_table_kept_back_from_an_edition_says_why(ended, report, reason):
    failure = ended[report, "client=C-2"].failure
    assert failure.error_name == "RunError"
    assert failure.message.startswith(f"{READS[report]} is not shown in this edition")
    assert reason in failure.message


def test_table_that_no_needed_report_has_issued_fails_and_names_needs(ended):
    failure = ended["unknown", "client=C-2"].failure
    assert failure.message == (
        "this run was not given client_segments\n"
        "  rows:    it was given cleared_means, client_scores\n"
        '  hint:    add the report that issues it to needs in clientlib.toml, as "reports.NAME"'
    )
    assert "it was given no issued table" in ended["unneeded", "all"].failure.message


def test_failure_of_a_needed_report_skips_what_reads_it(ended):
    assert ended["after", "all"].state == "skipped"
    assert ended["after", "all"].reason == (
        "it needs reports.broken, which failed in cell 4: ZeroDivisionError"
    )


def test_report_finds_what_it_wants_and_is_told_of_the_rest(ended):
    assert ended["review", "all"].key_figures == {
        "rows": 2,
        "means": "there",
        "broken": "Not enough data: no report has issued broken_scores as of this day.",
    }


def test_edition_finds_its_own_rows_and_is_told_what_is_kept_back(ended):
    found = ended["review", "client=C-2"].key_figures
    assert (found["rows"], found["means"]) == (
        1, "Not shown here: plain_means is not only of this reader's clients.",
    )  # fmt: skip


def test_run_of_one_day_reads_nothing_of_another(tmp_path, monkeypatch):
    (tmp_path / "context.json").write_text('{"as_of": "2025-05-31"}')
    monkeypatch.setenv(RUN_VARIABLE, str(tmp_path))
    with pytest.raises(RunError, match="x as of 2025-06-30 was asked for in a run as of 2025-05-"):
        runs.read_issued("x", as_of="2025-06-30")


@pytest.fixture
def in_lab(settings, ended, monkeypatch):
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    monkeypatch.chdir(settings.root / "notebooks")


def test_outside_of_a_run_the_last_issued_rows_of_the_day_are_read(in_lab):
    rows = runs.read_issued("client_scores", as_of=MAY)
    assert sorted(rows["client_id"]) == ["C-1", "C-2"]
    assert set(rows["as_of"]) == {MAY}


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ("client_scores", "clientlib run scores --as-of 2025-06-30"),
        ("client_score", "did you mean 'client_scores'?"),
    ],
)
def test_outside_of_a_run_what_nobody_has_issued_is_told(in_lab, table, hint):
    with pytest.raises(InputError, match=f"nobody has issued {table} as of 2025-06-30") as told:
        runs.read_issued(table, as_of="2025-06-30")
    assert told.value.details["hint"] == hint
