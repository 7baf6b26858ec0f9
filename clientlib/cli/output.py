"""What a command prints: one line a step, a progress bar on a terminal, JSON for machines."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from clientlib.errors import ClientlibError

OUT = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
ERROR = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)
PLAIN_WIDTH = 10_000  # a table in a file or a pipe is as wide as it needs to be
CELL_WIDTH = 60
UNCUT = ("reasons",)  # what a reader came for


class Steps:
    """Prints the steps of a command, and moves its progress bar where there is one.

    Parameters
    ----------
    progress : Progress or None
        The bar; None where the output is no terminal.
    total : int or None
        Steps to be done, where that is known.
    """

    def __init__(self, progress: Progress | None, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total) if progress else None

    def done(self, verb: str, name: str, *rest: str) -> None:
        """Print a step that is done.

        Parameters
        ----------
        verb, name : str
            What was done to what.
        *rest : str
            Counts and times, in columns.
        """
        say(verb, name, *rest)
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, description=verb)


@contextmanager
def steps(total: int | None) -> Iterator[Steps]:
    """Print steps as they are done, with a bar on a terminal until the last is.

    Parameters
    ----------
    total : int or None
        Steps to be done, where that is known.

    Yields
    ------
    Steps
        Tell it each step.
    """
    if not OUT.is_terminal:
        yield Steps(None, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=OUT, transient=True) as progress:
        yield Steps(progress, total)


def say(verb: str, name: str, *rest: str) -> None:
    """Print one step: verb, object, then counts and times in columns.

    Parameters
    ----------
    verb, name : str
        What was done to what.
    *rest : str
        Counts and times.
    """
    line = f"{verb:<9}{name:<34}  " + "  ".join(f"{part:<18}" for part in rest)
    OUT.print(Text(line.rstrip()))


def say_merged(merged_count: int, waiting_count: int) -> None:
    """Print how the merging of clients stands.

    Parameters
    ----------
    merged_count : int
        Clients that are counted under another.
    waiting_count : int
        Pairs that wait for a decision.
    """
    say("merged", "clients", f"{merged_count:,} counted under another",
        f"{waiting_count:,} pairs wait for a decision")  # fmt: skip


def say_error(error: ClientlibError) -> None:
    """Print an error that was raised on purpose, without a traceback.

    Parameters
    ----------
    error : ClientlibError
        What went wrong.
    """
    ERROR.print(Text(str(error)))


def say_json(content: Any) -> None:  # noqa: ANN401
    """Print something for a machine.

    Parameters
    ----------
    content : anything that JSON can hold, dates and paths too
        What to print.
    """
    text = json.dumps(_without_nan(content), indent=2, default=_as_json, ensure_ascii=False)
    OUT.print(Text(text))


def say_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as a table.

    Parameters
    ----------
    columns : sequence of str
        Names, in order.
    rows : sequence of mapping
        Values by name.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        values = [row[name] for row in rows]
        is_number = any(isinstance(value, int | float) for value in values)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row[name], name in UNCUT)) for name in columns))
    if OUT.is_terminal:
        OUT.print(table)
    else:
        Console(file=OUT.file, width=PLAIN_WIDTH, color_system=None).print(table)


def _cell(value: Any, is_uncut: bool = False) -> str:  # noqa: ANN401
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(_cell(part, is_uncut) for part in value)
    if value is None or pd.isna(value):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}"
    text = value.date().isoformat() if isinstance(value, datetime) else str(value)
    return text if is_uncut or len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"


def _without_nan(content: Any) -> Any:  # noqa: ANN401
    if isinstance(content, dict):
        return {str(name): _without_nan(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def _as_json(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, np.ndarray):
        return _without_nan(value.tolist())
    if pd.isna(value):
        return None
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return _without_nan(value.item())
    return str(value)
