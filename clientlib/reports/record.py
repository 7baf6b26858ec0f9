"""One run of a report, as pages and the index tell of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from clientlib.errors import InputError
from clientlib.figures.wording import clean, clean_line
from clientlib.language import translate
from clientlib.reports.changes import Changes

if TYPE_CHECKING:  # nbformat takes a second to import
    from pathlib import Path

    from nbformat import NotebookNode

STATES = ("done", "failed", "skipped")
OUTPUTS = ("deck", "pdf", "deck_pdf", "data")
SOURCE_LINES = 12

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_PAPERMILL_BANNERS = {"papermill-error-cell-tag"}


@dataclass(frozen=True)
class Failure:
    """Where and why a notebook stopped.

    Parameters
    ----------
    cell_number : int
        The cell, counted from 1 over all cells of the notebook.
    source : str
        The cell's first lines.
    error_name, message : str
        The error's class and what it said.
    heading : str
        The nearest heading above the cell; empty where there is none.
    traceback : str
        As the kernel wrote it, without colour codes.
    kind : str
        ``cell``: a cell raised it; ``notebook``: it cannot be read; ``deadline``: it took too
        long; ``kernel``: its kernel died; ``process``: the process that ran it died;
        ``stopped``: it ended with its batch; ``fault``: anything else, such as a full disk.
    """

    cell_number: int
    source: str
    error_name: str
    message: str
    heading: str = ""
    traceback: str = ""
    kind: str = "cell"


@dataclass(frozen=True)
class Run:
    """One run: a report, for one edition, as of one day.

    Parameters
    ----------
    run_id, report, title, question, edition : str
        Which run of which report for whom, and the question that the report answers.
    as_of : date
        The last day that the report may know.
    state : str
        done, failed or skipped.
    started_at : datetime
        In UTC, with its zone.
    seconds : float
        How long it took.
    snapshot : str or None
        Build id of the warehouse that it read.
    code_version : str
        Version of clientlib.
    parameters, key_figures : mapping
        What it was given, and what its last cell recorded.
    headline : str, optional
        The answer in one sentence.
    issued : mapping of str to int
        Rows issued to the ledger, by table.
    page, notebook : str, optional
        Paths relative to the reports folder, with forward slashes.
    failure : Failure, optional
        For a failed run.
    reason : str, optional
        Why it was skipped, or could not even start.
    currency : str, optional
        The currency of its money, such as EUR.
    edition_title : str, optional
        Who the reader is, for people.
    key : str
        What work this was: report, edition, day, parameters and notebook, as a hash.
    attempt : int
        The first, second ... attempt within its batch.
    batch : str, optional
        Id of its batch.
    kernel : str, optional
        ``warm`` or ``cold``.
    why_cold : str, optional
        Why it could not be warm.
    peak_memory_bytes : int, optional
        Most memory that its kernel held.
    cpu_seconds : float, optional
        Of its kernel.
    language : str
        Which language it speaks.
    outputs : mapping of str to str
        What else was made of it, by kind (``deck``, ``pdf``, ``deck_pdf``, ``data``): paths
        relative to the reports folder, with forward slashes.
    changes : Changes, optional
        What changed since the run before it; None where they were not compared.

    Raises
    ------
    InputError
        There is no such state or kind of output, or the time has no zone.
    """

    run_id: str
    report: str
    title: str
    question: str
    edition: str
    as_of: date
    state: str
    started_at: datetime
    seconds: float
    snapshot: str | None
    code_version: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    key_figures: Mapping[str, Any] = field(default_factory=dict)
    headline: str | None = None
    issued: Mapping[str, int] = field(default_factory=dict)
    page: str | None = None
    notebook: str | None = None
    failure: Failure | None = None
    reason: str | None = None
    currency: str | None = None
    edition_title: str | None = None
    key: str = ""
    attempt: int = 1
    batch: str | None = None
    kernel: str | None = None
    why_cold: str | None = None
    peak_memory_bytes: int | None = None
    cpu_seconds: float | None = None
    language: str = "en"
    outputs: Mapping[str, str] = field(default_factory=dict)
    changes: Changes | None = None

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise InputError(
                f"a run cannot be in the state '{self.state}'", hint=f"states: {', '.join(STATES)}"
            )
        if unknown := set(self.outputs) - set(OUTPUTS):
            raise InputError(
                f"no run makes an output of the kind '{min(unknown)}'",
                hint=f"kinds: {', '.join(OUTPUTS)}",
            )
        if self.started_at.tzinfo is None:
            raise InputError(
                "a run's start has no time zone",
                example=f"{self.run_id} started_at {self.started_at}",
                hint="give it in UTC",
            )

    @property
    def reader(self) -> str:
        """Who the edition is for, as people say it."""
        return self.edition_title or translate(self.edition)

    def has_page(self, folder: Path) -> bool:
        """Tell whether its page is there, and is its own: every page names its run.

        The same report run with other parameters, or in another language of the company, writes
        to the same place.

        Parameters
        ----------
        folder : Path
            Where pages are written.

        Returns
        -------
        bool
            False also for a run without a page.
        """
        page = folder / (self.page or "")
        return page.is_file() and self.run_id.encode() in page.read_bytes()


@dataclass(frozen=True)
class BatchSummary:
    """How a batch of runs stands.

    Parameters
    ----------
    batch_id : str
        Its start and process.
    asked : str
        What was asked for, as the command line has it.
    snapshot : str
        Build id of the warehouse that its runs read.
    started_at : datetime
        In UTC, with its zone.
    ended_at : datetime or None
        None while it is under way, and for good if it was killed.
    run_ids : tuple of str
        The last run of each report and edition that ran in it.
    kept_count, elsewhere_count, waiting_count : int
        Reports and editions that had been done before, that another process was at, and that
        have failed and wait for another try.
    """

    batch_id: str
    asked: str
    snapshot: str
    started_at: datetime
    ended_at: datetime | None = None
    run_ids: tuple[str, ...] = ()
    kept_count: int = 0
    elsewhere_count: int = 0
    waiting_count: int = 0


def read_failure(notebook: NotebookNode) -> Failure | None:
    """Find where an executed notebook stopped.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, as far as it came.

    Returns
    -------
    Failure or None
        Of the first cell that ended in an error; None where none did.
    """
    heading = ""
    for number, cell in enumerate(own_cells(notebook), start=1):
        if cell.cell_type == "markdown":
            heading = (_HEADING.findall(cell.source) or [heading])[-1]
        errors = [out for out in cell.get("outputs", []) if out.output_type == "error"]
        if errors and "raises-exception" not in cell.metadata.get("tags", []):
            return _describe_error(number, cell.source, heading, errors[0])
    return None


def place_failure(notebook: NotebookNode, number: int, error_name: str, message: str) -> Failure:
    """Describe a failure that left no error in the outputs of its cell.

    Parameters
    ----------
    notebook : NotebookNode
        Executed as far as it came.
    number : int
        The cell, from 1; 0 where it was none.
    error_name, message : str
        What happened.

    Returns
    -------
    Failure
        With the cell's source and the heading above it.
    """
    cells = own_cells(notebook)[:number]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    headings = _HEADING.findall("\n".join(texts))
    return Failure(
        cell_number=number,
        source=_first_lines(cells[-1].source) if cells else "",
        error_name=error_name,
        message=message,
        heading=clean(headings[-1]) if headings else "",
    )


def own_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """List a notebook's cells without the banners that papermill adds on a failure.

    Parameters
    ----------
    notebook : NotebookNode
        Executed or not.

    Returns
    -------
    list of NotebookNode
        In order.
    """
    return [
        cell
        for cell in notebook.cells
        if not _PAPERMILL_BANNERS & set(cell.get("metadata", {}).get("tags", []))
    ]


def strip_colours(text: str) -> str:
    """Remove a terminal's colour codes and other control characters.

    Parameters
    ----------
    text : str
        What a kernel or program wrote.

    Returns
    -------
    str
        The same lines as plain text.
    """
    lines = _ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(clean_line(line.rstrip("\r").rpartition("\r")[2]) for line in lines).strip(
        "\n"
    )


def _describe_error(number: int, source: str, heading: str, error: NotebookNode) -> Failure:
    return Failure(
        cell_number=number,
        source=_first_lines(source),
        error_name=clean(error.ename),
        message=strip_colours(error.evalue),
        heading=clean(heading),
        traceback=strip_colours("\n".join(error.get("traceback", []))),
    )


def _first_lines(source: str) -> str:
    lines = source.strip("\n").split("\n")
    more = ["…"] if len(lines) > SOURCE_LINES else []
    return strip_colours("\n".join(lines[:SOURCE_LINES] + more))
