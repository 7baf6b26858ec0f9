from pathlib import Path

import nbformat
import pytest
from executing import code, text
from nbformat.v4 import new_notebook

import clientlib.starter
from clientlib.config import ParameterLimits, load_settings
from clientlib.errors import ConfigError
from clientlib.runs.planning.parameter_values import check_parameters
from clientlib.runs.planning.parameters import read_parameters
from clientlib.starter import write_project

SOURCE = """
as_of = "2025-06-30"             # day of the analysis
warehouse_path = "data/warehouse"
horizon_days = 90                # days ahead, "due" # or later
usual_share = 0.8
price_factor: float = 1          # of the list price
segments = ["A", "B"]
weights = {"A": 1.5}
volume_table = "orders"
is_strict = False
region: str | None = None
min_invoices = 5
seed = 7
top_n = 25                       # rows in the long tables
"""
LIMITS = {
    "horizon_days": ParameterLimits(min=1, max=366),
    "volume_table": ParameterLimits(choices=["orders", "invoices"], help="table that is drawn"),
    "segments": ParameterLimits(choices=["A", "B", "C"]),
}


def schema_of(source: str, limits=None):
    cells = [text("# Title"), code(source, "parameters")]
    return read_parameters(new_notebook(cells=cells), "reliability", limits)


def check(**given):
    return check_parameters(schema_of(SOURCE, LIMITS), given)


@pytest.mark.parametrize(
    ("name", "kind", "unit", "least", "most"),
    [
        pytest.param("as_of", "str", "date", None, None, id="day"),
        pytest.param("horizon_days", "int", "days", 0, None, id="days"),
        pytest.param("usual_share", "float", "share", 0, 1, id="share lies between 0 and 1"),
        pytest.param("price_factor", "float", "", None, None, id="annotation before the literal"),
        pytest.param("segments", "list", "", None, None, id="list"),
        pytest.param("weights", "dict", "", None, None, id="dict"),
        pytest.param("is_strict", "bool", "", None, None, id="bool"),
        pytest.param("region", "str", "", None, None, id="text or None"),
        pytest.param("min_invoices", "int", "", 0, None, id="minimum is not negative"),
        pytest.param("seed", "int", "", 0, None, id="seed is not negative"),
        pytest.param("top_n", "int", "", 1, None, id="at least one row"),
    ],
)
def test_type_comes_from_the_literal_and_range_from_the_name(name, kind, unit, least, most):
    found = schema_of(SOURCE).parameters[name]
    assert (found.kind, found.unit, found.least, found.most) == (kind, unit, least, most)


def test_help_is_the_comment_beside_the_value():
    found = schema_of(SOURCE).parameters
    assert found["top_n"].help == "rows in the long tables"
    assert found["horizon_days"].help == 'days ahead, "due" # or later'
    assert found["usual_share"].help == ""


def test_configuration_goes_before_the_name_and_the_comment():
    found = schema_of(SOURCE, LIMITS).parameters
    assert (found["horizon_days"].least, found["horizon_days"].most) == (1, 366)
    assert found["horizon_days"].unit == "days"
    assert found["volume_table"].choices == ("orders", "invoices")
    assert found["volume_table"].help == "table that is drawn"


def test_limits_of_a_parameter_that_there_is_not_offer_the_nearest():
    with pytest.raises(ConfigError, match="limits for 'top_m'") as caught:
        schema_of(SOURCE, {"top_m": ParameterLimits(max=5)})
    assert "did you mean 'top_n'?" in str(caught.value)


def test_limits_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="min 5 is above max 1"):
        ParameterLimits(min=5, max=1)


def test_parameters_are_read_and_not_executed(tmp_path):
    touch = f"top_n = open({str(tmp_path / 'made')!r}, 'w')"
    with pytest.raises(ConfigError):
        schema_of(touch)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("top_n = 5\nseed = 2 * top_n", "line 2 gives no plain value", id="formula"),
        pytest.param("import os", "line 1 gives no plain value", id="import"),
        pytest.param("a = b = 1", "line 1 gives no plain value", id="two names"),
        pytest.param("top_n: int", "line 1 gives no plain value", id="no value"),
        pytest.param("top_n = ", "line 1 is no Python", id="not even Python"),
    ],
)
def test_cell_that_holds_more_than_plain_values_is_told_with_its_line(source, message):
    with pytest.raises(ConfigError, match=f"reliability, cell 2: {message}") as caught:
        schema_of(source)
    assert source.split("\n")[-1].strip() in str(caught.value)


