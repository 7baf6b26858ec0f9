import json
import os
import re
import sys
from pathlib import Path
from tempfile import gettempdir

import pandas as pd
import pytest

from clientlib.errors import RunError
from clientlib.runs.ledger import Ledger
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish


def text(settings, path) -> str:
    return (settings.output_folder / path).read_text(encoding="utf-8")


def test_each_report_ends_as_it_must_and_none_stops_another(ended):
    assert {name: run.state for name, run in ended.items()} == {
        "fine": "done",
        "stopped": "failed",
        "deep": "failed",
        "hungry": "skipped",
        "garbled": "failed",
        "absent": "failed",
    }


def test_done_run_tells_its_figures_headline_and_issued_rows(ended):
    run = ended["fine"]
    assert run.key_figures == {"clients_count": 1}
    assert run.headline == "As of 2025-05-31 all is well"
    assert run.issued == {"client_gaps": 1}
    assert run.parameters["top_n"] == 3
    assert run.failure is None


def test_issued_rows_rest_on_the_snapshot_that_was_read(settings, ended):
    (row,) = Ledger(settings.ledger_folder).issued("client_gaps").to_dict("records")
    assert (row["client_id"], row["as_of"]) == ("C-1", "2025-05-31")
    assert row["snapshot"] == ended["fine"].snapshot == "20250701T000000"
    assert pd.isna(row["seed"])


def test_failure_names_the_cell_the_error_and_its_heading(ended):
    failure = ended["stopped"].failure
    assert (failure.error_name, failure.message) == ("ValueError", "no client named <Šarūnas>")
    assert failure.source == 'raise ValueError("no client named <Šarūnas>")'
    assert failure.heading == "How it stops"
    assert failure.cell_number == 6  # papermill puts a cell with the parameters given


def test_failed_run_issues_nothing(settings, ended):
    assert ended["stopped"].issued == {}
    assert Ledger(settings.ledger_folder).issued("client_stops").empty


@pytest.mark.parametrize("report", ["garbled", "absent"])
def test_notebook_that_cannot_be_opened_fails_with_its_reason(settings, ended, report):
    run = ended[report]
    assert run.failure.message
    assert (settings.output_folder / run.page).is_file()


def test_skipped_run_says_why_and_has_no_page(ended):
    run = ended["hungry"]
    assert run.reason.startswith("marts.price_pairs has no rows up to 2025-05-31")
    assert run.page is None


def test_pages_and_executed_notebooks_are_kept(settings, ended):
    for name in ("fine", "stopped"):
        run = ended[name]
        assert run.page == f"2025-05-31/{name}/all.html"
        assert f"Report {name}" in text(settings, run.page)
        assert json.loads(text(settings, run.notebook))["cells"]


def test_page_of_a_failure_shows_the_message_as_text(settings, ended):
    page = text(settings, ended["stopped"].page)
    assert "no client named &lt;Šarūnas&gt;" in page
    assert "<Šarūnas>" not in page


def test_no_page_and_no_notebook_tells_where_on_the_machine_it_ran(settings, ended):
    folders = (settings.root, Path.home(), sys.prefix, gettempdir(), Path(__file__).parents[3])
    places = re.compile("|".join(re.escape(f"{folder}/") for folder in folders))
    for run in ended.values():
        if run.page:
            assert not places.search(text(settings, run.page)), run.report
    for name in ("fine", "stopped", "deep"):
        assert not places.search(text(settings, ended[name].notebook)), name
    assert "clientlib/runs/recording.py" in text(settings, ended["deep"].notebook)


def test_ledger_holds_every_run_and_no_draft(settings, ended):
    assert {run.report: run for run in Ledger(settings.ledger_folder).runs()} == ended
    assert list((settings.ledger_folder / ".drafts").iterdir()) == []


def test_index_lists_every_run(settings, ended):
    index = text(settings, "index.html")
    for name, run in ended.items():
        assert f"Report {name}" in index
        assert run.page is None or run.page in index


@pytest.mark.parametrize("folder", ["output", "ledger"])
def test_folder_that_cannot_be_written_to_is_told_before_anything_runs(settings, tmp_path, folder):
    (tmp_path / "taken").write_text("a file")
    taken = settings.model_copy(
        update={folder: Path(os.path.relpath(tmp_path / "taken", settings.root))}
    )
    with pytest.raises(
        RunError, match=r"taken cannot be written to\n  example: .*taken: File exists"
    ):
        run_reports(taken, Wish(("fine",)))
