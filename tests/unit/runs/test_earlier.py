"""A run looks back on what its own report and edition issued as of an earlier day."""

import shutil

import pytest
from conftest import write_notebook
from nbformat.v4 import new_code_cell
from projects import run

from clientlib.config import load_settings
from clientlib.runs import find_earlier

CONFIG = """
[reports.back]
notebook = "notebooks/back.ipynb"
title = "Back"
question = "What was before?"
needs = ["marts.order_facts"]
"""
CELLS = (
    'earlier = runs.find_earlier("client_gaps", as_of=as_of)',
    'runs.issue("client_gaps", scores)',
    "runs.record(earlier_count=len(earlier.rows), headline=earlier.missing or str(earlier.rows))",
)


@pytest.fixture
def project(settings, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(settings.root, root, ignore=shutil.ignore_patterns("ledger", "reports"))
    config = root / "clientlib.toml"
    sources = config.read_text(encoding="utf-8").partition("[reports.")[0]
    config.write_text(sources + CONFIG, encoding="utf-8")
    write_notebook(root / "notebooks/back.ipynb", *map(new_code_cell, CELLS))
    return load_settings(root)


def test_the_first_run_has_nothing_to_look_back_on_and_the_next_has(project):
    first = run(project, "back", as_of="2025-05-31")["back"]
    assert first.key_figures["earlier_count"] == 0
    assert first.headline == (
        "No earlier run of this edition has issued client_gaps: there is nothing to look back on."
    )
    again = run(project, "back", as_of="2025-05-31", is_forced=True)["back"]
    assert again.key_figures["earlier_count"] == 0  # a run of the same day is no earlier one
    after = run(project, "back", as_of="last-day")["back"]
    assert after.key_figures["earlier_count"] == first.issued["client_gaps"] == 1
    assert "2025-05-31" in after.headline
    assert not (project.ledger_folder / after.run_id / "earlier").exists()


def test_outside_of_a_run_there_is_nothing(monkeypatch):
    monkeypatch.delenv("CLIENTLIB_RUN_FOLDER", raising=False)
    assert find_earlier("client_gaps", as_of="2025-05-31").rows.empty
