import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import gettempdir

import pytest
from executing import IGNORES_INTERRUPTS, PATIENCE, code, run, shown, text, write

from clientlib.runs.executing import notebooks
from clientlib.runs.executing.deadlines import Deadlines
from clientlib.runs.executing.engine import KernelStart
from clientlib.runs.executing.notebooks import execute

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kernels are stopped by signals")


def ended_when_asked(kernel) -> bool:
    """Tell whether nobody had to kill a kernel; libzmq aborts one in a hundred at its own end."""
    return kernel.exit_code == 0 or kernel.signal_name in {"SIGABRT", "SIGTERM"}


def test_notebook_that_runs_through_is_done_and_measured(tmp_path):
    executed, notebook = run(tmp_path, "import time; time.sleep(0.2)", "print('all is well')")
    assert (executed.kind, executed.failure) == ("done", None)
    assert shown(notebook.cells[1]) == "all is well\n"
    assert executed.seconds > executed.cell_seconds[0] >= 0.2
    assert len(executed.cell_seconds) == 2
    assert ended_when_asked(executed.kernel)


def test_peak_memory_is_that_of_the_kernel_and_not_of_its_parent(tmp_path):
    held = bytearray(200_000_000)
    small, _ = run(tmp_path, "1")
    large, _ = run(tmp_path, "held = b'x' * 150_000_000")
    assert len(held) > small.kernel.peak_memory_bytes > 20_000_000
    assert large.kernel.peak_memory_bytes > 150_000_000


def test_processor_time_of_the_kernel_is_counted(tmp_path):
    busy = "import time\nlast = time.process_time() + 1\nwhile time.process_time() < last: pass"
    executed, _ = run(tmp_path, busy)
    assert 1 <= executed.kernel.cpu_seconds < 20


def test_error_of_a_cell_names_the_cell_and_stops_the_notebook(tmp_path):
    executed, notebook = run(
        tmp_path, text("## Gaps"), "raise ValueError('none')", "print('after')"
    )
    assert executed.kind == "cell"
    failure = executed.failure
    assert (failure.cell_number, failure.error_name, failure.message) == (2, "ValueError", "none")
    assert failure.heading == "Gaps"
    assert notebook.cells[-1].outputs == []


def test_memory_error_is_an_error_of_the_cell(tmp_path):
    executed, _ = run(tmp_path, "b'x' * 10**16")
    assert (executed.kind, executed.failure.error_name) == ("cell", "MemoryError")


def test_error_in_a_cell_that_may_raise_is_no_failure(tmp_path):
    may_raise = code("1 / 0", "raises-exception")
    executed, notebook = run(tmp_path, may_raise, "print('after')")
    assert executed.kind == "done"
    assert notebook.cells[0].outputs[0].ename == "ZeroDivisionError"
    assert shown(notebook.cells[1]) == "after\n"


def test_interactive_cell_is_kept_and_not_executed(tmp_path):
    executed, notebook = run(tmp_path, code("raise ValueError", "interactive-only"), "print(1)")
    assert executed.kind == "done"
    assert notebook.cells[0].source == "raise ValueError"
    assert notebook.cells[0].metadata.papermill.status == "skipped"
    assert notebook.cells[1].metadata.papermill.status == "completed"


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL", id="killed"),
        pytest.param("os._exit(3)", "ended by itself with exit code 3", id="exit"),
        pytest.param(
            "import ctypes; ctypes.string_at(0)", "was killed by SIGSEGV", id="wrong address"
        ),
    ],
)
def test_kernel_that_dies_is_noticed_and_its_end_told(tmp_path, ending, told):
    begun = time.monotonic()
    executed, notebook = run(tmp_path, "import os, signal", ending, "print('after')")
    assert time.monotonic() - begun < 10
    assert executed.kind == "kernel"
    assert executed.failure.error_name == "KernelDied"
    assert executed.failure.message.startswith(f"the kernel {told} in cell 2\n")
    assert "MiB at its peak" in executed.failure.message
    assert notebook.cells[1].metadata.papermill.status == "failed"
    assert notebook.cells[2].metadata.papermill.status == "pending"


def test_kernel_that_stands_still_is_noticed_and_killed(tmp_path):
    begun = time.monotonic()
    stop = "os.kill(os.getpid(), signal.SIGSTOP)"
    executed, notebook = run(tmp_path, "import os, signal; print(os.getpid())", stop)
    assert time.monotonic() - begun < 15  # 10 seconds to notice, and the start
    assert executed.failure.message.startswith("the kernel stopped answering and was killed")
    assert not is_running(int(shown(notebook.cells[0])))


