"""What tests of several rooms share."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of the real data sets, which lie beside the project where present."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets are not beside this project (../shared/data)")
    return SHARED_DATA
