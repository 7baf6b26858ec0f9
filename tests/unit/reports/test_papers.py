"""PDFs hold what page and deck hold, with fonts of their own, the same bytes for the same run."""

import re
import shutil
import subprocess

import pandas as pd
import pytest
from nbformat.v4 import new_notebook

from clientlib import figures
from clientlib.reports.decks import plan_slides
from clientlib.reports.documents import read_document
from clientlib.reports.papers import write_deck_paper, write_paper
from tests.gallery import draw_gallery

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="reading a PDF back needs poppler's pdftotext"
)
GALLERY = draw_gallery()
CLIENTS = pd.DataFrame(
    {"name": [f"UAB Žąsis {k}" for k in range(120)], "owed_amount": range(120)}
)  # fmt: skip
HOSTILE = '#import "x" $y$ *b* _i_ @ref <label> \\ `raw` {{t}} <script>alert(1)</script>'


@pytest.fixture
def document(make_run, show, prose):
    cells = [
        prose("# Client reliability\n\nWho **decides** with `this`.\n\n- one\n- two\n\n1. first"),
        prose("## How it stands\n\nAll clients are counted."),
        show(figures.say("Two sentences say it.", "This is the other.")),
        *(show(figure) for figure in GALLERY.values()),
        show(figures.show_table(CLIENTS, caption="Watch list")),
        show(figures.say_missing("competitor prices", "Only 3 of 30.")),
        show({"text/html": "<table><tr><td>a</td><td>b</td></tr></table>"}),
    ]
    return read_document(new_notebook(cells=cells), make_run(headline="12 clients pay late."))


def read_text(path):
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def squeeze(text):
    return re.sub(r"\s+", " ", text)


def test_a_report_says_all_that_its_page_says(document, tmp_path):
    text = squeeze(read_text(write_paper(document, tmp_path / "a.pdf")))
    for said in (
        "Client reliability", "Which clients will pay late next quarter?", "12 clients pay late.",
        "How it stands", "Who decides with this.", "Two sentences say it.", "• This is the other.",
        "The largest brings 50% of the revenue", "Watch list", "UAB Žąsis 119",
        "Not enough data: competitor prices. Only 3 of 30.", "snapshot 20250701T0612 · run r-1",
        "1. first",
    ):  # fmt: skip
        assert said in text, said


def test_heads_of_a_long_table_stand_on_each_of_its_pages(document, tmp_path):
    pages = read_text(write_paper(document, tmp_path / "a.pdf")).split("\f")
    holding = [page for page in pages if "UAB Žąsis" in page and "Owed" in page]
    assert len(holding) == len([page for page in pages if re.search(r"UAB Žąsis \d", page)]) >= 3


def test_the_deck_as_pdf_has_a_page_for_each_slide(document, tmp_path):
    pages = read_text(write_deck_paper(document, tmp_path / "a.pdf")).split("\f")[:-1]
    slides = plan_slides(document)
    assert len(pages) == len(slides)
    for page, slide in zip(pages, slides, strict=True):
        assert squeeze(slide.title)[:40] in squeeze(page)
        assert "run r-1" in page


def test_letters_come_from_fonts_inside_the_file(document, tmp_path):
    path = write_paper(document, tmp_path / "a.pdf")
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True).stdout.decode()
    rows = listed.splitlines()[2:]
    assert any("ClientlibSans" in row for row in rows)
    assert all(re.search(r"\byes (yes|no)\s+(yes|no)", row) for row in rows), listed


@pytest.mark.parametrize("write", [write_paper, write_deck_paper])
def test_the_same_document_gives_the_same_bytes(document, tmp_path, write):
    first, second = (write(document, tmp_path / f"{k}.pdf").read_bytes() for k in "ab")
    assert first == second


@pytest.mark.parametrize("write", [write_paper, write_deck_paper])
def test_no_name_is_obeyed(make_run, show, tmp_path, write):
    rows = pd.DataFrame({"name": [HOSTILE, "b"], "count": [2, 1]})
    cells = [
        show(figures.say(f"Of {HOSTILE}.")),
        show(figures.show_table(rows, caption=HOSTILE)),
        show(figures.draw_bars(rows, label="name", value="count", title=HOSTILE)),
    ]
    run = make_run(edition_title=HOSTILE, headline=HOSTILE, title=HOSTILE)
    text = squeeze(read_text(write(read_document(new_notebook(cells=cells), run), tmp_path / "a")))
    assert text.count("<script>alert(1)</script>") >= 2
    assert "$y$ *b* _i_ @ref <label>" in text


def test_a_chart_higher_than_a_page_keeps_its_last_rows(make_run, show, tmp_path):
    rows = pd.DataFrame({"name": [f"client {k}" for k in range(60)], "owed": range(60, 0, -1)})
    chart = show(figures.draw_bars(rows, label="name", value="owed", title="All of them owe"))
    document = read_document(new_notebook(cells=[chart]), make_run())
    pages = read_text(write_paper(document, tmp_path / "a.pdf")).split("\f")
    assert any("All of them owe" in page and "client 59" in page for page in pages)


def test_a_table_of_long_texts_and_what_is_said_of_it_stay_on_one_page(make_run, show, tmp_path):
    said = "A sentence that goes on over a good part of the slide, so that it is read."
    row = {"client": "UAB Very Long Company Name With Legal Form", "action": said * 2, "why": said,
           "amount": 1e6, "who": "Head of sales", "by_on": "2025-07-14"}  # fmt: skip
    rows = pd.DataFrame([row] * 10)
    cells = [show(figures.show_table(rows, caption="Long")), show(figures.say([said] * 4))]
    document = read_document(new_notebook(cells=cells), make_run())
    pages = read_text(write_deck_paper(document, tmp_path / "a.pdf")).split("\f")[:-1]
    assert len(pages) == len(plan_slides(document))


def test_a_table_too_wide_for_paper_says_how_many_columns_it_shows(make_run, show, tmp_path):
    wide = pd.DataFrame({f"part_{k}_amount": [123456.0 + k] for k in range(30)})
    cells = [show(figures.show_table(wide, caption="Wide"))]
    document = read_document(new_notebook(cells=cells), make_run())
    text = read_text(write_paper(document, tmp_path / "a.pdf"))
    assert "First 14 of 30 columns." in text
    assert re.findall(r"123\s(\d{3})", text) == [str(456 + k) for k in range(14)]


@pytest.mark.parametrize("write", [write_paper, write_deck_paper])
def test_a_long_word_in_a_table_stays_on_the_paper(make_run, show, tmp_path, write):
    key = "".join(f"k{number:03d}" for number in range(40))
    rows = pd.DataFrame({"key": [key], "why": ["It is long."], "amount": [1.0]})
    document = read_document(new_notebook(cells=[show(figures.show_table(rows))]), make_run())
    path = write(document, tmp_path / "a.pdf")
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    found = boxes.stdout.decode()
    width = float(re.search(r'<page width="([\d.]+)"', found)[1])
    ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', found)]
    assert max(ends) < width
    assert "k000k001" in found