def test_notebook_without_a_cell_of_parameters_is_told():
    with pytest.raises(ConfigError, match="reliability has no cell tagged 'parameters'"):
        read_parameters(new_notebook(cells=[code("top_n = 5")]), "reliability")


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        pytest.param("horizon_days", 60, 60, id="number"),
        pytest.param("horizon_days", "60", 60, id="number from a command line"),
        pytest.param("usual_share", 1, 1.0, id="whole number for a share"),
        pytest.param("usual_share", "0.5", 0.5, id="share from a command line"),
        pytest.param("is_strict", "True", True, id="truth"),
        pytest.param("segments", "A,C", ["A", "C"], id="list with commas"),
        pytest.param("segments", '["A"]', ["A"], id="list as JSON"),
        pytest.param("weights", '{"B": 2}', {"B": 2}, id="JSON object"),
        pytest.param("region", None, None, id="no value where None is allowed"),
        pytest.param("region", "60", "60", id="text stays text"),
        pytest.param("volume_table", "invoices", "invoices", id="choice"),
    ],
)
def test_given_values_get_the_type_that_the_notebook_expects(name, given, expected):
    checked = check(**{name: given})
    assert checked == {name: expected}
    assert type(checked[name]) is type(expected)


def test_reference_to_a_secret_is_passed_on_as_it_is():
    assert check(region="env:CRM_TOKEN") == {"region": "env:CRM_TOKEN"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"topn": 5}, "no parameter 'topn'\n  hint:    did you mean 'top_n'", id="name"),
        pytest.param({"horizon_days": "soon"}, "horizon_days = 'soon' is not a whole number", id="word"),
        pytest.param({"horizon_days": 1.5}, "horizon_days = 1.5 is not a whole number", id="half a day"),
        pytest.param({"horizon_days": True}, "horizon_days = True is not a whole number", id="truth is no number"),
        pytest.param({"usual_share": "nan"}, "usual_share = 'nan' is not a number", id="not a number"),
        pytest.param({"is_strict": 1}, "is_strict = 1 is not true or false", id="number is no truth"),
        pytest.param({"segments": 3}, "segments = 3 is not a list", id="no list"),
        pytest.param({"weights": "a"}, "weights = 'a' is not a JSON object", id="no JSON"),
        pytest.param({"top_n": None}, "top_n = None is not a whole number", id="no value"),
        pytest.param({"horizon_days": 400}, "horizon_days = 400 is out of range\n  hint:    1 to 366 days", id="too far"),
        pytest.param({"top_n": 0}, "top_n = 0 is out of range\n  hint:    at least 1", id="too few"),
        pytest.param({"usual_share": 80}, "usual_share = 80.0 is out of range\n  hint:    0 to 1 share", id="per cent"),
        pytest.param({"volume_table": "order"}, "'order' is none of its choices\n  hint:    did you mean 'orders'", id="choice"),
        pytest.param({"segments": "A,D"}, "'D' is none of its choices\n  hint:    known: A, B, C", id="one of a list"),
        pytest.param({"as_of": "2025-06-30"}, "as_of is supplied by the suite\n  hint:    give it as --as-of", id="day"),
        pytest.param({"edition": "all"}, "edition is supplied by the suite", id="edition"),
    ],
)  # fmt: skip
def test_value_that_cannot_be_taken_is_told_with_what_could(given, message):
    with pytest.raises(ConfigError) as caught:
        check(**given)
    assert str(caught.value).startswith("reliability: ")
    assert message in str(caught.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        check(topn=5, horizon_days=400, usual_share="much", seed=1)
    lines = str(caught.value).splitlines()
    assert lines[0] == "reliability: 3 parameters cannot be taken"
    assert [line.strip().removeprefix("rows:").split()[0] for line in lines[1:]] == [
        "there", "horizon_days", "usual_share",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    root = tmp_path_factory.mktemp("starter")
    write_project(root)
    return load_settings(root)


def shipped(settings):
    for name, report in settings.reports.items():
        notebook = nbformat.read(settings.root / report.notebook, as_version=4)
        yield report, read_parameters(notebook, name, report.limits)


def test_every_parameter_of_a_shipped_notebook_has_help(starter):
    schemas = [schema for _, schema in shipped(starter)]
    assert [schema.report for schema in schemas] == list(starter.reports)
    silent = [
        (schema.report, parameter.name)
        for schema in schemas
        for parameter in schema.parameters.values()
        if not parameter.help
    ]
    assert silent == []


def test_parameters_of_the_starter_pass_their_schema(starter):
    for report, schema in shipped(starter):
        assert check_parameters(schema, report.parameters) == report.parameters


def test_defaults_of_the_shipped_notebooks_pass_their_schema(starter):
    for _, schema in shipped(starter):
        defaults = {name: schema.parameters[name].default for name in schema.open_names}
        assert check_parameters(schema, defaults) == defaults


def test_limits_of_this_project_are_those_of_the_starter(starter):
    here = load_settings(Path(clientlib.starter.__file__).parents[2])
    limits = {name: report.limits for name, report in starter.reports.items()}
    assert {name: report.limits for name, report in here.reports.items()} == limits
