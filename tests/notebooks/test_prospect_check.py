"""The check of prospects by models that another report has issued, for all and for one client."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from clientlib.language import speaking
from clientlib.reports.documents import read_document
from clientlib.reports.linting import lint_document
from clientlib.runs.ledger import Ledger
from clientlib.runs.running import run_reports
from clientlib.runs.wishes import Wish

AS_OF = "2025-12-31"
ISSUING = """
from clientlib import runs
from clientlib.reliability import prospects, risks
from clientlib.warehouse import open_warehouse

warehouse = open_warehouse(warehouse_path)
panels = risks.read_risk_panels(warehouse.read, as_of=as_of)
signs = risks.build_signs(panels)
outcomes = risks.add_targets(panels, risks.LossRules(), horizon_months=6)
models = prospects.train_prospects(
    signs, outcomes, panels.clients, as_of=as_of, horizon_months=6, seed=7
)
now = signs[signs["month_end"] == as_of].reset_index(drop=True)
runs.issue("prospect_models", prospects.lay_out_models(models), seed=7)
runs.issue("prospect_scores", prospects.lay_out_scores(models, now), seed=7)
runs.record(headline="Models are issued.")
"""
LIST = "name;industry;asked_amount;asked_payment_days\nUAB Išgalvota;construction;5000;30\nUAB Bloga;x;y;30\n"


@pytest.fixture(scope="module")
def project(small_company):
    """Give the project with a report that issues models, a list, and a ledger of its own."""
    folder = small_company.root / "notebooks"
    parameters = new_code_cell(
        f'as_of = "{AS_OF}"\nwarehouse_path = "data/warehouse"', metadata={"tags": ["parameters"]}
    )
    cells = [new_markdown_cell("# Models"), parameters, new_code_cell(ISSUING)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "issuing_models.ipynb")
    (small_company.root / "data/prospects.csv").write_text(LIST, encoding="utf-8")
    check = small_company.reports["prospect_check"]
    issuing = check.model_copy(
        update={"notebook": Path("notebooks/issuing_models.ipynb"), "parameters": {},
                "needs": ["marts.client_months"],
                "limits": {}, "editions": ["all"], "outputs": []}
    )  # fmt: skip
    listed = {**check.parameters, "prospects_file": "data/prospects.csv"}
    checking = check.model_copy(
        update={"needs": ["reports.risk_models"], "parameters": listed, "languages": ["en", "lt"]}
    )
    apart = {"ledger": Path("data/ledger-prospects"), "output": Path("reports-prospects")}
    reports = {"risk_models": issuing, "prospect_check": checking}
    return small_company.model_copy(update={**apart, "reports": reports})


@pytest.fixture(scope="module")
def checked(project):
    """Give the run of the edition for all, in English."""
    ended = run_reports(project, Wish(("prospect_check",), AS_OF)).runs
    assert [run.failure for run in ended if run.state != "done"] == []
    return next(run for run in ended if run.report == "prospect_check" and run.language == "en")


def page_of(project, run):
    return (project.output_folder / run.page).read_text(encoding="utf-8")


def test_list_and_new_clients_are_advised(project, checked):
    advice = Ledger(project.ledger_folder).issued("prospect_advice", [checked])
    assert "UAB Išgalvota" in set(advice["name"])
    assert len(advice) == checked.key_figures["prospects_count"] > 5
    assert set(advice["advice"]) <= {
        "grant terms", "ask for its statement first", "ask for a deposit",
        "payment before delivery", "walk away", "not enough data",
    }  # fmt: skip
    assert advice["probability"].notna().any() or "Not enough data" in checked.headline


def test_lines_that_cannot_be_used_stand_on_the_page_with_their_reason(project, checked):
    page = page_of(project, checked).replace("\N{NO-BREAK SPACE}", " ")
    assert "asked_amount: y is no number" in page
    assert "Of the list 1 row could be used and 1 row were set aside." in page


def test_page_says_whose_outcomes_are_known_and_what_is_too_little(project, checked):
    page = page_of(project, checked)
    assert "Outcomes are known only of clients that we accepted." in page
    assert "Not enough data: of" in page  # so few clients cannot teach every depth


def test_page_keeps_the_rules(project, checked):
    notebook = nbformat.read(project.output_folder / checked.notebook, as_version=4)
    with speaking("en"):
        assert lint_document(read_document(notebook, checked)) == []


def test_edition_of_one_client_speaks_of_it_alone_and_never_of_the_list(project, checked):
    ledger = Ledger(project.ledger_folder)
    known = ledger.issued("prospect_advice", [checked])
    client = known.loc[known["origin"] == "client", "client_id"].iloc[0]
    wish = Wish(("prospect_check",), AS_OF, editions=(f"client={client}",))
    ended = [run for run in run_reports(project, wish).runs if run.edition != "all"]
    run = next(run for run in ended if run.language == "en")
    assert run.state == "done", run.failure
    advice = ledger.issued("prospect_advice", [run])
    assert advice["client_id"].tolist() == [client]
    for column in ("probability", "probability_high", "limit_amount"):
        expected = known.loc[known["client_id"] == client, column].iloc[0]
        assert advice[column].iloc[0] == pytest.approx(expected, nan_ok=True)
    text = page_of(project, run) + json.dumps(known.columns.tolist())
    assert "Išgalvota" not in text
    assert "The models are not shown to this reader." in text
