"""Charts and tables speak: fixed words and words of ours are translated, data never."""

import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.language import jot, speaking, tell

CLIENTS = pd.DataFrame(
    {
        "name": ["Core accounts", "UAB „Ąžuolas“"],
        "segment": ["Core accounts", "Former clients"],
        "revenue_12m_amount": [30000.0, 10000.0],
        "low_amount": [29000.0, 9000.0],
        "high_amount": [31000.0, 11000.0],
        "revenue_share": [0.75, 0.25],
        "ordered_on": pd.to_datetime(["2025-05-31", "2025-06-30"]),
        "reason": [jot("nothing new for {days:count} days", days=21), ""],
    }
)


@pytest.fixture(autouse=True)
def lithuanian():
    with speaking("lt"):
        yield


def cells(table: figures.Table, column: int = 0) -> list[str]:
    return [row[column] for row in table.show_rows()]


def test_words_of_ours_are_translated_and_names_from_data_are_not():
    table = figures.show_table(
        CLIENTS, columns={"name": "Client", "segment": figures.words("Segment"), "reason": "Reason"}
    )
    assert cells(table, 0) == ["Core accounts", "UAB „Ąžuolas“"]
    assert cells(table, 1) == ["Pagrindiniai klientai", "Buvę klientai"]
    assert cells(table, 2) == ["nieko naujo jau 21\u00a0dieną", ""]
    assert [column.label for _, column in table.columns] == ["Klientas", "Segmentas", "Priežastis"]
    assert {column.kind for _, column in table.columns} == {"text"}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"label": "name"}, ["Core accounts", "UAB „Ąžuolas“"]),
        ({"label": "segment", "words": True}, ["Pagrindiniai klientai", "Buvę klientai"]),
    ],
)
def test_bars_and_points_translate_names_only_where_they_are_ours(options, names):
    bars = figures.draw_bars(
        CLIENTS, value="revenue_12m_amount", title="Largest clients", **options
    )
    ends = {"low": "low_amount", "high": "high_amount"}
    points = figures.draw_intervals(
        CLIENTS, estimate="revenue_12m_amount", title="Largest clients", **ends, **options
    )
    for figure in (bars, points):
        described = figures.describe(figure)
        assert described.title == described.table.caption == "Didžiausi klientai"
        assert cells(described.table) == names


def test_fixed_words_and_units_of_a_chart_are_lithuanian():
    chart = figures.draw_bars(
        CLIENTS, label="name", value="revenue_12m_amount", title="X", unit="EUR"
    )
    described = figures.describe(chart)
    assert described.subtitle == "Pajamos, 12 mėn., tūkst. EUR"
    assert described.summary.startswith(
        "Juostinė diagrama, Pajamos, 12 mėn., 2\u00a0eilutės, nuo 10"
    )
    assert chart.layout.separators == ",\u202f"


def test_count_of_a_known_noun_takes_its_form():
    frame = pd.DataFrame({"kept": [21.0, 10.0]}, index=["a", "b"])
    summary = figures.describe(figures.draw_matrix(frame, title="X", unit="clients")).summary
    assert summary == "Matrica: 2\u00a0eilutės ir 1\u00a0stulpelis, nuo 10 klientų iki 21 klientas."


def test_matrix_translates_its_names_where_they_are_ours():
    frame = pd.DataFrame({"large": [1.0]}, index=["at risk"])
    plain = figures.describe(figures.draw_matrix(frame, title="X")).table
    ours = figures.describe(figures.draw_matrix(frame, title="X", words=True)).table
    assert (cells(plain), [c.label for _, c in plain.columns][1]) == (["at risk"], "large")
    assert (cells(ours), [c.label for _, c in ours.columns][1]) == (["rizikos zonoje"], "stambūs")


def test_axis_of_months_is_lithuanian():
    chart = figures.draw_lines(CLIENTS, x="ordered_on", y="revenue_share", title="X", unit="%")
    assert list(chart.layout.xaxis.ticktext) == ["geg.<br>2025", "birž.<br>2025"]
    assert chart.layout.xaxis.hoverformat == "%Y-%m-%d"


def test_chart_without_data_says_so_and_its_note_reads_back():
    chart = figures.draw_bars(CLIENTS.head(0), label="name", value="revenue_share", title="Rows")
    described = figures.describe(chart)
    note = figures.note_of(described)
    assert (note.title, note.why) == ("Nepakanka duomenų: Eilutės", "Nėra ką braižyti.")


def test_typed_title_is_translated_and_a_told_one_is_left_as_it_is():
    told = tell("The segment {segment} holds {share:share} of the revenue of the last 12 months",
                segment="A", share=0.75)  # fmt: skip
    chart = figures.draw_bars(CLIENTS, label="name", value="revenue_share", title=told)
    message = chart.layout.meta["clientlib"]["message"]
    assert message["told"] == [["share", 0.75, "75\u00a0%"]]
    assert (
        figures.describe(chart).title == "Segmentui „A“ tenka 75\u00a0% pastarųjų 12 mėnesių pajamų"
    )


def test_table_of_a_chart_also_shows_what_its_title_tells():
    chart = figures.draw_bars(
        CLIENTS, label="name", value="revenue_12m_amount", title="X",
        also={"revenue_share": figures.percent("Share of revenue")},
    )  # fmt: skip
    table = figures.describe(chart).table
    assert [column.label for _, column in table.columns][-1] == "Pajamų dalis"
    assert [row[-1] for row in table.rows] == [0.75, 0.25]


def test_table_of_lines_also_shows_it_in_the_order_of_its_points():
    late_first = CLIENTS.iloc[::-1]
    chart = figures.draw_lines(
        late_first, x="ordered_on", y="revenue_12m_amount", title="X",
        also={"revenue_share": figures.percent("Share of revenue")},
    )  # fmt: skip
    table = figures.describe(chart).table
    assert [column.label for _, column in table.columns][-1] == "Pajamų dalis"
    assert [(row[0], row[-1]) for row in table.rows] == [("2025-05-31", 0.75), ("2025-06-30", 0.25)]


@pytest.mark.parametrize(
    ("also", "said"),
    [
        ({"revenue_shore": figures.percent("Share")}, "finds no column 'revenue_shore'"),
        ({"label": figures.text("Name")}, "has a column 'label' of its own"),
    ],
)
def test_column_that_cannot_be_shown_too_is_refused(also, said):
    frame = CLIENTS.assign(label="x")
    with pytest.raises(InputError, match=said):
        figures.draw_bars(frame, label="name", value="revenue_share", title="X", also=also)


def test_option_that_there_is_not_offers_the_nearest():
    with pytest.raises(InputError, match="no option 'word'\n.*did you mean 'words'"):
        figures.draw_bars(CLIENTS, label="name", value="revenue_share", title="X", word=True)
