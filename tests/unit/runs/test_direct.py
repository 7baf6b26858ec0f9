"""Kernels that a run gets from the template process of its batch, without a launcher."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from executing import IGNORES_INTERRUPTS, run, shown, write
from warm_kernels import is_running, wait_until

from clientlib.kernels import KERNEL, start_template
from clientlib.runs.executing.deadlines import Deadlines
from clientlib.runs.executing.engine import KernelStart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has warm kernels")
PARENTS = "import os; print(os.getppid(), os.environ['JPY_PARENT_PID'], os.read(0, 1))"


@pytest.fixture(scope="module")
def template():
    with start_template() as started:
        assert started.why_cold is None
        yield started


@pytest.fixture
def start(template) -> KernelStart:
    return KernelStart(name=KERNEL, environment=template.environment)


def test_kernel_is_forked_for_the_run_itself_and_measured(tmp_path, template, start):
    held = "held = b'x' * 150_000_000\nimport time\nwhile time.process_time() < 1: pass"
    executed, notebook = run(tmp_path, PARENTS, held, start=start)
    assert shown(notebook.cells[0]) == f"{template.process.pid} {os.getpid()} b''\n"
    used = executed.kernel
    assert (used.temperature, used.why_cold, used.exit_code) == ("warm", None, 0)
    assert used.peak_memory_bytes > 150_000_000
    assert used.cpu_seconds > 1


def test_kernel_gets_its_folder_its_variables_and_its_log(tmp_path, template):
    (tmp_path / "there").mkdir()
    start = KernelStart(
        name=KERNEL,
        working_folder=tmp_path / "there",
        environment={**template.environment, "COLOUR": "blue"},
        log=tmp_path / "kernel.log",
    )
    tell = "import atexit, os\nprint(os.getcwd(), os.environ['COLOUR'])"
    late = "atexit.register(os.write, 2, b'past the notebook')"
    executed, notebook = run(tmp_path, tell, late, start=start)
    assert shown(notebook.cells[0]).endswith("/there blue\n")
    assert (executed.kind, executed.kernel.temperature) == ("done", "warm")
    assert "past the notebook" in (tmp_path / "kernel.log").read_text()


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL", id="killed"),
        pytest.param("os._exit(3)", "ended by itself with exit code 3", id="exit"),
    ],
)
def test_death_of_a_kernel_is_told_and_ends_what_it_has_started(tmp_path, start, ending, told):
    begin = "import os, signal, subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)"
    executed, notebook = run(tmp_path, begin, ending, start=start)
    assert executed.failure.message.startswith(f"the kernel {told} in cell 2\n")
    wait_until(lambda: not is_running(int(shown(notebook.cells[0]))))


def test_kernel_past_its_deadline_is_killed(tmp_path, start):
    executed, notebook = run(
        tmp_path, "import os; print(os.getpid())", IGNORES_INTERRUPTS, start=start,
        deadlines=Deadlines(cell_seconds=1, grace_seconds=1),
    )  # fmt: skip
    assert (executed.kind, executed.kernel.temperature) == ("deadline", "warm")
    wait_until(lambda: not is_running(int(shown(notebook.cells[0]))))


def test_kernel_is_gone_when_the_process_that_runs_it_is_killed(tmp_path, template):
    tell = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    write(tmp_path / "report.ipynb", tell, "time.sleep(60)")
    script = f"""
    from pathlib import Path
    from clientlib.runs.executing.engine import KernelStart
    from clientlib.runs.executing.notebooks import execute
    start = KernelStart(name={KERNEL!r}, environment={template.environment!r})
    execute(Path('report.ipynb'), Path('executed.ipynb'), parameters={{}}, start=start)
    """
    driver = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=tmp_path)
    said = tmp_path / "pid"
    wait_until(lambda: said.is_file() and said.read_text(), 60)
    assert Path(f"/proc/{said.read_text()}/stat").read_text().split(") ")[1].split()[1] == str(
        template.process.pid
    )
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    wait_until(lambda: not is_running(int(said.read_text())))


def test_kernel_whose_template_dies_goes_on_and_the_next_one_is_cold(tmp_path):
    with start_template() as own:
        start = KernelStart(name=KERNEL, environment=own.environment)
        kill = f"import os, signal\nos.kill({own.process.pid}, signal.SIGKILL)"
        executed, notebook = run(tmp_path, kill, "print('still here')", start=start)
        assert (executed.kind, shown(notebook.cells[1])) == ("done", "still here\n")
        assert executed.kernel.temperature == "warm"
        executed, _ = run(tmp_path, "1", start=start)
        assert (executed.kind, executed.kernel.temperature) == ("done", "cold")
        assert "the template process of the batch is gone" in executed.kernel.why_cold


def test_kernel_of_another_kind_has_its_own_launcher(tmp_path, template):
    start = KernelStart(name="python3", environment=template.environment)
    executed, notebook = run(tmp_path, PARENTS, start=start)
    assert shown(notebook.cells[0]).split()[0] == str(os.getpid())
    assert executed.kernel.temperature is None


def test_systems_without_warm_kernels_can_import_what_starts_cold_ones():
    script = """
    import sys
    import jupyter_client.provisioning.local_provisioner
    import clientlib.kernels
    sys.platform = "win32"
    sys.modules |= dict.fromkeys(("fcntl", "resource"))  # whoever imports them fails
    import clientlib.kernels.direct as direct
    print(direct._start_warm([], {"env": {"CLIENTLIB_TEMPLATE": "a"}}))
    """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert told.stdout == "None\n"
