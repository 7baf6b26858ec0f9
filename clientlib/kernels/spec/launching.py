"""Gets a kernel started for Jupyter: a warm one from a template process, or a cold one.

Jupyter takes this process for the kernel: it waits for its end, interrupts and kills it. Only
the standard library is there. The environment says what to do:

CLIENTLIB_TEMPLATE
    Socket of the template process of a batch; without it the kernels of a user share one.
CLIENTLIB_COLD
    Start a cold kernel. Any text but ``1`` is given as the reason.
CLIENTLIB_KERNEL_REPORT
    File for how the kernel ended, as JSON.
CLIENTLIB_CONFINEMENT, CLIENTLIB_MEMORY_LIMIT_MB
    For the kernel itself: what it must not see, and how much memory it may use.
"""

import fcntl
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from protocol import (  # type: ignore[import-not-found]  # lies beside this file
    Refused,
    ask_for_kernel,
    connect,
    describe_end,
    describe_kernel,
    die_with,
    hear_of_end,
    measure,
    read_circumstances,
    send_signal,
    with_history,
)

START_SECONDS = 45.0
PAUSE_SECONDS = 0.02
ATTEMPTS = 3
RELAYED = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2")
OLDEST_LANDLOCK = 3

Watched = tuple[int, int | None]  # descriptors of signals that came, and of Jupyter's process


class ColdStart(Exception):  # noqa: N818 - no fault, only a reason
    """Says why a kernel starts cold."""


def main(arguments: Sequence[str]) -> NoReturn:
    """Start a kernel, and end as it ends.

    Parameters
    ----------
    arguments : sequence of str
        Connection file, then what else Jupyter hands to the kernel.
    """
    watched = (_catch_signals(), _watch_jupyter())  # before anything that takes time
    arguments = with_history(arguments, os.environ)
    try:
        end = _run_warm(arguments, watched)
    except ColdStart as reason:
        end = _run_cold(arguments, watched, str(reason))
    _write_report(end)
    _end_like(end)


def _run_warm(arguments: Sequence[str], watched: Watched) -> dict[str, Any]:
    connection, (kernel, ended, lifeline) = _get_warm(arguments, ATTEMPTS)
    _watch(kernel, ended, watched)
    end = {"kernel": "warm", "why_cold": None, **hear_of_end(connection)}
    os.close(lifeline)
    return end | {"confined": _is_confined()}


def _get_warm(
    arguments: Sequence[str], attempts: int
) -> tuple[socket.socket, tuple[int, int, int]]:
    connection = _reach_template(time.monotonic() + START_SECONDS)
    told = describe_kernel(arguments, os.environ)
    try:
        return connection, ask_for_kernel(connection, told, (0, 1, 2), ".")
    except Refused as refused:
        connection.close()
        if attempts == 1 or not refused.is_ending:
            raise ColdStart(str(refused)) from refused
    return _get_warm(arguments, attempts - 1)


def _reach_template(deadline: float) -> socket.socket:
    reason = os.environ.get("CLIENTLIB_COLD")
    if reason:
        raise ColdStart("CLIENTLIB_COLD is set" if reason == "1" else reason)
    path = os.environ.get("CLIENTLIB_TEMPLATE")
    if not path:
        return _reach_shared(deadline)
    try:
        connection: socket.socket = connect(path)
    except OSError as error:
        raise ColdStart(f"the template process of the batch is gone: {error}") from error
    return connection


def _reach_shared(deadline: float) -> socket.socket:
    from zlib import crc32

    mark = crc32(json.dumps(read_circumstances(), sort_keys=True).encode())
    path = f"{_runtime_folder()}/{mark:08x}"
    starting = None
    while time.monotonic() < deadline:
        try:
            connection: socket.socket = connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            pass
        except OSError as error:
            raise ColdStart(f"the template process cannot be reached: {error}") from error
        if starting is None:
            starting = _start_shared(path)
        elif starting.poll() is not None:
            raise ColdStart(f"the template process did not start; see {path}.log")
        time.sleep(PAUSE_SECONDS)
    raise ColdStart(f"the template process did not start in {START_SECONDS:.0f} seconds")