def test_what_a_killed_kernel_had_started_ends_with_it(tmp_path):
    start = "import os, subprocess; child = subprocess.Popen(['sleep', '60']); print(child.pid)"
    _, notebook = run(tmp_path, start, "os._exit(1)")
    assert not is_running(int(shown(notebook.cells[0])))


def is_running(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.is_file() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_kernel_that_never_answers_is_given_up(tmp_path):
    spec = tmp_path / "share/jupyter/kernels/mute"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-c", "import time; time.sleep(60)", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Mute"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(tmp_path / "share/jupyter"))
        executed, _ = run(
            tmp_path, "1", start=KernelStart(name="mute"), deadlines=Deadlines(start_seconds=1)
        )
    assert executed.kind == "kernel"
    assert executed.failure.message.startswith(
        "the kernel did not answer within 1 seconds and was killed before the first cell"
    )


def test_cell_past_its_deadline_is_interrupted(tmp_path):
    sleepy = "import time; time.sleep(60)"
    deadlines = Deadlines(cell_seconds=1, grace_seconds=PATIENCE)
    executed, notebook = run(tmp_path, "1", sleepy, "2", deadlines=deadlines)
    assert executed.seconds < PATIENCE
    assert executed.kind == "deadline"
    assert executed.failure.message.startswith(
        "cell 2 took longer than the 1 seconds that a cell may"
    )
    assert executed.failure.traceback.endswith("KeyboardInterrupt: ")  # where it was
    assert ended_when_asked(executed.kernel)
    assert notebook.cells[2].execution_count is None


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(IGNORES_INTERRUPTS, id="interrupts are ignored"),
        pytest.param("from itertools import repeat; sum(repeat(1))", id="a loop in C"),
    ],
)
def test_cell_that_cannot_be_interrupted_is_killed_with_its_kernel(tmp_path, endless):
    begun = time.monotonic()
    deadlines = Deadlines(cell_seconds=1, grace_seconds=1)
    executed, _ = run(tmp_path, endless, deadlines=deadlines)
    assert time.monotonic() - begun < 15
    assert executed.kind == "deadline"
    assert "cell 1 took longer than the 1 seconds" in executed.failure.message
    assert executed.kernel.signal_name in {"SIGTERM", "SIGKILL"}


def test_tag_gives_a_cell_a_time_of_its_own(tmp_path):
    sleepy = "import time; time.sleep(1.5)"
    deadlines = Deadlines(cell_seconds=1)
    long, _ = run(tmp_path, code(sleepy, "seconds:60"), deadlines=deadlines)
    short, _ = run(tmp_path, code(sleepy, "seconds:0.5"))
    assert long.kind == "done"
    assert "the 0.5 seconds that a cell may" in short.failure.message


def test_tag_that_gives_no_time_is_told_before_anything_runs(tmp_path):
    notebook = write(tmp_path / "report.ipynb", "1", code("1", "seconds:soon"))
    executed = execute(notebook, tmp_path / "executed.ipynb", parameters={})
    assert executed.kind == "notebook"
    assert executed.failure.message.startswith("the tag 'seconds:soon' gives a cell no time")


def test_notebook_deadline_counts_all_its_cells(tmp_path):
    sleepy = "import time; time.sleep(0.9)"
    executed, _ = run(tmp_path, *[sleepy] * 9, deadlines=Deadlines(notebook_seconds=3))
    assert executed.kind == "deadline"
    assert executed.failure.message.startswith("the notebook took longer than the 3 seconds")
    assert 2 <= executed.failure.cell_number <= 4
    assert f"cell {executed.failure.cell_number} was stopped" in executed.failure.message


def test_twenty_megabytes_of_output_come_whole(tmp_path):
    much = "from IPython.display import display\nprint('x' * 10_000_000)\n"
    executed, notebook = run(tmp_path, much + "display({'text/plain': 'y' * 10_000_000}, raw=True)")
    assert executed.kind == "done"
    assert len(shown(notebook.cells[0])) == 10_000_001
    assert len(notebook.cells[0].outputs[-1].data["text/plain"]) == 10_000_000


def test_no_message_of_many_is_lost(tmp_path):
    many = "from IPython.display import display\nfor n in range(5000): display(n)"
    executed, notebook = run(tmp_path, many)
    assert executed.kind == "done"
    outputs = notebook.cells[0].outputs
    assert [out.data["text/plain"] for out in outputs] == [str(n) for n in range(5000)]


