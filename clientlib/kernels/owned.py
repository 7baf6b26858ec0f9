"""A template process that belongs to a batch."""

import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

SOCKET_NAME = "template"
START_SECONDS = 120.0


@dataclass
class Template:
    """A template process, or the reason why there is none.

    Attributes
    ----------
    why_cold : str or None
        Why kernels will start cold; None where the process is ready.
    folder : Path or None
        Where its socket lies.
    process : Popen or None
        The process.
    """

    why_cold: str | None = None
    folder: Path | None = None
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """Variables that make the launchers of kernels find this process.

        Returns
        -------
        dict of str to str
            To be added to the environment of kernels.
        """
        if self.why_cold or self.folder is None:
            return {"CLIENTLIB_COLD": self.why_cold or "the template process was closed"}
        return {"CLIENTLIB_TEMPLATE": str(self.folder / SOCKET_NAME)}

    def close(self) -> None:
        """End the process; kernels that run already are not affected."""
        if self.process:
            _end(self.process)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.process = self.folder = None

    def __enter__(self) -> "Template":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start_template(*, limit_seconds: float = START_SECONDS) -> Template:
    """Start a template process for a batch, and wait until it is ready.

    It ends when it is closed, and when the batch dies, however it dies.

    Parameters
    ----------
    limit_seconds : float
        How long to wait for the imports.

    Returns
    -------
    Template
        Where the process cannot be had, one that says so: kernels start cold then, and a batch
        takes longer, but is not wrong.
    """
    if sys.platform != "linux":
        return Template(why_cold="only Linux has warm kernels")
    folder = Path(tempfile.mkdtemp(prefix="clientlib-"))
    template = Template(folder=folder, process=_start(folder))
    reason = _wait(template.process, limit_seconds)
    if reason:
        template.close()
        return Template(why_cold=reason)
    return template


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "clientlib.kernels.template"]
    return subprocess.Popen(  # noqa: S603 - our own module
        [*command, str(folder / SOCKET_NAME)],
        cwd=folder,
        env=os.environ.copy(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _wait(process: "subprocess.Popen[bytes] | None", limit_seconds: float) -> str | None:
    """Wait until a process says that it is ready; else say why it is not."""
    deadline = time.monotonic() + limit_seconds
    if process is None or process.stdout is None:
        return "the template process has no output"
    if not select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
        return f"the template process was not ready within {limit_seconds:g} seconds"
    if process.stdout.readline() != b"ready\n":
        return f"the template process ended with exit code {process.wait(5)} while it started"
    return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
