"""How kernels start, are interrupted, and end; and what ends with what."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from warm_kernels import (
    SPEC,
    is_running,
    kernel,
    read_report,
    run_cell,
    wait_until,
)

from clientlib.kernels import Template, start_template

GONE_SECONDS = 2


def test_kernel_reports_that_it_was_warm_and_what_it_used(warm, report):
    assert run_cell(warm, "6 * 7") == "42"
    end = read_report(report)
    assert (end["kernel"], end["why_cold"], end["exit_code"], end["signal"]) == (
        "warm", None, 0, None)  # fmt: skip
    assert end["peak_memory_bytes"] > 20_000_000
    assert 0 < end["cpu_seconds"] < 30
    assert end["confined"] is None


def test_cold_kernel_reports_why_it_was_cold_and_what_it_used(cold, report):
    assert run_cell(cold, "6 * 7") == "42"
    end = read_report(report)
    assert (end["kernel"], end["why_cold"], end["exit_code"]) == (
        "cold", "CLIENTLIB_COLD is set", 0)  # fmt: skip
    assert end["peak_memory_bytes"] > 20_000_000
    assert end["cpu_seconds"] > 0


def test_kernel_without_a_report_starts_cold_as_well(folders):
    assert run_cell({"CLIENTLIB_COLD": "1"}, "6 * 7") == "42"


def test_kernel_speaks_over_files_instead_of_ports(warm):
    assert run_cell(warm, "6 * 7", transport="ipc") == "42"


def test_libraries_are_there_before_they_are_imported(warm):
    found = run_cell(
        warm, "import sys; {'pandas', 'duckdb', 'clientlib.figures'} <= {*sys.modules}"
    )
    assert found == "True"


def test_first_uses_are_done_before_the_fork(warm):
    found = run_cell(
        warm,
        "from plotly.validator_cache import ValidatorCache\n"
        "from clientlib.warehouse.contracts import read_contracts\n"
        "ValidatorCache._json_cache is not None, read_contracts.cache_info().currsize",
    )
    assert found == "(True, 1)"


def test_kernel_takes_folder_environment_and_umask_from_its_launcher(warm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o027)
    try:
        with kernel({**warm, "TZ": "Asia/Tokyo", "COLOUR": "blüe"}) as cells:
            assert cells.run("import os, time; os.getcwd()") == repr(str(tmp_path))
            assert cells.run("os.environ['COLOUR'], time.tzname[0]") == "('blüe', 'JST')"
            assert cells.run("oct(os.umask(0))") == "'0o27'"
            assert cells.run("'OMP_NUM_THREADS' in os.environ") == str(
                "OMP_NUM_THREADS" in os.environ
            )
    finally:
        os.umask(before)


def test_random_numbers_of_two_kernels_differ(warm):
    draw = "import random, numpy; print(random.random(), numpy.random.rand())"
    first, second = run_cell(warm, draw).split(), run_cell(warm, draw).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_debugger_stops_at_a_breakpoint(either):
    source = "reached = []\nreached.append(1)\nreached.append(2)"
    with kernel(either) as cells:
        cells.debug("initialize", adapterID="", pathFormat="path", linesStartAt1=True)
        cells.debug("attach", justMyCode=False)
        place = {"path": cells.debug("dumpCell", code=source)["sourcePath"]}
        cells.debug("setBreakpoints", source=place, breakpoints=[{"line": 3}])
        cells.debug("configurationDone")
        asked = cells.client.execute(source)
        thread = cells.wait_for_event("stopped")["threadId"]
        frame = cells.debug("stackTrace", threadId=thread)["stackFrames"][0]
        assert (frame["line"], frame["source"]["path"]) == (3, place["path"])
        cells.debug("continue", threadId=thread)
        assert cells.answer_to(asked)["status"] == "ok"
        assert cells.run("reached") == "[1, 2]"


def test_debugger_stops_in_libraries_too(either):
    with kernel(either) as cells:
        cells.debug("initialize", adapterID="", pathFormat="path", linesStartAt1=True)
        cells.debug("attach", justMyCode=False)
        path, line = cells.run(
            "from clientlib.figures import wording\n"
            "print(wording.__file__, wording.clean.__code__.co_firstlineno)"
        ).split()
        last = len(Path(path).read_text(encoding="utf-8").splitlines())
        lines = [{"line": number} for number in range(int(line) + 1, last)]
        cells.debug("setBreakpoints", source={"path": path}, breakpoints=lines)
        cells.debug("configurationDone")
        asked = cells.client.execute("wording.clean('a')")
        thread = cells.wait_for_event("stopped")["threadId"]
        frame = cells.debug("stackTrace", threadId=thread)["stackFrames"][0]
        assert frame["source"]["path"] == path
        cells.debug("setBreakpoints", source={"path": path}, breakpoints=[])
        cells.debug("continue", threadId=thread)
        assert cells.answer_to(asked)["status"] == "ok"


@pytest.mark.parametrize("source", ["import time; time.sleep(60)", "while True: pass"])
def test_cell_can_be_interrupted(either, source):
    with kernel(either) as cells:
        assert cells.interrupt(source) == "KeyboardInterrupt"
        assert cells.run("6 * 7") == "42"


def test_interrupt_reaches_what_the_cell_has_started(either, tmp_path):
    """The child itself says what it caught: its exit code may be lost in an interrupted wait."""
    caught = tmp_path / "caught"
    child = f"trap 'echo INT > {caught}; exit' INT; echo begun; while :; do sleep 0.05; done"
    start = f"import subprocess; child = subprocess.Popen(['sh', '-c', {child!r}])"
    with kernel(either) as cells:
        cells.interrupt(f"{start}; child.wait()")
        wait_until(caught.exists)
        assert cells.run("child.poll() is not None or child.wait(10) is not None") == "True"


def test_kernel_that_kills_itself_ends_its_launcher_by_the_same_signal(either, report):
    with kernel(either) as cells:
        cells.client.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        assert cells.launcher.wait(10) == -signal.SIGKILL
    assert read_report(report)["signal"] == signal.SIGKILL


def test_exit_code_of_a_kernel_is_that_of_its_launcher(either, report):
    with kernel(either) as cells:
        cells.client.execute("import os; os._exit(7)")
        assert cells.launcher.wait(10) == 7
    assert read_report(report)["exit_code"] == 7


SLOW_CONTROL = """
import atexit, threading, time
from collections import deque
from pathlib import Path
class Slow(deque):
    def append(self, event):
        if threading.current_thread().name == "Control":
            time.sleep(0.3)
        super().append(event)