def test_kernel_ends_by_itself_so_that_its_exit_hooks_run(tmp_path):
    hook = (
        f"import atexit, pathlib\natexit.register(pathlib.Path({str(tmp_path / 'left')!r}).touch)"
    )
    run(tmp_path, hook)
    assert (tmp_path / "left").is_file()


def test_kernel_gets_its_folder_and_environment_and_writes_to_its_log(tmp_path):
    where = "import os; print(os.getcwd(), os.environ['COLOUR']); os.write(2, b'past the notebook')"
    folder = tmp_path / "there"
    folder.mkdir()
    start = KernelStart(
        name="python3",
        working_folder=folder,
        environment={"COLOUR": "blue"},
        log=tmp_path / "kernel.log",
    )
    before = Path.cwd()
    executed, notebook = run(tmp_path, where, start=start)
    assert executed.kind == "done"
    assert shown(notebook.cells[0]).endswith("there blue\n")
    assert Path.cwd() == before
    assert "COLOUR" not in os.environ


def test_report_of_a_launcher_goes_before_what_was_measured(tmp_path):
    told = {"kernel": "warm", "peak_memory_bytes": 7, "cpu_seconds": 0.5, "why_cold": None}
    write_report = (
        "import os, pathlib\n"
        f"pathlib.Path(os.environ['CLIENTLIB_KERNEL_REPORT']).write_text({json.dumps(told)!r})"
    )
    executed, _ = run(tmp_path, write_report)
    used = executed.kernel
    assert (used.temperature, used.peak_memory_bytes, used.cpu_seconds) == ("warm", 7, 0.5)
    assert used.why_cold is None
    assert ended_when_asked(used)


def test_folder_of_the_sockets_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("clientlib.runs.executing.sockets.LONGEST_FOLDER", 1000)
    left = tmp_path / "clientlib-abcdefgh"
    left.mkdir()
    left.with_suffix(".lock").touch()  # of a process that was killed: nobody holds its lock
    run(tmp_path, "1")
    assert list(tmp_path.glob("clientlib-*")) == []


@pytest.mark.parametrize("contents", [None, '{"cells": ['])
def test_notebook_that_cannot_be_read_is_told_as_such(tmp_path, contents):
    if contents:
        (tmp_path / "report.ipynb").write_text(contents)
    executed = execute(tmp_path / "report.ipynb", tmp_path / "executed.ipynb", parameters={})
    assert executed.kind == "notebook"
    assert executed.failure.message
    assert not (tmp_path / "executed.ipynb").exists()


def test_unknown_kernel_is_a_fault(tmp_path):
    executed, _ = run(tmp_path, "1", start=KernelStart(name="pascal"))
    assert (executed.kind, executed.failure.error_name) == ("fault", "NoSuchKernel")


def test_full_disk_is_a_fault_and_leaves_no_half_file(tmp_path, monkeypatch):
    def fill_up(path, text, **_):
        with path.open("w") as file:
            file.write(text[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fill_up)
    notebook = write_with_open(tmp_path / "report.ipynb")
    executed = execute(notebook, tmp_path / "executed.ipynb", parameters={})
    assert executed.kind == "fault"
    assert "No space left on device" in executed.failure.message
    assert [path.name for path in tmp_path.iterdir()] == ["report.ipynb"]


def write_with_open(path: Path) -> Path:
    import nbformat
    from nbformat.v4 import new_notebook

    with path.open("w") as file:
        nbformat.write(new_notebook(cells=[code("1")]), file)
    return path


def test_no_path_of_this_machine_is_kept(tmp_path):
    broken = "from clientlib.runs import issue\nissue('client_scores', 1)"
    executed, _ = run(tmp_path, broken)
    written = (tmp_path / "executed.ipynb").read_text()
    for folder in (sys.prefix, notebooks.CODE, Path.home(), gettempdir()):
        assert f"{folder}/" not in written
        assert f"{folder}/" not in executed.failure.traceback
    assert "clientlib/runs/recording.py" in executed.failure.traceback
    assert json.loads(written)["metadata"]["papermill"]["output_path"] == "executed.ipynb"


def test_kernelspec_is_that_of_the_notebook(tmp_path):
    _, notebook = run(tmp_path, "1", start=KernelStart(name="python3"))
    assert notebook.metadata.kernelspec.display_name == "Our Python"


def test_braces_in_the_path_of_a_notebook_are_no_parameters(tmp_path):
    folder = tmp_path / "{as_of}"
    folder.mkdir()
    executed, _ = run(folder, "1")
    assert executed.kind == "done"


def test_two_notebooks_run_at_once_in_one_process(tmp_path):
    def run_in(name: str) -> tuple:
        (tmp_path / name).mkdir()
        return run(tmp_path / name, f"import time; time.sleep(0.5); print({name!r})")

    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(run_in, ["a", "b"]))
    assert [executed.kind for executed, _ in ended] == ["done", "done"]
    assert [shown(notebook.cells[0]) for _, notebook in ended] == ["a\n", "b\n"]
    assert all(executed.kernel.cpu_seconds for executed, _ in ended)


