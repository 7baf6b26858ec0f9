"""The process that kernels are forked from: it imports, listens, and does nothing else.

``python -m clientlib.kernels.template SOCKET`` belongs to a batch: it says ``ready`` on its
standard output, and ends when its standard input is closed. With ``--lock DESCRIPTOR``, an open
file whose lock keeps others from the same place, it is shared by all kernels of a user, and ends
after a time without one.
"""

import argparse
import os
import socket
import sys
from contextlib import suppress

from clientlib.kernels.birth import Own, Request, be_born, leave, serve_kernel
from clientlib.kernels.preload import (
    KERNEL,
    Preload,
    count_threads,
    fingerprint,
    keep_preload,
    read_preload,
)
from clientlib.kernels.serving import Service, settle_memory
from clientlib.kernels.spec.protocol import IN_KERNELS, read_circumstances
from clientlib.kernels.watching import import_under_watch

IDLE_SECONDS = 900.0


def main(arguments: list[str]) -> Request | None:
    """Import the libraries, then fork a kernel for each launcher.

    Parameters
    ----------
    arguments : list of str
        Of the command line.

    Returns
    -------
    Request or None
        In a forked process what it is to be a kernel for; None where the process is no longer
        needed.
    """
    options = _read_options(arguments)
    is_owned = options.lock is None
    circumstances = read_circumstances()
    state = fingerprint()
    prepare_environment()
    preload, own = _import_libraries()
    return Service(
        listener=_listen(options.socket, is_owned=is_owned),
        circumstances=circumstances,
        threads_count=count_threads(),
        preload=preload,
        own=own,
        owner=0 if is_owned else None,
        lock=options.lock,
        idle_seconds=options.idle_seconds,
        is_stale=lambda: fingerprint() != state,
    ).serve()


def prepare_environment() -> None:
    """Set what libraries read while they are imported, as they would find it in a kernel.

    One thread for each kernel: kernels run side by side, and a pool of threads that was started
    before a fork would hang in the kernel.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")
    for name, text in IN_KERNELS.items():
        os.environ.setdefault(name, text)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # the debugger would warn as it is imported
    os.environ["JPY_PARENT_PID"] = "1"  # ipykernel shall not watch a parent: the launcher does


def _read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="clientlib.kernels.template")
    parser.add_argument("socket")
    parser.add_argument("--lock", type=int)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    return parser.parse_args(arguments)


def _import_libraries() -> tuple[Preload, Own]:
    """Import what kernels need; tell what they would have had of themselves."""
    preload = read_preload()
    before = dict(os.environ)
    _, refused = import_under_watch(preload.allowed(KERNEL), is_trial=False)
    own = Own(dict(sys.modules), {n: text for n, text in os.environ.items() if n not in before})
    refused |= import_under_watch(preload.names(), is_trial=False)[1]
    if refused:
        preload.refused |= refused
        keep_preload(preload)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
    settle_memory()
    return preload, own


def _listen(path: str, *, is_owned: bool) -> socket.socket:
    if os.path.lexists(path):
        os.unlink(path)  # noqa: PTH108
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    if is_owned:
        with suppress(BrokenPipeError):  # a batch that was killed meanwhile; it is left next
            sys.stdout.write("ready\n")
            sys.stdout.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return listener


if __name__ == "__main__":
    del sys.path[0]  # the working folder, as ipykernel_launcher does; the shell puts it back
    request = main(sys.argv[1:])
    if request is None:
        os._exit(0)
    fault: BaseException | None = None
    try:
        be_born(request)
        serve_kernel(request)
    except BaseException as error:
        fault = error
    leave(request, fault)
