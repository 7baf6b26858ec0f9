"""A company whose history was corrected, on DuckDB and on Spark."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from projects import correct_exports

from clientlib.config import Settings, SourceSettings, SparkSettings
from clientlib.sample import write_sample
from clientlib.spark import open_spark
from clientlib.warehouse import build_snapshot, find_duplicates, load_sources, pairs_file
from clientlib.warehouse.merging import CONTACTS
from clientlib.warehouse.review import COLUMNS, content, write_pairs

LOADED, CORRECTED = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC)
SMALL = {"spark.sql.shuffle.partitions": "4", "spark.driver.memory": "1g"}


@pytest.fixture(scope="session")
def spark_settings() -> SparkSettings:
    """Give settings of a Spark on two cores of this machine, where it can be had."""
    pytest.importorskip("pyspark", reason="Spark is not installed (make test-spark installs it)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not on this machine")
    return SparkSettings(master="local[2]", settings=SMALL)


@pytest.fixture(scope="session")
def session(spark_settings) -> Iterator:
    with open_spark(spark_settings) as session:
        yield session


@pytest.fixture(scope="session")
def company(tmp_path_factory, spark_settings) -> Settings:
    """Give a company with corrections, quarantine, merged clients and groups, loaded and built."""
    root = tmp_path_factory.mktemp("on_spark")
    write_sample(root / "data/raw/sample", seed=11, clients=60)
    source = SourceSettings(path=Path("data/raw/sample"), preset="sample_company")
    settings = Settings(root=root, sources={"sample": source}, spark=spark_settings)
    load_sources(settings, now=LOADED)
    assert correct_exports(root / "data/raw/sample") > 20
    load_sources(settings, now=CORRECTED)
    assert find_duplicates(settings, now=CORRECTED)[0].sure_count > 0
    _decide_on_contacts(settings)
    build_snapshot(settings, now=CORRECTED)
    return settings


def _decide_on_contacts(settings: Settings) -> None:
    """Say of two contacts that they are one person, as somebody does in the file of pairs."""
    pair = dict.fromkeys(COLUMNS, "") | {"left_id": "CT-00001", "right_id": "CT-00002"}
    found = {"probability": 0.7, "proposed": "doubtful", "left_history": 1, "right_history": 1}
    decided = {"decision": "same", "decided_by": "Rūta", "decided_on": "2026-02-10"}
    path = pairs_file(settings, CONTACTS)
    write_pairs(path, pd.DataFrame([pair | found | decided]), before=content(path))
