"""Our papermill engine, and one notebook executed by it, whatever comes of it."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import nbformat
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines
from papermill.execute import prepare_notebook_metadata, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

import clientlib
from clientlib.reports import Failure, place_failure, read_failure
from clientlib.runs.client import (
    Deadlines,
    SparingManager,
    StoppedCellError,
    WatchedClient,
)
from clientlib.runs.secrets import Secrets

ENGINE = "clientlib"
CODE = Path(clientlib.__file__).parents[1]
START_SECONDS = 120
REPORT_VARIABLE = "CLIENTLIB_KERNEL_REPORT"


@dataclass(frozen=True)
class Executed:
    """How the execution of a notebook went.

    Attributes
    ----------
    notebook : NotebookNode
        With its outputs, as far as it came.
    failure : Failure or None
        Where and why it stopped.
    kernel : str or None
        ``warm`` or ``cold``; None where no kernel told.
    why_cold : str or None
        Why a kernel that should have been warm was not.
    peak_memory_bytes : int or None
        Of its kernel.
    cpu_seconds : float or None
        Of its kernel, user and system.
    """

    notebook: NotebookNode
    failure: Failure | None = None
    kernel: str | None = None
    why_cold: str | None = None
    peak_memory_bytes: int | None = None
    cpu_seconds: float | None = None


@dataclass(frozen=True)
class Session:
    """How a notebook is executed.

    Attributes
    ----------
    kernel_name : str
        Of the kernelspec.
    deadlines : Deadlines
        Of a cell and of the whole.
    environment : mapping
        Variables that the kernel has beside those of this process.
    log : Path or None
        File for what the kernel writes that is no output of a cell.
    """

    kernel_name: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


class ClientlibEngine(NBClientEngine):
    """Papermill's engine with few saves, deadlines, and a watch on the kernel."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        write: Callable[[NotebookNode], None] | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> NotebookNode:
        """Execute a notebook; saved on failure and when a time budget has passed.

        Papermill itself saves a notebook that was done.
        """
        manager = SparingManager(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        manager.write = write
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **settings)
        except BaseException:
            manager.notebook_complete()
            manager.save_now()
            raise
        manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: SparingManager,
        kernel_name: str,
        *,
        deadlines: Deadlines | None = None,
        config: Config | None = None,
        process: Mapping[str, Any] | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> None:
        """Run the cells of a notebook in a kernel of its own."""
        seconds = settings.get("execution_timeout")
        client = WatchedClient(
            nb_man,
            deadlines or (Deadlines(cell_seconds=seconds) if seconds else Deadlines()),
            startup_timeout=settings.get("start_timeout", START_SECONDS),
            kernel_name=kernel_name,
            log_output=settings.get("log_output", False),
            config=config or Config(),
        )
        client.execute(**(process or {}))


papermill_engines.register(ENGINE, ClientlibEngine)


def execute(
    notebook: Path, output: Path, parameters: Mapping[str, Any], session: Session
) -> Executed:
    """Execute a notebook, and write it with its outputs.

    Parameters
    ----------
    notebook, output : Path
        Where it lies, and where the executed copy goes, both relative to the working folder.
    parameters : mapping
        What its parameters cell is overridden with.
    session : Session
        How it is executed.

    Returns
    -------
    Executed
        Whatever comes of it; nothing that a notebook or its kernel does is raised.
    """
    secrets = Secrets.of(parameters)
    write = partial(_write, output=output, secrets=secrets)
    empty = NotebookNode(cells=[], metadata={}, nbformat=4, nbformat_minor=5)
    prepared, failure = empty, None
    with TemporaryDirectory(prefix="cl-") as folder:
        report = Path(folder) / "kernel.json"
        try:
            prepared = _prepare(notebook, output, parameters, session.kernel_name)
            _run(prepared, session, Path(folder), report, write)
            failure = _read_failure(prepared)
        except Exception as error:  # whatever stops a notebook is told on its page
            failure = _describe(error, prepared, secrets)
        with suppress(OSError):
            prepared = write(prepared) if prepared is not empty else empty
        return _with_report(Executed(prepared, failure), report)


def _prepare(
    notebook: Path, output: Path, parameters: Mapping[str, Any], kernel_name: str
) -> NotebookNode:
    """Read a notebook and put the cell with the given parameters into it."""
    read = load_notebook_node(notebook.as_posix())
    given = parameterize_notebook(
        read, dict(parameters), kernel_name=kernel_name, engine_name=ENGINE
    )
    prepared = prepare_notebook_metadata(given, notebook.as_posix(), output.name)
    return remove_error_markers(prepared)


def _run(
    prepared: NotebookNode,
    session: Session,
    folder: Path,
    report: Path,
    write: Callable[[NotebookNode], NotebookNode],
) -> None:
    environment = {**os.environ, **session.environment, REPORT_VARIABLE: str(report)}
    with (session.log or Path(os.devnull)).open("ab") as log:
        papermill_engines.execute_notebook_with_engine(
            ENGINE,
            prepared,
            kernel_name=session.kernel_name,
            progress_bar=False,
            deadlines=session.deadlines,
            config=_sockets_in(folder),
            process={"env": environment, "stdout": log, "stderr": log},
            write=write,
        )


def _sockets_in(folder: Path) -> Config:
    """Let a kernel talk over sockets in a folder, where the system has such sockets."""
    if os.name != "posix":
        return Config()
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": str(folder / "k")}})


def _write(notebook: NotebookNode, output: Path, secrets: Secrets) -> NotebookNode:
    """Write an executed notebook without secrets and paths of this machine; give it as written."""
    text = _without_paths(secrets.hide(nbformat.writes(notebook)))
    half = output.with_suffix(".half")
    half.write_text(text, "utf-8")
    half.replace(output)
    written: NotebookNode = nbformat.reads(text, as_version=4)
    return written


def _without_paths(text: str) -> str:
    for folder in (sys.prefix, sys.base_prefix, CODE, Path.cwd(), gettempdir(), Path.home()):
        if str(folder) != os.sep:
            text = text.replace(json.dumps(f"{folder}{os.sep}")[1:-1], "")
    return text


def _read_failure(notebook: NotebookNode) -> Failure | None:
    """Find the error that stopped a notebook; leaving by ``sys.exit()`` is none."""
    failure = read_failure(notebook)
    has_left = failure and failure.error_name == "SystemExit" and failure.message in ("", "0")
    return None if has_left else failure


def _describe(error: Exception, notebook: NotebookNode, secrets: Secrets) -> Failure:
    """Say where a notebook stopped by something that was no error of a cell."""
    message = secrets.hide(_without_paths(str(error).strip())) or "no message"
    name = type(error).__name__
    if isinstance(error, StoppedCellError):
        failure = place_failure(notebook, error.cell_number, name, message)
        return replace(failure, kind=error.kind)
    return Failure(0, "", name, message, kind="fault")


def _with_report(executed: Executed, report: Path) -> Executed:
    """Add what the launcher of the kernel has written at its end."""
    try:
        told = json.loads(report.read_text("utf-8"))
    except (OSError, ValueError):
        return executed
    return replace(
        executed,
        kernel=told.get("kernel"),
        why_cold=told.get("why_cold"),
        peak_memory_bytes=told.get("peak_memory_bytes"),
        cpu_seconds=told.get("cpu_seconds"),
    )