def tell():
    Path("threads.txt").write_text(" ".join(each.name for each in threading.enumerate()))
get_ipython().kernel.iopub_thread._events = Slow()
atexit.register(tell)
"""


def test_control_channel_has_flushed_before_outputs_are_closed(
    either, report, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with kernel(either) as cells:
        cells.run(SLOW_CONTROL)
    end = read_report(report)
    assert (end["exit_code"], end["signal"]) == (0, None)
    threads = (tmp_path / "threads.txt").read_text("utf-8").split()
    assert "IOPub" in threads
    assert "Control" not in threads


def test_kernel_is_gone_when_its_launcher_is_killed(either):
    with kernel(either) as cells:
        running = cells.process_id()
        cells.client.execute("while True: pass")
        cells.launcher.kill()
        assert wait_until(lambda: not is_running(running), GONE_SECONDS)


def test_what_the_cell_has_started_is_gone_when_the_launcher_is_killed(either):
    with kernel(either) as cells:
        started = int(cells.run("import subprocess; subprocess.Popen(['sleep', '60']).pid"))
        cells.launcher.kill()
        assert wait_until(lambda: not is_running(started), GONE_SECONDS)


def test_kernel_is_gone_when_launcher_and_template_are_killed(folders):
    with start_template() as own, kernel(own.environment) as cells:
        running = cells.process_id()
        own.process.kill()
        cells.launcher.kill()
        assert wait_until(lambda: not is_running(running), GONE_SECONDS)


def test_kernel_is_gone_when_jupyter_is_killed(warm, tmp_path):
    program = f"""
import os, time
from warm_kernels import kernel
with kernel({warm!r}) as cells:
    print(cells.process_id(), flush=True)
    time.sleep(60)
"""
    tests = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tests, stdout=subprocess.PIPE, text=True
    ) as jupyter:
        running = int(jupyter.stdout.readline())
        jupyter.kill()
        assert wait_until(lambda: not is_running(running), GONE_SECONDS)


def test_running_kernel_outlives_its_template_and_the_next_one_is_cold(folders, report):
    with start_template() as own:
        variables = {**own.environment, "CLIENTLIB_KERNEL_REPORT": str(report)}
        with kernel(variables) as cells:
            assert cells.run("kept = 6") == ""
            own.process.kill()
            own.process.wait()
            time.sleep(1.5)  # a kernel that watched its parent would look once a second
            assert cells.run("kept * 7") == "42"
        end = read_report(report)
        assert (end["kernel"], end["exit_code"]) == ("warm", None)
        report.unlink()
        assert run_cell(variables, "6 * 7") == "42"
        end = read_report(report)
        assert end["kernel"] == "cold"
        assert end["why_cold"].startswith("the template process of the batch is gone")


def test_template_ends_with_its_batch(folders):
    program = """
import os
from clientlib.kernels import start_template
template = start_template()
print(template.process.pid, template.folder, flush=True)
os.kill(os.getpid(), 9)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    process_id, folder = told.stdout.split()
    wait_until(lambda: not is_running(int(process_id)))
    assert not Path(folder).exists()


def test_template_that_cannot_start_makes_kernels_cold_and_says_why(folders, report, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/nowhere-at-all")
    monkeypatch.setenv("PYTHONHOME", "/nowhere-at-all")
    own = start_template()
    monkeypatch.undo()
    assert own.why_cold == "the template process ended with exit code 1 while it started"
    run_cell({**own.environment, "CLIENTLIB_KERNEL_REPORT": str(report)}, "1")
    assert read_report(report)["why_cold"] == own.why_cold


def test_template_that_takes_too_long_is_ended(folders):
    own = start_template(limit_seconds=0.01)
    assert own == Template(why_cold="the template process was not ready within 0.01 seconds")


def test_launcher_in_other_circumstances_gets_a_cold_kernel(warm, report):
    assert run_cell({**warm, "PYTHONUTF8": "1"}, "6 * 7") == "42"
    assert read_report(report)["why_cold"] == (
        "the template process runs in other circumstances: variables"
    )


def test_launcher_needs_nothing_but_the_standard_library():
    reads = {
        line.split()[1].partition(".")[0]
        for file in SPEC.glob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("import ", "from "))
    }
    assert reads - {"protocol", "launching", "elsewhere"} <= sys.stdlib_module_names
