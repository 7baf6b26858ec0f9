"""Starts a cold kernel on systems without warm ones, in a way that every system has."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

UNKNOWN = ("signal", "peak_memory_bytes", "cpu_seconds")


def main(arguments: Sequence[str]) -> NoReturn:
    """Start a cold kernel, and end as it ends.

    Parameters
    ----------
    arguments : sequence of str
        Connection file, then what else Jupyter hands to the kernel.
    """
    command = [sys.executable, "-m", "clientlib.kernels.cold", "-f", *arguments]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the kernel gets it too, and knows what to do
    code = subprocess.call(command, close_fds=False)  # noqa: S603 - our own module
    _write_report(code)
    sys.exit(code)


def _write_report(code: int) -> None:
    path = os.environ.get("CLIENTLIB_KERNEL_REPORT")
    if path:
        end = {"kernel": "cold", "why_cold": "only Linux has warm kernels", "exit_code": code}
        confined = False if os.environ.get("CLIENTLIB_CONFINEMENT") else None
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes long to import
            json.dump({**end, **dict.fromkeys(UNKNOWN), "confined": confined}, file)
