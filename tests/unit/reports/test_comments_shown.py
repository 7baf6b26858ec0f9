"""Comments stand at the end of the page and of a deck's story, in full, and are never obeyed."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from nbformat.v4 import new_notebook

from clientlib import figures
from clientlib.language import speaking
from clientlib.reports import place_assets, read_document, write_page
from clientlib.reports.decks import list_storyline, plan_slides
from clientlib.reports.documents import Comment
from clientlib.reports.documents.comments import add_comments
from clientlib.reports.papers.content import list_content

HOSTILE = '<script>alert("x")</script> # no heading\n\nsecond line \u202e {{ x }} {y}'
NOON = datetime(2025, 7, 2, 9, 30, tzinfo=UTC)
LONG = " ".join(f"word{k}" for k in range(200))


@pytest.fixture
def document(make_run, show, prose):
    table = figures.show_table(pd.DataFrame({"name": ["UAB A"]}), caption="Clients")
    cells = [prose("## Whom we look at"), show(table), show(figures.say("Last words."))]
    return read_document(new_notebook(cells=cells), make_run())


def test_a_document_without_comments_stays_as_it_is(document):
    assert add_comments(document, []) is document


def test_the_page_shows_who_said_what_and_obeys_nothing(document, tmp_path):
    commented = add_comments(document, [Comment("<i>Rasa</i>", NOON, HOSTILE)])
    page = tmp_path / "2025-06-30/reliability/all.html"
    html = write_page(commented, page, assets=place_assets(tmp_path)).read_text("utf-8")
    block = html[html.index('<div class="comments">') :]
    assert "&lt;i&gt;Rasa&lt;/i&gt;, 2 July 2025, 09:30 UTC" in block
    assert "<p>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; # no heading</p>" in block
    assert "<p>second line  {{ x }} {y}</p>" in block
    assert 'href="#c4-comments"' in html


def test_comments_end_the_story_of_a_deck_in_full(document):
    told = add_comments(document, [Comment("Rasa", NOON, LONG), Comment("Jonas", NOON, "Short")])
    slides = plan_slides(told)
    story = [slide for slide in slides if not slide.is_appendix]
    last = story[-1]
    assert (last.kind, last.title) == ("words", "Comments")
    words = " ".join(last.said)
    assert "Rasa, 2 July 2025, 09:30 UTC: word0 word1" in words
    assert "word199" in words
    assert last.said[-1] == "Jonas, 2 July 2025, 09:30 UTC: Short"
    assert max(map(len, last.said)) <= 260
    assert list_storyline(slides) == ["Clients"]


def test_where_there_is_none_the_command_is_shown(document):
    empty = add_comments(document, [], command='clientlib comment reliability "…"')
    (words,) = [slide.said for slide in plan_slides(empty) if slide.title == "Comments"]
    assert words == ('No comment yet. To add one: clientlib comment reliability "…"',)
    (content,) = list_content(empty.items[-1].part)
    assert content["runs"][0]["text"] == words[0]


def test_the_block_speaks_the_language_of_its_page(document):
    with speaking("lt"):
        told = add_comments(document, [Comment("Rasa", NOON, "Words stay as they are")])
        (said,) = [slide.said for slide in plan_slides(told) if slide.title == "Komentarai"]
    assert said[0].endswith("liepos 2 d., 09:30 UTC: Words stay as they are")
