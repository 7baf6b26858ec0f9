import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from clientlib.config import CONFIG_NAME, find_project, load_settings
from clientlib.errors import ConfigError

FILE = """
[sources.erp]
path = "data/raw/erp"
[[sources.erp.files]]
name = "orders"
file = "orders*.csv"
[[sources.erp.files.tables]]
table = "orders"
"""
REPORT = """
[reports.segments]
notebook = "notebooks/segments.ipynb"
title = "Segments"
question = "Who is who?"
"""


def settings(root: Path, text: str):
    (root / CONFIG_NAME).write_text(text, encoding="utf-8")
    return load_settings(root)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('wants = ["reports.segment"]', "reports.segments.wants: there is no report 'segment'"),
        ('wants = ["marts.order_facts"]', "reports.segments.wants"),
    ],
)
def test_what_a_report_wants_is_a_report(tmp_path, line, said):
    with pytest.raises(ConfigError, match=said):
        settings(tmp_path, REPORT + line)


def test_settings_have_defaults_under_the_projects_root(tmp_path):
    found = settings(tmp_path, "")
    assert found.company.currency == "EUR"
    assert found.warehouse_folder == tmp_path.resolve() / "data/warehouse"
    assert found.ledger_folder == tmp_path.resolve() / "data/ledger"
    assert found.output_folder == tmp_path.resolve() / "reports"


def test_settings_cannot_be_changed(tmp_path):
    with pytest.raises(ValidationError, match="frozen"):
        settings(tmp_path, "").company.name = "Another"


@pytest.mark.parametrize(
    ("text", "key", "offer"),
    [
        pytest.param("[warehous]", "warehous", "warehouse", id="section"),
        pytest.param("[warehouse]\nkeep_snapshot = 3", "warehouse.keep_snapshot",
                     "keep_snapshots", id="key"),
        pytest.param(FILE.replace("path", "pathh"), "sources.erp.pathh", "path", id="source"),
        pytest.param(FILE.replace("file =", "delimeter = ';'\nfile ="),
                     "sources.erp.files.0.delimeter", "delimiter", id="file"),
        pytest.param(FILE + "colums = {}", "sources.erp.files.0.tables.0.colums", "columns",
                     id="table"),
        pytest.param(REPORT + "need = []", "reports.segments.need", "needs", id="report"),
    ],
)  # fmt: skip
def test_unknown_key_offers_the_nearest(tmp_path, text, key, offer):
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"clientlib.toml: unknown key '{key}'\n")
    assert f"did you mean '{offer}'?" in str(caught.value)


def test_unknown_key_without_a_near_one_is_to_be_removed(tmp_path):
    with pytest.raises(ConfigError, match=r"unknown key 'zzz'\s+hint:    remove it"):
        settings(tmp_path, "zzz = 1")


def test_root_is_no_key_of_the_file(tmp_path):
    with pytest.raises(ConfigError, match="unknown key 'root'"):
        settings(tmp_path, "root = '/elsewhere'")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[warehouse]\nkeep_snapshots = 'many'",
                     "warehouse.keep_snapshots: input should be a valid integer", id="text"),
        pytest.param("[warehouse]\nkeep_snapshots = 0",
                     r"greater than or equal to 1[\s\S]*example: warehouse.keep_snapshots = 0",
                     id="too small"),
        pytest.param("[company]\ncurrency = 'euro'", "company.currency: ", id="no currency"),
        pytest.param("[warehouse]\nmemory_limit = 'lots'", "warehouse.memory_limit: ", id="memory"),
        pytest.param("company = 'We'", "clientlib.toml: company: ", id="no section"),
        pytest.param(FILE.replace('table = "orders"', ""), "tables.0.table: field required",
                     id="missing key"),
        pytest.param(FILE.partition("[[sources.erp.files.tables]]")[0], "tables: field required",
                     id="file without tables"),
    ],
)  # fmt: skip
def test_value_of_the_wrong_kind_is_named_with_its_key(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message) as caught:
        settings(tmp_path, text)
    assert "keys are wrong" not in str(caught.value)


def test_one_key_that_may_be_of_several_kinds_counts_as_one(tmp_path):
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, REPORT + "parameters = { top_n = [25] }")
    assert "reports.segments.parameters.top_n: input should be" in str(caught.value)
    assert "valid string or input should be a valid integer" in str(caught.value)
    assert "keys are wrong" not in str(caught.value)


