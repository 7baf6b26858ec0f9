"""A file that a report is given is part of its work, and is only for the edition for all."""

import re
from datetime import date

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from clientlib.errors import ConfigError, RunError
from clientlib.runs import read_list
from clientlib.runs.given_files import hash_files
from clientlib.runs.planning.plan import Plan, Planner
from clientlib.runs.planning.readers import Readers
from clientlib.warehouse import open_warehouse

LISTED = new_code_cell(
    'as_of = "2025-01-31"\nwarehouse_path = "data/warehouse"\ntop_n = 1\nprospects_file = ""',
    metadata={"tags": ["parameters"]},
)


@pytest.fixture
def key_of(settings):
    """Plan a report that takes a list, and give its key."""
    notebook = settings.root / "notebooks/listed.ipynb"
    nbformat.write(new_notebook(cells=[LISTED]), notebook)
    report = settings.reports["fine"].model_copy(
        update={"notebook": notebook.relative_to(settings.root)}
    )
    changed = settings.model_copy(update={"reports": {"listed": report}})

    def key_of(**given):
        plan = Plan()
        with (
            open_warehouse(settings.warehouse_folder) as warehouse,
            Readers(changed, warehouse.path) as readers,
        ):
            Planner(changed, warehouse, readers).add(plan, "listed", date(2025, 5, 31), given=given)
        (task,) = plan.tasks.values()
        return task.key

    yield key_of
    notebook.unlink()


def test_changed_list_is_other_work_and_the_same_list_the_same(settings, key_of):
    path = settings.root / "data/list.csv"
    path.write_text("name\nA\n", encoding="utf-8")
    first = key_of(prospects_file="data/list.csv")
    assert key_of(prospects_file="data/list.csv") == first
    path.write_text("name\nB\n", encoding="utf-8")
    assert key_of(prospects_file="data/list.csv") != first
    path.write_text("name\nA\n", encoding="utf-8")
    assert key_of(prospects_file="data/list.csv") == first


def test_without_a_list_keys_are_as_they_were(settings, key_of):
    assert hash_files(settings.root, {"prospects_file": "", "top_n": 3}, "listed") == []
    assert key_of(prospects_file="") == key_of(prospects_file="")


def test_list_that_is_not_there_is_told_before_anything_runs(key_of):
    with pytest.raises(RunError, match="listed: prospects_file names a file that is not there"):
        key_of(prospects_file="data/absent.csv")


def test_list_outside_the_project_is_refused(key_of):
    said = re.compile("listed: prospects_file leads outside the project")
    with pytest.raises(ConfigError, match=said):
        key_of(prospects_file="../list.csv")


def test_editions_of_single_readers_are_not_given_the_list(tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_text("name\nA\n", encoding="utf-8")
    assert read_list(str(path)).rows["name"].tolist() == ["A"]
    assert read_list("") is None
    monkeypatch.setenv("CLIENTLIB_ONLY_FILE", "reader.duckdb")
    assert read_list(str(path)) is None