def _runtime_folder() -> str:
    """Give the folder of shared template processes, which only its user may enter."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    folder = f"{base}/clientlib-kernels" if base else f"/tmp/clientlib-kernels-{os.getuid()}"  # noqa: S108
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        found = os.lstat(folder)
    except OSError as error:
        raise ColdStart(f"there is no folder for template processes: {error}") from error
    if found.st_uid != os.getuid() or found.st_mode & 0o170077 != 0o040000:
        raise ColdStart(f"the folder of template processes is open to others: {folder}")
    return folder


def _start_shared(path: str) -> Any:  # noqa: ANN401 - subprocess takes long to import
    """Start a template process that holds the lock of its place; None where another does."""
    lock = _open_private(f"{path}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return _start_with_lock(path, lock)
    except BlockingIOError:
        return None
    finally:
        os.close(lock)


def _start_with_lock(path: str, lock: int) -> Any:  # noqa: ANN401 - as above
    import subprocess

    command = [sys.executable, "-m", "clientlib.kernels.template", path, "--lock", str(lock)]
    with open(f"{path}.log", "ab", opener=_open_private) as log:
        return subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=os.path.dirname(path),  # noqa: PTH120
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _run_cold(arguments: Sequence[str], watched: Watched, reason: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "clientlib.kernels.cold", "-f", *arguments]
    if not os.environ.get("CLIENTLIB_KERNEL_REPORT"):
        os.execv(command[0], command)  # noqa: S606 - our own module
    theirs, mine = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        os.setsid()
        die_with(theirs)
        os.set_inheritable(theirs, True)
        os.execv(command[0], command)  # noqa: S606 - our own module
    os.close(theirs)
    _watch(kernel, os.pidfd_open(kernel), watched)
    _, status, used = os.wait4(kernel, 0)
    os.close(mine)
    end = {"kernel": "cold", "why_cold": reason, **describe_end(status, measure(used))}
    return end | {"confined": _is_confined()}


def _catch_signals() -> int:
    """Turn signals to this process into bytes that can be read from the descriptor given."""
    coming, going = os.pipe()
    os.set_blocking(going, False)
    signal.set_wakeup_fd(going, warn_on_full_buffer=False)
    for name in RELAYED:
        signal.signal(getattr(signal, name), lambda *_: None)
    return coming


def _watch(kernel: int, ended: int, watched: Watched) -> None:
    """Wait for a kernel's end; hand signals on to it, and end it when Jupyter's process dies."""
    signals, jupyter = watched
    poll = select.poll()
    for descriptor in (ended, signals, jupyter):
        if descriptor is not None:
            poll.register(descriptor, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if ended in ready:
            return
        if jupyter is not None and jupyter in ready:
            send_signal(kernel, ended, signal.SIGKILL)
            poll.unregister(jupyter)
        if signals in ready:
            for number in os.read(signals, 64):
                send_signal(kernel, ended, number)


def _watch_jupyter() -> int | None:
    """Open the process that a cold kernel would end with: its parent, if that is Jupyter."""
    parent = os.getppid()
    if parent == 1 or os.environ.get("JPY_PARENT_PID", "1") in ("", "1"):
        return None
    return os.pidfd_open(parent)


def _is_confined() -> bool | None:
    if not os.environ.get("CLIENTLIB_CONFINEMENT"):
        return None
    import ctypes

    version = int(ctypes.CDLL(None).syscall(444, None, 0, 1))
    return version >= OLDEST_LANDLOCK  # a kernel that could not be confined there did not start


def _write_report(end: dict[str, Any]) -> None:
    path = os.environ.get("CLIENTLIB_KERNEL_REPORT")
    if not path:
        return
    draft = f"{path}.{os.getpid()}"
    try:
        with open(draft, "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(end, file)
        os.replace(draft, path)  # noqa: PTH105
    except OSError as error:
        sys.stderr.write(f"the kernel's report cannot be written: {error}\n")


def _end_like(end: dict[str, Any]) -> NoReturn:
    """Leave with the kernel's exit code, or by the signal that ended it."""
    number = end["signal"]
    if number is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(1 if end["exit_code"] is None else end["exit_code"])
