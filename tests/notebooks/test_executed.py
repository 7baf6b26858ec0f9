"""Each notebook executed on a small company, and what it recorded read back."""

import json
import shutil
from datetime import date

import nbformat
import pytest
from projects import fill, run

from clientlib.config import SourceSettings
from clientlib.figures import Table
from clientlib.reports.documents import Chart, read_document
from clientlib.reports.linting import lint_document
from clientlib.runs.ledger import Ledger
from clientlib.sources import read_preset
from clientlib.warehouse import open_warehouse

REPORTS = (
    "segmentation", "competitors", "reliability", "management_review", "account_manager_month",
    "client_decision",
    "risk_models",
    "client_brief", "prospect_check", "quality",
)  # fmt: skip
ISSUED = {
    "segmentation": {"client_segments", "tier_flows"},
    "competitors": {"competitor_price_index", "competitor_family_index", "competitor_win_rates"},
    "reliability": {"client_reliability"},
    "management_review": {"review_decisions"},
    "account_manager_month": {"manager_actions", "manager_book"},
    "client_brief": {"client_steps"},
    "client_decision": {"shown_advice"},
    "risk_models": {
        "client_advice", "client_conflicts", "client_papers", "client_payers", "client_risks",
        "client_signs", "client_watch", "model_cards", "model_tests", "open_invoices",
        "open_orders", "payment_habits", "prospect_models", "prospect_scores", "risk_models",
        "risk_pairs", "risk_reasons", "risk_tests", "warning_counts", "warning_methods",
    },
    "prospect_check": {"prospect_advice"},
    "quality": {"data_quality_issues"},
}


@pytest.mark.parametrize("report", REPORTS)
def test_report_is_done_with_page_notebook_and_headline(small_company, small_runs, report):
    ended = small_runs[report]
    assert (ended.state, ended.failure) == ("done", None)
    assert ended.as_of == date(2025, 12, 31)
    assert ended.headline
    for path in (ended.page, ended.notebook):
        assert (small_company.output_folder / path).stat().st_size > 10_000


@pytest.mark.parametrize("report", REPORTS)
def test_what_it_issued_stands_in_the_ledger_with_its_stamps(small_company, small_runs, report):
    ended = small_runs[report]
    assert set(ended.issued) >= ISSUED[report]
    for table, count in ended.issued.items():
        rows = Ledger(small_company.ledger_folder).issued(table, [ended])
        assert len(rows) == count
        assert set(rows["as_of"]) <= {"2025-12-31"}  # a table may be empty
        assert set(rows["snapshot"]) <= {ended.snapshot}


def test_segments_hold_every_client_that_ordered_once(small_company, small_runs):
    rows = Ledger(small_company.ledger_folder).issued(
        "client_segments", [small_runs["segmentation"]]
    )
    assert rows["client_id"].is_unique
    assert len(rows) == small_runs["segmentation"].key_figures["clients_count"]


def test_reliability_stands_beside_the_plain_rule(small_runs):
    figures = small_runs["reliability"].key_figures
    assert 0 < figures["brier_score"] < 0.25
    assert 0 < figures["baseline_brier_score"] < 0.25


def test_review_adds_up_with_the_reports_it_reads(small_company, small_runs):
    figures = small_runs["management_review"].key_figures
    ledger = Ledger(small_company.ledger_folder)
    segments = ledger.issued("client_segments", [small_runs["segmentation"]])
    assert figures["revenue_12m_amount"] == pytest.approx(segments["revenue_12m_amount"].sum())
    decisions = ledger.issued("review_decisions", [small_runs["management_review"]])
    assert len(decisions) == figures["decisions_count"] > 0
    assert decisions[["decision", "finding", "who", "rule"]].map(len).min(axis=None) > 2


def test_review_has_ten_exhibits_or_more_that_keep_the_rules(small_company, small_runs):
    ended = small_runs["management_review"]
    notebook = nbformat.read(small_company.output_folder / ended.notebook, as_version=4)
    document = read_document(notebook, ended)
    parts = [item.part for section in document.list_sections() for item in section.items]
    drawn = [part for part in parts if isinstance(part, Chart)]
    tables = [part for part in parts if isinstance(part, Table)]
    assert 10 <= len(drawn) + len(tables) <= 14
    assert lint_document(document) == []


def test_page_holds_no_code_and_no_address(small_company, small_runs):
    for ended in small_runs.values():
        page = (small_company.output_folder / ended.page).read_text(encoding="utf-8")
        assert "open_warehouse(" not in page
        assert "https://" not in page.replace("https://schema", "")
        assert str(small_company.root) not in page


