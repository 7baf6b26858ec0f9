"""What launchers and template processes say to each other, and what both know of processes.

Launchers run a copy of this file that lies in Jupyter's folder, so it needs nothing but the
standard library, and what is said carries the number of the protocol.
"""

import fcntl
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

PROTOCOL = 1
ANSWER_SECONDS = 20.0
END_SECONDS = 120.0  # a template process that imports what it has learned says nothing meanwhile
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
READ_AT_IMPORT = ("HOME", "LANG", "LANGUAGE", "MPLCONFIGDIR")
IN_KERNELS = {  # what libraries would find out from the kernel's shell, were there one
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PLOTLY_RENDERER": "plotly_mimetype",
}


class Refused(Exception):  # noqa: N818 - no fault, only a reason
    """Says why a template process forks no kernel.

    Parameters
    ----------
    reason : str
        For whoever reads why a kernel is cold.
    is_ending : bool
        Whether that process ends, so that another may be asked.
    """

    def __init__(self, reason: str, *, is_ending: bool = False) -> None:
        super().__init__(reason)
        self.is_ending = is_ending


def send(connection: socket.socket, message: object, descriptors: Sequence[int] = ()) -> None:
    """Send one message, and open files with it.

    Parameters
    ----------
    connection : socket
        A Unix socket.
    message : anything that JSON can say
        What to send.
    descriptors : sequence of int
        Descriptors that the other process gets copies of.
    """
    body = json.dumps(message).encode()
    socket.send_fds(connection, [len(body).to_bytes(4, "big")], list(descriptors))
    connection.sendall(body)


def receive(connection: socket.socket, most: int = 0) -> tuple[Any, list[int]]:
    """Receive one message, and the open files that came with it.

    Parameters
    ----------
    connection : socket
        A Unix socket.
    most : int
        How many descriptors may come.

    Returns
    -------
    tuple of message and list of int
        What was sent, and the descriptors.

    Raises
    ------
    EOFError
        The other side closed the connection before the message was complete.
    """
    head, descriptors, _, _ = socket.recv_fds(connection, 4, most)
    length = int.from_bytes(head, "big")
    body = bytearray()
    while len(head) == 4 and len(body) < length:
        part = connection.recv(min(length - len(body), 1 << 16))
        if not part:
            break
        body += part
    if len(head) < 4 or len(body) < length:
        raise EOFError("the connection was closed")
    return json.loads(body), descriptors


def connect(path: str) -> socket.socket:
    """Reach a template process.

    Parameters
    ----------
    path : str
        Of its socket.

    Returns
    -------
    socket
        Connected; it waits for answers only so long.

    Raises
    ------
    OSError
        Nobody listens there.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(ANSWER_SECONDS)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def with_history(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Keep the history of cells that nobody types in memory, as nbclient does for ``python3``.

    Parameters
    ----------
    arguments : sequence of str
        Of a kernel.
    environment : mapping of str to str
        Its variables.

    Returns
    -------
    list of str
        With one more, unless a history is named or somebody works with the kernel.
    """
    is_told = any("HistoryManager" in argument for argument in arguments)
    if is_told or "JPY_SESSION_NAME" in environment:
        return list(arguments)
    return [*arguments, "--HistoryManager.hist_file=:memory:"]


