"""Names of clients are read, never obeyed: on pages, in decks, PDFs, workbooks and file names."""

import re
import shutil
import subprocess
from io import BytesIO
from zipfile import ZipFile

import fastexcel
import pandas as pd
import pytest
from lxml import etree, html
from nbformat.v4 import new_notebook
from pptx import Presentation

from clientlib import figures
from clientlib.figures.cells import show_cell
from clientlib.figures.wording import clean, shorten
from clientlib.language import tell
from clientlib.reports import place_assets, read_document, write_page
from clientlib.reports.decks import write_deck
from clientlib.reports.decks.tables import CHOICES
from clientlib.reports.outputs import name_outputs
from clientlib.reports.papers import write_deck_paper, write_paper
from clientlib.reports.workbooks import write_workbook
from clientlib.runs.keys import file_stem
from tests.hostile import list_names

NAMES = list_names()
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
OWN_SCRIPTS = 3  # the style of charts, their reader, Plotly; and one with data for each chart
CLIENTS = pd.DataFrame({"name": NAMES, "revenue_amount": range(len(NAMES), 0, -1)})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Give a folder to write into."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def document(make_run, show):
    """Read a notebook that shows 200 names in all ways."""
    first, second = NAMES[0], NAMES[14]
    steps = pd.DataFrame(
        {
            "step": ["then", *NAMES[:20], "now"],
            "amount": [100.0, *[1.0] * 20, 120.0],
            "kind": ["total", *["step"] * 20, "total"],
        }
    )
    matrix = pd.DataFrame([[1, 2], [3, 4]], index=NAMES[:2], columns=NAMES[2:4])
    events = pd.DataFrame({"on": "2025-06-30", "kind": "order", "what": NAMES[:40]})
    title = tell("{name} brings {most:count}", name=first, most=len(NAMES))
    shown = [
        figures.say(tell("{name} left.", name=name) for name in NAMES),
        figures.show_table(CLIENTS, caption=second),
        figures.draw_bars(CLIENTS.head(60), label="name", value="revenue_amount", title=title),
        figures.draw_bridge(steps, label="step", amount="amount", kind="kind", title=title),
        figures.draw_matrix(matrix, title=title),
        figures.draw_timeline(events, day="on", lane="kind", label="what", title=title),
        figures.draw_points(
            CLIENTS.assign(other=1.0), label="name", x="revenue_amount", y="other",
            units=("", ""), title=title,
        ),
        figures.say_missing(first, second),
    ]  # fmt: skip
    run = make_run(title=first, edition_title=second, headline=NAMES[5], question=NAMES[20])
    return read_document(new_notebook(cells=[show(each) for each in shown]), run)


def shown_names():
    return [show_cell(clean(name), figures.text("x")) for name in NAMES]


def test_there_are_200_of_them():
    assert len(NAMES) == len(set(NAMES)) == 200


def test_a_page_runs_no_script_of_a_name_and_shows_each_letter_by_letter(document, hostile):
    page = write_page(document, hostile / "a.html", assets=place_assets(hostile))
    text = page.read_text("utf-8")
    assert not UNSEEN.search(text)
    tree = html.fromstring(text)
    executed = [s for s in tree.iter("script") if s.get("type") != "application/json"]
    assert all(script.get("src") and not (script.text or "").strip() for script in executed)
    assert not [e for e in tree.iter() if any(a.startswith("on") for a in e.attrib)]
    assert {e.tag for e in tree.iter("img", "svg", "iframe", "object")} == set()
    addresses = [e.get(name) for e in tree.iter() for name in ("href", "src") if e.get(name)]
    assert not [a for a in addresses if a.lower().startswith(("javascript", "http"))]
    cells = [cell.text_content() for cell in tree.xpath("//table[@data-name]//tbody/tr/th")]
    assert set(shown_names()) <= set(cells)


def test_a_deck_opens_and_shows_names_without_what_cannot_be_seen(document, hostile):
    path = write_deck(document, hostile / "a.pptx")
    deck = Presentation(str(path))
    cells = [
        row.cells[0].text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]
    for name in shown_names()[:10]:
        assert any(shorten(name, length) in cells for _, length in CHOICES)
    with ZipFile(path) as parts:
        for name in parts.namelist():
            assert ".." not in name
            if name.endswith((".xml", ".rels")):
                content = parts.read(name)
                etree.fromstring(content)
                assert not UNSEEN.search(content.decode())
            if name.endswith(".xlsx"):
                _check_workbook(parts.read(name))
    links = [rel for slide in deck.slides for rel in slide.part.rels.values() if rel.is_external]
    assert links == []


def test_a_workbook_holds_names_as_text(document, hostile):
    path = write_workbook(document, hostile / "a.xlsx")
    _check_workbook(path.read_bytes())
    sheet = fastexcel.read_excel(path).load_sheet(1, header_row=3, dtypes="string").to_pandas()
    assert [clean(value) for value in sheet["Name"]] == shown_names()


def _check_workbook(content):
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode()
            assert "<f>" not in text
            assert "hyperlink" not in text
            assert not UNSEEN.search(text)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler's pdftotext")
@pytest.mark.parametrize("write", [write_paper, write_deck_paper])
def test_a_pdf_prints_names_and_holds_no_script_and_no_link(document, hostile, write):
    path = write(document, hostile / f"{write.__name__}.pdf")
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    words = re.sub(r"\s", "", done.stdout.decode())
    for name in ("<script>alert(1)</script>", "=cmd|'/CcalcÃ"[:10], "Ąžuolas&Šermukšnis,UAB"):
        assert name in words
    assert b"/JavaScript" not in path.read_bytes()
    assert b"/URI" not in path.read_bytes()


def test_names_of_files_are_safe_on_every_system():
    stems = [file_stem(f"client={name}") for name in NAMES]
    assert len(set(stems)) == len(NAMES)
    for stem in stems:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", stem)
        assert all(re.fullmatch(r"[\w.-]+", path) for path in name_outputs(stem, ["deck"]).values())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_the_deck_without_repair(document, hostile):
    path = write_deck(document, hostile / "b.pptx")
    command = [
        "soffice", f"-env:UserInstallation={(hostile / 'office').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(hostile), str(path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=240, check=True)
    assert b"Error" not in done.stderr
    listed = subprocess.run(["pdfinfo", hostile / "b.pdf"], capture_output=True, check=True)
    pages = int(re.search(rb"Pages:\s+(\d+)", listed.stdout)[1])
    assert pages == len(Presentation(str(path)).slides)
