"""Driving a kernel through a notebook: deadlines, a watch on its heart, few saves."""

import time
from asyncio import sleep
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty
from signal import Signals
from typing import Any

from jupyter_client.utils import ensure_async, run_sync
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from clientlib.errors import RunError

SECONDS_TAG = "seconds:"
NOT_IN_BATCH = "interactive-only"
WATCH_SECONDS = 0.5
SILENT_SECONDS = 8.0  # without a heartbeat, after which a kernel counts as dead
GRACE_SECONDS = 5.0  # from the interrupt of a cell to the end of its kernel
SAVE_SECONDS = 15.0
COSTLY_SAVE = 0.05  # share of the time between saves that a save may take


@dataclass(frozen=True)
class Deadlines:
    """How long a notebook may take.

    Attributes
    ----------
    cell_seconds : float
        Each cell, but for cells tagged ``seconds:600``.
    notebook_seconds : float
        All cells together.
    """

    cell_seconds: float = 1800.0
    notebook_seconds: float = 3600.0


class StoppedCellError(RunError):
    """A cell was stopped from outside.

    Parameters
    ----------
    cell_number : int
        The cell, from 1.
    what : str
        What happened.
    **details
        As of every error.
    """

    kind = "fault"

    def __init__(self, cell_number: int, what: str, **details: str | None) -> None:
        super().__init__(what, **details)
        self.cell_number = cell_number


class DeadlineError(StoppedCellError):
    """A cell, or all cells together, took too long."""

    kind = "deadline"


class KernelDiedError(StoppedCellError):
    """A kernel was killed, ended by itself, or stopped answering."""

    kind = "kernel"


class SparingManager(NotebookExecutionManager):
    """Saves the notebook when a time budget has passed, not at each start and end of a cell."""

    write: Callable[[NotebookNode], None] | None = None
    _pause = SAVE_SECONDS

    def save(self, **kwargs: Any) -> None:  # noqa: ANN401
        """Save if the last save is long ago; a save that takes long makes the next ones rarer.

        Parameters
        ----------
        **kwargs
            ``nb``: the notebook, where it is another object than before.
        """
        self.nb = kwargs.get("nb") or self.nb
        if (self.now() - self.last_save_time).total_seconds() >= self._pause:
            self.save_now()

    def save_now(self) -> None:
        """Save."""
        begun = time.monotonic()
        if self.write:
            self.write(self.nb)
        else:
            super().save()
        self.last_save_time = self.now()
        if time.monotonic() - begun > self._pause * COSTLY_SAVE:
            self._pause *= 2


class WatchedClient(PapermillNotebookClient):
    """Runs the cells of a notebook within deadlines, and watches its kernel meanwhile."""

    def __init__(self, manager: SparingManager, deadlines: Deadlines, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(manager, timeout_func=self._seconds_for, iopub_timeout=60, **settings)
        self.skip_cells_with_tag = NOT_IN_BATCH
        self._deadlines = deadlines
        self._begun = time.monotonic()
        self._cell_number = 0
        self._is_silent = False

    def papermill_execute_cells(self) -> None:
        """Run the cells; whatever stops them also stops the kernel at once."""
        try:
            super().papermill_execute_cells()
        except DeadKernelError as error:
            raise KernelDiedError(
                self._cell_number, f"the kernel {self._how_it_ended()}"
            ) from error
        except BaseException:
            self.shutdown_kernel = "immediate"
            raise

    async def async_execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> NotebookNode:
        """Run one cell.

        Parameters
        ----------
        cell : NotebookNode
            The cell.
        cell_index : int
            Its place, from 0.
        *args, **kwargs
            As in the base class.

        Returns
        -------
        NotebookNode
            The cell with its outputs.
        """
        self._cell_number = cell_index + 1
        return await super().async_execute_cell(cell, cell_index, *args, **kwargs)

    execute_cell = run_sync(async_execute_cell)

    def _seconds_for(self, cell: NotebookNode) -> float:
        return max(min(self._cell_seconds(cell), self._seconds_left()), 0.01)

    def _seconds_left(self) -> float:
        return self._begun + self._deadlines.notebook_seconds - time.monotonic()

    def _cell_seconds(self, cell: NotebookNode) -> float:
        for tag in cell.metadata.get("tags", []):
            if tag.startswith(SECONDS_TAG):
                with suppress(ValueError):
                    return float(tag.removeprefix(SECONDS_TAG))
        return self._deadlines.cell_seconds

    async def _async_handle_timeout(
        self,
        timeout: float,
        cell: NotebookNode | None = None,  # noqa: ARG002
    ) -> None:
        """Interrupt a cell, let its traceback arrive, and stop."""
        is_whole = self._seconds_left() <= 0
        await ensure_async(self.km.interrupt_kernel())
        with suppress(Empty):
            await ensure_async(self.kc.shell_channel.get_msg(timeout=GRACE_SECONDS))
        limit = self._deadlines.notebook_seconds if is_whole else timeout
        what = "the notebook took" if is_whole else f"cell {self._cell_number} took"
        setting = "notebook_seconds" if is_whole else "cell_seconds"
        raise DeadlineError(
            self._cell_number,
            f"{what} longer than {limit:g} seconds",
            example=f"it was in cell {self._cell_number}" if is_whole else None,
            hint=f"make it faster, or raise {setting}",
        )

    async def _async_poll_kernel_alive(self) -> None:
        """Watch the process and the heart of the kernel while a cell runs."""
        beaten_at = time.monotonic()
        while True:
            await sleep(WATCH_SECONDS)
            if self.kc.hb_channel.is_beating():
                beaten_at = time.monotonic()
            is_silent = time.monotonic() - beaten_at > SILENT_SECONDS
            if is_silent:
                self._is_silent = True
                await ensure_async(self.km.shutdown_kernel(now=True))
            if is_silent or not await ensure_async(self.km.is_alive()):
                self.task_poll_for_reply.cancel()
                return

    def _how_it_ended(self) -> str:
        if self._is_silent:
            return f"did not answer for {SILENT_SECONDS:g} seconds and was killed"
        process = getattr(self.km.provisioner, "process", None) if self.km else None
        return describe_exit(process.poll() if process else None)


def describe_exit(code: int | None) -> str:
    """Say how a process ended.

    Parameters
    ----------
    code : int or None
        Its exit code; below 0 a signal.

    Returns
    -------
    str
        Such as ``was killed by SIGKILL``, to stand after the process's name.
    """
    if code is None:
        return "ended"
    if code >= 0:
        return f"ended with exit code {code}"
    name = Signals(-code).name
    return f"was killed by {name}{', as a system short of memory does' if code == -9 else ''}"
