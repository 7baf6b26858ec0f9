"""One notebook executed, and told how it went, whatever the notebook does."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from nbformat import NotebookNode, ValidationError
from nbformat.reader import NotJSONError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

import clientlib
from clientlib.errors import ConfigError
from clientlib.reports import Failure, place_failure, read_failure
from clientlib.reports.record import own_cells
from clientlib.runs.executing.deadlines import DeadlinePassed, Deadlines, KernelDied
from clientlib.runs.executing.engine import ENGINE, EngineOptions, KernelStart
from clientlib.runs.executing.lifetimes import KernelUse
from clientlib.runs.executing.saving import SparingManager, write_whole
from clientlib.warehouse.reading import THREADS_VARIABLE

CODE = Path(clientlib.__file__).parents[1]
KERNEL = "python3"
UNREADABLE = (FileNotFoundError, NotJSONError, ValidationError, ConfigError)
KINDS = (
    (DeadlinePassed, "deadline"),
    (KernelDied, "kernel"),
    (PapermillExecutionError, "cell"),
    (UNREADABLE, "notebook"),
)
TEXTS = ("source", "error_name", "message", "heading", "traceback")
KERNEL_ENVIRONMENT = {
    "PLOTLY_RENDERER": "plotly_mimetype",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    THREADS_VARIABLE: "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


@dataclass(frozen=True)
class Executed:
    """How the execution of a notebook went.

    Parameters
    ----------
    kind : str
        ``done``, or what ended it: ``cell`` (an error that a cell raised), ``deadline``,
        ``kernel`` (it died), ``notebook`` (it cannot be read) or ``fault`` (such as a full disk).
    failure : Failure or None
        Where and why; None for one that is done.
    seconds : float
        From the first step to the last.
    cell_seconds : tuple of float
        By cell, in the order of the executed notebook; 0 for those that were not executed.
    kernel : KernelUse
        What its kernel took.
    """

    kind: str
    failure: Failure | None
    seconds: float
    cell_seconds: tuple[float, ...] = ()
    kernel: KernelUse = field(default_factory=KernelUse)


def execute(
    notebook: Path,
    output: Path,
    *,
    parameters: Mapping[str, Any],
    start: KernelStart = KernelStart(name=KERNEL),  # noqa: B008
    deadlines: Deadlines = Deadlines(),  # noqa: B008
    secrets: tuple[str, ...] = (),
) -> Executed:
    """Execute a notebook with papermill and the engine ``clientlib``.

    Parameters
    ----------
    notebook : Path
        The notebook; it is not changed.
    output : Path
        Where the executed copy is written, as a whole or not at all; its folder exists.
    parameters : mapping
        By name. A text such as ``env:CRM_TOKEN`` refers to a secret.
    start : KernelStart
        How its kernel is started.
    deadlines : Deadlines
        How long it may take.
    secrets : tuple of str
        More environment variables whose values must not be written to disk.

    Returns
    -------
    Executed
        How it went. The output is missing only where the kind is ``fault``.
    """
    begun = time.monotonic()
    record = _Record(output, start.working_folder)
    with _log_to(start.log) as log:
        options = EngineOptions(
            deadlines=deadlines,
            start=replace(start, environment={**KERNEL_ENVIRONMENT, **start.environment}),
            secrets=secrets,
            output=output,
            write=record.write,
            on_end=record.end,
            log=log,
        )
        kind, failure = _ended(partial(_run, notebook, parameters, options), record)
    record.clean_log(start.log)
    return Executed(
        kind=kind,
        failure=failure,
        seconds=round(time.monotonic() - begun, 3),
        cell_seconds=record.cell_seconds(),
        kernel=record.use,
    )


class _Record:
    """What is known of an execution, from its start to its end."""

    def __init__(self, output: Path, working_folder: Path | None) -> None:
        self.use = KernelUse()
        self.manager: SparingManager | None = None
        self._output = output
        folders = (sys.prefix, sys.base_prefix, CODE, working_folder or Path.cwd())
        everywhere = (*folders, gettempdir(), Path.home())
        self._places = [f"{folder}{os.sep}" for folder in everywhere if str(folder) != os.sep]

    def end(self, manager: SparingManager, use: KernelUse) -> None:
        self.manager, self.use = manager, use

    def write(self, notebook: NotebookNode) -> None:
        """Write the notebook without the paths of this machine, such as those within tracebacks."""
        places = [json.dumps(place, ensure_ascii=False)[1:-1] for place in self._places]
        write_whole(notebook, self._output, partial(_without, places))

    def write_end(self) -> None:
        if self.manager is not None:  # it was read, and its kernel was to be started
            self.write(self.manager.nb)

    def cell_seconds(self) -> tuple[float, ...]:
        cells = own_cells(self.manager.nb) if self.manager else []
        return tuple(cell.metadata.papermill.get("duration") or 0.0 for cell in cells)

    def failure(self, error: Exception) -> Failure:
        found = read_failure(self.manager.nb) if self.manager else None
        if found is None:
            said = (type(error).__name__, str(error).strip() or "no message")
            number = getattr(error, "cell_number", 0)
            found = Failure(0, "", *said)
            if self.manager and number:
                found = place_failure(self.manager.nb, number, *said)
        shown = {name: self._clean(getattr(found, name)) for name in TEXTS}
        return Failure(cell_number=found.cell_number, **shown)

    def clean_log(self, log: Path | None) -> None:
        """Leave no secret in what the kernel wrote past its notebook."""
        if log is None or not log.is_file() or self.manager is None:
            return
        text = log.read_text(encoding="utf-8", errors="surrogateescape")
        if (masked := self.manager.mask.text(text)) != text:
            log.write_text(masked, encoding="utf-8", errors="surrogateescape")

    def _clean(self, text: str) -> str:
        masked = self.manager.mask.text(text) if self.manager else text
        return _without(self._places, masked)


def _without(places: list[str], text: str) -> str:
    for place in places:
        text = text.replace(place, "")
    return text


def _run(notebook: Path, parameters: Mapping[str, Any], options: EngineOptions) -> None:
    """Do what papermill does, but for its last writing: we write ourselves."""
    path, kernel = notebook.as_posix(), options.start.name
    read = load_notebook_node(path)
    if parameters:
        names = {"kernel_name": kernel, "engine_name": ENGINE}
        read = parameterize_notebook(read, dict(parameters), **names)
    prepared = remove_error_markers(prepare_notebook_metadata(read, path, None))
    executed = papermill_engines.execute_notebook_with_engine(
        ENGINE,
        prepared,
        kernel_name=papermill_engines.nb_kernel_name(ENGINE, prepared, kernel),
        progress_bar=False,
        options=options,
    )
    raise_for_execution_errors(executed, None)


def _ended(work: Callable[[], None], record: _Record) -> tuple[str, Failure | None]:
    kind, failure = "done", None
    try:
        work()
    except Exception as error:  # whatever stops a notebook is told
        kind = next((kind for cause, kind in KINDS if isinstance(error, cause)), "fault")
        failure = record.failure(error)
    try:
        record.write_end()
    except (OSError, ValueError) as error:
        return "fault", record.failure(error)
    return kind, failure


@contextmanager
def _log_to(path: Path | None) -> Iterator[logging.Logger]:
    """Give a logger of its own to what goes on around a kernel."""
    log = logging.Logger("kernel", logging.WARNING)
    handler = logging.FileHandler(path, encoding="utf-8") if path else logging.NullHandler()
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()