def test_number_of_wrong_keys_is_told(tmp_path):
    with pytest.raises(ConfigError, match="rows:    2 keys are wrong"):
        settings(tmp_path, "[warehouse]\nkeep_snapshots = 0\nthreads = 0")


def test_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match=r"clientlib.toml does not exist[\s\S]*clientlib init"):
        load_settings(tmp_path)


def test_broken_toml_names_the_line(tmp_path):
    with pytest.raises(ConfigError, match=r"clientlib.toml is no TOML: .*line 2"):
        settings(tmp_path, "[company]\nname = We\n")


def test_file_in_another_encoding_is_no_toml(tmp_path):
    (tmp_path / CONFIG_NAME).write_bytes("[company]\nname = 'Šarūnas'".encode("windows-1257"))
    with pytest.raises(ConfigError, match="clientlib.toml is no TOML"):
        load_settings(tmp_path)


def test_project_is_the_nearest_folder_upwards(tmp_path):
    outer, inner = tmp_path / "group", tmp_path / "group" / "company"
    deep = inner / "notebooks" / "drafts"
    deep.mkdir(parents=True)
    (outer / CONFIG_NAME).touch()
    assert find_project(deep) == outer.resolve()
    (inner / CONFIG_NAME).touch()
    assert find_project(deep) == inner.resolve()


def test_folder_named_like_the_file_is_no_project(tmp_path):
    (tmp_path / CONFIG_NAME).mkdir()
    with pytest.raises(ConfigError, match="no clientlib.toml in .* or any folder above it"):
        find_project(tmp_path)


OUTSIDE = [
    pytest.param("ledger = '{}'", "ledger", id="ledger"),
    pytest.param("output = '{}'", "output", id="reports"),
    pytest.param("[warehouse]\npath = '{}'", "warehouse.path", id="warehouse"),
    pytest.param("[sources.erp]\npath = '{}'", "sources.erp.path", id="source"),
    pytest.param("[reports.a]\ntitle = 'A'\nquestion = 'Why?'\nnotebook = '{}'",
                 "reports.a.notebook", id="notebook"),
]  # fmt: skip


@pytest.mark.parametrize("path", ["../elsewhere", "{outside}", "link/within", "data/../../x"])
@pytest.mark.parametrize(("text", "key"), OUTSIDE)
def test_path_that_leads_outside_the_project_is_refused_unless_allowed(tmp_path, text, key, path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    written = text.format(path.format(outside=(tmp_path / "elsewhere").as_posix()))
    with pytest.raises(
        ConfigError, match=rf"{key} leads outside the project[\s\S]*outside_project"
    ):
        settings(root, written)
    allowed = f"{written}\noutside_project = true"
    assert settings(root, allowed).root == root.resolve()


def test_path_may_wander_within_the_project(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    found = settings(tmp_path, "ledger = 'data/../link/ledger'\noutput = 'reports/'")
    assert found.output_folder == tmp_path.resolve() / "reports"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_project_that_is_reached_by_a_link_is_not_outside_of_itself(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert settings(tmp_path / "link", "output = 'reports'").root == (tmp_path / "real").resolve()


def test_kinds_of_readers_need_no_configuration(tmp_path):
    found = settings(tmp_path, "").readers
    assert {kind: rule.column for kind, rule in found.items()} == {
        "manager": "manager_id",
        "region": "region",
        "client": "client_id",
        "segment": "segment",
    }
    assert found["segment"].issued == "client_segments"


def test_kind_of_readers_keeps_what_is_not_written_of_it_and_others_may_be_added(tmp_path):
    text = """
    [readers.manager]
    withheld = ["staging.surveys"]
    [readers.trade]
    column = "industry"
    """
    found = settings(tmp_path, text).readers
    assert (found["manager"].column, found["manager"].withheld) == (
        "manager_id",
        {"staging.surveys"},
    )
    assert (found["trade"].column, found["region"].column) == ("industry", "region")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[readers.trade]", "readers.trade.column: field required", id="no column"),
        pytest.param("[readers.all]", "'all' is the edition of everything", id="all"),
        pytest.param("[readers]\nmanager = 3", "readers.manager", id="no table"),
        pytest.param(
            "[readers.manager]\nwitheld = []", "did you mean 'withheld'", id="misspelt key"
        ),
    ],
)
def test_rule_of_readers_that_cannot_be_read_is_an_error(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message):
        settings(tmp_path, text)
