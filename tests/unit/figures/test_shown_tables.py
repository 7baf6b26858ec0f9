"""Tables keep raw values, say what was left out, and escape every name."""

import json

import numpy as np
import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.language import speaking

CLIENTS = pd.DataFrame(
    {
        "name": ["Baltic Timber", "<script>alert(1)</script>"],
        "late_share": [0.342, None],
        "due_count": [12, 3],
        "revenue_12m_amount": [276123.4, 859.0],
        "last_ordered_on": pd.to_datetime(["2025-05-06", None]),
        "is_late": [True, False],
    }
)


def shown(table, mime=figures.TABLE_MIME):
    return table._repr_mimebundle_()[mime]


def test_kinds_follow_the_names_and_types_of_the_columns():
    kinds = [column["kind"] for column in shown(figures.show_table(CLIENTS))["columns"]]
    assert kinds == ["text", "percent", "count", "money", "date", "text"]


def test_rows_are_raw_values_with_iso_dates_and_nulls():
    bundle = shown(figures.show_table(CLIENTS))
    assert bundle["rows"][0] == ["Baltic Timber", 0.342, 12, 276123.4, "2025-05-06", "yes"]
    assert bundle["rows"][1] == ["<script>alert(1)</script>", None, 3, 859.0, None, "no"]
    assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle


def test_cells_are_written_by_kind():
    table = figures.show_table(
        CLIENTS,
        columns={
            "name": "Client",
            "late_share": figures.percent("Late"),
            "revenue_12m_amount": figures.money("Revenue", "EUR"),
            "due_count": figures.count("Invoices"),
            "last_ordered_on": figures.date("Last order"),
        },
    )
    assert table.show_rows() == [
        ["Baltic Timber", "34%", "276\u202f123", "12", "2025-05-06"],
        ["<script>alert(1)</script>", "–", "859", "3", "–"],
    ]
    assert shown(table)["columns"][0]["label"] == "Client"


@pytest.mark.parametrize(
    ("column", "values", "texts"),
    [
        (figures.money("Price"), [12.5, 3.0], ["12.50", "3.00"]),
        (figures.money("Price"), [12.0, 3.0], ["12", "3"]),
        (figures.percent("Share"), [0.042, 0.005], ["4.2%", "0.5%"]),
        (figures.percent("Share", 2), [0.042], ["4.20%"]),
        (figures.number("Gap", "days"), [34.25, 7.0], ["34.2", "7.0"]),
        (figures.text("Code"), [7, "a"], ["7", "a"]),
    ],
)
def test_decimals_are_chosen_for_the_whole_column(column, values, texts):
    table = figures.show_table(pd.DataFrame({"x": values}), columns={"x": column})
    assert [row[0] for row in table.show_rows()] == texts


def test_rows_left_out_are_stated():
    table = figures.show_table(pd.DataFrame({"x": range(4182)}))
    assert len(table.rows) == 200
    assert table.note == "First 200 of 4\u202f182 rows."
    assert "First 200" in shown(table, "text/html")
    assert "First 200" in shown(table, "text/plain")


def test_a_table_without_rows_says_so():
    table = figures.show_table(CLIENTS.head(0), caption="Clients")
    assert table.note == "Not enough data: there are no rows to show."


def test_a_table_says_what_it_means_that_there_are_no_rows():
    table = figures.show_table(CLIENTS.head(0), none="No deal is open.")
    assert table.note == "No deal is open."
    assert "No deal is open." in shown(table, "text/html")
    assert figures.table_from_json(json.loads(json.dumps(shown(table)))) == table
    with speaking("lt"):
        table = figures.show_table(CLIENTS.head(0), none="No deal is open.")
    assert table.note == "Vykstančių sandorių nėra."


def test_html_for_the_notebook_is_escaped():
    html = shown(figures.show_table(CLIENTS, caption="<i>A</i>"), "text/html")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<i>" not in html


def test_a_table_is_read_back_as_it_was():
    table = figures.show_table(CLIENTS, caption="Clients")
    assert figures.table_from_json(json.loads(json.dumps(shown(table)))) == table


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"caption": "", "columns": [{"name": "x"}], "rows": [], "rows_total": 0},
        {
            "caption": "",
            "columns": [{"name": "x", "label": "x", "kind": "count", "unit": "", "decimals": 0}],
            "rows": [["<b>"]],
            "rows_total": 1,
        },
        {
            "caption": "",
            "columns": [{"name": "x", "label": "x", "kind": "text", "unit": "", "decimals": 0}],
            "rows": [["a", "b"]],
            "rows_total": 1,
        },
    ],
)
def test_an_output_that_is_no_table_is_refused(broken):
    with pytest.raises(InputError, match="not a table"):
        figures.table_from_json(broken)


def test_a_missing_column_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'late_share'"):
        figures.show_table(CLIENTS, columns={"late_shares": "Late"})


def test_words_are_refused_where_numbers_are_asked_for():
    with pytest.raises(InputError, match="wants numbers in the column 'name'"):
        figures.show_table(CLIENTS, columns={"name": figures.percent("Late")})


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'percent'"):
        figures.Column("Late", "percents")


def test_nullable_and_object_columns_are_read():
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "t": ["a", np.nan]})
    assert shown(figures.show_table(frame))["rows"] == [[1, "a"], [None, None]]


def test_a_column_standing_twice_is_refused():
    frame = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(InputError, match="twice"):
        figures.show_table(frame, columns={"x": "X"})


def test_something_else_than_a_frame_is_refused():
    with pytest.raises(InputError, match="wants a DataFrame and was given a Series"):
        figures.show_table(CLIENTS["name"])


def test_a_share_that_is_not_zero_is_not_shown_as_zero():
    shares = pd.DataFrame({"late_share": [0.34, 0.004, 0.0, -0.001]})
    assert figures.show_table(shares).show_rows() == [["34%"], ["<1%"], ["0%"], [">−1%"]]


def test_a_table_that_shows_none_of_its_rows_does_not_say_that_there_are_none():
    deals = pd.DataFrame({"deal": ["D-1", "D-2"]})
    shown = figures.show_table(deals, limit=0, none="No deal is open.")
    assert shown.note == "First 0 of 2 rows."
    assert figures.show_table(deals.head(0), none="No deal is open.").note == "No deal is open."
