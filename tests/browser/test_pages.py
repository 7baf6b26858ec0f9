"""What a reader meets: charts drawn, tables that sort, an index that filters, no network."""

import csv
import io

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

ALL = ("page", "failure", "index")
WIDTHS = (360, 768, 1400)
MARKS = {
    "Öresund pays late": ".bars path",
    "Öresund pays late, surely": ".bars path",
    "Two differ": ".scatterlayer .point",
    "All alike": ".heatmaplayer image",
    "As predicted": ".scatterlayer .point",
    "Both rise": ".scatterlayer .js-line",
}


def column(tab, place):
    cells = tab.locator("table[data-name='Whom to call first'] tbody tr > *")
    return cells.evaluate_all(
        f"found => found.filter((_, k) => k % 4 === {place}).map(c => c.textContent)"
    )


@pytest.mark.parametrize("which", ALL)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_fails_and_nothing_is_fetched_from_a_network(written, visit, which, scheme):
    seen = visit(getattr(written, which), scheme=scheme)
    assert seen.faults == []
    assert all(address.startswith(("file://", "data:")) for address in seen.requests)
    assert "taken" not in seen.tab.title()


@pytest.mark.parametrize(("title", "marks"), MARKS.items())
def test_every_chart_is_drawn_with_its_marks(tab, title, marks):
    chart = tab.locator("figure.chart").filter(has=tab.get_by_text(title, exact=True))
    assert chart.locator("svg.main-svg").count() >= 1
    assert chart.locator(marks).count() >= 1


def test_a_hostile_name_is_read_letter_by_letter_in_a_chart(tab):
    names = tab.locator(".yaxislayer-above text, .yaxislayer-below text").all_text_contents()
    assert any(name.startswith("</script><script>") for name in names)
    assert tab.locator("main img").count() == 0


