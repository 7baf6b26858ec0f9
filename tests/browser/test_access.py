"""Pages by keyboard and for those who listen: order, marks of the focus, names of all parts."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

WALK = """() => {
    const node = document.activeElement;
    const all = [...document.querySelectorAll("*")];
    const style = getComputedStyle(node);
    return { place: all.indexOf(node), tag: node.tagName, isMarked: style.outlineStyle !== "none"
        && parseFloat(style.outlineWidth) >= 2, isSeen: node.getClientRects().length > 0 };
}"""
MOST_STOPS = 400


def walk(tab):
    """Press Tab until the page has been left, and note every stop."""
    stops = []
    for _ in range(MOST_STOPS):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(WALK)
        if stop["tag"] == "BODY" or (stops and stop["place"] <= stops[0]["place"]):
            return stops
        stops.append(stop)
    return stops


@pytest.mark.parametrize("which", ["page", "failure", "index"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_goes_in_reading_order_and_is_always_seen(written, visit, which, scheme):
    stops = walk(visit(getattr(written, which), scheme=scheme).tab)
    assert 5 <= len(stops) < MOST_STOPS
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops)
    assert [stop for stop in stops if not (stop["isMarked"] and stop["isSeen"])] == []


@pytest.mark.parametrize("which", ["page", "failure", "index"])
def test_every_table_field_and_button_has_a_name(written, visit, which):
    tab = visit(getattr(written, which)).tab
    for role in ("table", "button", "searchbox", "combobox", "link", "region", "navigation"):
        parts = tab.get_by_role(role)
        assert all(name_of(parts.nth(place)) for place in range(parts.count())), role


def name_of(node):
    return node.evaluate(
        "n => n.getAttribute('aria-label') || n.textContent.trim() || n.labels?.[0]?.textContent"
    )


def test_heads_say_how_a_table_is_sorted(tab):
    heads = tab.locator("table.data thead th")
    assert heads.count() > 4
    assert set(heads.evaluate_all("all => all.map(h => h.getAttribute('aria-sort'))")) == {"none"}
    assert heads.evaluate_all("all => all.every(h => h.scope === 'col')")
    assert tab.locator("table.data tbody tr").evaluate_all(
        "all => all.every(row => row.querySelector('th[scope=row], td'))"
    )


def test_the_numbers_of_a_chart_are_opened_by_the_keyboard(written, visit):
    tab = visit(written.page).tab
    summary = tab.locator("details.numbers summary").first
    summary.focus()
    tab.keyboard.press("Enter")
    table = tab.locator("details.numbers table").first
    assert table.is_visible()
    tab.keyboard.press("Tab")
    assert tab.evaluate("!!document.activeElement.closest('details.numbers')")


def test_what_a_search_finds_is_told_to_those_who_listen(written, visit):
    tab = visit(written.index).tab
    assert tab.locator(".found").get_attribute("role") == "status"
    assert tab.locator(".found").get_attribute("aria-live") == "polite"
