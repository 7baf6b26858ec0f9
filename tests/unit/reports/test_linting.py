"""Planted faults are found by their rules, and charts without fault pass all of them."""

import copy
import json

import pandas as pd
import pytest
from nbformat.v4 import new_notebook

from clientlib import figures
from clientlib.language import Claim, tell
from clientlib.reports import place_assets, write_page
from clientlib.reports.decks import write_deck
from clientlib.reports.documents import read_document
from clientlib.reports.linting import RULES, lint_chart, lint_deck, lint_document, lint_page
from clientlib.reports.linting.drawings import measure_contrast

SEGMENTS = pd.DataFrame({"segment": ["core", "small"], "revenue_amount": [750.0, 250.0]})
MONTHS = pd.DataFrame({"month": ["May", "June"], "revenue": [100.0, 104.0], "before": [90.0, 99.0]})
STEPS = pd.DataFrame(
    {
        "step": ["last year", "lost clients", "this year"],
        "amount": [100.0, -20.0, 80.0],
        "kind": ["total", "step", "total"],
    }
)


def draw_segments(title=None):
    title = title or tell("Core clients bring {share:share} of the revenue", share=0.75)
    return figures.draw_bars(
        SEGMENTS, label="segment", value="revenue_amount", title=title, unit="EUR"
    )


@pytest.fixture
def read(make_run, show, prose):
    """Read what a notebook of some outputs says, as a document."""

    def make(*shown, **changes):
        outputs = [show(each, "clients") for each in shown]
        cells = [prose("## A section"), *outputs]
        return read_document(new_notebook(cells=cells), make_run(**changes))

    return make


@pytest.fixture
def rules(read):
    """List the rules that a chart breaks, after a fault was planted into its figure."""

    def make(figure, plant=None):
        document = read(figure)
        chart = document.items[1].part
        figure = copy.deepcopy(dict(chart.figure))
        if plant:
            plant(figure)
        again = read(json_figure(figure)).items[1].part
        return sorted({finding.rule for finding in lint_chart(again)})

    return make


def json_figure(figure):
    return {"application/vnd.plotly.v1+json": json.loads(json.dumps(figure))}


@pytest.mark.parametrize(
    "figure",
    [
        draw_segments(),
        figures.draw_periods(
            MONTHS, period="month", actual="revenue", previous="before", unit="EUR",
            title=tell("Revenue of June rose to {now:count}", now=104.0).resting_on(
                Claim.of_fact(5.0)
            ),
        ),
        figures.draw_periods(
            MONTHS.assign(before=float("nan")), period="month", actual="revenue", previous="before",
            unit="EUR", title=tell("Revenue of June came to {now:count} EUR", now=104.0),
        ),
        figures.draw_bridge(
            STEPS, label="step", amount="amount", kind="kind", unit="EUR",
            title=tell("Lost clients cost {lost:count} EUR", lost=20.0),
        ),
    ],
    ids=["bars", "periods", "nothing to compare with", "bridge"],
)  # fmt: skip
def test_a_chart_without_fault_breaks_no_rule(rules, figure):
    assert rules(figure) == []


def test_a_title_without_a_figure_is_no_message(rules):
    assert rules(draw_segments("Revenue by segment")) == ["title-sentence"]


def test_a_title_without_a_verb_is_no_sentence(rules):
    assert rules(draw_segments(tell("Revenue: {share:share}", share=0.75))) == ["title-sentence"]


def test_a_wrong_figure_in_a_title_is_found(rules):
    wrong = tell("Core clients bring {share:share} of the revenue", share=0.85)
    assert rules(draw_segments(wrong)) == ["title-figure"]


def test_a_figure_that_is_nearly_right_is_wrong(rules):
    wrong = tell("Core clients bring {share:share} of the revenue", share=0.7502)
    assert rules(draw_segments(wrong)) == ["title-figure"]


def test_a_title_over_two_lines_is_too_long(rules):
    long = tell("Core clients bring {share:share} of " + "all the revenue and " * 10, share=0.75)
    assert rules(draw_segments(long)) == ["title-length"]


