"""Dask clusters of real processes on this machine, for tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from warm_kernels import wait_until

START_SECONDS = 60


@dataclass
class Cluster:
    """A scheduler and its workers, each a process that can be killed."""

    address: str
    folder: Path
    variables: dict[str, str]
    workers: dict[int, subprocess.Popen] = field(default_factory=dict)
    processes: list[subprocess.Popen] = field(default_factory=list)

    def add_worker(self) -> subprocess.Popen:
        place = self.folder / f"worker-{len(self.processes)}"
        worker = self._start("dask_worker", self.address, "--no-nanny", "--nthreads", "1",
                             "--local-directory", str(place))  # fmt: skip
        self.workers[worker.pid] = worker
        return worker

    def start_scheduler(self) -> subprocess.Popen:
        scheduler = self._start("dask_scheduler", "--host", self.address.removeprefix("tcp://"))
        wait_until(lambda: is_listening(self.address), START_SECONDS)
        return scheduler

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _start(self, program: str, *arguments: str) -> subprocess.Popen:
        log = self.folder / f"{program}-{len(self.processes)}.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--no-dashboard"],
                env=os.environ | self.variables, cwd=self.folder, stdout=written, stderr=written,
            )  # fmt: skip
        self.processes.append(process)
        return process


@contextmanager
def cluster(folder: Path, variables: dict[str, str], workers: int) -> Iterator[Cluster]:
    """Start a scheduler with workers, and end them."""
    folder.mkdir()
    found = Cluster(f"tcp://{free_address()}", folder, variables)
    try:
        found.start_scheduler()
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.stop()


def free_address() -> str:
    """Find a port of this machine that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


def is_listening(address: str) -> bool:
    host, _, port = address.removeprefix("tcp://").partition(":")
    with socket.socket() as asking:
        return asking.connect_ex((host, int(port))) == 0


def kill(process: subprocess.Popen) -> None:
    """Kill a process as the system does when memory is short."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
