import tempfile
from pathlib import Path

import pytest
from warm_kernels import folders_of_their_own

from clientlib.kernels import start_template


@pytest.fixture(scope="session")
def folders():
    """Give variables for a kernelspec, runtime folder and cache of the tests' own."""
    with (
        tempfile.TemporaryDirectory(prefix="wk-") as place,
        folders_of_their_own(Path(place)) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, text in variables.items():
            patch.setenv(name, text)
        yield variables


@pytest.fixture(scope="session")
def template(folders):
    """Give a template process that a batch would have started."""
    with start_template() as started:
        assert started.why_cold is None
        yield started


@pytest.fixture
def report(tmp_path):
    return tmp_path / "report.json"


@pytest.fixture
def warm(template, report):
    """Give the variables of a kernel that is forked from the batch's template process."""
    return {**template.environment, "CLIENTLIB_KERNEL_REPORT": str(report)}


@pytest.fixture
def cold(folders, report):
    """Give the variables of a kernel that starts cold."""
    return {"CLIENTLIB_COLD": "1", "CLIENTLIB_KERNEL_REPORT": str(report)}


@pytest.fixture(params=["warm", "cold"])
def either(request):
    """Give the variables of a warm, then of a cold kernel."""
    return request.getfixturevalue(request.param)
