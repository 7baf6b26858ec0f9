"""What tests of several rooms share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import clientlib

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
