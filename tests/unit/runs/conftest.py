"""A project of two orders with tiny reports: one that is fine, and several that are not."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from projects import run

from clientlib.config import Settings, load_settings
from clientlib.reports import Run
from clientlib.warehouse import build_snapshot, load_sources

CONFIG = """
[sources.erp]
path = "data/raw"
[[sources.erp.files]]
name = "orders"
file = "orders.csv"
[[sources.erp.files.tables]]
table = "orders"
columns = { order_id = "No", client_id = "Client", ordered_on = "Date", status = "State" }
"""
REPORT = """
[reports.{name}]
notebook = "notebooks/{name}.ipynb"
title = "Report {name}"
question = "Is {name} well?"
needs = ["{needs}"]
parameters = {{ top_n = 3 }}
"""
NEEDS = {
    "fine": "marts.order_facts",
    "stopped": "marts.order_facts",
    "deep": "marts.order_facts",
    "hungry": "marts.price_pairs",
    "garbled": "marts.order_facts",
    "absent": "marts.order_facts",
}
PARAMETERS = new_code_cell(
    'as_of = "2025-01-31"\nwarehouse_path = "data/warehouse"\ntop_n = 1',
    metadata={"tags": ["parameters"]},
)
READ = new_code_cell(
    "from clientlib import runs\n"
    "from clientlib.warehouse import open_warehouse\n\n"
    "warehouse = open_warehouse(warehouse_path)\n"
    'clients = warehouse.read("marts.client_orders", as_of=as_of)\n'
    "scores = clients[['client_id', 'typical_gap_days']].head(top_n)"
)


def write_notebook(path: Path, *cells) -> None:
    notebook = new_notebook(
        cells=[PARAMETERS, READ, *cells],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Settings:
    root = tmp_path_factory.mktemp("reporting")
    reports = "".join(REPORT.format(name=name, needs=table) for name, table in NEEDS.items())
    (root / "clientlib.toml").write_text(CONFIG + reports, encoding="utf-8")
    (root / "data/raw").mkdir(parents=True)
    (root / "data/raw/orders.csv").write_text(
        "No,Client,Date,State\nO-1,C-1,2025-05-05,delivered\nO-2,C-2,2025-06-10,open\n"
    )
    write_notebook(
        root / "notebooks/fine.ipynb",
        new_code_cell('runs.issue("client_gaps", scores)'),
        new_code_cell(
            'runs.record(clients_count=len(scores), headline=f"As of {as_of} all is well")'
        ),
    )
    write_notebook(
        root / "notebooks/stopped.ipynb",
        new_markdown_cell("## How it stops"),
        new_code_cell('runs.issue("client_stops", scores)'),
        new_code_cell('raise ValueError("no client named <Šarūnas>")'),
        new_code_cell("runs.record(clients_count=0)"),
    )
    write_notebook(
        root / "notebooks/deep.ipynb",
        new_code_cell('runs.issue("No Name", scores)'),
    )
    (root / "notebooks/garbled.ipynb").write_text('{"cells": [')
    now = datetime(2025, 7, 1, tzinfo=UTC)
    settings = load_settings(root)
    load_sources(settings, now=now)
    build_snapshot(settings, now=now)
    return settings


@pytest.fixture(scope="session")
def ended(settings) -> dict[str, Run]:
    """Run every report once."""
    return run(settings)


@pytest.fixture
def a_run() -> Callable[..., Run]:
    def a_run(run_id: str, **said) -> Run:
        told = {
            "report": "fine",
            "title": "Fine",
            "question": "Is it?",
            "edition": "all",
            "as_of": date(2025, 5, 31),
            "state": "done",
            "started_at": datetime(2025, 7, 1, 6, tzinfo=UTC),
            "seconds": 1.5,
            "snapshot": "20250701T000000",
            "code_version": "0.1.0",
        }
        return Run(run_id=run_id, **{**told, **said})

    return a_run
