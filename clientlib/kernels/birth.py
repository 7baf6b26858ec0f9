"""Makes a forked process into what a kernel's process is when Python has just started."""

import atexit
import fcntl
import json
import os
import random
import resource
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NoReturn, TextIO

from clientlib.errors import ClientlibError
from clientlib.kernels.ending import finish_control
from clientlib.kernels.limits import hold_to_limits
from clientlib.kernels.preload import list_imported
from clientlib.kernels.spec.protocol import die_with

DESCRIPTORS = 5


@dataclass(frozen=True)
class Own:
    """What any kernel has before its first cell, however much the template process has imported.

    Attributes
    ----------
    modules : dict of str to module
        Its own, by name.
    environment : dict of str to str
        Variables that these set as they are imported.
    """

    modules: Mapping[str, ModuleType] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What a launcher asks for, and what it hands over.

    Attributes
    ----------
    told : dict
        Arguments, environment, circumstances, umask and limits.
    standard : tuple of int
        Descriptors of the standard input, output and error.
    folder, lifeline, memory : int
        Descriptors of the working folder, of the pipe that keeps the kernel alive, and of a
        file in memory for what the kernel has imported.
    known : collection of str
        Modules that the template process had imported.
    own : Own
        What a kernel has of itself.
    """

    told: dict[str, Any]
    standard: tuple[int, ...]
    folder: int
    lifeline: int
    memory: int
    known: Collection[str] = ()
    own: Own = field(default_factory=Own)

    def close(self) -> None:
        """Close what was handed over."""
        for descriptor in (*self.standard, self.folder, self.lifeline):
            os.close(descriptor)


def be_born(request: Request) -> None:
    """Take on what a new process would have from its launcher, and what would be its own.

    Parameters
    ----------
    request : Request
        What the launcher has handed over.
    """
    os.setsid()
    die_with(request.lifeline)
    _take_files(request)
    _take_surroundings(request.told, request.own)
    _make_own_state()
    sys.argv[:] = [_kernel_program(), "-f", *request.told["arguments"]]
    sys.orig_argv[:] = [sys.executable, "-m", "ipykernel_launcher", *sys.argv[1:]]
    try:
        hold_to_limits()
    except ClientlibError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(1)


def serve_kernel(request: Request) -> None:
    """Be a kernel until it is shut down.

    A kernel takes the modules that it finds when it starts for its own, and its debugger steps
    over them: that must not be what the template process has imported for notebooks.

    Parameters
    ----------
    request : Request
        What the kernel is made from.
    """
    from ipykernel import ipkernel, kernelapp

    stand_in = ModuleType("sys")
    vars(stand_in).update(vars(sys) | {"modules": request.own.modules})
    app = kernelapp.IPKernelApp.instance()
    ipkernel.sys = stand_in  # type: ignore[attr-defined]
    try:
        app.initialize()  # type: ignore[no-untyped-call]
    finally:
        ipkernel.sys = sys  # type: ignore[attr-defined]
    try:
        app.start()  # type: ignore[no-untyped-call]
    finally:
        finish_control(app)


def leave(request: Request, fault: BaseException | None) -> NoReturn:
    """End the kernel's process as Python would, but for the destruction of its objects.

    Parameters
    ----------
    request : Request
        What the kernel was made from.
    fault : BaseException or None
        What the kernel's program ended with.
    """
    folder = os.getcwd() if os.path.isdir(".") else "/"  # noqa: PTH109, PTH112
    imported = list_imported(request.known, folder)
    os.pwrite(request.memory, json.dumps(imported).encode(), 0)
    code = _exit_code(fault)
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        _flush(stream)
    fcntl.fcntl(request.lifeline, fcntl.F_SETFL, 0)  # spares processes that the kernel leaves
    os._exit(code)


def _take_files(request: Request) -> None:
    for number, descriptor in enumerate(request.standard):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.fchdir(request.folder)
    os.close(request.folder)
    os.set_inheritable(request.lifeline, False)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and stream.isatty():
            stream.reconfigure(line_buffering=True)


def _take_surroundings(told: dict[str, Any], own: Own) -> None:
    os.umask(told["umask"])
    for number, limit in told["limits"]:
        resource.setrlimit(number, (limit, resource.getrlimit(number)[1]))
    os.environ.clear()
    os.environ.update({**own.environment, **told["environment"]})
    time.tzset()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tempfile.tempdir = None


def _make_own_state() -> None:
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy:
        numpy.random.seed()
    processes = sys.modules.get("multiprocessing.process")
    if processes:
        processes.current_process().authkey = os.urandom(32)
    if os.environ.get("JPY_PARENT_PID", "1") not in ("", "1"):
        threading.Thread()  # takes the number of the thread by which others watch their parent


def _kernel_program() -> str:
    program = find_spec("ipykernel_launcher")
    return str(program.origin) if program else "ipykernel_launcher"


def _exit_code(fault: BaseException | None) -> int:
    if fault is None:
        return 0
    if not isinstance(fault, SystemExit):
        traceback.print_exception(fault, file=sys.__stderr__)
        return 1
    if fault.code is None or isinstance(fault.code, int):
        return fault.code or 0
    sys.stderr.write(f"{fault.code}\n")
    return 1


def _flush(stream: TextIO | None) -> None:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):  # closed, or nobody reads it any more
        return
