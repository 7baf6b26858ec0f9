"""The command lint reads reports as they were written, and says which rule breaks where."""

import pytest

from clientlib.cli.linting import lint_project
from clientlib.errors import RunError


def test_reports_as_they_were_written_break_no_rule(small_company, small_runs):
    found = lint_project(small_company, [])
    assert {run.report for run, _ in found} >= {"segmentation", "reliability", "quality"}
    assert [(run.report, list(map(str, each))) for run, each in found if each] == []


def test_a_page_that_was_changed_by_hand_is_found(small_company, small_runs):
    ((run, before),) = lint_project(small_company, ["quality"])
    assert list(before) == []
    page = small_company.output_folder / run.page
    whole = page.read_text("utf-8")
    try:
        page.write_text(whole.replace(run.run_id, "r-0"), "utf-8")
        ((linted, findings),) = lint_project(small_company, ["quality"])
        assert (linted.run_id, [each.rule for each in findings]) == (run.run_id, ["footer"])
    finally:
        page.write_text(whole, "utf-8")


def test_an_unknown_report_is_an_error(small_company, small_runs):
    with pytest.raises(RunError, match="qualities"):
        lint_project(small_company, ["qualities"])
