"""The notebooks executed in Lithuanian give the tables and figures that they give in English."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from projects import run

from clientlib.config.sections import Company
from clientlib.figures import TABLE_MIME
from clientlib.language import speaking
from clientlib.reports.documents import read_document
from clientlib.reports.linting import lint_document
from clientlib.runs.ledger import Ledger

REPORTS = (
    "segmentation", "competitors", "reliability", "management_review", "account_manager_month",
    "client_decision",
    "risk_models",
    "client_brief", "prospect_check", "quality",
)  # fmt: skip
NAME_FROM_DATA = "Pipes and fittings"  # a family of products
ENGLISH_LEFT = {" the ", " of ", " is ", " are ", " and ", " with ", " clients ", " rows "}


@pytest.fixture(scope="module")
def lithuanian(small_company):
    """Give the same project as a company that speaks Lithuanian, with a ledger of its own."""
    company = Company(name=small_company.company.name, language="lt")
    apart = {"company": company, "ledger": Path("data/ledger-lt"), "output": Path("reports-lt")}
    return small_company.model_copy(update=apart)


@pytest.fixture(scope="module")
def spoken_runs(lithuanian):
    return run(lithuanian)


def outputs(settings, ended, mime):
    notebook = nbformat.read(settings.output_folder / ended.notebook, as_version=4)
    return [
        output["data"][mime]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if mime in output.get("data", ())
    ]


def charts(settings, ended):
    found = outputs(settings, ended, "application/vnd.plotly.v1+json")
    return [chart["layout"]["meta"]["clientlib"] for chart in found]


def numbers(table):
    return [[cell for cell in row if not isinstance(cell, str)] for row in table["rows"]]


@pytest.mark.parametrize("report", REPORTS)
def test_tables_and_charts_hold_the_same_numbers(
    small_company, small_runs, lithuanian, spoken_runs, report
):
    assert spoken_runs[report].state == "done"
    english, said = small_runs[report], spoken_runs[report]
    for read in (
        lambda settings, ended: outputs(settings, ended, TABLE_MIME),
        lambda settings, ended: [chart["table"] for chart in charts(settings, ended)],
    ):
        pairs = list(zip(read(small_company, english), read(lithuanian, said), strict=True))
        assert pairs
        assert [numbers(one) for one, _ in pairs] == [numbers(other) for _, other in pairs]


@pytest.mark.parametrize("report", REPORTS)
def test_titles_tell_the_same_figures_in_other_words(
    small_company, small_runs, lithuanian, spoken_runs, report
):
    english = charts(small_company, small_runs[report])
    for one, other in zip(english, charts(lithuanian, spoken_runs[report]), strict=True):
        assert one["title"] != other["title"]
        told = [
            sorted((n, v) for n, v, _ in each["message"].get("told", ())) for each in (one, other)
        ]
        assert told[0] == told[1]
        assert one["kind"] == "missing" or told[0]


@pytest.mark.parametrize("report", REPORTS)
def test_titles_claims_and_charts_keep_the_rules_in_both_languages(
    small_company, small_runs, lithuanian, spoken_runs, report
):
    for settings, ended in ((small_company, small_runs[report]), (lithuanian, spoken_runs[report])):
        notebook = nbformat.read(settings.output_folder / ended.notebook, as_version=4)
        assert lint_document(read_document(notebook, ended)) == []


@pytest.mark.parametrize("report", REPORTS)
def test_what_is_issued_is_the_same_in_every_language(
    small_company, small_runs, lithuanian, spoken_runs, report
):
    english, said = small_runs[report], spoken_runs[report]
    assert english.issued == said.issued != {}
    for table in english.issued:
        one, other = (
            Ledger(settings.ledger_folder).issued(table, [ended])
            for settings, ended in ((small_company, english), (lithuanian, said))
        )
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("report", REPORTS)
def test_no_english_is_left_in_what_is_said(lithuanian, spoken_runs, report):
    ended = spoken_runs[report]
    said = [ended.headline]
    for chart in charts(lithuanian, ended):
        said += [chart["title"], chart["subtitle"], chart["summary"]]
        said += [column["label"] for column in chart["table"]["columns"]]
    for table in outputs(lithuanian, ended, TABLE_MIME):
        said += [table["caption"], table["note"], *(column["label"] for column in table["columns"])]
    said += outputs(lithuanian, ended, "text/markdown")
    assert len(said) > 20
    told = [str(text).replace(NAME_FROM_DATA, "") for text in said]
    left = [text for text in told if any(word in f" {text} " for word in ENGLISH_LEFT)]
    assert left == []


def test_headline_of_english_and_lithuanian_differ(small_runs, spoken_runs):
    assert all(small_runs[name].headline != spoken_runs[name].headline for name in REPORTS)
    with speaking("lt"):
        assert {ended.language for ended in spoken_runs.values()} == {"lt"}
