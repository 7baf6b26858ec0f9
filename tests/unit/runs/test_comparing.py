"""A run beside the one before it: new load, corrected row, other code, clients that went."""

import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from clientlib import runs
from clientlib.config import ReportSettings
from clientlib.reports.changes import (
    Changes,
    FactCount,
    FigureChange,
    ModelChange,
    Population,
    Since,
)
from clientlib.runs.comparing import compare
from clientlib.runs.ledger import Ledger, read_figures
from clientlib.runs.planning.plan import Task
from clientlib.runs.predecessors import Before, Predecessors
from clientlib.runs.recording import RUN_VARIABLE
from clientlib.warehouse import Reader
from clientlib.warehouse.since import RowsSince

KEY = "0123456789abcdef"
MAY, JUNE = date(2025, 5, 31), date(2025, 6, 30)
FACTS = (FactCount("orders", 3, 1),)


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def begin(ledger, a_run, monkeypatch):
    """Open the draft of a run that has issued clients and recorded figures."""

    def begin(clients=("C-1", "C-2"), *, hour=6, seed=7, edition="all", figures=None, **said):
        moment = datetime(2025, 7, 1, hour, tzinfo=UTC)
        run_id = f"{moment:%Y%m%dT%H%M%S%f}-fine-{edition.replace('=', '-')}-{KEY}"
        run = a_run(run_id, started_at=moment, edition=edition, **said)
        draft = ledger.open_draft(run, {"as_of": "2025-05-31"})
        monkeypatch.setenv(RUN_VARIABLE, str(draft))
        if clients is not None:
            runs.issue("scores", pd.DataFrame({"client_id": list(clients)}), seed=seed)
        runs.record(**({"clients_count": len(clients or ())} if figures is None else figures))
        return replace(run, key_figures=read_figures(draft)), draft

    return begin


@pytest.fixture
def end(ledger, begin):
    """Enter a run that has ended into the ledger."""

    def end(*clients, **said):
        run, draft = begin(*clients, **said)
        ledger.close_draft(draft, run)
        return run

    return end


def a_task(as_of=MAY, reader=None, needs=("marts.order_facts",)):
    settings = ReportSettings(
        notebook=Path("n.ipynb"), title="Fine", question="?", needs=list(needs)
    )
    edition = "all" if reader is None else f"{reader.kind}={reader.key}"
    return Task("fine", settings, edition, as_of, {}, KEY, reader=reader)


def since(run):
    return Since(run.run_id, run.as_of, run.started_at, run.snapshot)


def test_first_run_of_an_edition_has_nothing_to_be_compared_with(ledger, begin, tmp_path):
    run, draft = begin()
    before = Predecessors(ledger, tmp_path / "w.duckdb").find(a_task())
    assert before is None
    assert compare(run, before, ledger, draft) == Changes()


def test_a_new_load_only_changes_the_facts(ledger, begin, end):
    earlier = end()
    run, draft = begin(hour=7)
    assert compare(run, Before(earlier, FACTS), ledger, draft) == Changes(
        since=since(earlier),
        facts=FACTS,
        population=Population(2, 2, 0, 0),
        figures=(FigureChange("clients_count", 2, 2),),
    )


def test_other_code_seed_and_parameters_are_a_changed_model(ledger, begin, end):
    parameters = {"as_of": "2025-05-31", "warehouse_path": "a.duckdb", "top_n": 3, "old": True}
    earlier = end(parameters=parameters)
    given = {"as_of": "2025-06-30", "warehouse_path": "b.duckdb", "top_n": 5}
    run, draft = begin(hour=7, seed=8, code_version="0.2.0", parameters=given)
    assert compare(run, Before(earlier, ()), ledger, draft).model == (
        ModelChange("code_version", "0.1.0", "0.2.0"),
        ModelChange("seed", "7", "8"),
        ModelChange("top_n", "3", "5", is_parameter=True),
        ModelChange("old", "True", "", is_parameter=True),
    )


def test_clients_that_came_and_went_are_counted(ledger, begin, end):
    earlier = end(["C-1", "C-2", "C-3"])
    run, draft = begin(["C-2", "C-3", "C-4", "C-5"], hour=7)
    changes = compare(run, Before(earlier, ()), ledger, draft)
    assert changes.population == Population(3, 4, came_count=2, gone_count=1)


