"""Cells give the same outputs on a warm kernel as on an ordinary one."""

import json
import os
import re
import tempfile
from pathlib import Path

import nbformat
import pytest
from edge_cells import CELLS, TAGGED
from nbclient import NotebookClient
from traitlets.config import Config
from warm_kernels import PATIENCE, folders_of_their_own, wait_until

from clientlib.kernels import KERNEL, start_template

ORDINARY = "python3"
VARYING = [  # what differs between two ordinary kernels
    (re.compile(r"ipykernel_\d+"), "ipykernel_N"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0xADDRESS"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "IDENTITY"),
    (re.compile(r"\b\d{15}\b"), "THREAD"),
    (re.compile(r"(?<=started )\d+"), "N"),
]


@pytest.fixture(scope="module")
def folder():
    """Give the folder that notebooks run in, with a kernelspec and a cache of the tests' own."""
    with (
        tempfile.TemporaryDirectory(prefix="wk-") as place,
        folders_of_their_own(Path(place)) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, text in variables.items():
            patch.setenv(name, text)
        patch.setenv("TZ", "Europe/Vilnius")
        beside = Path(place) / "notebooks"
        beside.mkdir()
        (beside / "beside.py").write_text("answer = 42\n", encoding="utf-8")
        yield beside


@pytest.fixture(scope="module")
def template(folder):
    with start_template() as started:
        assert started.why_cold is None
        yield started


def execute(kernel_name: str, folder: Path, template) -> nbformat.NotebookNode:
    """Run all cells in one kernel, and see how it ended."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    environment = {**template.environment, "CLIENTLIB_KERNEL_REPORT": str(report)}
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS.values()]
    notebook.cells[list(CELLS).index(TAGGED)].metadata.tags = ["raises-exception"]
    client = NotebookClient(
        notebook, kernel_name=kernel_name, allow_errors=True, timeout=120,
        resources={"metadata": {"path": str(folder)}},
        config=Config({"KernelManager": {"shutdown_wait_time": PATIENCE}}),
    )  # fmt: skip
    client.execute(env=os.environ | environment)
    if kernel_name == KERNEL:
        end = json.loads(report.read_text("utf-8"))
        assert (end["kernel"], end["exit_code"], end["signal"]) == ("warm", 0, None)
    return notebook


def settle(outputs: list) -> str:
    """Write outputs down without what differs between two ordinary kernels."""
    joined = []
    for output in outputs:
        if joined and output.output_type == "stream" and joined[-1].get("name") == output.name:
            joined[-1]["text"] += output.text
        else:
            joined.append(json.loads(json.dumps(output)))
    text = json.dumps(joined, sort_keys=True)
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return text


def differing(one, other) -> dict[str, tuple[str, str]]:
    """Give the cells whose outputs differ, by name."""
    found = {}
    for name, mine, theirs in zip(CELLS, one.cells, other.cells, strict=True):
        if settle(mine.outputs) != settle(theirs.outputs):
            found[name] = (settle(mine.outputs)[:2000], settle(theirs.outputs)[:2000])
    return found


def widgets(notebook) -> list[str]:
    """List the kinds of widgets whose state was saved."""
    (saved,) = notebook.metadata.widgets.values()
    return sorted(entry["model_name"] for entry in saved["state"].values())


@pytest.fixture(scope="module")
def ordinary(folder, template):
    return execute(ORDINARY, folder, template)


@pytest.fixture(scope="module")
def warm(folder, template):
    """Run the cells on a kernel that has only the base list of modules."""
    return execute(KERNEL, folder, template)


@pytest.fixture(scope="module")
def learned(folder, template, warm):
    """Run the cells on a kernel that has what the first one imported."""
    cache = Path(os.environ["XDG_CACHE_HOME"]) / "clientlib"
    wait_until(lambda: any("plotly.express" in f.read_text() for f in cache.glob("*.json")), 120)
    return execute(KERNEL, folder, template)


def test_no_cell_differs_between_two_ordinary_kernels(folder, template, ordinary):
    assert differing(ordinary, execute(ORDINARY, folder, template)) == {}


def test_no_cell_differs_on_a_warm_kernel(ordinary, warm):
    assert differing(ordinary, warm) == {}
    assert widgets(warm) == widgets(ordinary)


def test_no_cell_differs_on_a_kernel_whose_modules_were_learned(ordinary, learned):
    assert differing(ordinary, learned) == {}
    assert widgets(learned) == widgets(ordinary)


def test_exit_hooks_run_at_the_end_of_a_kernel(folder, template):
    (folder / "left.txt").unlink(missing_ok=True)
    execute(KERNEL, folder, template)
    assert (folder / "left.txt").read_text("utf-8") == "by the hook"


def test_planted_difference_is_found(folder, template, ordinary):
    changed = nbformat.from_dict(json.loads(json.dumps(ordinary)))
    changed.cells[list(CELLS).index("unicode")].outputs[0].text += "."
    assert list(differing(ordinary, changed)) == ["unicode"]


def test_cells_show_what_they_are_meant_to(ordinary):
    """Without outputs of many kinds the comparison would say little."""
    kinds = {key for cell in ordinary.cells for output in cell.outputs
             for key in output.get("data", {output.get("ename") or output.get("name"): 0})}  # fmt: skip
    assert kinds >= {
        "stdout", "stderr", "text/html", "image/png", "image/svg+xml", "application/json",
        "text/latex", "application/vnd.plotly.v1+json", "ZeroDivisionError", "SyntaxError",
        "application/vnd.jupyter.widget-view+json", "StdinNotImplementedError", "SystemExit",
    }  # fmt: skip
    assert len(CELLS) >= 36
