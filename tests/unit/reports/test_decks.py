"""A deck tells the report's story: cover, summary, exhibits, appendix, each with its source."""

import pandas as pd
import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches

from clientlib import figures
from clientlib.errors import InputError
from clientlib.language import tell
from clientlib.reports.decks import (
    check_template,
    list_storyline,
    plan_slides,
    write_deck,
    write_house_template,
)
from clientlib.reports.documents import read_document
from tests.gallery import draw_gallery

CLIENTS = pd.DataFrame({"name": [f"client {k}" for k in range(25)], "late_share": 0.25})
GALLERY = draw_gallery()


@pytest.fixture
def document(make_run, show, prose):
    cells = [
        prose("# Client reliability\n\nWho decides with *this*."),
        new_code_cell('clients = warehouse.read("marts.clients", as_of=as_of)'),
        prose("## How it stands\n\nAll clients are counted."),
        show(figures.say("Two sentences say it.", "This is the other."), "figures.say(note)"),
        show(GALLERY["bars"], "figures.draw_bars(clients)"),
        prose("## Whom to call\n\nThe worst first."),
        show(figures.show_table(CLIENTS, caption="Watch list"), "figures.show_table(clients)"),
        show(figures.say("Call them this week."), "figures.say(action)"),
        show(figures.say_missing("competitor prices", "Only 3 of 30."), "figures.say(x)"),
    ]
    appendix = show(GALLERY["matrix"], "figures.draw_matrix(moves)")
    appendix.metadata["tags"] = ["appendix"]
    hidden = show(GALLERY["funnel"], "figures.draw_funnel(x)")
    hidden.metadata["tags"] = ["page-only"]
    run = make_run(headline="12 of 25 clients pay late.", issued={"scores": 25})
    return read_document(new_notebook(cells=[*cells, appendix, hidden]), run)


@pytest.fixture
def deck(document, tmp_path):
    return Presentation(str(write_deck(document, tmp_path / "a.pptx")))