def test_without_issued_clients_only_their_number_is_known(ledger, begin, end):
    earlier = end(None, figures={"clients_count": 4})
    run, draft = begin(None, hour=7, figures={"clients_count": 3})
    assert compare(run, Before(earlier, ()), ledger, draft).population == Population(4, 3)
    run, draft = begin(None, hour=8, figures={"late_share": 0.5})
    assert compare(run, Before(earlier, ()), ledger, draft).population is None


def test_figures_of_both_runs_stand_side_by_side(ledger, begin, end):
    earlier = end(figures={"late_share": 0.2, "gone_count": 1})
    run, draft = begin(hour=7, figures={"new_count": 2, "late_share": None})
    figures = compare(run, Before(earlier, ()), ledger, draft).figures
    assert figures == (FigureChange("late_share", 0.2, None),)


def test_the_last_done_run_of_the_same_report_and_edition_is_found(ledger, end, tmp_path):
    done = end(hour=6)
    end(hour=7, state="failed")
    end(hour=8, edition="manager=M-1")
    end(hour=9, report="other")
    end(hour=10, language="lt")
    found = Predecessors(ledger, tmp_path / "w.duckdb").find(a_task())
    assert found.run.run_id == done.run_id


def test_a_run_of_the_same_batch_is_found_once_it_has_ended(ledger, end, tmp_path):
    predecessors = Predecessors(ledger, tmp_path / "w.duckdb")
    assert predecessors.find(a_task()) is None
    done = end()
    predecessors.note(done)
    assert predecessors.find(a_task()).run == done


def test_a_snapshot_that_is_gone_leaves_the_facts_unknown(ledger, end, tmp_path):
    end()
    before = Predecessors(ledger, tmp_path / "w.duckdb").find(a_task())
    assert (before.facts, before.why_uncounted) == (None, "gone")


def test_only_rows_behind_the_report_are_counted_once_a_batch(ledger, end, tmp_path, monkeypatch):
    end()
    (tmp_path / "20250701T000000.duckdb").write_bytes(b"")
    counts = {"orders": RowsSince(2, 1, 0), "complaints": RowsSince(9, 0, 0)}
    asked = []
    monkeypatch.setattr("clientlib.runs.predecessors.last_load", lambda path: 4)
    monkeypatch.setattr(
        "clientlib.runs.predecessors.count_rows_since",
        lambda path, tables, **how: (
            asked.append((path.stem, how))
            or {name: counts[name] for name in counts if name in tables}
        ),
    )
    predecessors = Predecessors(ledger, tmp_path / "20250801T000000.duckdb")
    found = [predecessors.find(a_task(JUNE)) for _ in range(3)]
    assert {before.facts for before in found} == {(FactCount("orders", 2, 1, 0),)}
    assert asked == [("20250801T000000", {"load_id": 4, "then": MAY, "now": JUNE})]
    end(edition="manager=M-1", hour=8)
    reader = Reader("manager", "M-1", "Rasa", 3)
    own = Predecessors(ledger, tmp_path / "20250801T000000.duckdb")
    assert own.find(a_task(JUNE, reader), tmp_path / "M-1.duckdb").facts
    assert [stem for stem, _ in asked] == ["20250801T000000", "M-1"]


def test_a_comparison_costs_a_run_little(ledger, begin, end):
    earlier = end([f"C-{k}" for k in range(2000)])
    run, draft = begin([f"C-{k}" for k in range(500, 2500)], hour=7)
    compare(run, Before(earlier, ()), ledger, draft)  # what is imported is imported once
    started = time.perf_counter()
    for _ in range(10):
        compare(run, Before(earlier, ()), ledger, draft)
    assert (time.perf_counter() - started) / 10 < 0.05


def test_run_keeps_its_changes_and_outputs_and_old_entries_are_read(ledger, begin, end):
    earlier = end()
    run, draft = begin(hour=7)
    changes = compare(run, Before(earlier, FACTS), ledger, draft)
    told = replace(run, changes=changes, outputs={"deck": "2025-05-31/fine/all.pptx"})
    ledger.close_draft(draft, told)
    assert ledger.runs()[-1] == told
    path = ledger.folder / earlier.run_id / "run.json"
    shutil.copy(path, path.with_suffix(".new"))
    old = "\n".join(
        line for line in path.read_text().splitlines()
        if '"changes"' not in line and '"outputs"' not in line
    )  # fmt: skip
    path.write_text(old.replace("null,\n}", "null\n}").replace(",\n}", "\n}"))
    assert ledger.read(earlier.run_id) == earlier
