"""A page shows what a notebook found, without code, and nothing in it can act."""

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_output

from clientlib import figures
from clientlib.reports import Failure

NAME = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
CLIENTS = pd.DataFrame({"name": [NAME, "=1+1"], "late_share": [0.3, 0.1]})


def bars(frame=CLIENTS):
    return figures.draw_bars(frame, label="name", value="late_share", title="Late", unit="%")


def elements(page):
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda name, attributes: found.append((name, attributes))
    parser.feed(page)
    return found


def test_outputs_stand_in_order_without_code(write, show, prose):
    page = write(
        prose("# Client reliability\n\nWho decides."),
        show(figures.say("First."), source="SECRET_CODE = 1"),
        prose("## How late they are"),
        show(figures.say("Second.")),
    )
    assert "SECRET_CODE" not in page
    assert page.index("First.") < page.index("How late they are</h2>") < page.index("Second.")


def test_the_notebooks_title_is_not_said_twice(write, prose):
    page = write(prose("# Which clients will pay late next quarter\n\nWho decides."))
    assert page.count("<h1>") == 1
    assert page.count("Which clients will pay late next quarter") == 1


def test_the_contents_link_to_the_headings(write, prose):
    page = write(prose("## How late\n\n### In detail"), prose("## How late"))
    links = re.findall(r'href="#(c\d[^"]+)"', page)
    assert len(links) == len(set(links)) == 3
    assert all(f'id="{link}"' in page for link in links)


def test_a_hostile_client_name_never_becomes_an_element(write, show, prose):
    run = {"title": NAME, "question": NAME, "headline": NAME, "edition": NAME, "snapshot": NAME}
    page = write(
        prose(f"## {NAME}\n\n{NAME}"),
        show(bars()),
        show(figures.show_table(CLIENTS, caption=NAME)),
        show(figures.say(NAME)),
        show(figures.say_missing(NAME, NAME)),
        show({"text/plain": NAME}),
        show({"text/html": NAME}),
        new_code_cell("", outputs=[new_output("stream", name="stdout", text=NAME)]),
        key_figures={"name": NAME, NAME: 1},
        parameters={NAME: NAME},
        issued={NAME: 1},
        **run,
    )
    assert not [a for name, attributes in elements(page) for a in attributes if name == "img"]
    assert not [a for _, attributes in elements(page) for a, _ in attributes if a[:2] == "on"]
    assert sum(name == "script" for name, _ in elements(page)) == 5


def test_the_payload_of_a_chart_is_json_again(write, show):
    page = write(show(bars()))
    payload = re.search(r'class="chart-json">(.*?)</script>', page)[1]
    assert json.loads(payload)["labels"] == [NAME, "=1+1"]


