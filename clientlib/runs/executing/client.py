"""The execution of a notebook's cells in one kernel: its start, its watch, its end."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.channels import AsyncZMQSocketChannel
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient

from clientlib.errors import RunError
from clientlib.runs.executing.deadlines import DeadlinePassed, Deadlines, KernelDied
from clientlib.runs.executing.lifetimes import REPORT_NAME, KernelUse, QuickKernelManager
from clientlib.runs.executing.saving import SparingManager

INTERACTIVE_TAG = "interactive-only"
TICK_SECONDS = 0.25
SILENT_SECONDS = 6.0  # and up to two more until a heart counts as silent
ASK_AGAIN_SECONDS = 5.0
IDLE_SECONDS = 0.2
NO_LIMIT_SECONDS = 10**8


class CellClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes the cells of a notebook, and gives up where a deadline passes or the kernel dies.

    Parameters
    ----------
    manager : SparingManager
        Records the execution.
    deadlines : Deadlines
        How long it may take.
    folder : Path or None
        For sockets and the kernel's report; without it the kernel is spoken to over the network.
    **options : Any
        As of the base class.
    """

    def __init__(
        self,
        manager: SparingManager,
        *,
        deadlines: Deadlines,
        folder: Path | None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        # The watch tells a kernel that is alive from one that is not, so that nothing else may
        # give up on one: not on a cell whose outputs come slowly, nor on a long cell.
        super().__init__(manager, iopub_timeout=NO_LIMIT_SECONDS, timeout=None, **options)
        self.deadlines = deadlines
        self._folder = folder
        self._kernel = self._new_kernel()
        self._begun = time.monotonic()
        self._stop: RunError | None = None
        self._running: tuple[int, NotebookNode] | None = None
        self._is_idle = False

    def kernel_use(self) -> KernelUse:
        """Tell what the kernel took.

        Returns
        -------
        KernelUse
            Complete once the execution has ended.
        """
        return self._kernel.use(self._folder and self._folder / REPORT_NAME)

    def execute(self, **kernel_options: Any) -> NotebookNode:  # noqa: ANN401
        """Execute all cells, or as many as there are before one fails.

        Parameters
        ----------
        **kernel_options : Any
            How the kernel is started, such as ``cwd``, ``env`` and ``stderr``.

        Returns
        -------
        NotebookNode
            The same notebook, with outputs.

        Raises
        ------
        DeadlinePassed, KernelDied
            The execution was given up.
        """
        self.reset_execution_trackers()
        work = self._execute(kernel_options)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            asyncio.run(work)
        else:  # within Jupyter, whose own loop runs in this thread
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, work).result()
        notebook: NotebookNode = self.nb
        return notebook

    async def _execute(self, kernel_options: dict[str, Any]) -> None:
        try:
            language = await self._start(kernel_options)
            await self._execute_cells()
            self.nb.metadata["language_info"] = language
            self.set_widgets_metadata()
        finally:
            await self._end()

    def _new_kernel(self) -> QuickKernelManager:
        said: dict[str, Any] = {"kernel_name": self.kernel_name, "log": self.log}
        if self._folder is not None:
            said["connection_file"] = str(self._folder / "kernel.json")
            said |= {"transport": "ipc", "ip": str(self._folder / "k")}
        return QuickKernelManager(**said)

    async def _start(self, kernel_options: dict[str, Any]) -> NotebookNode:
        self.km = self._kernel
        await self.async_start_new_kernel(**kernel_options)
        self.kc = self._kernel.client()
        self.kc.start_channels()
        self.kc.allow_stdin = False
        return await self._wait_for_answer()

    async def _wait_for_answer(self) -> NotebookNode:
        """Wait until the kernel answers on both channels, and tell the language that it speaks."""
        last = self._begun + self._seconds_to_start()
        while time.monotonic() < last:
            asked = self.kc.kernel_info()
            seconds = min(ASK_AGAIN_SECONDS, last - time.monotonic())
            reply = await self._wait_for(self.kc.shell_channel, asked, seconds)
            if reply is None:
                continue
            # Its state comes after all that was shown so far, and tells that outputs arrive here.
            if await self._wait_for(self.kc.iopub_channel, asked, IDLE_SECONDS):
                self._is_idle = True
                return NotebookNode(reply["content"]["language_info"])
        await self._kernel.kill()
        seconds = self._seconds_to_start()
        raise self._died(f"did not answer within {seconds:g} seconds and was killed")

    def _seconds_to_start(self) -> float:
        return min(
            self.deadlines.start_seconds, self.deadlines.notebook_seconds or NO_LIMIT_SECONDS
        )

    async def _wait_for(
        self,
        channel: AsyncZMQSocketChannel,
        asked: str,
        seconds: float,
    ) -> dict[str, Any] | None:
        last = time.monotonic() + seconds
        while (left := last - time.monotonic()) > 0:
            try:
                message: dict[str, Any] = await channel.get_msg(timeout=min(left, TICK_SECONDS))
            except Empty:
                if not await self._kernel.is_alive():
                    raise self._died() from None
                continue
            is_last = message["content"].get("execution_state", "idle") == "idle"
            if message["parent_header"].get("msg_id") == asked and is_last:
                return message
        return None

    async def _execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            if INTERACTIVE_TAG in cell.metadata.get("tags", []):
                self.nb_man.cell_skipped(cell)
                continue
            try:
                self.nb_man.cell_start(cell, index)
                await self._execute_one(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                break
            except RunError as stop:
                _show_stop(cell, stop)
                self.nb_man.cell_exception(cell, cell_index=index, exception=stop)
                raise
            finally:
                self.nb_man.cell_complete(cell, cell_index=index)

    async def _execute_one(self, cell: NotebookNode, index: int) -> None:
        self._running, self._is_idle = (index, cell), False
        self._kernel.measure()
        try:
            await self.async_execute_cell(cell, index)
            self._is_idle = True
        except CellExecutionError:
            self._is_idle = True
            if self._stop is None:
                raise
        except DeadKernelError:
            if self._stop is None:  # not the watch, but whoever runs us has given up
                raise asyncio.CancelledError from None
        if self._stop is not None:
            raise self._stop

    async def _async_poll_kernel_alive(self) -> None:
        """Watch the running cell until it ends, which cancels this, or must be given up."""
        assert self._running is not None  # noqa: S101
        index, cell = self._running
        last = self._last_moment(cell)
        silent_ticks = 0
        while time.monotonic() < last:
            await asyncio.sleep(min(TICK_SECONDS, max(0.0, last - time.monotonic())))
            if not await self._kernel.is_alive():
                self._stop = self._died()
                break
            silent_ticks = 0 if self.kc.hb_channel.is_beating() else silent_ticks + 1
            if silent_ticks * TICK_SECONDS >= SILENT_SECONDS:
                self._stop = self._died("stopped answering and was killed")
                break
        else:
            self._stop = self._passed(cell, index)
            await self._interrupt()
        await self._kernel.kill()
        self.task_poll_for_reply.cancel()

    def _last_moment(self, cell: NotebookNode) -> float:
        of_cell = time.monotonic() + self.deadlines.seconds_for(cell)
        of_notebook = self._begun + (self.deadlines.notebook_seconds or NO_LIMIT_SECONDS)
        return min(of_cell, of_notebook)

    def _passed(self, cell: NotebookNode, index: int) -> DeadlinePassed:
        whole = self.deadlines.notebook_seconds
        if whole is not None and time.monotonic() >= self._begun + whole:
            return DeadlinePassed("notebook", whole, index + 1)
        return DeadlinePassed("cell", self.deadlines.seconds_for(cell), index + 1)

    async def _interrupt(self) -> None:
        """Interrupt the cell and give it time to end, which cancels this."""
        await self._kernel.interrupt_kernel()
        last = time.monotonic() + self.deadlines.grace_seconds
        while time.monotonic() < last and await self._kernel.is_alive():
            await asyncio.sleep(TICK_SECONDS)

    def _died(self, how: str | None = None) -> KernelDied:
        used = self.kernel_use()
        if how is None and used.signal_name:
            how = f"was killed by {used.signal_name}"
        return KernelDied(
            how or f"ended by itself with exit code {used.exit_code}",
            self._running[0] + 1 if self._running else 0,
            exit_code=used.exit_code,
            signal_name=used.signal_name,
            peak_memory_bytes=used.peak_memory_bytes,
        )

    async def _end(self) -> None:
        """End the kernel: politely where no cell is running."""
        try:
            if self._is_idle:
                await self._kernel.end(self.deadlines.grace_seconds)
            await self._kernel.kill()
        finally:
            if self.kc is not None:
                self.kc.stop_channels()
            if self._kernel.has_kernel:
                await self._kernel.cleanup_resources()


def _show_stop(cell: NotebookNode, stop: RunError) -> None:
    """Let the cell say why it was stopped, in the place of an interrupt that we caused."""
    name = type(stop).__name__
    if cell.cell_type != "code":
        return
    for output in cell.outputs:
        if output["output_type"] == "error" and output["ename"] == "KeyboardInterrupt":
            output |= {"ename": name, "evalue": str(stop)}
            return
    cell.outputs.append(new_output("error", ename=name, evalue=str(stop), traceback=[]))