def test_executed_notebook_is_kept_with_its_code_and_outputs(small_company, small_runs):
    path = small_company.output_folder / small_runs["reliability"].notebook
    notebook = nbformat.read(path, as_version=4)
    assert any("open_warehouse(" in cell.source for cell in notebook.cells)
    assert any(cell.get("outputs") for cell in notebook.cells)
    assert str(small_company.root) not in path.read_text(encoding="utf-8")


def test_same_day_same_snapshot_gives_the_same_rows_again(small_company, small_runs):
    again = run(small_company, "reliability")["reliability"]
    folder = small_company.ledger_folder
    name = "issued/client_reliability.parquet"
    first = (folder / small_runs["reliability"].run_id / name).read_bytes()
    assert (folder / again.run_id / name).read_bytes() == first


def test_failed_notebook_names_its_cell_and_does_not_stop_the_others(small_company):
    broken = small_company.root / "notebooks" / "broken.ipynb"
    notebook = json.loads((small_company.root / "notebooks/segmentation.ipynb").read_text("utf-8"))
    notebook["cells"][-1]["source"] = ["1 / 0  # on purpose"]
    broken.write_text(json.dumps(notebook), encoding="utf-8")
    report = small_company.reports["segmentation"].model_copy(
        update={"notebook": broken.relative_to(small_company.root)}
    )
    reports = {"broken": report, "competitors": small_company.reports["competitors"]}
    ended = run(small_company.model_copy(update={"reports": reports}))
    assert (ended["broken"].state, ended["competitors"].state) == ("failed", "done")
    assert ended["broken"].failure.error_name == "ZeroDivisionError"
    assert "1 / 0" in ended["broken"].failure.source
    assert ended["broken"].issued == {}
    page = (small_company.output_folder / ended["broken"].page).read_text(encoding="utf-8")
    assert "ZeroDivisionError" in page
    index = (small_company.output_folder / "index.html").read_text(encoding="utf-8")
    assert "failed" in index


def test_report_without_inputs_is_skipped_with_its_reason(small_company, tmp_path):
    root = tmp_path / "orders_only"
    shutil.copytree(
        small_company.root, root, ignore=shutil.ignore_patterns("ledger", "warehouse", "reports")
    )
    for path in (root / "data/raw/sample").glob("*"):
        if not path.name.startswith(
            ("erp_orders", "erp_order_lines", "erp_items", "crm_clients", "crm_managers")
        ):
            path.unlink()
    settings = small_company.model_copy(update={"root": root})
    files = optional_files(settings)
    settings = settings.model_copy(update={"sources": {"sample": files}})
    fill(settings)
    ended = run(settings)
    done = ("segmentation", "quality", "management_review")
    assert [ended[name].state for name in done] == ["done"] * 3
    page = (settings.output_folder / ended["management_review"].page).read_text(encoding="utf-8")
    for table in ("client_reliability", "competitor_price_index"):
        assert f"Not enough data: no report has issued {table} as of this day." in page
    assert "Not enough data: no deal was open or decided in these days." in page
    assert "No goal for revenue is known to this reader." in page
    for report, missing in (
        ("competitors", "marts.price_pairs"),
        ("reliability", "marts.invoice_facts"),
    ):
        assert ended[report].state == "skipped"
        assert missing in ended[report].reason


def optional_files(settings):
    """Give the sample's source with its files in the project's own words, none of them needed."""
    files = [
        file.model_copy(update={"optional": True}) for file in read_preset("sample_company").files
    ]
    return SourceSettings(path=settings.sources["sample"].path, files=files)


def test_early_months_say_not_enough_data_and_do_not_fail(small_company):
    ended = run(small_company, as_of="2023-03-31")
    assert {entry.state for entry in ended.values()} == {"done"}
    page = (small_company.output_folder / ended["reliability"].page).read_text(encoding="utf-8")
    assert "not enough" in page.lower()
    review = (small_company.output_folder / ended["management_review"].page).read_text("utf-8")
    assert "Not enough data: the bridge compares 1 April 2021 to 31 March 2022 with" in review
    assert "The history begins on 1 January 2023: periods whose year before" in review
    issued = Ledger(small_company.ledger_folder).issued(
        "client_reliability", [ended["reliability"]]
    )
    with open_warehouse(small_company.warehouse_folder) as warehouse:
        known = warehouse.read("marts.client_months", as_of="2023-03-31")["client_id"]
        assert len(warehouse.read("marts.clients")) > known.nunique() > 0
    assert set(issued["client_id"]) == set(known), "clients that came later stand in no report"
