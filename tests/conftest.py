"""What tests of several rooms share."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import fill, hasten, run

import clientlib
from clientlib.config import Settings, load_settings
from clientlib.sample import write_sample
from clientlib.starter import write_project

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of the real data sets, which lie beside the project where present."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets are not beside this project (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def same_code_in_child_processes() -> Iterator[None]:
    """Let processes that a test starts import the clientlib that is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(clientlib.__file__).parents[1]), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts_that_interrupt() -> None:
    """Let processes that a test starts be interrupted, also where the tests run in the background.

    A shell lets what it starts in the background ignore Ctrl-C, and that is inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def small_company(tmp_path_factory) -> Settings:
    """Give a project of the sample company with 80 clients, loaded and built."""
    root = tmp_path_factory.mktemp("small_company")
    write_project(root)
    hasten(root)
    settings = load_settings(root)
    write_sample(root / "data/raw/sample", seed=3, clients=80)
    fill(settings)
    return settings


@pytest.fixture(scope="session")
def small_runs(small_company) -> dict:
    """Give the runs of all reports on the small company, by report."""
    return run(small_company)