def test_direction_overrides_do_not_reach_the_page(write, show):
    frame = CLIENTS.assign(name=["a\u202egnp.exe", "b\u2066"])
    page = write(
        show(bars(frame)),
        show(figures.show_table(frame)),
        show({"text/plain": "x\u202ey"}),
        headline="\u202eevil",
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


def test_nothing_on_a_page_names_a_network_address(write, show, prose):
    frame = bars().update_layout(images=[{"source": "http://evil.example/a.png"}])
    page = write(
        prose("![logo](http://evil.example/b.png) and ![ok](data:image/png;base64,AAAA)"),
        show({"text/html": '<img src="http://evil.example/c.png"><iframe src="//evil.example">'}),
        show(frame),
        show(figures.show_table(CLIENTS)),
    )
    assert "evil.example" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "default-src 'none'" in page


def test_links_in_prose_cannot_run_scripts(write, prose):
    text = "[a](javascript:alert(1)) [b](data:text/html,x) [c](https://ok.example)"
    page = write(prose(text), notebook=None)
    assert set(re.findall(r'<a href="([^"#]*)"', page)) == {"https://ok.example"}


def test_the_error_stream_is_left_out_and_plain_text_kept(write):
    outputs = [
        new_output("stream", name="stderr", text="FutureWarning: secret"),
        new_output("stream", name="stdout", text="\x1b[32mFitted\x1b[0m\nprogress 1\rprogress 2"),
    ]
    page = write(new_code_cell("", outputs=outputs))
    assert "secret" not in page
    assert ">Fitted\nprogress 2</pre>" in page


def test_pictures_are_kept_inside_the_page(write, show):
    page = write(show({"image/png": PIXEL, "text/plain": "<Figure>"}))
    assert f'src="data:image/png;base64,{PIXEL}"' in page
    assert "Figure" not in page


def test_a_vector_picture_is_an_image_and_never_inline(write, show):
    page = write(show({"image/svg+xml": "<svg><script>alert(1)</script></svg>"}))
    assert 'src="data:image/svg+xml;base64,' in page
    assert "svg" not in dict(elements(page))


def test_a_foreign_table_keeps_its_cells_and_loses_its_style(write, show):
    html = '<style>p{}</style><table class="x" style="a:b"><tr><td onclick="x">7</td></tr></table>'
    page = write(show({"text/html": html}))
    assert "<td>7</td>" in page
    assert "onclick" not in page
    assert "p{}" not in page


@pytest.mark.parametrize(
    "mime", [figures.TABLE_MIME, figures.NOTE_MIME, "application/vnd.plotly.v1+json"]
)
def test_a_broken_output_falls_back_to_its_plain_text(write, show, mime):
    page = write(show({mime: {"nonsense": 1}, "text/plain": "plain words"}))
    assert ">plain words</pre>" in page


def test_a_broken_output_without_plain_text_leaves_a_note(write, show):
    assert "An output is left out" in write(show({"application/vnd.plotly.v1+json": {}}))


def test_unknown_numbers_in_a_foreign_chart_become_gaps(write, show):
    figure = {"data": [{"type": "bar", "y": [1.5, float("nan")]}]}
    assert '"y":[1.5,null]' in write(show({"application/vnd.plotly.v1+json": figure}))


def test_a_foreign_chart_is_drawn_with_its_own_title(write, show):
    figure = {"data": [{"type": "bar", "x": [1]}], "layout": {"title": {"text": "<b>Mine</b>"}}}
    page = write(show({"application/vnd.plotly.v1+json": figure}))
    assert 'aria-label="Mine"' in page
    assert '<p class="chart-title">Mine</p>' in page


def test_a_map_that_would_be_fetched_is_replaced_by_a_note(write, show):
    figure = {"data": [{"type": "scattergeo"}], "layout": {}}
    assert "A map is left out" in write(show({"application/vnd.plotly.v1+json": figure}))


def test_an_empty_chart_is_a_note(write, show):
    page = write(show(bars(CLIENTS.head(0))))
    assert "Not enough data: Late" in page
    assert 'class="plot"' not in page


def test_a_chart_has_a_name_and_its_numbers_for_those_who_cannot_see_it(write, show):
    page = write(show(bars()))
    assert re.search(r'role="img" aria-label="Late. Bar chart, Late share, 2 rows', page)
    assert "The numbers in this chart" in page
    assert 'data-v="0.3">30%' in page


def test_plotly_is_linked_only_where_there_is_a_chart(write, show):
    assert "plotly-" in write(show(bars()))
    assert "plotly-" not in write(show(figures.say("No chart.")))


def test_rows_left_out_are_stated_on_the_page(write, show):
    page = write(show(figures.show_table(pd.DataFrame({"x": range(4182)}))))
    assert "First 200 of 4\u202f182 rows." in page
    assert page.count("<tr>") == 201


def test_the_page_says_what_it_rests_on(write, prose):
    page = write(prose("Hello"), issued={"client_reliability": 4182}, headline="All is well.")
    for words in (
        "As of 30 June 2025",
        "20250701T0612",
        "r-1, 1 July 2025, 06:12 UTC, 1.3 s",
        "top_n = 25",
        "client_reliability, 4\u202f182\xa0rows",
        'class="headline">All is well.',
        '<dt>Clients</dt><dd class="value">4\u202f182</dd>',
    ):
        assert words in page


def test_the_same_run_gives_the_same_bytes(write, show, prose):
    cells = [prose("## A"), show(bars()), show(figures.show_table(CLIENTS))]
    assert write(*cells) == write(*cells)


def test_an_ordinary_page_is_smaller_than_300_kilobytes(write, show, prose):
    frame = pd.DataFrame({"name": [f"Client {k}" for k in range(200)], "late_share": 0.5})
    cells = [show(figures.show_table(frame)), *[show(bars(frame)) for _ in range(8)]]
    cells.append(prose("## A\n\n" + "words " * 900))
    assert len(write(*cells).encode()) < 300_000


def test_a_failure_page_names_the_cell_the_message_and_the_heading(write, prose, fail, show):
    page = write(
        prose("## How late they are"),
        show(figures.say("Came before.")),
        fail(
            "scores = fit()",
            evalue="\x1b[31mno rows\x1b[0m\n  rows:    3",
            traceback=["\x1b[31mTrace\x1b[0m", "  File x.py"],
        ),
        prose("## Never reached"),
        state="failed",
    )
    assert "This report stopped in cell 3 of 4, under “How late they are”" in page
    assert ">no rows\n  rows:    3</pre>" in page
    assert "scores = fit()" in page
    assert "Trace\n  File x.py" in page
    assert "\x1b" not in page
    assert "[31m" not in page
    assert "Came before." in page
    assert "Never reached" not in page


def test_a_failure_before_any_cell_says_why(write, prose):
    page = write(prose("## Never reached"), state="failed", reason="the kernel did not start")
    assert "This report could not be run" in page
    assert "the kernel did not start" in page
    assert "Never reached" not in page


def test_a_failure_that_the_runner_saw_ends_the_page_at_its_cell(write, prose):
    failure = Failure(1, "fit()", "DeadKernelError", "the kernel died", "")
    page = write(prose("## Reached"), prose("## Never reached"), state="failed", failure=failure)
    assert "This report stopped in cell 1 of 2</h2>" in page
    assert "Never reached" not in page


def test_an_expected_error_in_a_done_notebook_is_shown_as_text(write, fail):
    assert "ZeroDivisionError: division by zero</pre>" in write(fail())
