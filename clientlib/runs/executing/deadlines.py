"""How long a notebook and each of its cells may take, and what is said when a kernel is stopped."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from clientlib.errors import ConfigError, RunError

CELL_TAG = re.compile(r"seconds:(?P<seconds>.*)")
SECONDS = re.compile(r"\d+(\.\d+)?")
LARGE_UNIT = 1024**2


@dataclass(frozen=True)
class Deadlines:
    """How long things may take, all in seconds and above 0.

    Parameters
    ----------
    cell_seconds : float
        One cell, unless a tag such as ``seconds:600`` gives it a time of its own.
    notebook_seconds : float, optional
        From the start of the kernel to the end of the last cell; without it there is no limit.
    start_seconds : float
        From the start of the kernel to its first answer.
    grace_seconds : float
        What an interrupted cell, or a kernel that was asked to end, has left before it is killed.
    """

    cell_seconds: float = 1800.0
    notebook_seconds: float | None = None
    start_seconds: float = 120.0
    grace_seconds: float = 5.0

    def seconds_for(self, cell: NotebookNode) -> float:
        """Tell how long a cell may take.

        Parameters
        ----------
        cell : NotebookNode
            With its tags.

        Returns
        -------
        float
            In seconds.

        Raises
        ------
        ConfigError
            Its tag names no time.
        """
        for tag in cell.get("metadata", {}).get("tags", []):
            own = CELL_TAG.fullmatch(tag)
            if own and SECONDS.fullmatch(own["seconds"]) and float(own["seconds"]) > 0:
                return float(own["seconds"])
            if own:
                raise ConfigError(
                    f"the tag {tag!r} gives a cell no time", hint="such as seconds:600"
                )
        return self.cell_seconds


class DeadlinePassed(RunError):  # noqa: N818
    """A notebook, or one of its cells, took longer than it may.

    Parameters
    ----------
    whose : str
        ``cell`` or ``notebook``.
    seconds : float
        How long it may take.
    cell_number : int
        The cell that ran, counted from 1.
    """

    def __init__(self, whose: str, seconds: float, cell_number: int) -> None:
        self.whose, self.seconds, self.cell_number = whose, seconds, cell_number
        if whose == "cell":
            what = f"cell {cell_number} took longer than the {seconds:g} seconds that a cell may"
            hint = f"split the cell, or give it more time: a tag such as seconds:{2 * seconds:g}"
        else:
            what = (
                f"the notebook took longer than the {seconds:g} seconds that it may; "
                f"cell {cell_number} was stopped"
            )
            hint = "which cells took long? raise notebook_seconds if that is right"
        super().__init__(what, hint=hint)


class KernelDied(RunError):  # noqa: N818
    """A kernel ended, or had to be killed, before its notebook was through.

    Parameters
    ----------
    how : str
        What happened, such as ``was killed by SIGKILL``.
    cell_number : int
        The cell that ran, counted from 1; 0 before the first.
    exit_code : int, optional
        What it ended with, where it ended by itself.
    signal_name : str, optional
        What killed it.
    peak_memory_bytes : int, optional
        The most that it held.
    """

    def __init__(
        self,
        how: str,
        cell_number: int,
        *,
        exit_code: int | None = None,
        signal_name: str | None = None,
        peak_memory_bytes: int | None = None,
    ) -> None:
        self.cell_number = cell_number
        self.exit_code, self.signal_name = exit_code, signal_name
        self.peak_memory_bytes = peak_memory_bytes
        where = f"in cell {cell_number}" if cell_number else "before the first cell"
        held = (
            peak_memory_bytes and f"it held {peak_memory_bytes / LARGE_UNIT:,.0f} MiB at its peak"
        )
        hint = "is memory short? run fewer at a time" if signal_name == "SIGKILL" else None
        super().__init__(f"the kernel {how} {where}", rows=held or None, hint=hint)
