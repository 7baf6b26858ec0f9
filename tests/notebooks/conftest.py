"""The sample company, small, with its reports run once."""

import pytest
from projects import fill, run

from clientlib.config import Settings, load_settings
from clientlib.sample import write_sample
from clientlib.starter import write_project


@pytest.fixture(scope="session")
def small_company(tmp_path_factory) -> Settings:
    """Give a project of the sample company with 80 clients, loaded and built."""
    root = tmp_path_factory.mktemp("small_company")
    write_project(root)
    settings = load_settings(root)
    write_sample(root / "data/raw/sample", seed=3, clients=80)
    fill(settings)
    return settings


@pytest.fixture(scope="session")
def small_runs(small_company) -> dict:
    """Give the runs of all reports on the small company, by report."""
    return run(small_company)