def words_of(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_slides_come_in_the_order_of_the_story(document):
    assert [(slide.kind, slide.title, slide.is_appendix) for slide in plan_slides(document)] == [
        ("cover", "Client reliability", False),
        ("summary", "12 of 25 clients pay late.", False),
        ("exhibit", "The largest brings 50% of the revenue", False),
        ("exhibit", "Watch list", False),
        ("exhibit", "5 clients stayed large", True),
        ("words", "What the sections are about", True),
        ("words", "What this deck rests on", True),
    ]


def test_sentences_stand_beside_the_exhibit_that_they_are_about(document):
    bars, table = plan_slides(document)[2:4]
    assert bars.said == ("Two sentences say it.", "This is the other.")
    assert table.said == (
        "Call them this week.", "Not enough data: competitor prices. Only 3 of 30.",
    )  # fmt: skip


def test_the_titles_read_alone_are_the_storyline(document):
    slides = plan_slides(document)
    assert list_storyline(slides) == ["The largest brings 50% of the revenue", "Watch list"]
    assert slides[1].said == tuple(list_storyline(slides))


def test_many_sentences_get_a_slide_of_their_own(make_run, show, prose):
    many = figures.say([f"Sentence {k}." for k in range(6)])
    cells = [prose("## How"), show(many), show(GALLERY["bars"])]
    slides = plan_slides(read_document(new_notebook(cells=cells), make_run()))
    kinds = [(slide.kind, len(slide.said)) for slide in slides if slide.section == "How"]
    assert kinds == [("exhibit", 0), ("words", 6)]


def test_a_section_that_only_says_a_little_lends_it_to_the_next(make_run, show, prose):
    cells = [prose("## Whom"), show(figures.say("A word.")), prose("## How"), show(GALLERY["bars"])]
    slides = plan_slides(read_document(new_notebook(cells=cells), make_run()))
    assert [(slide.title, slide.said) for slide in slides if slide.section in ("Whom", "How")] == [
        ("The largest brings 50% of the revenue", ("A word.",))
    ]


def test_a_table_without_rows_is_a_sentence_and_no_slide(make_run, show, prose):
    empty = figures.show_table(CLIENTS.head(0), caption="Open deals", none="No deal is open.")
    cells = [prose("## How"), show(GALLERY["bars"]), show(empty)]
    slides = plan_slides(read_document(new_notebook(cells=cells), make_run()))
    assert [(slide.title, slide.said) for slide in slides if slide.section == "How"] == [
        ("The largest brings 50% of the revenue", ("Open deals: No deal is open.",))
    ]


def test_long_texts_stand_whole_in_a_table_that_has_room_for_them(make_run, show, tmp_path):
    asked = "Ask the largest of them why they left, and offer a visit before the end of the quarter"
    for rows, is_whole in ((4, True), (10, False)):
        frame = pd.DataFrame({k: [f"{n}. {asked}" for n in range(rows)] for k in "abcdef"})
        cells = [show(figures.show_table(frame, caption="Decisions asked"))]
        document = read_document(new_notebook(cells=cells), make_run())
        deck = Presentation(str(write_deck(document, tmp_path / f"{rows}.pptx")))
        (shape,) = [s for slide in deck.slides for s in slide.shapes if s.has_table]
        texts = [cell.text for row in list(shape.table.rows)[1:] for cell in row.cells]
        assert all(text.endswith("…") != is_whole for text in texts)
        assert shape.top + shape.height <= deck.slide_height


def test_numbers_of_the_list_of_needs_are_for_analysts_alone(make_run, prose):
    said = prose("# How\n\nWho decides.\n\nNeeds served: 5, N6")
    document = read_document(new_notebook(cells=[said]), make_run())
    assert [item.part.markdown for item in document.items] == ["# How\n\nWho decides.\n\n"]


def test_notes_hold_the_query_the_code_the_snapshot_and_the_run(deck):
    notes = deck.slides[2].notes_slide.notes_text_frame.text
    assert 'warehouse.read("marts.clients", as_of=as_of)' in notes
    assert "figures.draw_bars(clients)" in notes
    assert "figures.show_table(clients)" not in notes
    assert "Snapshot 20250701T0612, run r-1, as of 30 June 2025, clientlib 0.1.0." in notes
    assert "All clients are counted." in notes


def test_each_slide_says_what_it_rests_on(deck):
    for slide in deck.slides:
        foot = words_of(slide)
        assert "As of 30 June 2025 · all · snapshot 20250701T0612 · run r-1" in foot
    assert "all 3\N{NO-BREAK SPACE}rows shown" in words_of(deck.slides[2])
    assert "10 of 25\N{NO-BREAK SPACE}rows shown" in words_of(deck.slides[3])


def test_charts_are_native_and_tables_too(deck):
    kinds = [
        [kind for kind in ("chart", "table") for s in slide.shapes if getattr(s, f"has_{kind}")]
        for slide in deck.slides
    ]
    assert kinds == [[], [], ["chart"], ["table"], ["table"], [], []]


def test_the_appendix_defines_and_accounts(deck):
    about, rests = (words_of(slide) for slide in list(deck.slides)[-2:])
    assert "How it stands: All clients are counted." in about
    for line in (
        "Parameters: top_n = 25",
        "Issued: scores, 25\N{NO-BREAK SPACE}rows",
        "Snapshot: 20250701T0612",
    ):
        assert line in rests
    assert "Not enough data: competitor prices. Only 3 of 30." in rests


def test_nothing_leaves_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height + Inches(0.1)


def test_a_foreign_plotly_chart_is_placed_as_a_picture(make_run, show, tmp_path):
    figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4], mode="lines"), {"title": "Foreign"})
    document = read_document(new_notebook(cells=[show(figure)]), make_run())
    deck = Presentation(str(write_deck(document, tmp_path / "a.pptx")))
    pictures = [s for slide in deck.slides for s in slide.shapes if s.shape_type == 13]
    assert len(pictures) == 1
    assert pictures[0].image.content_type == "image/png"


