"""A crew of processes on this machine: each task in a process of its own."""

import ctypes
import multiprocessing
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
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
    "clientlib.runs.executing.without_addresses",
    "clientlib.runs.executing.prepared",
)
COMMAND = "clientlib.cli"  # a child imports the main module again, which is the command's
PR_SET_PDEATHSIG = 1
AFTER_MULTIPROCESSING = -200  # its own folder goes at -100


class ProcessCrew:
    """Processes of this machine. One that dies takes its own job with it and no other.

    Parameters
    ----------
    workers : int
        Processes at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._context = _process_context()
        self._running: dict[BaseProcess, tuple[Job, Connection]] = {}

    def prepare(self) -> None:
        """Let the server of processes import while something else is being prepared."""
        if sys.platform != "win32":
            _choose_folder()
            forkserver.ensure_running()

    @property
    def free(self) -> int:
        """How many more jobs it can take now."""
        return self._workers - len(self._running)

    def start(self, job: Job) -> None:
        """Begin a job in a new process.

        Parameters
        ----------
        job : Job
            What to run.
        """
        self.prepare()
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_run_in_process, args=(job, theirs), name=f"clientlib {job.task.report}"
        )
        process.start()
        theirs.close()
        self._running[process] = (job, ours)

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
        if not self._running:
            time.sleep(seconds or 0)
            return []
        ready = set(wait([process.sentinel for process in self._running], seconds))
        return [self._end(process) for process in list(self._running) if process.sentinel in ready]

    def close(self) -> None:
        """Stop whatever is still running."""
        for process in self._running:
            process.kill()
        for process, (_, pipe) in self._running.items():
            process.join()
            pipe.close()
        self._running.clear()

    def _end(self, process: BaseProcess) -> Ended:
        job, pipe = self._running.pop(process)
        try:
            answer = pipe.recv() if pipe.poll() else None
        except EOFError:
            answer = None
        finally:
            pipe.close()
            process.join()
        if answer is None:
            return Ended(job, None, death=_describe_exit(process.exitcode))
        run, fault = answer
        return Ended(job, run, fault=fault)


def _run_in_process(job: Job, pipe: Connection) -> None:
    _die_with_parent()
    from clientlib.runs.executing.execution import run_job  # papermill takes a second to import

    try:
        answer: tuple[Run | None, Exception | None] = (run_job(job), None)
    except Exception as fault:  # the batch raises it when the other jobs have ended
        answer = (None, fault)
    try:
        pipe.send(answer)
    except (TypeError, AttributeError):  # a fault that cannot be sent
        pipe.send((None, RunError(f"{job.task.report}: {answer[1]!r}")))
    pipe.close()


def _process_context() -> BaseContext:
    """Fork from a server that has imported papermill; where there is no fork, start anew."""
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
