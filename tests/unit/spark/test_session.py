"""What is missing on a machine without Spark is said before anything is built."""

import shutil
import sys

import pytest

from clientlib.config import SparkSettings, load_settings
from clientlib.errors import ConfigError
from clientlib.spark import open_spark
from clientlib.starter import write_project


def test_spark_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with (
        pytest.raises(ConfigError, match="Spark is not installed") as caught,
        open_spark(SparkSettings()),
    ):
        pass
    assert "clientlib[spark]" in str(caught.value)


def test_java_that_is_missing_is_named(monkeypatch):
    pytest.importorskip("pyspark", reason="Spark is not installed (make test-spark installs it)")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(ConfigError, match="Spark needs Java"), open_spark(SparkSettings()):
        pass


def test_tables_are_exchanged_in_the_warehouse_or_where_it_is_stated(tmp_path):
    write_project(tmp_path)
    config = tmp_path / "clientlib.toml"
    assert load_settings(tmp_path).exchange_folder == tmp_path / "data/warehouse/exchange"
    config.write_text(config.read_text() + '\n[spark]\nfolder = "shared"\n')
    assert load_settings(tmp_path).exchange_folder == tmp_path / "shared/exchange"


def test_folder_outside_the_project_is_refused_unless_allowed(tmp_path):
    project = tmp_path / "project"
    write_project(project)
    config = project / "clientlib.toml"
    text = config.read_text() + '\n[spark]\nfolder = "../elsewhere"\n'
    config.write_text(text)
    with pytest.raises(ConfigError, match="spark.folder leads outside the project"):
        load_settings(project)
    config.write_text(text + "outside_project = true\n")
    assert load_settings(project).exchange_folder.name == "exchange"
