"""From published data sets to reports, by the commands that a user types."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from clientlib.config import load_settings

EXPORTS = {
    "online_retail": "online_retail_2009_2010/online_retail_II_2009_2010.parquet",
    "maven_crm": "maven_crm",
    "ibm_receivables": "ibm_accounts_receivable",
    "retail_price": "retail_price_competitors",
}
REPORT_OF = {
    "online_retail": "segmentation",
    "ibm_receivables": "reliability",
    "retail_price": "competitors",
}


def clientlib(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "clientlib", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, f"{arguments}: {ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def projects(shared_data, tmp_path_factory) -> dict[str, Path]:
    """Give a project for each preset, loaded, built and run."""
    made = {}
    for preset, export in EXPORTS.items():
        root = tmp_path_factory.mktemp(preset)
        path = str(shared_data / export)
        clientlib(root, "init", "shop", "--preset", preset, "--from", path)
        made[preset] = root / "shop"
        for command in ("load", "build", "check", "run"):
            (made[preset] / f"{command}.txt").write_text(clientlib(made[preset], command), "utf-8")
    return made


def runs(project: Path) -> dict[str, dict]:
    found = json.loads(clientlib(project, "status", "--json"))["runs"]
    return {run["report"]: run for run in found}


def raw(project: Path, query: str) -> list[tuple]:
    with duckdb.connect(project / "data/warehouse/raw.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize(("preset", "report"), REPORT_OF.items())
def test_preset_gives_its_report_and_skips_the_others_with_a_reason(projects, preset, report):
    found = runs(projects[preset])
    assert found[report]["state"] == "done"
    assert (projects[preset] / "reports" / found[report]["page"]).is_file()
    skipped = [run for name, run in found.items() if run["state"] == "skipped"]
    assert all("no rows" in run["reason"] for run in skipped)
    assert set(found) == set(load_settings(projects[preset]).reports)
    assert found["quality"]["state"] == "done"


def test_crm_alone_skips_every_report_on_trade_and_that_is_no_failure(projects):
    found = runs(projects["maven_crm"])
    states = {name: run["state"] for name, run in found.items()}
    for report in ("quality", "risk_models", "client_decision", "prospect_check"):
        assert states.pop(report) == "done"
    assert set(states.values()) == {"skipped"}
    page = projects["maven_crm"] / "reports" / found["risk_models"]["page"]
    assert "Not enough data" in page.read_text(encoding="utf-8")


def test_every_row_of_online_retail_is_accounted_for(projects):
    lines = raw(
        projects["online_retail"],
        """select rows_read, new_count, changed_count, same_count, quarantined_count
        from load_counts where table_name = 'order_lines'""",
    )
    assert lines == [(525_461, 525_458, 0, 0, 3)]
    assert raw(projects["online_retail"], "select count(*) from clients") == [(4_383,)]
    assert raw(projects["online_retail"], "select count(*) from orders") == [(28_816,)]


def test_online_retail_keeps_its_money(projects, shared_data):
    (found,) = raw(projects["online_retail"], "select sum(quantity * unit_price) from order_lines")
    path = shared_data / EXPORTS["online_retail"]
    (published,) = duckdb.execute(
        """select sum(cast(Quantity as decimal(18, 4)) * cast(Price as decimal(18, 4)))
        from read_parquet(?) where Price >= 0""",
        [str(path)],
    ).fetchone()
    assert found[0] == published


def test_workbook_extract_loads_as_its_rows_in_the_parquet_file(projects, shared_data, tmp_path):
    path = shared_data / "online_retail_2009_2010/online_retail_II_2009-12_extract.xlsx"
    clientlib(tmp_path, "init", "extract", "--preset", "online_retail", "--from", str(path))
    clientlib(tmp_path / "extract", "load")
    query = """select order_id, line_no, product_id, quantity, unit_price from order_lines
        {} order by order_id, line_no"""
    extract = raw(tmp_path / "extract", query.format(""))
    december = "where order_id in (select order_id from orders where ordered_on < '2010-01-01')"
    assert len(extract) == 45_228
    assert extract == raw(projects["online_retail"], query.format(december))


def test_second_load_of_online_retail_changes_nothing(projects):
    project = projects["online_retail"]
    said = clientlib(project, "load")
    assert "loaded 0 + quarantined 3" in said
    assert raw(project, "select count(*) from order_lines") == [(525_458,)]


def test_receivables_are_late_as_published(projects):
    (row,) = raw(
        projects["ibm_receivables"],
        "select count(*), count(*) filter (where paid_on > due_on) / count(*) from invoices",
    )
    assert row == (2_466, pytest.approx(0.356, abs=0.0005))


def test_crm_rows_without_an_opening_day_wait_in_quarantine(projects):
    said = json.loads(
        clientlib(projects["maven_crm"], "show", "quarantine", "--json", "--rows", "600")
    )
    assert len(said) == 500
    assert {row["reasons"] for row in said} == {"opened_on is missing"}


def test_price_equal_to_our_own_is_no_observation(projects):
    rows = raw(
        projects["retail_price"],
        "select source_name, count(*) from competitor_prices group by all order by all",
    )
    assert rows == [("comp_1", 431), ("comp_2", 359), ("comp_3", 389)]
