"""A crew of processes on this machine, which take one job after the other."""

import ctypes
import multiprocessing
import signal
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from clientlib.errors import RunError
from clientlib.reports import Run
from clientlib.runs.executing.sockets import socket_folder
from clientlib.runs.jobs import Ended, Job

PRELOADED = (  # in this order
    "clientlib.kernels.quick_schemas",
    "clientlib.runs.executing.prepared",
)
COMMAND = "clientlib.cli"  # a child imports the main module again, which is the command's
PR_SET_PDEATHSIG = 1
JOBS_EACH = 50  # whatever libraries leave behind in a process goes with it
END_SECONDS = 5.0
AFTER_MULTIPROCESSING = -200  # its own folder goes at -100


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    jobs_count: int = 0

    def take(self, job: Job) -> None:
        """Begin a job; a process that is gone is found dead when it is waited for."""
        self.job, self.jobs_count = job, self.jobs_count + 1
        with suppress(ConnectionError):
            self.pipe.send(job)

    def end(self) -> Ended:
        """Take the answer of the process, or find how it died."""
        job, self.job = self.job, None
        assert job is not None  # noqa: S101 - only workers at a job are waited for
        try:
            run, fault = self.pipe.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            return Ended(job, None, death=_describe_exit(self.process.exitcode))
        return Ended(job, run, fault=fault)

    @property
    def is_spent(self) -> bool:
        """Whether it is dead, or has done as much as one process shall."""
        return self.jobs_count >= JOBS_EACH or not self.process.is_alive()

    def close(self) -> None:
        """Stop the process, also in the midst of a job."""
        if self.job is not None:
            self.process.kill()
        self.pipe.close()  # one that waits for a job ends by itself
        self.process.join(END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class ProcessCrew:
    """Processes of this machine. One that dies takes its own job with it and no other.

    Parameters
    ----------
    workers : int
        Processes at a time.
    """

    def __init__(self, workers: int) -> None:
        self._most = workers
        self._context = _process_context()
        self._workers: list[_Worker] = []

    def prepare(self) -> None:
        """Let the server of processes import while something else is being prepared."""
        if sys.platform != "win32":
            _choose_folder()
            forkserver.ensure_running()

    @property
    def free(self) -> int:
        """How many more jobs it can take now."""
        return self._most - sum(worker.job is not None for worker in self._workers)

    def start(self, job: Job) -> None:
        """Begin a job in a process that waits for one, or in a new one.

        Parameters
        ----------
        job : Job
            What to run.
        """
        waiting = [worker for worker in self._workers if worker.job is None]
        for spent in [worker for worker in waiting if worker.is_spent]:
            waiting.remove(spent)
            self._workers.remove(spent)
            spent.close()
        worker = waiting[0] if waiting else self._hire()
        worker.take(job)

    def wait(self, seconds: float | None) -> list[Ended]:
        """Wait until jobs have ended.

        Parameters
        ----------
        seconds : float or None
            At most so long; None waits for the first to end.

        Returns
        -------
        list of Ended
            May be empty.
        """
        busy = [worker for worker in self._workers if worker.job is not None]
        if not busy:
            time.sleep(seconds or 0)
            return []
        ready = set(wait([worker.pipe for worker in busy], seconds))
        return [worker.end() for worker in busy if worker.pipe in ready]

    def close(self) -> None:
        """Stop whatever is still running."""
        for worker in self._workers:
            worker.close()
        self._workers.clear()

    def _hire(self) -> _Worker:
        self.prepare()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_work, args=(theirs,), name="clientlib worker"
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker


def _work(pipe: Connection) -> None:
    """Run one job after the other until no more come."""
    _die_with_parent()
    from clientlib.runs.executing.execution import run_job  # papermill takes a second to import

    with suppress(EOFError, KeyboardInterrupt):
        while True:
            job = pipe.recv()
            try:
                answer: tuple[Run | None, Exception | None] = (run_job(job), None)
            except Exception as fault:  # the batch raises it when the other jobs have ended
                answer = (None, fault)
            try:
                pipe.send(answer)
            except (TypeError, AttributeError):  # a fault that cannot be sent
                pipe.send((None, RunError(f"{job.task.report}: {answer[1]!r}")))


def _process_context() -> BaseContext:
    """Fork workers from a server that has imported papermill; without forks, start them anew."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    command = [COMMAND] if COMMAND in sys.modules else []
    context.set_forkserver_preload([*PRELOADED, *command])
    return context


@cache
def _choose_folder() -> None:
    """Let the server's socket lie where the next run finds it if this process is killed."""
    stack = ExitStack()
    # The server stays for all crews of this process; multiprocessing empties its folder first.
    util.Finalize(None, stack.close, exitpriority=AFTER_MULTIPROCESSING)
    folder = stack.enter_context(socket_folder())
    if folder is not None:
        usual, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            util.get_temp_dir()  # made now, and used by multiprocessing from now on
        finally:
            tempfile.tempdir = usual


def _die_with_parent() -> None:
    """Let no process go on after its batch was killed; the kernel goes with it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
