"""An interval is read in the cell of its figure, and its ends are kept as columns."""

import json

import pandas as pd
import pytest

from clientlib import figures
from clientlib.errors import InputError
from clientlib.language import speaking

CLIENTS = pd.DataFrame(
    {
        "name": ["Baltic Timber", "Nordvik", "Öresund"],
        "late_share": [0.342, 0.1, None],
        "late_low": [0.3, None, 0.2],
        "late_high": [0.391, 0.2, 0.3],
        "change_amount": [120.0, -5.0, 0.0],
        "change_low": [80.0, -12.0, -3.0],
        "change_high": [160.0, -1.0, 3.0],
    }
)
LATE = figures.percent("Late", low="late_low", high="late_high")
CHANGE = figures.money("Change", "EUR", 0, low="change_low", high="change_high")


@pytest.fixture
def table():
    columns = {"name": "Client", "late_share": LATE, "change_amount": CHANGE}
    return figures.show_table(CLIENTS, columns=columns)


def test_the_interval_stands_in_the_cell_of_its_figure(table):
    assert table.show_rows()[0] == ["Baltic Timber", "34% (30–39%)", "120 (80–160)"]


def test_a_dash_never_stands_before_a_minus(table):
    assert [row[2] for row in table.show_rows()[1:]] == ["−5 (−12 to −1)", "0 (−3 to 3)"]


def test_an_interval_without_an_end_or_a_figure_is_not_written(table):
    assert [row[1] for row in table.show_rows()[1:]] == ["10%", "–"]


def test_ends_are_columns_of_the_data_and_not_of_the_reader(table):
    assert [name for name, _ in table.shown_columns] == ["name", "late_share", "change_amount"]
    assert [column.label for _, column in table.columns] == [
        "Client", "Late", "Late: from", "Late: to", "Change", "Change: from", "Change: to",
    ]  # fmt: skip
    assert table.rows[0] == ("Baltic Timber", 0.342, 0.3, 0.391, 120.0, 80.0, 160.0)


def test_an_end_that_is_chosen_by_itself_stays_a_column_of_its_own():
    columns = {"late_share": LATE, "late_low": figures.percent("At least")}
    table = figures.show_table(CLIENTS, columns=columns)
    assert [column.label for _, column in table.shown_columns] == ["Late", "At least"]
    assert table.show_rows()[0] == ["34% (30–39%)", "30%"]


def test_columns_cut_off_take_their_ends_with_them(table):
    cut = table.keep_columns(2)
    assert [name for name, _ in cut.columns] == ["name", "late_share", "late_low", "late_high"]
    assert cut.show_rows()[0] == ["Baltic Timber", "34% (30–39%)"]


def test_an_end_beyond_the_cut_is_still_read_in_its_cell():
    columns = {"late_share": LATE, "name": "Client", "late_high": figures.percent("At most")}
    cut = figures.show_table(CLIENTS, columns=columns).keep_columns(1)
    assert cut.show_rows()[0] == ["34% (30–39%)"]


def test_spread_ends_stand_beside_their_figure_alone(table):
    spread = table.spread_ends()
    assert [name for name, _ in spread.shown_columns] == [name for name, _ in table.columns]
    assert spread.show_rows()[0][1:4] == ["34%", "30%", "39%"]


def test_a_table_with_intervals_is_read_back_as_it_was(table):
    bundle = json.loads(json.dumps(table._repr_mimebundle_()[figures.TABLE_MIME]))
    assert figures.table_from_json(bundle) == table


def test_an_output_of_an_earlier_version_has_no_intervals():
    bundle = figures.show_table(CLIENTS[["name"]]).as_json()
    for column in bundle["columns"]:
        del column["low"], column["high"], column["is_end"]
    assert figures.table_from_json(bundle).show_rows()[0] == ["Baltic Timber"]


def test_an_output_whose_interval_lacks_its_columns_is_refused(table):
    bundle = table.as_json()
    bundle["columns"][1]["low"] = "elsewhere"
    with pytest.raises(InputError, match="not a table"):
        figures.table_from_json(bundle)


def test_jupyterlab_and_terminal_show_what_a_reader_sees(table):
    bundle = table._repr_mimebundle_()
    for mime in ("text/html", "text/plain"):
        assert "34% (30–39%)" in bundle[mime]
        assert "Late: from" not in bundle[mime]


def test_lithuanian_writes_the_interval_as_its_readers_do():
    with speaking("lt"):
        table = figures.show_table(CLIENTS, columns={"late_share": LATE})
        assert table.show_rows()[0] == ["34\u00a0% (30–39\u00a0%)"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (figures.percent("Late", low="late_lo", high="late_high"), "did you mean 'late_low'"),
        (figures.percent("Late", low="name", high="late_high"), "wants numbers in the column"),
        (figures.percent("Late", low="late_high", high="late_low"), "may be swapped"),
    ],
)
def test_ends_that_cannot_be_are_refused(column, message):
    with pytest.raises(InputError, match=message):
        figures.show_table(CLIENTS, columns={"late_share": column})


def test_an_interval_with_one_end_is_refused():
    with pytest.raises(InputError, match="has one end"):
        figures.percent("Late", low="late_low")
