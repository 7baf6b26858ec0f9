import tomllib
import zipfile
from pathlib import Path

import pytest

from clientlib import starter
from clientlib.config import load_settings
from clientlib.errors import ConfigError, InputError
from clientlib.sources import list_presets, read_preset, source_files
from clientlib.starter import copy_notebooks, starter_config, write_project

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "project"


def test_project_has_its_configuration_and_places_for_everything(folder):
    config = write_project(folder)
    assert config == folder / "clientlib.toml"
    made = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert {"clientlib.toml", "data/raw/sample", "notebooks", "reports"} <= set(made)


def test_own_configuration_is_that_of_a_starter_project():
    assert (ROOT / "clientlib.toml").read_text(encoding="utf-8") == starter_config("sample_company")


@pytest.mark.parametrize("preset", list_presets())
def test_configuration_of_every_preset_is_valid_and_finds_its_files(folder, preset):
    write_project(folder, preset)
    settings = load_settings(folder)
    (source,) = settings.sources.values()
    if read_preset(preset).api:
        assert (source.path, source.crm.token_env) == (None, f"{preset.upper()}_TOKEN")
    else:
        assert (settings.root / source.path).is_dir()
    assert source_files(source) == list(read_preset(preset).files)
    assert settings.company.currency == read_preset(preset).currency


def test_configuration_leaves_no_placeholder():
    text = starter_config("online_retail")
    assert tomllib.loads(text)["company"] == {"name": "Our company", "currency": "GBP"}
    assert "{company}" not in text
    assert "{source}" not in text


def test_reports_name_notebooks_and_marts_that_a_project_has(folder):
    from clientlib.warehouse.contracts import read_contracts

    write_project(folder)
    reports = load_settings(folder).reports
    assert sorted(reports) == [
        "account_manager_month", "client_brief", "client_decision", "competitors",
        "management_review", "prospect_check", "quality", "reliability", "risk_models",
        "segmentation",
    ]  # fmt: skip
    tables = {name for report in reports.values() for name in report.needed_tables}
    assert tables <= set(read_contracts())
    before = [(*report.needed_reports, *report.wanted_reports) for report in reports.values()]
    assert {name for names in before for name in names} <= set(reports)


def test_project_is_never_written_over(folder):
    write_project(folder)
    (folder / "clientlib.toml").write_text("# mine")
    with pytest.raises(ConfigError, match="project is a project already"):
        write_project(folder, "online_retail")
    assert (folder / "clientlib.toml").read_text() == "# mine"


def test_place_that_is_a_file_is_no_place_for_a_project(folder):
    folder.write_text("notes")
    with pytest.raises(ConfigError, match="project is a file, no folder"):
        write_project(folder)


def test_unknown_preset_offers_the_nearest_and_writes_nothing(folder):
    with pytest.raises(ConfigError, match="did you mean 'maven_crm'"):
        write_project(folder, "maven_cmr")
    assert not folder.exists()


def test_export_file_is_copied_to_where_the_project_looks(folder, tmp_path):
    export = tmp_path / "online_retail_II.csv"
    export.write_text("Invoice,StockCode\n")
    write_project(folder, "online_retail", export)
    copy = folder / "data/raw/online_retail/online_retail_II.csv"
    assert copy.read_text() == "Invoice,StockCode\n"
    assert export.exists()


def test_one_file_is_taken_whatever_it_is_called_where_the_preset_reads_one_family(
    folder, tmp_path
):
    export = tmp_path / "my orders.csv"
    export.write_text("Invoice,StockCode\n")
    write_project(folder, "online_retail", export)
    (source,) = load_settings(folder).sources.values()
    assert (folder / source.path).read_text() == "Invoice,StockCode\n"


def test_export_is_copied_with_its_packed_files(folder, tmp_path):
    export = tmp_path / "shop"
    export.mkdir()
    for name in ("online_retail_1.csv.gz", "notes.txt"):
        (export / name).touch()
    with zipfile.ZipFile(export / "july.zip", "w") as archive:
        archive.writestr("online_retail_2.csv", "Invoice,StockCode\n")
    write_project(folder, "online_retail", export)
    copied = sorted(path.name for path in (folder / "data/raw/online_retail").iterdir())
    assert copied == ["july.zip", "online_retail_1.csv.gz"]


def test_of_an_export_folder_only_files_of_the_preset_are_copied(folder, tmp_path):
    export = tmp_path / "crm"
    export.mkdir()
    for name in ("accounts.csv", "sales_pipeline.csv", "notes.txt"):
        (export / name).touch()
    write_project(folder, "maven_crm", export)
    copied = sorted(path.name for path in (folder / "data/raw/maven_crm").iterdir())
    assert copied == ["accounts.csv", "sales_pipeline.csv"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("nowhere", "there is no file or folder", id="nothing there"),
        pytest.param("empty", "nothing in empty fits preset maven_crm", id="folder without any"),
        pytest.param("notes.txt", "notes.txt fits no file of preset maven_crm", id="other file"),
    ],
)
def test_export_that_does_not_fit_the_preset_writes_nothing(folder, tmp_path, name, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match=message):
        write_project(folder, "maven_crm", tmp_path / name)
    assert not folder.exists()


def test_notebook_that_is_there_already_stays_as_it_is(tmp_path, monkeypatch):
    package, project = tmp_path / "package", tmp_path / "project"
    for path in (package, project):
        path.mkdir()
        (path / "one.ipynb").write_text(path.name)
    (package / "two.ipynb").write_text("package")
    monkeypatch.setattr(starter, "_notebooks", lambda: package)
    copy_notebooks(project)
    texts = {path.name: path.read_text() for path in project.iterdir()}
    assert texts == {"one.ipynb": "project", "two.ipynb": "package"}


def test_preset_of_a_crm_takes_no_files(folder, tmp_path):
    (tmp_path / "deals.csv").touch()
    with pytest.raises(InputError, match=r"preset hubspot reads no files[\s\S]*HUBSPOT_TOKEN"):
        write_project(folder, "hubspot", tmp_path / "deals.csv")
    assert not folder.exists()


@pytest.mark.parametrize(
    ("member", "is_taken"),
    [
        pytest.param("accounts.csv", True, id="a file of the preset within"),
        pytest.param("weather.csv", False, id="nothing of the preset within"),
    ],
)
def test_archive_is_taken_where_something_of_the_preset_is_in_it(
    folder, tmp_path, member, is_taken
):
    with zipfile.ZipFile(tmp_path / "crm.zip", "w") as archive:
        archive.writestr(member, "account\n")
    if is_taken:
        write_project(folder, "maven_crm", tmp_path / "crm.zip")
        assert (folder / "data/raw/maven_crm/crm.zip").is_file()
    else:
        with pytest.raises(InputError, match="nothing in crm.zip fits preset maven_crm"):
            write_project(folder, "maven_crm", tmp_path / "crm.zip")
