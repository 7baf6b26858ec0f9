"""Two runs of a project with a load between them: the page and the ledger say what changed."""

from datetime import UTC, datetime

import pytest
from conftest import CONFIG, REPORT, write_notebook
from nbformat.v4 import new_code_cell
from projects import run

from clientlib.config import load_settings
from clientlib.reports.changes import FactCount, FigureChange, Population
from clientlib.runs.ledger import Ledger
from clientlib.warehouse import build_snapshot, load_sources

ORDERS = "No,Client,Date,State\nO-1,C-1,2025-05-05,delivered\nO-2,C-2,2025-06-10,open\n"
LATER = ORDERS.replace("C-2,2025-06-10", "C-1,2025-06-10") + "O-3,C-3,2025-07-03,open\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("changing")
    report = REPORT.format(name="fine", needs="marts.order_facts")
    (root / "clientlib.toml").write_text(CONFIG + report, encoding="utf-8")
    write_notebook(
        root / "notebooks/fine.ipynb",
        new_code_cell('runs.issue("client_gaps", clients[["client_id"]], seed=7)'),
        new_code_cell("runs.record(clients_count=clients.client_id.nunique())"),
    )
    (root / "data/raw").mkdir(parents=True)
    return load_settings(root)


def load(settings, text, day):
    now = datetime(2025, 7, day, tzinfo=UTC)
    (settings.root / "data/raw/orders.csv").write_text(text)
    load_sources(settings, now=now)
    build_snapshot(settings, now=now)


@pytest.fixture(scope="module")
def told(project):
    """Run before and after a load, and once more after nothing."""
    load(project, ORDERS, 1)
    first = run(project, as_of="last-day")["fine"]
    load(project, LATER, 5)
    second = run(project, as_of="last-day")["fine"]
    page = (project.output_folder / second.page).read_text("utf-8")
    assert "Rows of then that were replaced or withdrawn: orders 1." in page
    third = run(project, as_of="last-day", is_forced=True)["fine"]
    return first, second, third


def test_the_first_run_has_nothing_to_be_compared_with(told):
    assert told[0].changes.since is None


def test_a_load_of_a_new_and_a_corrected_order_is_told(project, told):
    changes = told[1].changes
    assert (changes.since.run_id, changes.since.as_of) == (told[0].run_id, told[0].as_of)
    assert changes.facts == (FactCount("orders", new_count=1, corrected_count=1),)
    assert changes.model == ()
    assert changes.population == Population(2, 3, came_count=1, gone_count=0)
    assert changes.figures == (FigureChange("clients_count", 2, 3),)


def test_the_same_again_has_changed_nothing(told):
    changes = told[2].changes
    assert (changes.since.run_id, changes.facts, changes.model) == (told[1].run_id, (), ())
    assert changes.population == Population(3, 3, 0, 0)


def test_the_ledger_keeps_what_was_told(project, told):
    kept = {run.run_id: run.changes for run in Ledger(project.ledger_folder).runs()}
    assert [kept[run.run_id] for run in told] == [run.changes for run in told]
