"""The command lab writes the page that JupyterLab opens with."""

import pytest

from clientlib.cli.lab import _open_first, write_start_page
from clientlib.config import load_settings
from clientlib.starter import write_project


def test_the_page_lists_every_report_and_table_of_the_project(small_company):
    path = write_start_page(small_company)
    assert path == small_company.output_folder / "start.md"
    text = path.read_text("utf-8")
    assert text.count(".ipynb)") == len(small_company.reports) >= 4
    assert "marts.client&#95;orders | One row per client and month end" in text


def test_a_project_without_snapshot_has_a_page_too(tmp_path):
    write_project(tmp_path)
    text = write_start_page(load_settings(tmp_path)).read_text("utf-8")
    assert "There is no snapshot yet" in text
    assert "(no rows)" not in text


@pytest.mark.parametrize(("inside", "count"), [(True, 1), (False, 0)])
def test_jupyterlab_opens_only_what_lies_in_its_folder(tmp_path, inside, count):
    write_project(tmp_path / "project")
    settings = load_settings(tmp_path / "project")
    if not inside:
        settings = settings.model_copy(update={"output": tmp_path / "elsewhere"})
    opened = _open_first(settings)
    assert len(opened) == count
    assert (
        opened
        == ["--LabApp.default_url=/lab/tree/reports/start.md?file-browser-path=/notebooks"][:count]
    )
