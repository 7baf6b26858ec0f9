"""A run's record is whole, and a failure is read from the notebook itself."""

from datetime import datetime

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from clientlib.errors import InputError
from clientlib.reports import read_failure
from clientlib.reports.record import own_cells, strip_colours


def test_a_notebook_without_errors_has_no_failure():
    assert read_failure(new_notebook(cells=[new_code_cell("1")])) is None


def test_the_first_error_counts_with_its_nearest_heading(fail):
    cells = [new_markdown_cell("# A\n\n## B"), fail("x = 1\n" * 20), fail("y")]
    failure = read_failure(new_notebook(cells=cells))
    assert (failure.cell_number, failure.heading) == (2, "B")
    assert failure.source == "x = 1\n" * 12 + "…"


def test_an_expected_error_is_no_failure(fail):
    cell = fail()
    cell.metadata["tags"] = ["raises-exception"]
    assert read_failure(new_notebook(cells=[cell])) is None


def test_papermills_own_banners_are_not_counted(fail):
    banner = new_markdown_cell("An error", metadata={"tags": ["papermill-error-cell-tag"]})
    notebook = new_notebook(cells=[banner, fail()])
    assert len(own_cells(notebook)) == 1
    assert read_failure(notebook).cell_number == 1


def test_colour_codes_links_and_overwritten_lines_are_removed():
    text = "\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07\n10%\r100%\r\n\tin\u202edent"
    assert strip_colours(text) == "red link\n100%\n    indent"


def test_an_unknown_state_is_refused(make_run):
    with pytest.raises(InputError, match="cannot be in the state 'ok'"):
        make_run(state="ok")


def test_a_start_without_a_zone_is_refused(make_run):
    with pytest.raises(InputError, match="no time zone"):
        make_run(started_at=datetime(2025, 7, 1))
