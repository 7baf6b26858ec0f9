"""The page that JupyterLab opens with names questions and tables, and text in it is only text."""

from datetime import date

import pytest
from lxml import html
from markdown_it import MarkdownIt

from clientlib.reports.starting import Question, Start, write_start

HOSTILE = "<script>x()</script> | [a](http://evil.example) `b` $c$ *d* _e_\n# f"


@pytest.fixture
def read(tmp_path):
    """Write the page, and read it as a Markdown viewer does that lets HTML through."""

    def make(*questions, **changes):
        plain = {"company": "Sample company", "as_of": date(2025, 12, 31)}
        start = Start(questions=questions, **(plain | changes))
        path = write_start(start, tmp_path / "reports" / "start.md")
        text = path.read_text("utf-8")
        viewer = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
        return html.fromstring(f"<div>{viewer.render(text)}</div>"), text

    (tmp_path / "reports").mkdir()
    return make


@pytest.fixture
def question(tmp_path):
    def make(**changes):
        plain = {"title": "Client reliability", "question": "Which clients will pay late?",
                 "notebook": tmp_path / "notebooks" / "client reliability.ipynb",
                 "needs": ("marts.invoice_facts",)}  # fmt: skip
        return Question(**(plain | changes))

    return make


def cells_of(page, place=0):
    (*_, table) = page.xpath("//table")[: place + 1]
    return [[cell.text_content() for cell in row.xpath("td")] for row in table.xpath(".//tbody/tr")]


def test_a_question_leads_to_its_notebook(read, question):
    page, _ = read(question())
    (link,) = page.xpath("//a")
    assert link.text == "Which clients will pay late?"
    assert link.get("href") == "../notebooks/client%20reliability.ipynb"


def test_what_a_question_rests_on_and_its_last_run_stand_beside_it(read, question, make_run):
    page, _ = read(question(last=make_run(state="failed")), question())
    first, second = cells_of(page)
    assert first[1:] == [
        "Client reliability", "marts.invoice_facts", "Failed, as of 2025-06-302025-07-01 06:12 UTC",
    ]  # fmt: skip
    assert second[3] == "never run"


def test_a_table_without_rows_is_said_to_have_none(read, question):
    page, _ = read(question(missing=("marts.invoice_facts",)))
    assert cells_of(page)[0][2] == "marts.invoice_facts (no rows)"


def test_tables_stand_with_what_they_hold(read):
    page, _ = read(tables=(("marts.clients", "One row per client."), ("marts.mine", "")))
    assert cells_of(page) == [["marts.clients", "One row per client."], ["marts.mine", ""]]


def test_the_first_code_reads_the_last_day_that_is_known(read):
    page, _ = read()
    assert 'warehouse.read("marts.clients", as_of="2025-12-31")' in page.xpath("//code")[0].text


def test_a_project_without_snapshot_or_reports_says_what_to_do(read):
    page, _ = read(as_of=None, reason="there is no warehouse at data/warehouse")
    said = page.text_content()
    assert "clientlib load" in said
    assert "there is no warehouse at data/warehouse" in said
    assert "no reports yet" in said


def test_text_from_outside_means_nothing_but_itself(read, question):
    page, text = read(
        question(title=HOSTILE, question=HOSTILE, needs=(HOSTILE,)),
        company=HOSTILE, tables=(("marts.clients", HOSTILE),),
    )  # fmt: skip
    written = " ".join(HOSTILE.split())
    assert page.xpath("//script|//em") == []
    assert [code.getparent().tag for code in page.xpath("//code")] == ["pre"]
    assert [link.text for link in page.xpath("//a")] == [written]
    assert [head.text for head in page.xpath("//h1")] == [written]
    assert cells_of(page)[0][:3] == [written] * 3
    assert "$" not in text
    assert "http://evil" not in text