@pytest.mark.parametrize("which", ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_never_scrolls_sideways(written, visit, which, width):
    tab = visit(getattr(written, which), width=width).tab
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_chart_scrolls_within_itself_on_a_telephone(written, visit):
    tab = visit(written.page, width=360).tab
    chart = tab.locator("figure.chart").filter(has_text="All alike").locator(".scroll").first
    assert chart.evaluate("node => node.scrollWidth > node.clientWidth")


def test_a_click_sorts_numbers_down_then_up_with_unknown_ones_last(written, visit):
    tab = visit(written.page).tab
    head = tab.get_by_role("columnheader", name="Late", exact=True)
    head.get_by_role("button").click()
    assert column(tab, 1) == ["90%", "30%", "25%", "10%", "–"]
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert column(tab, 1) == ["10%", "25%", "30%", "90%", "–"]


def test_the_keyboard_sorts_words_up_first(written, visit):
    tab = visit(written.page).tab
    tab.get_by_role("columnheader", name="Client", exact=True).get_by_role("button").focus()
    tab.keyboard.press("Enter")
    assert column(tab, 0)[-2:] == ["Nordvik", "Öresund"]


def test_the_downloaded_file_holds_the_rows_and_no_formula(written, visit):
    tab = visit(written.page).tab
    table = tab.locator(".table-block").filter(has_text="Whom to call first")
    with tab.expect_download() as waiting:
        table.get_by_role("button", name="Download as CSV").click()
    assert waiting.value.suggested_filename == "whom-to-call-first.csv"
    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"), newline="")))
    assert rows[0] == ["Client", "Late", "Overdue, EUR", "Last order"]
    assert rows[1] == ["Nordvik", "0.3", "1200", "2025-06-01"]
    assert rows[2][1:3] == ["0.1", "-86.5"]
    assert rows[3] == ["'=SUM(A1)", "0.25", "0", ""]
    assert rows[4] == ["Baltic, Timber", "", "12.25", "2024-12-31"]


def test_a_long_table_is_folded_until_asked_for(written, visit):
    tab = visit(written.page).tab
    table = tab.locator(".table-block").filter(has_text="Many rows")
    assert table.locator("tbody tr:visible").count() == 25
    table.get_by_role("button", name="Show all 120 rows").click()
    assert table.locator("tbody tr:visible").count() == 120


def test_dark_screens_get_dark_pages_and_charts(written, visit):
    tab = visit(written.page, scheme="dark").tab
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    bar = tab.locator(".bars path").first.evaluate("node => getComputedStyle(node).fill")
    assert ground == "rgb(20, 25, 30)"
    assert bar == "rgb(111, 177, 230)"


def test_a_change_of_the_screen_redraws_the_charts(written, visit):
    tab = visit(written.page).tab
    tab.emulate_media(color_scheme="dark")
    expect(tab.locator(".bars path").first).to_have_css("fill", "rgb(111, 177, 230)")
    words = tab.locator("figure.chart .xtick text").first
    assert words.evaluate("node => getComputedStyle(node).fill") == "rgb(163, 175, 186)"


def test_a_dark_page_is_printed_light_and_within_the_paper(written, visit):
    tab = visit(written.page, scheme="dark").tab
    tab.evaluate(
        "addEventListener('beforeprint', () => { window.printed = [...document.querySelectorAll("
        "'.main-svg')].map(s => s.getBoundingClientRect().width).concat(["
        "getComputedStyle(document.querySelector('.bars path')).fill]) })"
    )
    paper = tab.pdf(prefer_css_page_size=True)
    *widths, fill = tab.evaluate("window.printed")
    assert paper.startswith(b"%PDF")
    assert max(widths) <= 680
    assert fill == "rgb(31, 106, 165)"


def test_names_give_way_to_a_legend_on_a_telephone(written, visit):
    chart = "figure.chart:has(.js-line):has-text('Both rise')"
    assert visit(written.page, width=360).tab.locator(f"{chart} .legend text").count() == 2
    assert visit(written.page).tab.locator(f"{chart} .legend text").count() == 0


def test_without_scripts_the_numbers_are_still_there(written, visit):
    tab = visit(written.page, scripts=False).tab
    tab.locator("details.numbers summary").first.click()
    assert tab.locator("details.numbers td").first.is_visible()
    assert tab.locator("noscript p").is_visible()


def test_the_page_can_be_walked_by_landmarks_and_keyboard(written, visit):
    tab = visit(written.page).tab
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert tab.get_by_role(role).count() == 1
    assert tab.locator("html").get_attribute("lang") == "en"
    assert tab.locator("[role=img]:not([aria-label])").count() == 0


def test_the_failure_page_names_cell_and_message(written, visit):
    tab = visit(written.failure).tab
    assert tab.get_by_role("heading", name="This report stopped in cell 3 of 3").is_visible()
    assert tab.get_by_text("no rows").is_visible()
    assert not tab.get_by_text("Trace", exact=True).is_visible()


def test_the_index_is_searched_by_words(written, visit):
    tab = visit(written.index).tab
    assert tab.locator("tr.run:visible").count() == 12
    tab.get_by_role("searchbox").fill("M-1 april")
    expect(tab.locator(".found")).to_have_text("1 of 12 runs")
    assert tab.locator("tr.run:visible").count() == 1
    assert tab.locator("tbody.period:visible").count() == 1


@pytest.mark.parametrize(
    ("choice", "value", "count"),
    [("State", "failed", 1), ("State", "skipped", 1), ("Report", "prices", 1), ("Report", "", 12)],
)
def test_the_index_is_filtered_by_state_and_report(written, visit, choice, value, count):
    tab = visit(written.index).tab
    tab.get_by_label(choice).select_option(value)
    assert tab.locator("tr.run:visible").count() == count


@pytest.mark.parametrize(
    ("choice", "value", "count"),
    [("Period", "2025-03-28", 2), ("Edition", "manager=M-1", 5), ("Edition", "", 12)],
)
def test_the_index_is_filtered_by_period_and_edition(written, visit, choice, value, count):
    tab = visit(written.index).tab
    tab.get_by_label(choice).select_option(value)
    assert tab.locator("tr.run:visible").count() == count


def test_a_search_without_a_hit_says_so(written, visit):
    tab = visit(written.index).tab
    tab.get_by_role("searchbox").fill("nobody at all")
    tab.get_by_text("No run fits the search.").wait_for(state="visible")
    assert tab.locator("tr.run:visible").count() == 0


def test_the_index_leads_to_the_page(written, visit):
    tab = visit(written.index).tab
    tab.get_by_role("link", name="Client reliability").first.click()
    assert tab.get_by_role("heading", level=1).text_content() == "Client reliability"