def describe_kernel(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Say what a kernel shall be like that is forked for this process.

    Parameters
    ----------
    arguments : sequence of str
        Connection file, then what else Jupyter hands to the kernel.
    environment : mapping of str to str
        Variables of the kernel.

    Returns
    -------
    dict
        For `ask_for_kernel`.
    """
    umask = os.umask(0o077)
    os.umask(umask)
    return {
        "arguments": list(arguments),
        "environment": dict(environment),
        "circumstances": read_circumstances(environment),
        "umask": umask,
        "limits": [[number, resource.getrlimit(number)[0]] for number in limits()],
    }


def ask_for_kernel(
    connection: socket.socket, told: dict[str, Any], standard: Sequence[int], folder: str
) -> tuple[int, int, int]:
    """Get a kernel forked.

    Parameters
    ----------
    connection : socket
        To a template process, which later tells by it how the kernel ended.
    told : dict
        As `describe_kernel` gives it.
    standard : sequence of int
        Descriptors of the kernel's standard input, output and error.
    folder : str
        Where it works.

    Returns
    -------
    tuple of int
        Its process id, a descriptor that is ready when it has ended, and the end of its lifeline:
        the kernel is killed when that is closed.

    Raises
    ------
    Refused
        There is none.
    """
    if is_peer_confined(connection):
        raise Refused("the template process is confined, or has ended")
    place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    theirs, mine = os.pipe()
    try:
        send(connection, told, [*standard, place, theirs])
        answer, descriptors = receive(connection, 1)
        if "pid" in answer:
            return answer["pid"], descriptors[0], mine
    except (OSError, EOFError, ValueError) as error:
        os.close(mine)  # a kernel that comes after all dies of it
        reason = f"the template process gave no answer: {error}"
        raise Refused(reason, is_ending=isinstance(error, ConnectionError | EOFError)) from error
    finally:
        os.close(place)
        os.close(theirs)
    os.close(mine)
    raise Refused(answer["refused"], is_ending=answer["again"])


def hear_of_end(connection: socket.socket) -> dict[str, Any]:
    """Wait until a template process tells how a kernel ended.

    Parameters
    ----------
    connection : socket
        By which the kernel was asked for.

    Returns
    -------
    dict
        As `describe_end` gives it; all unknown where the template process died before, or says
        nothing for two minutes.
    """
    connection.settimeout(END_SECONDS)
    try:
        end, _ = receive(connection)
    except (OSError, EOFError, ValueError):
        return describe_end(None, {})
    return describe_end(end["status"], end)


def describe_end(status: int | None, used: Mapping[str, Any]) -> dict[str, Any]:
    """Say how a kernel ended.

    Parameters
    ----------
    status : int or None
        As ``os.wait4`` gives it; None where nobody knows.
    used : mapping
        As `measure` gives it.

    Returns
    -------
    dict
        ``exit_code``, ``signal``, ``peak_memory_bytes`` and ``cpu_seconds``; None where unknown.
    """
    code = None if status is None else os.waitstatus_to_exitcode(status)
    return {
        "exit_code": code if code is not None and code >= 0 else None,
        "signal": -code if code is not None and code < 0 else None,
        "peak_memory_bytes": used.get("peak_memory_bytes"),
        "cpu_seconds": used.get("cpu_seconds"),
    }


def send_signal(kernel: int, ended: int, number: int) -> None:
    """Send a signal to a kernel and to what it has started.

    Parameters
    ----------
    kernel, ended : int
        Its process id, and the descriptor that is ready when it has ended.
    number : int
        Of the signal.
    """
    try:
        os.killpg(kernel, number)
    except ProcessLookupError:  # it has not made a group of its own yet, or is gone
        try:
            signal.pidfd_send_signal(ended, number)
        except ProcessLookupError:
            return


def read_circumstances(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Describe what a process cannot change later, and the variables that libraries read once.

    A template process forks kernels only for launchers in its own circumstances: the same user,
    namespaces, control group, priority, hard limits and variables.

    Parameters
    ----------
    environment : mapping of str to str, optional
        Variables of the kernel; by default of this process.

    Returns
    -------
    dict
        One entry for each circumstance, as JSON would give it back.
    """
    variables = os.environ if environment is None else environment
    with open("/proc/self/cgroup", encoding="utf-8") as groups:  # noqa: PTH123
        control_groups = groups.read()
    return {
        "protocol": PROTOCOL,
        "python": [os.path.dirname(sys.executable), sys.version],  # noqa: PTH120
        "user": [os.geteuid(), os.getegid(), sorted(os.getgroups())],
        "namespaces": [os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES],  # noqa: PTH115
        "control groups": control_groups,
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(0)),
        "hard limits": [resource.getrlimit(number)[1] for number in limits()],
        "variables": IN_KERNELS | {n: text for n, text in variables.items() if _is_read_once(n)},
    }


def is_peer_confined(connection: socket.socket) -> bool:
    """Tell whether the other process may do less than this one.

    A confined process has given up for good to gain rights. It must neither get an unconfined
    kernel forked, nor take a template process's place.

    Parameters
    ----------
    connection : socket
        A Unix socket.

    Returns
    -------
    bool
        True also where the other process has ended.
    """
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    peer = int.from_bytes(told[:4], sys.byteorder)
    return _has_given_up(str(peer)) and not _has_given_up("self")


def limits() -> list[int]:
    """List the limits that the system can set for a process.

    Returns
    -------
    list of int
        Their numbers, as ``resource.getrlimit`` takes them.
    """
    return sorted({number for name, number in vars(resource).items() if name[:7] == "RLIMIT_"})


def die_with(lifeline: int) -> None:
    """Let the system kill this process group at once when the other end of a pipe is closed.

    The system does it, whatever this process is at: it needs no thread, and a loop in compiled
    code cannot put it off.

    Parameters
    ----------
    lifeline : int
        The end of a pipe that is read from; nothing is ever written to the other end.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_RDONLY | os.O_ASYNC)
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    if poll.poll(0):  # it was closed before the system was asked to watch it
        os._exit(1)


def measure(used: resource.struct_rusage) -> dict[str, Any]:
    """Say what a process has used that has ended.

    Parameters
    ----------
    used : resource.struct_rusage
        As ``os.wait4`` gives it.

    Returns
    -------
    dict
        ``peak_memory_bytes`` and ``cpu_seconds`` (user and system, with ended children).
    """
    return {
        "peak_memory_bytes": used.ru_maxrss * 1024,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 6),
    }


def _has_given_up(process: str) -> bool:
    try:
        with open(f"/proc/{process}/status", encoding="utf-8") as status:  # noqa: PTH123
            return "NoNewPrivs:\t1" in status.read()
    except OSError:
        return True


def _is_read_once(name: str) -> bool:
    known = name in IN_KERNELS or name in READ_AT_IMPORT
    return known or name.startswith(("PYTHON", "LD_", "LC_"))
