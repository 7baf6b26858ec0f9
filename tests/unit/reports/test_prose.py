"""Markdown becomes harmless HTML under the page's own title."""

import pytest

from clientlib.reports.prose import Heading, clean_html, render_markdown


def test_headings_start_under_the_pages_title():
    prose = render_markdown("# One\n\n## Two `x`", prefix="c1-")
    assert prose.headings == (Heading(2, "One", "c1-one"), Heading(2, "Two x", "c1-two-x-1"))
    assert '<h2 id="c1-one">One</h2>' in prose.html


def test_a_title_that_the_page_already_shows_is_left_out():
    assert (
        render_markdown("# Who pays late?\n\nx", already_said=["who pays late"]).html
        == "<p>x</p>\n"
    )


def test_raw_html_is_shown_as_text():
    assert render_markdown("<b>x</b>").html == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_tables_are_kept():
    assert "<td>1</td>" in render_markdown("| a |\n|---|\n| 1 |").html


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<form action=x><input></form>",
        "<svg onload=x></svg>",
        "<iframe src=x></iframe>",
        "<a href='javascript:x'></a>",
        "<a href=' data:text/html,x'></a>",
        "<img src='//evil.example/x'>",
        "<p style='x' class='x' id='x'></p>",
    ],
)
def test_foreign_html_loses_what_could_act_or_fetch(html):
    assert "x" not in clean_html(html)