def test_the_same_run_gives_the_same_slides(document, tmp_path):
    first, second = (write_deck(document, tmp_path / f"{k}.pptx") for k in "ab")
    said = [[words_of(s) for s in Presentation(str(path)).slides] for path in (first, second)]
    assert said[0] == said[1]


def test_a_companys_template_gives_layout_and_masters(document, tmp_path):
    template = write_house_template(tmp_path / "company.pptx")
    own = Presentation(str(template))
    own.slide_master.name = "Our company"
    title = own.slide_layouts[1].placeholders[0]
    title.left, title.top, title.width, title.height = (Inches(k) for k in (1, 1, 11, 1))
    own.slides.add_slide(own.slide_layouts[1]).shapes.title.text_frame.text = "An old slide"
    own.save(str(template))
    deck = Presentation(str(write_deck(document, tmp_path / "a.pptx", template=template)))
    assert deck.slide_master.name == "Our company"
    assert all("An old slide" not in words_of(slide) for slide in deck.slides)
    chart = next(shape for shape in deck.slides[2].shapes if shape.has_chart)
    assert chart.left == Inches(1)
    assert chart.top > Inches(2)


def test_a_file_that_is_no_template_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "company.pptx"
    path.write_bytes(b"no zip")
    with pytest.raises(InputError, match=r"save it in PowerPoint or LibreOffice as \.pptx"):
        check_template(path)


def test_a_template_whose_title_leaves_no_room_is_refused(tmp_path):
    path = write_house_template(tmp_path / "company.pptx")
    own = Presentation(str(path))
    own.slide_layouts[1].placeholders[0].height = Inches(6)
    own.save(str(path))
    with pytest.raises(InputError, match="leaves no room for an exhibit"):
        check_template(path)


def test_a_template_without_titles_is_refused(tmp_path):
    path = write_house_template(tmp_path / "company.pptx")
    own = Presentation(str(path))
    for layout in own.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    own.save(str(path))
    with pytest.raises(InputError, match="no layout with a title"):
        check_template(path)


def test_a_very_long_title_is_cut_on_the_slide_and_kept_in_the_notes(make_run, show, tmp_path):
    long = tell("{share:share} of the revenue " + "and more " * 60, share=0.5)
    bars = figures.draw_bars(CLIENTS.head(3), label="name", value="late_share", title=long)
    document = read_document(new_notebook(cells=[show(bars)]), make_run())
    slide = Presentation(str(write_deck(document, tmp_path / "a.pptx"))).slides[2]
    assert len(slide.shapes.title.text_frame.text) <= 200
    assert str(long).strip() in slide.notes_slide.notes_text_frame.text


def test_columns_that_a_slide_has_no_room_for_are_counted(make_run, show):
    wide = pd.DataFrame({f"column {k}": [k, k] for k in range(12)})
    cells = [show(figures.show_table(wide, caption="Wide")), show(figures.show_table(CLIENTS))]
    told = plan_slides(read_document(new_notebook(cells=cells), make_run()))
    said = [slide.coverage for slide in told if slide.kind == "exhibit"]
    assert said == ["all 2\u00a0rows shown, 9 of 12 columns", "10 of 25\u00a0rows shown"]


@pytest.mark.parametrize(("columns", "is_table"), [(14, True), (30, False)])
def test_a_matrix_wider_than_a_slide_is_a_picture_of_all_its_cells(
    make_run, show, tmp_path, columns, is_table
):
    cells = pd.DataFrame([[k / 7 for k in range(columns)]] * 40)
    document = read_document(
        new_notebook(cells=[show(figures.draw_matrix(cells, title="Moves"))]), make_run()
    )
    deck = Presentation(str(write_deck(document, tmp_path / "a.pptx")))
    slide = next(each for each in deck.slides if each.shapes.title.text_frame.text == "Moves")
    assert any(shape.has_table for shape in slide.shapes) == is_table
    assert any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes) != is_table
    assert ("12 of 40" if is_table else "all 40") in words_of(slide)
    assert all(shape.top + shape.height <= deck.slide_height for shape in slide.shapes)