def test_without_a_short_folder_kernels_are_spoken_to_over_the_network(tmp_path, monkeypatch):
    monkeypatch.setattr("clientlib.runs.executing.sockets.LONGEST_FOLDER", 1)
    executed, notebook = run(tmp_path, "print('still runs')")
    assert executed.kind == "done"
    assert shown(notebook.cells[0]) == "still runs\n"


def test_interrupted_driver_leaves_no_kernel_behind(tmp_path):
    tell = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    write(tmp_path / "report.ipynb", tell, "time.sleep(60)")
    script = (
        "from pathlib import Path\n"
        "from clientlib.runs.executing.notebooks import execute\n"
        "execute(Path('report.ipynb'), Path('executed.ipynb'), parameters={})"
    )
    driver = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE)
    wait_until(lambda: (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text())
    driver.send_signal(signal.SIGINT)
    _, told = driver.communicate(timeout=30)
    assert b"KeyboardInterrupt" in told
    wait_until(lambda: not is_running(int((tmp_path / "pid").read_text())))


def wait_until(is_so) -> None:
    last = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.05)


LAUNCHER = """
import json, os, resource, signal, subprocess, sys
kernel = subprocess.Popen([sys.executable, "-m", "ipykernel_launcher", "-f", sys.argv[1]])
for relayed in (signal.SIGINT, signal.SIGTERM):
    signal.signal(relayed, lambda number, _: kernel.send_signal(number))
code = kernel.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
told = {"kernel": "cold", "why_cold": "a test", "cpu_seconds": used.ru_utime,
        "exit_code": None if code < 0 else code, "signal": -code if code < 0 else None,
        "peak_memory_bytes": used.ru_maxrss * 1024}
open(os.environ["CLIENTLIB_KERNEL_REPORT"], "w").write(json.dumps(told))
if code < 0:
    signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@pytest.fixture
def launched(tmp_path, monkeypatch) -> KernelStart:
    """Give a kernelspec whose kernel is started by a process that waits for it."""
    folder = tmp_path / "jupyter/kernels/launched"
    folder.mkdir(parents=True)
    (folder / "launcher.py").write_text(LAUNCHER)
    argv = [sys.executable, str(folder / "launcher.py"), "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Launched"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return KernelStart(name="launched")


def test_kernel_of_a_launcher_is_measured_by_its_report(tmp_path, launched):
    executed, _ = run(tmp_path, "held = b'x' * 150_000_000", start=launched)
    assert executed.kind == "done"
    assert executed.kernel.peak_memory_bytes > 150_000_000
    assert (executed.kernel.temperature, executed.kernel.why_cold) == ("cold", "a test")


def test_death_of_a_launched_kernel_is_told_as_its_own(tmp_path, launched):
    kill = "import os, signal; held = b'x' * 150_000_000; os.kill(os.getpid(), signal.SIGKILL)"
    executed, _ = run(tmp_path, kill, start=launched)
    assert executed.failure.message.startswith("the kernel was killed by SIGKILL in cell 1\n")
    held = re.search(r"it held (\d+) MiB at its peak", executed.failure.message)
    assert int(held[1]) > 150


def test_launched_kernel_past_its_deadline_ends_with_its_launcher(tmp_path, launched):
    deadlines = Deadlines(cell_seconds=1, grace_seconds=1)
    executed, notebook = run(
        tmp_path, "import os; print(os.getpid())", IGNORES_INTERRUPTS, start=launched,
        deadlines=deadlines,
    )  # fmt: skip
    assert executed.kind == "deadline"
    pid = int(shown(notebook.cells[0]))
    wait_until(lambda: not is_running(pid))
