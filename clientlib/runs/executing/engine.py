"""The papermill engine ``clientlib``: seldom saves, deadlines, a watch over the kernel, secrets."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from logging import Logger
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from papermill.engines import Engine, papermill_engines
from papermill.iorw import write_ipynb
from papermill.log import logger

from clientlib.runs.executing.client import CellClient
from clientlib.runs.executing.deadlines import Deadlines
from clientlib.runs.executing.lifetimes import (
    REPORT_NAME,
    REPORT_VARIABLE,
    KernelUse,
)
from clientlib.runs.executing.saving import SAVE_SECONDS, SparingManager, Write, allow_errors
from clientlib.runs.executing.sockets import socket_folder
from clientlib.runs.secrecy import Mask, read_secret, referenced, referenced_in_source

ENGINE = "clientlib"
PASSED_ON = ("log_output", "stdout_file", "stderr_file")
PARAMETER_TAGS = {"parameters", "injected-parameters"}


@dataclass(frozen=True)
class KernelStart:
    """How a kernel is started.

    Parameters
    ----------
    name : str, optional
        Of a kernelspec; the notebook's own where it is not given.
    working_folder : Path, optional
        Where the notebook finds itself; by default where this process is.
    environment : mapping of str to str
        On top of this process's own.
    log : Path, optional
        For what the kernel writes past its notebook; by default where this process writes.
    """

    name: str | None = None
    working_folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


@dataclass(frozen=True)
class EngineOptions:
    """What our own callers ask of the engine beyond what papermill knows.

    Parameters
    ----------
    deadlines : Deadlines
        How long things may take.
    start : KernelStart
        How the kernel is started.
    secrets : tuple of str
        Environment variables, beside those that parameters refer to, whose values are masked.
    save_seconds : float
        The least time between two savings of an execution that goes well; 0 for none.
    output : Path, optional
        Where the notebook is written to, where papermill is not told.
    write : callable, optional
        Writes the notebook while it is executed; by default papermill's own.
    on_end : callable, optional
        Given the record of the execution and what the kernel took, whatever came of it.
    log : Logger, optional
        For what goes on; by default papermill's.
    """

    deadlines: Deadlines = field(default_factory=Deadlines)
    start: KernelStart = field(default_factory=KernelStart)
    secrets: tuple[str, ...] = ()
    save_seconds: float = SAVE_SECONDS
    output: Path | None = None
    write: Write | None = None
    on_end: Callable[[SparingManager, KernelUse], None] | None = None
    log: Logger | None = None


class ClientlibEngine(Engine):  # type: ignore[misc]
    """Executes notebooks for papermill, also as ``papermill --engine clientlib``."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        **said: Any,  # noqa: ANN401
    ) -> NotebookNode:
        """Execute a notebook whose parameters are in it.

        Parameters
        ----------
        nb : NotebookNode
            The notebook; it is changed.
        kernel_name : str
            Of a kernelspec.
        output_path : str, optional
            Where it is saved meanwhile.
        **said : Any
            What papermill passes on; ``options`` are an `EngineOptions`.

        Returns
        -------
        NotebookNode
            Executed, as far as it came; papermill writes it.

        Raises
        ------
        DeadlinePassed, KernelDied
            The execution was given up; the notebook is written before.
        ClientlibError
            A secret is not set, or a tag gives a cell no time.
        """
        options = said.get("options") or _options(said)
        manager = _manager(nb, output_path, options, said)
        manager.notebook_start()
        try:
            _execute(manager, kernel_name, options, said)
        except BaseException:
            manager.notebook_complete()
            manager.save_now()
            raise
        finally:
            manager.cleanup_pbar()
        manager.notebook_complete()
        allow_errors(nb)
        return nb


def _options(said: Mapping[str, Any]) -> EngineOptions:
    """Take over what papermill's own options say."""
    usual = Deadlines()
    deadlines = Deadlines(
        cell_seconds=said.get("execution_timeout") or usual.cell_seconds,
        start_seconds=said.get("start_timeout") or usual.start_seconds,
    )
    return EngineOptions(
        deadlines=deadlines, save_seconds=SAVE_SECONDS if said.get("autosave_cell_every", 1) else 0
    )


def _manager(
    notebook: NotebookNode, output_path: str | None, options: EngineOptions, said: Mapping[str, Any]
) -> SparingManager:
    for cell in notebook.cells:  # a wrong tag is told before anything runs
        options.deadlines.seconds_for(cell)
    kept = notebook.metadata.papermill
    kept["input_path"] = _relative(kept["input_path"])
    kept["output_path"] = _relative(options.output or kept["output_path"])
    return SparingManager(
        notebook,
        write=options.write or (lambda executed: write_ipynb(executed, output_path)),
        mask=_mask(notebook, options),
        save_seconds=options.save_seconds,
        progress_bar=said.get("progress_bar", True),
        log_output=said.get("log_output", False),
    )


def _relative(path: str | Path | None) -> str | None:
    """Name a path without saying where on this machine it lies."""
    if path is None:
        return None
    found, here = Path(path), Path.cwd()
    if found.is_relative_to(here):
        return found.relative_to(here).as_posix()
    return found.name if found.is_absolute() else str(path)


def _mask(notebook: NotebookNode, options: EngineOptions) -> Mask:
    variables = [*options.secrets, *referenced(notebook.metadata.papermill.get("parameters"))]
    for cell in notebook.cells:
        if PARAMETER_TAGS & set(cell.metadata.get("tags", [])):
            variables += referenced_in_source(cell.source)
    environment = {**os.environ, **options.start.environment}
    return Mask(read_secret(variable, environment) for variable in dict.fromkeys(variables))


def _execute(
    manager: SparingManager, kernel_name: str, options: EngineOptions, said: Mapping[str, Any]
) -> None:
    passed_on = {name: said[name] for name in PASSED_ON if name in said}
    with socket_folder() as folder, _kernel_options(options.start, folder) as kernel_options:
        client = CellClient(
            manager,
            deadlines=options.deadlines,
            folder=folder,
            kernel_name=kernel_name,
            log=options.log or logger,
            **passed_on,
        )
        try:
            client.execute(**kernel_options)
        finally:
            if options.on_end:
                options.on_end(manager, client.kernel_use())


@contextmanager
def _kernel_options(start: KernelStart, folder: Path | None) -> Iterator[dict[str, Any]]:
    environment = {**os.environ, **start.environment}
    if folder is not None:
        environment[REPORT_VARIABLE] = str(folder / REPORT_NAME)
    said: dict[str, Any] = {"env": environment}
    if start.working_folder is not None:
        said["cwd"] = str(start.working_folder)
    with start.log.open("ab") if start.log else nullcontext() as log:
        yield said | ({"stdout": log, "stderr": log} if log else {})


papermill_engines.register(ENGINE, ClientlibEngine)
