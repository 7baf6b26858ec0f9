"""One kernel: started over sockets, measured and brought to an end."""

import asyncio
import json
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from clientlib.kernels import KERNEL, SPEC_FOLDER
from clientlib.kernels.direct import DirectProvisioner, WarmProcess
from clientlib.runs.executing.channels import ShellChannel

if TYPE_CHECKING:
    from resource import struct_rusage

REPORT_VARIABLE = "CLIENTLIB_KERNEL_REPORT"
REPORT_NAME = "report.json"
RECONNECT_MILLISECONDS = 10
STEP_SECONDS = 0.01
TERMINATE_SECONDS = 0.5


@dataclass(frozen=True)
class KernelUse:
    """What a kernel took, and how it ended, as far as that could be found out.

    Parameters
    ----------
    temperature : str, optional
        ``warm`` or ``cold``, where its launcher tells.
    why_cold : str, optional
        Why it could not be warm.
    exit_code : int, optional
        Where it ended by itself.
    signal_name : str, optional
        What killed it, such as ``SIGKILL``.
    peak_memory_bytes : int, optional
        The most memory that it held.
    cpu_seconds : float, optional
        Processor time, its own and that of its children.
    """

    temperature: str | None = None
    why_cold: str | None = None
    exit_code: int | None = None
    signal_name: str | None = None
    peak_memory_bytes: int | None = None
    cpu_seconds: float | None = None


class OwnSpecs(KernelSpecManager):
    """Knows the kernelspecs of the environment, and ours wherever clientlib lies."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Find a kernelspec.

        Parameters
        ----------
        kernel_name : str
            Its name.

        Returns
        -------
        KernelSpec
            How a kernel is started.
        """
        if kernel_name == KERNEL:
            return self.kernel_spec_class.from_resource_dir(str(SPEC_FOLDER))
        return super().get_kernel_spec(kernel_name)


class QuickKernelManager(AsyncKernelManager):
    """Starts and ends one kernel without idle waits, and measures it.

    The waits of its base class come in steps of 100 ms, and its sockets try every 100 ms to
    reach a kernel that is starting.
    """

    _peak: int | None = None
    _cpu: float | None = None
    _returned: int | None = None
    _told: dict[str, Any] | None = None

    @default("kernel_spec_manager")
    def _kernel_spec_manager_default(self) -> OwnSpecs:
        return OwnSpecs(parent=self)

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MILLISECONDS)
        context.setsockopt(zmq.RCVHWM, 0)  # no message is dropped, however many come at once
        self._created_context = True
        return context

    def client(self, **kwargs: Any) -> AsyncKernelClient:  # type: ignore[override] # noqa: ANN401
        """Make a client that shares this manager's sockets.

        Parameters
        ----------
        **kwargs : Any
            As of the base class.

        Returns
        -------
        AsyncKernelClient
            Its channels are not yet started.
        """
        return super().client(context=self.context, shell_channel_class=ShellChannel, **kwargs)

    async def _async_pre_start_kernel(self, **said: Any) -> tuple[list[str], dict[str, Any]]:  # noqa: ANN401
        self.kernel_id = self.kernel_id or str(uuid4())
        self.provisioner = DirectProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        return await super()._async_pre_start_kernel(**said)

    pre_start_kernel = _async_pre_start_kernel

    async def _async_is_alive(self) -> bool:
        process = self.measure()  # asking it in another way would lose what it took
        if process is not None:
            return process.returncode is None
        return bool(await super()._async_is_alive())

    is_alive = _async_is_alive

    async def end(self, grace_seconds: float) -> None:
        """Let the kernel end by itself, so that its exit hooks run; kill one that does not.

        Parameters
        ----------
        grace_seconds : float
            How long it may take.
        """
        if await self.is_alive():
            await self._async_request_shutdown()
            if not await self._ends_within(grace_seconds):
                await self.kill()

    async def kill(self) -> None:
        """Kill the kernel; a launcher is told first, so that it can pass it on."""
        if self.provisioner is not None and await self.is_alive():
            await self.provisioner.terminate()
            await self._ends_within(TERMINATE_SECONDS)
        if self.provisioner is not None and self.provisioner.has_process:
            await self.provisioner.kill()  # what it has started goes with it
            await self._ends_within(TERMINATE_SECONDS)

    async def _ends_within(self, seconds: float) -> bool:
        last = time.monotonic() + seconds
        while await self.is_alive():
            if time.monotonic() > last:
                return False
            await asyncio.sleep(STEP_SECONDS)
        return True

    def measure(self) -> subprocess.Popen[bytes] | WarmProcess | None:
        """Read the peak of memory while the kernel lives, its processor time when it has ended.

        Returns
        -------
        Popen, WarmProcess or None
            The process, with its exit code once it has ended; None where it is none of ours.
        """
        process = getattr(self.provisioner, "process", None)
        if isinstance(process, WarmProcess):
            if process.poll() is None:
                self._peak = peak_memory(process.pid) or self._peak
            self._told = {"kernel": "warm", **(process.end or {})}
            self._returned = process.returncode
            return process
        if not isinstance(process, subprocess.Popen) or os.name != "posix":
            return None
        if process.returncode is None:
            self._peak = peak_memory(process.pid) or self._peak
            with suppress(ChildProcessError):
                ended, status, used = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    self._cpu = round(used.ru_utime + used.ru_stime, 3)
                    self._peak = _larger_peak(self._peak, used)
        self._returned = process.returncode
        return process

    def use(self, report: Path | None) -> KernelUse:
        """Tell what the kernel took.

        Parameters
        ----------
        report : Path or None
            What its launcher wrote, where it had one; that goes before what was measured here.

        Returns
        -------
        KernelUse
            Complete once the kernel has ended.
        """
        told = _known(self._told or _read_report(report))
        code = told.get("exit_code", self._returned)
        killed_by = _signal_name(told.get("signal"))
        if killed_by is None and code is not None and code < 0:
            killed_by = _signal_name(-code)
        return KernelUse(
            temperature=told.get("kernel"),
            why_cold=told.get("why_cold"),
            exit_code=code if killed_by is None else None,
            signal_name=killed_by,
            peak_memory_bytes=told.get("peak_memory_bytes", self._peak),
            cpu_seconds=told.get("cpu_seconds", self._cpu),
        )


def _larger_peak(seen: int | None, used: "struct_rusage") -> int | None:
    """Take over a peak since the last look, unless it may be what its parent held at the start."""
    import resource  # not on every system; asked for only where processes are waited for

    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(seen or 0, used.ru_maxrss * 1024) if used.ru_maxrss > inherited else seen


def peak_memory(pid: int) -> int | None:
    """Read the most memory that a process has held so far.

    Parameters
    ----------
    pid : int
        Its number.

    Returns
    -------
    int or None
        In bytes; None where it is gone, or the system does not tell.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    peak = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(peak[1]) * 1024 if peak else None


def _read_report(report: Path | None) -> dict[str, Any]:
    try:
        told = json.loads(report.read_text(encoding="utf-8")) if report else {}
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _known(told: dict[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in told.items() if said is not None}


def _signal_name(killed_by: int | str | None) -> str | None:
    if killed_by is None or isinstance(killed_by, str):
        return killed_by
    try:
        return signal.Signals(killed_by).name
    except ValueError:
        return f"signal {killed_by}"
