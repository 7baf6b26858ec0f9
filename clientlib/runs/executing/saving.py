"""When an executing notebook is written to disk: seldom, whole, and without secrets."""

import copy
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4.nbjson import writes
from papermill.engines import NotebookExecutionManager
from papermill.log import logger

from clientlib.runs.secrecy import Mask

SAVE_SECONDS = 15.0
SLOW_SHARE = 0.1
SKIPPED = "skipped"
ALLOWED_TO_FAIL = "raises-exception"

Write = Callable[[NotebookNode], None]


class SparingManager(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps papermill's record of an execution, but writes it only where that is worth its time.

    papermill writes the whole notebook when a cell starts and when it ends, so that its cost grows
    with the square of the outputs. Here it is written when a cell has failed, and whenever
    ``save_seconds`` have passed since the last time; the end is written by the caller.

    Parameters
    ----------
    nb : NotebookNode
        The notebook, with its parameters.
    write : callable
        Writes it to its place.
    mask : Mask
        Applied to the notebook before each writing.
    save_seconds : float
        0 for never; doubled when a writing takes more than a tenth of it.
    **options : Any
        As of the base class.
    """

    def __init__(
        self,
        nb: NotebookNode,
        *,
        write: Write,
        mask: Mask,
        save_seconds: float = SAVE_SECONDS,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(nb, **options)
        self.mask = mask
        self._write = write
        self._save_seconds = save_seconds
        self._saved_at = time.monotonic()

    def save(self, **_: object) -> None:
        """Write the notebook if its time has come."""
        if self._save_seconds and time.monotonic() - self._saved_at >= self._save_seconds:
            self.save_now()

    def autosave_cell(self, **_: object) -> None:
        """Write the notebook if its time has come, within a cell."""
        self.save()

    def save_now(self) -> None:
        """Write the notebook; the execution goes on where that fails, and is written at its end."""
        begun = time.monotonic()
        self.mask.within(self.nb)
        try:
            self._write(self.nb)
        except OSError as error:
            logger.warning("the notebook could not be saved for now: %s", error.strerror)
        self._saved_at = time.monotonic()
        if self._saved_at - begun > SLOW_SHARE * self._save_seconds:
            self._save_seconds *= 2

    def cell_skipped(self, cell: NotebookNode) -> None:
        """Record that a cell is left out.

        Parameters
        ----------
        cell : NotebookNode
            The cell.
        """
        cell.metadata.papermill["status"] = SKIPPED
        if self.pbar:
            self.pbar.update(1)

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **_: object) -> None:
        """Record that a cell has ended; one that failed is written at once.

        Parameters
        ----------
        cell : NotebookNode
            The cell.
        cell_index : int, optional
            Its place, from 0.
        """
        super().cell_complete(cell, cell_index=cell_index)
        if cell.metadata.papermill["status"] == self.FAILED:
            self.save_now()

    def notebook_complete(self, **_: object) -> None:
        """Record that all has ended, and mask it; whoever holds the notebook writes it."""
        super().notebook_complete()
        self.mask.within(self.nb)


class AllowedErrors(list[NotebookNode]):
    """Outputs of a cell that may fail: who goes through them for errors meets none.

    papermill looks through all outputs when a notebook has ended, and raises for any error,
    whether the cell was allowed to fail or not. A copy, which is what a writer makes, is plain.
    """

    def __iter__(self) -> Iterator[NotebookNode]:
        return (output for output in super().__iter__() if output["output_type"] != "error")

    def __deepcopy__(self, memo: dict[int, Any]) -> list[NotebookNode]:
        return [copy.deepcopy(output, memo) for output in super().__iter__()]


def allow_errors(notebook: NotebookNode) -> None:
    """Let the errors of cells that are tagged ``raises-exception`` not count as a failure.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; changed in place.
    """
    for cell in notebook.cells:
        if cell.get("outputs") and ALLOWED_TO_FAIL in cell.metadata.get("tags", []):
            cell["outputs"] = AllowedErrors(cell["outputs"])


def write_whole(notebook: NotebookNode, path: Path, clean: Callable[[str], str]) -> None:
    """Write a notebook, so that there is either the old file or the new one.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    path : Path
        Its place.
    clean : callable
        Applied to the text of the file.

    Raises
    ------
    OSError
        It cannot be written, such as for a full disk; an older file is kept.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(clean(writes(notebook)), encoding="utf-8")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
