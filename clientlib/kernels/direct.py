"""Kernels that a process of a batch gets from the template process itself, without a launcher.

A launcher is a process of its own, in which Python starts anew. It is needed where Jupyter starts
kernels, and for cold ones; a process that can ask the template process itself saves it.
"""

import os
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

if sys.platform == "linux":  # other systems lack what it is made of, and have cold kernels only
    from clientlib.kernels.spec.protocol import (
        Refused,
        ask_for_kernel,
        connect,
        describe_kernel,
        hear_of_end,
        send_signal,
        with_history,
    )

LAUNCHER = Path(__file__).parent / "spec" / "launcher.py"
UNKNOWN = 1  # the exit code of a kernel whose end nobody saw


class WarmProcess:
    """A kernel's process, to be handled like one of ``subprocess``.

    Parameters
    ----------
    connection : socket
        To its template process.
    pid, ended, lifeline : int
        As ``ask_for_kernel`` gives them.

    Attributes
    ----------
    returncode : int or None
        None while it lives; below 0 the signal that ended it; 1 where nobody saw its end.
    end : dict or None
        How it ended and what it used, as ``describe_end`` says it.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int, ended: int, lifeline: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.end: dict[str, Any] | None = None
        self._connection, self._ended, self._lifeline = connection, ended, lifeline

    def poll(self) -> int | None:
        """Tell whether it has ended.

        Returns
        -------
        int or None
            ``returncode``.
        """
        if self.returncode is None and self._is_over(0):
            self._take_end()
        return self.returncode

    def wait(self) -> int | None:
        """Wait until it has ended.

        Returns
        -------
        int
            ``returncode``.
        """
        if self.returncode is None and self._is_over(None):
            self._take_end()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to what it has started.

        Parameters
        ----------
        number : int
            Of the signal.
        """
        if self.returncode is None:
            send_signal(self.pid, self._ended, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def _is_over(self, milliseconds: int | None) -> bool:
        poll = select.poll()
        poll.register(self._ended, select.POLLIN)
        return bool(poll.poll(milliseconds))

    def _take_end(self) -> None:
        self.end = hear_of_end(self._connection)
        code, number = self.end["exit_code"], self.end["signal"]
        self._connection.close()
        os.close(self._ended)
        os.close(self._lifeline)  # what it has left running ends now
        self.returncode = -number if number is not None else UNKNOWN if code is None else code


class DirectProvisioner(LocalProvisioner):
    """Gets kernels from the template process of a batch; any other from their launcher."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Start a kernel.

        Parameters
        ----------
        cmd : list of str
            Command of its launcher.
        **kwargs : Any
            As of ``subprocess.Popen``.

        Returns
        -------
        dict
            How to reach it.
        """
        launcher = f"{self.kernel_spec.resource_dir}/launcher.py"
        process = None
        if launcher in cmd and Path(launcher).samefile(LAUNCHER):
            process = _start_warm(cmd[cmd.index(launcher) + 1 :], kwargs)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


def _start_warm(arguments: Sequence[str], options: Mapping[str, Any]) -> WarmProcess | None:
    """Ask the template process of a batch; where it refuses, the launcher finds out why."""
    environment = {**options.get("env", os.environ), "JPY_PARENT_PID": str(os.getpid())}
    path = environment.get("CLIENTLIB_TEMPLATE")
    if sys.platform != "linux" or not path or environment.get("CLIENTLIB_COLD"):
        return None
    connection = None
    try:
        connection = connect(path)
        with Path(os.devnull).open("rb") as nothing:
            files = (nothing, options.get("stdout"), options.get("stderr"))
            standard = [
                usual if file is None else file.fileno() for usual, file in enumerate(files)
            ]
            told = describe_kernel(with_history(arguments, environment), environment)
            folder = str(options.get("cwd") or ".")
            return WarmProcess(connection, *ask_for_kernel(connection, told, standard, folder))
    except (OSError, Refused):
        if connection is not None:
            connection.close()
        return None
