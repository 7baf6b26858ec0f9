"""Runs and executed notebooks, made by hand."""

import json
from datetime import UTC, date, datetime

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from clientlib.reports import Run, place_assets, read_document, write_page


@pytest.fixture
def make_run():
    def make(**changes):
        plain = {
            "run_id": "r-1",
            "report": "reliability",
            "title": "Client reliability",
            "question": "Which clients will pay late next quarter?",
            "edition": "all",
            "as_of": date(2025, 6, 30),
            "state": "done",
            "started_at": datetime(2025, 7, 1, 6, 12, tzinfo=UTC),
            "seconds": 1.34,
            "snapshot": "20250701T0612",
            "code_version": "0.1.0",
            "parameters": {"top_n": 25},
            "key_figures": {"clients_count": 4182},
            "page": "2025-06-30/reliability/all.html",
            "notebook": "2025-06-30/reliability/all.ipynb",
        }
        return Run(**{**plain, **changes})

    return make


@pytest.fixture
def show():
    """Make the cell whose output is what a notebook would show."""

    def make(shown, source="shown"):
        if hasattr(shown, "to_json"):
            data = {"application/vnd.plotly.v1+json": json.loads(shown.to_json())}
        else:
            data = shown if isinstance(shown, dict) else shown._repr_mimebundle_()
        output = new_output("execute_result", data=data, execution_count=1)
        return new_code_cell(source, outputs=[output])

    return make


@pytest.fixture
def fail():
    """Make the cell in which a notebook stopped."""

    def make(source="1 / 0", ename="ZeroDivisionError", evalue="division by zero", traceback=()):
        output = new_output("error", ename=ename, evalue=evalue, traceback=list(traceback))
        return new_code_cell(source, outputs=[output])

    return make


@pytest.fixture
def write(tmp_path, make_run):
    """Write the page of some cells and read it back."""

    def make(*cells, **changes):
        run = make_run(**changes)
        page = tmp_path / "reports" / "2025-06-30" / "reliability" / "all.html"
        document = read_document(new_notebook(cells=list(cells)), run)
        write_page(document, page, assets=place_assets(tmp_path / "reports"))
        return page.read_text("utf-8")

    return make


@pytest.fixture
def prose():
    return new_markdown_cell