def test_rose_with_an_interval_across_zero_is_found(rules):
    rose = tell("Revenue rose by {share:share}", share=0.75)
    assert rules(draw_segments(rose.resting_on(Claim(0.75, -0.1, 1.6)))) == ["claim-unsupported"]
    assert rules(draw_segments(rose.resting_on(Claim(0.75, 0.1, 1.4)))) == []


def test_a_direction_against_its_interval_is_found(rules):
    fell = tell("Revenue fell by {share:share}", share=0.75)
    assert rules(draw_segments(fell.resting_on(Claim(0.75, 0.1, 1.4)))) == ["claim-unsupported"]


def test_a_direction_without_an_interval_is_found(rules):
    assert rules(draw_segments(tell("Revenue rose by {share:share}", share=0.75))) == [
        "claim-missing"
    ]


def test_a_cut_axis_is_found(rules):
    def cut(figure):
        figure["layout"]["xaxis"]["range"] = [200, 800]

    assert rules(draw_segments(), cut) == ["axis-zero"]


def test_a_number_that_was_drawn_otherwise_is_found(rules):
    def change(figure):
        figure["data"][0]["x"][0] = 800.0

    assert rules(draw_segments(), change) == ["drawn-numbers"]


def test_colour_alone_is_found(rules):
    bridge = figures.draw_bridge(
        STEPS, label="step", amount="amount", kind="kind",
        title=tell("Lost clients cost {lost:count}", lost=20.0),
    )  # fmt: skip

    def unsign(figure):
        figure["data"][1]["text"] = [" x" for _ in figure["data"][1]["text"]]

    assert rules(bridge, unsign) == ["sign-with-colour"]


def test_pale_letters_are_found(rules):
    def pale(figure):
        figure["layout"]["yaxis"]["tickfont"] = {"color": "#bbbbbb"}

    assert rules(draw_segments(), pale) == ["contrast"]


def test_two_scales_of_one_unit_in_one_section_are_found(read):
    smaller = SEGMENTS.assign(revenue_amount=SEGMENTS["revenue_amount"] / 10)
    other = figures.draw_bars(
        smaller, label="segment", value="revenue_amount", unit="EUR",
        title=tell("Core clients bring {share:share} of the profit", share=0.75),
    )  # fmt: skip
    assert [f.rule for f in lint_document(read(draw_segments(), other))] == ["scale-equal"]
    assert lint_document(read(draw_segments(), draw_segments())) == []


def test_a_sentence_is_held_to_its_interval(read):
    rose = tell("Revenue rose by {share:share}.", share=0.04)
    found = lint_document(read(figures.say(rose.resting_on(Claim(0.04, -0.02, 0.1)))))
    assert [finding.rule for finding in found] == ["claim-unsupported"]
    assert "rose" in str(found[0])
    assert [f.rule for f in lint_document(read(figures.say(rose)))] == ["claim-missing"]


def test_a_sentence_may_explain_how_a_figure_is_read(read):
    assert lint_document(read(figures.say(tell("Above {x:count} is dearer.", x=100)))) == []


def test_a_page_without_its_footer_is_found(read, tmp_path):
    document = read(draw_segments())
    page = write_page(document, tmp_path / "a.html", assets=place_assets(tmp_path))
    assert lint_page(page, document) == []
    page.write_text(page.read_text("utf-8").replace("20250701T0612", "?"), "utf-8")
    assert [finding.what for finding in lint_page(page, document)] == [
        "snapshot is missing: 20250701T0612"
    ]


def test_a_deck_of_another_run_has_the_wrong_footers(read, tmp_path):
    deck = write_deck(read(draw_segments()), tmp_path / "a.pptx")
    assert lint_deck(deck, read(draw_segments())) == []
    found = lint_deck(deck, read(draw_segments(), run_id="r-2"))
    assert {finding.rule for finding in found} == {"footer", "notes"}


def test_contrast_of_black_on_white_is_21_and_of_equal_colours_1():
    assert measure_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert measure_contrast("#777777", "#777777") == pytest.approx(1)


def test_each_rule_says_what_it_wants():
    assert len(RULES) == 12
    assert all(RULES.values())
