"""Kernels as Jupyter starts them, for tests: run cells, read reports, find processes."""

import json
import os
import shutil
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jupyter_client import KernelManager
from jupyter_core.utils import ensure_event_loop

import clientlib.kernels

SPEC = Path(clientlib.kernels.__file__).parent / "spec"
LIMIT_SECONDS = 60
PATIENCE = 60.0  # seconds that a kernel has to end; Jupyter's own are few when a machine is busy
SOON_SECONDS = 10


@dataclass
class Cells:
    """A running kernel: its manager and client, and the output of cells."""

    manager: KernelManager
    client: object

    def run(self, source: str) -> str:
        """Run a cell; give what it printed, its result, or its error's name and message."""
        said = []

        def keep(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])
            elif message["msg_type"] == "error":
                said.append(f"{content['ename']}: {content['evalue']}")
            elif "data" in content:
                said.append(content["data"].get("text/plain", ""))

        self.client.execute_interactive(source, output_hook=keep, timeout=LIMIT_SECONDS)
        return "".join(said).strip()

    def interrupt(self, source: str, interrupt: Callable[[], object] | None = None) -> str:
        """Run a cell, interrupt it, and give the name of the error that it ended with."""
        begun = f"print('begun', flush=True)\n{source}"
        asked = self.client.execute(begun, stop_on_error=False)
        while self.client.get_iopub_msg(timeout=LIMIT_SECONDS)["msg_type"] != "stream":
            pass
        time.sleep(0.3)
        (interrupt or self.manager.interrupt_kernel)()
        return self.answer_to(asked).get("ename", "")

    def answer_to(self, asked: str) -> dict:
        """Wait for what the kernel replies to a message on its shell channel."""
        return _reply_to(asked, self.client.get_shell_msg)

    def debug(self, command: str, **arguments: object) -> dict:
        """Ask the debugger, as JupyterLab does, and give what it says."""
        said = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
        message = self.client.session.msg("debug_request", said)
        self.client.control_channel.send(message)
        reply = _reply_to(message["header"]["msg_id"], self.client.get_control_msg)
        assert reply.get("success"), reply
        return reply.get("body") or reply

    def wait_for_event(self, name: str) -> dict:
        """Wait until the debugger tells of an event, and give what it says."""
        while True:
            message = self.client.get_iopub_msg(timeout=LIMIT_SECONDS)
            if message["msg_type"] == "debug_event" and message["content"]["event"] == name:
                return message["content"]["body"]

    @property
    def launcher(self):
        return self.manager.provisioner.process

    def process_id(self) -> int:
        return int(self.run("import os; os.getpid()"))


def _reply_to(asked: str, hear: Callable[..., dict]) -> dict:
    reply: dict = {"parent_header": {}}
    while reply["parent_header"].get("msg_id") != asked:
        reply = hear(timeout=LIMIT_SECONDS)
    return reply["content"]


def install_spec(folder: Path) -> None:
    """Lay the kernelspec where Jupyter finds it, as an install does."""
    place = folder / "kernels" / clientlib.kernels.KERNEL
    place.mkdir(parents=True)
    for file in (*SPEC.glob("*.py"), SPEC / "kernel.json"):
        shutil.copy(file, place)


@contextmanager
def kernel(environment: dict[str, str], name: str = clientlib.kernels.KERNEL, **traits):
    """Start a kernel, and end it."""
    manager = KernelManager(kernel_name=name, shutdown_wait_time=PATIENCE, **traits)
    manager.start_kernel(env=os.environ | environment)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(LIMIT_SECONDS)
        yield Cells(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=not manager.is_alive())
        manager.cleanup_resources()
        manager.context.destroy()


def run_cell(environment: dict[str, str], source: str, **traits) -> str:
    """Run one cell in a kernel of its own."""
    with kernel(environment, **traits) as cells:
        return cells.run(source)


def read_report(path: Path) -> dict:
    """Read how a kernel ended, as soon as its launcher has written it."""
    wait_until(path.exists)
    return json.loads(path.read_text(encoding="utf-8"))


def wait_until(is_so: Callable[[], bool], seconds: float = SOON_SECONDS) -> bool:
    """Wait until something is so, and say so; fail where it does not come to be."""
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last, "it did not come to be"
        time.sleep(0.02)
    return True


def is_running(process_id: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def listener_of(path: Path) -> int | None:
    """Give the process that listens at a socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return None
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return struct.unpack("3i", told)[0]


def shared_templates(runtime: Path) -> list[int]:
    """List the shared template processes of a runtime folder."""
    sockets = [path for path in runtime.glob("clientlib-kernels/*") if path.is_socket()]
    return [process for path in sockets if (process := listener_of(path))]


@contextmanager
def folders_of_their_own(place: Path) -> Iterator[dict[str, str]]:
    """Give variables for a kernelspec, a runtime folder and a cache that only a test uses."""
    install_spec(place / "jupyter")
    (place / "run").mkdir(mode=0o700)
    variables = {
        "JUPYTER_PATH": str(place / "jupyter"),
        "XDG_RUNTIME_DIR": str(place / "run"),
        "XDG_CACHE_HOME": str(place / "cache"),
    }
    try:
        yield variables
    finally:
        ensure_event_loop().close()  # the one that jupyter_client has left
        for process in shared_templates(place / "run"):
            os.kill(process, signal.SIGTERM)
