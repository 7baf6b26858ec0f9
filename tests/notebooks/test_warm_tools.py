"""Warm kernels under the tools that start kernels: papermill's command and JupyterLab."""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import find_connection_file
from warm_kernels import (
    PATIENCE,
    Cells,
    folders_of_their_own,
    is_running,
    read_report,
    shared_templates,
    wait_until,
)

from clientlib.kernels import KERNEL

START_SECONDS = 60


@pytest.fixture(scope="module")
def folders():
    """Give the folder that tools run in, with a kernelspec and templates of the tests' own."""
    with (
        tempfile.TemporaryDirectory(prefix="wk-") as place,
        folders_of_their_own(Path(place)) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, text in variables.items():
            patch.setenv(name, text)
        yield Path(place)


def test_papermill_command_gets_a_warm_kernel_and_its_parameters(folders):
    cell, notebook = nbformat.v4.new_code_cell, nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "-"}
    notebook.cells = [
        cell("top_n = 1", metadata={"tags": ["parameters"]}),
        cell("import sys\nprint(top_n, 'pandas' in sys.modules)"),
    ]
    nbformat.write(notebook, folders / "in.ipynb")
    report = folders / "papermill.json"
    command = [sys.executable, "-m", "papermill", "-k", KERNEL, "-p", "top_n", "25"]
    subprocess.run(
        [*command, "in.ipynb", "out.ipynb"],
        cwd=folders, env=os.environ | {"CLIENTLIB_KERNEL_REPORT": str(report)},
        check=True, capture_output=True,
    )  # fmt: skip
    end = read_report(report)
    assert (end["kernel"], end["exit_code"], end["signal"]) == ("warm", 0, None)
    executed = nbformat.read(folders / "out.ipynb", as_version=4)
    assert executed.cells[-1].outputs[0].text == "25 True\n"


@pytest.fixture(scope="module")
def lab(folders):
    """Give a real JupyterLab: a function that asks it, and its runtime folder."""
    pytest.importorskip("jupyterlab", reason="the extra 'lab' is not installed")
    runtime, token = folders / "jupyter_runtime", secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
               f"--ServerApp.port={address.rpartition(':')[2]}", "--ServerApp.ip=127.0.0.1",
               f"--KernelManager.shutdown_wait_time={PATIENCE}",
               f"--IdentityProvider.token={token}"]  # fmt: skip
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "CLIENTLIB_KERNEL_REPORT": str(folders / "lab.json"),
    }

    def ask(method, path, body=None):
        request = urllib.request.Request(
            address + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"token {token}"},
        )  # fmt: skip
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    with (folders / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folders, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_up(address), START_SECONDS)
        yield ask, runtime
    finally:
        ask("POST", "/api/shutdown")
        server.wait(30)


def is_up(address) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api"):
            return True
    except OSError:
        return False


def answers(client) -> bool:
    """Tell whether a kernel answers; the first one may wait for the template process."""
    client.kernel_info()
    try:
        client.get_shell_msg(timeout=1)
    except Empty:
        return False
    return True


@contextmanager
def connected(runtime, kernel_id):
    """Speak to a kernel of the server, as a browser does by way of it."""
    client = BlockingKernelClient(
        connection_file=find_connection_file(kernel_id, path=[str(runtime)])
    )
    client.load_connection_file()
    client.start_channels()
    try:
        wait_until(lambda: answers(client), START_SECONDS)
        client.wait_for_ready(START_SECONDS)
        yield Cells(None, client)
    finally:
        client.stop_channels()
        client.context.destroy()


@pytest.fixture
def lab_kernel(lab):
    ask, _ = lab
    kernel_id = ask("POST", "/api/kernels", {"name": KERNEL})["id"]
    yield kernel_id
    if any(entry["id"] == kernel_id for entry in ask("GET", "/api/kernels")):
        ask("DELETE", f"/api/kernels/{kernel_id}")


def test_lab_offers_warm_kernels(lab):
    offered = lab[0]("GET", "/api/kernelspecs")["kernelspecs"]
    assert offered[KERNEL]["spec"]["display_name"] == "Python 3 (warm)"


@pytest.mark.parametrize("source", ["import time; time.sleep(60)", "while True: pass"])
def test_lab_interrupts_a_cell_and_the_kernel_goes_on(lab, lab_kernel, source):
    ask, runtime = lab
    with connected(runtime, lab_kernel) as cells:
        name = cells.interrupt(source, lambda: ask("POST", f"/api/kernels/{lab_kernel}/interrupt"))
        assert name == "KeyboardInterrupt"
        assert cells.run("6 * 7") == "42"


def test_lab_restarts_a_kernel_into_a_fresh_one(lab, lab_kernel, folders):
    ask, runtime = lab
    with connected(runtime, lab_kernel) as cells:
        old = cells.process_id()
        parent = int(cells.run("kept = 1; os.getppid()"))
    assert parent in shared_templates(folders / "run")
    ask("POST", f"/api/kernels/{lab_kernel}/restart")
    wait_until(lambda: not is_running(old))
    with connected(runtime, lab_kernel) as cells:
        assert cells.run("kept").startswith("NameError")
        assert int(cells.run("import os; os.getppid()")) == parent


def test_lab_shuts_a_kernel_down_for_good(lab, lab_kernel, folders):
    ask, runtime = lab
    with connected(runtime, lab_kernel) as cells:
        running = cells.process_id()
    (folders / "lab.json").unlink(missing_ok=True)
    ask("DELETE", f"/api/kernels/{lab_kernel}")
    wait_until(lambda: not is_running(running))
    end = read_report(folders / "lab.json")
    assert (end["kernel"], end["exit_code"], end["signal"]) == ("warm", 0, None)
    assert ask("GET", "/api/kernels") == []


def test_lab_starts_a_kernel_anew_that_died(lab, lab_kernel):
    ask, runtime = lab
    with connected(runtime, lab_kernel) as cells:
        old = cells.process_id()
        cells.client.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        wait_until(lambda: not is_running(old))
    wait_until(
        lambda: ask("GET", f"/api/kernels/{lab_kernel}")["execution_state"] != "dead", START_SECONDS
    )
    time.sleep(4)  # the server looks every three seconds whether its kernels live
    with connected(runtime, lab_kernel) as cells:
        assert cells.process_id() != old


def test_lab_can_debug_a_warm_kernel(lab, lab_kernel):
    _, runtime = lab
    with connected(runtime, lab_kernel) as cells:
        request = {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}
        message = cells.client.session.msg("debug_request", request)
        cells.client.control_channel.send(message)
        reply = cells.client.get_control_msg(timeout=START_SECONDS)
    assert reply["content"]["success"]
    assert reply["content"]["body"]["isStarted"] is False
