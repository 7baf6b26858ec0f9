import asyncio
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import papermill
import pytest
from executing import code, text, write
from papermill.exceptions import PapermillExecutionError

from clientlib.runs.executing import saving
from clientlib.runs.executing.deadlines import DeadlinePassed, Deadlines, KernelDied
from clientlib.runs.executing.engine import ENGINE, EngineOptions
from clientlib.runs.executing.saving import SparingManager
from clientlib.runs.secrecy import Mask

ROOT = Path(__file__).parents[3]
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"  # times
    r"|(?<=\"duration\": )[\d.e-]+"
    r"|(?<=\"id\": \")[0-9a-f-]{8,}"  # of the cells that papermill adds
    r"|(?<=ipykernel_)\d+/\d+"
)
CELLS = (
    text("# Title"),
    code("as_of = '2025-06-30'", "parameters"),
    "print('one')",
    "import sys; print('two', file=sys.stderr); 2",
    "from IPython.display import HTML, display, clear_output\ndisplay(HTML('<b>x</b>'))",
    "shown = display('first', display_id='d')\nshown.update('second')",
    "print('gone'); clear_output(); print('stays')",
    "",
    code("'never'", "skip-execution"),
    "from ipywidgets import Layout; layout = Layout(width='1px')",
)
ANOTHER_MODEL = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def writes(monkeypatch) -> list[int]:
    """List the outputs that there were at each writing of the notebook."""
    written: list[int] = []
    monkeypatch.setattr(
        "papermill.iorw.LocalHandler.write",
        lambda _, text, path: written.append(text.count('"output_type"')),
    )
    return written


def execute(engine: str | None, *cells, **said) -> Path:
    output = Path(f"{engine}.ipynb")
    papermill.execute_notebook(
        write(Path("report.ipynb"), *cells),
        output,
        engine_name=engine,
        progress_bar=False,
        kernel_name="python3",
        **said,
    )
    return output


def comparable(path: Path) -> str:
    found = CHANGING.sub("", path.read_text()).replace(path.name, "executed.ipynb")
    return ANOTHER_MODEL.sub("", found)


def test_engine_leaves_the_bytes_that_papermill_alone_leaves():
    given = {"parameters": {"as_of": "2025-05-31"}}
    assert comparable(execute(ENGINE, *CELLS, **given)) == comparable(
        execute(None, *CELLS, **given)
    )


def test_engine_leaves_the_same_of_a_notebook_that_failed():
    for engine in (ENGINE, None):
        with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
            execute(engine, *CELLS, "1 / 0", "print('after')")
    assert comparable(Path(f"{ENGINE}.ipynb")) == comparable(Path("None.ipynb"))


def test_notebook_that_runs_through_is_written_once(writes):
    execute(ENGINE, "1", "2", "3")
    assert writes == [3]


def test_notebook_that_fails_is_written_at_once_and_at_its_end(writes):
    with pytest.raises(PapermillExecutionError):
        execute(ENGINE, "1", "1 / 0", "3")
    assert writes == [2, 2]


def test_notebook_whose_kernel_died_is_written_before_the_error_is_raised():
    with pytest.raises(KernelDied, match="exit code 3 in cell 2") as caught:
        execute(ENGINE, "print('kept')", "import os; os._exit(3)")
    assert (caught.value.cell_number, caught.value.exit_code) == (2, 3)
    kept = nbformat.read(f"{ENGINE}.ipynb", as_version=4)
    assert kept.cells[0].outputs[0].text == "kept\n"
    assert kept.cells[1].outputs[0].ename == "KernelDied"


def test_execution_timeout_of_papermill_is_the_deadline_of_a_cell():
    with pytest.raises(DeadlinePassed, match="cell 1 took longer than the 1 seconds"):
        execute(ENGINE, "import time; time.sleep(60)", execution_timeout=1)


def test_error_in_a_cell_that_may_raise_does_not_fail_papermill():
    path = execute(ENGINE, code("1 / 0", "raises-exception"), "print('after')")
    kept = nbformat.read(path, as_version=4)
    assert [out.output_type for cell in kept.cells for out in cell.outputs] == ["error", "stream"]


def test_engine_runs_where_a_loop_runs_already():
    async def within_jupyter() -> Path:
        return execute(ENGINE, "print(1)")

    assert asyncio.run(within_jupyter()).is_file()


def test_absolute_paths_are_not_kept(tmp_path):
    source = write(tmp_path / "report.ipynb", "1")
    elsewhere = tmp_path.parent / "elsewhere.ipynb"
    papermill.execute_notebook(source, elsewhere, engine_name=ENGINE, progress_bar=False)
    kept = nbformat.read(elsewhere, as_version=4).metadata.papermill
    elsewhere.unlink()
    assert (kept.input_path, kept.output_path) == ("report.ipynb", "elsewhere.ipynb")


def test_papermill_finds_the_engine_by_its_entry_point(tmp_path):
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    installed = tmp_path / "clientlib_engine-0.dist-info"
    installed.mkdir()
    points = "\n".join(f"{name} = {where}" for name, where in declared["papermill.engine"].items())
    (installed / "entry_points.txt").write_text(f"[papermill.engine]\n{points}\n")
    write(tmp_path / "report.ipynb", code("1 / 0", "raises-exception"))
    path = os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]])
    ran = subprocess.run(
        [sys.executable, "-m", "papermill", "--engine", ENGINE, "report.ipynb", "out.ipynb"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out.ipynb").is_file()


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """Give a clock that stands still, in seconds."""
    now = [100.0]
    monkeypatch.setattr(saving.time, "monotonic", lambda: now[0])
    return now


def a_manager(write, save_seconds=15.0) -> SparingManager:
    notebook = nbformat.v4.new_notebook(metadata={"papermill": {}})
    return SparingManager(
        notebook, write=write, mask=Mask(), save_seconds=save_seconds, progress_bar=False
    )


def test_notebook_is_saved_when_fifteen_seconds_have_passed(clock):
    saves = []
    manager = a_manager(lambda _: saves.append(clock[0]))
    for clock[0] in (114, 116, 130, 131, 140, 146):
        manager.save()
    assert saves == [116, 131, 146]


def test_slow_saving_doubles_the_time_to_the_next(clock):
    saves = []

    def slowly(_) -> None:
        saves.append(clock[0])
        clock[0] += 2

    manager = a_manager(slowly)
    for clock[0] in (115, 132, 146, 147, 178, 179):
        manager.save()
    assert saves == [115, 147, 179]  # 2 of 15 seconds are slow, 2 of 30 are not


def test_saving_that_fails_on_the_way_does_not_end_the_execution(clock):
    def fail(_) -> None:
        raise OSError("No space left on device")

    clock_before = clock[0]
    a_manager(fail).save_now()
    assert clock[0] == clock_before


def test_deadlines_and_a_mask_reach_the_engine_through_its_options():
    options = EngineOptions(deadlines=Deadlines(cell_seconds=1, grace_seconds=1))
    with pytest.raises(DeadlinePassed):
        execute(ENGINE, "import time; time.sleep(60)", options=options)
