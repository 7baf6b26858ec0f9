"""The command lab: JupyterLab in a project."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from clientlib.cli.warehousing import project_settings
from clientlib.config import ReportSettings, Settings
from clientlib.errors import ClientlibError, ConfigError
from clientlib.language import load_catalogue, speaking
from clientlib.reports import Run
from clientlib.reports.starting import Question, Start, write_start
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.plan import CATALOGUES
from clientlib.warehouse import Warehouse, open_warehouse
from clientlib.warehouse.contracts import read_contracts

START_NAME = "start.md"
RUNS_READ = 500  # enough to find the last run of each report that is still run
# Defaults of ours, which an analyst's own settings replace: Markdown opens as it is read, and
# JupyterLab asks nothing of the network.
JUPYTER_CONFIG = Path(__file__).parent / "jupyter"


def lab(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Arguments for JupyterLab, after --.")
    ] = None,
) -> None:
    """Open JupyterLab in this project; the notebooks find the warehouse, read-only."""
    settings = project_settings()
    if find_spec("jupyterlab") is None:
        raise ConfigError("JupyterLab is not installed", hint="pip install 'clientlib[lab]'")
    first = _open_first(settings)
    command = [sys.executable, "-m", "jupyterlab", *_as_root(), *first, *(arguments or [])]
    ended = subprocess.run(  # noqa: S603
        command, cwd=settings.root, env=_environment(), check=False
    )
    raise typer.Exit(ended.returncode)


def write_start_page(settings: Settings) -> Path:
    """Write the page that JupyterLab opens with, in the company's language.

    Parameters
    ----------
    settings : Settings
        The project's settings.

    Returns
    -------
    Path
        ``reports/start.md``.
    """
    last = {run.report: run for run in Ledger(settings.ledger_folder).runs(RUNS_READ)}
    with speaking(settings.company.language):
        start = _read_start(settings, last)
        settings.output_folder.mkdir(parents=True, exist_ok=True)
        return write_start(start, settings.output_folder / START_NAME)


def _read_start(settings: Settings, last: Mapping[str, Run]) -> Start:
    name = settings.company.name
    try:
        with open_warehouse(settings.warehouse_folder) as warehouse:
            questions = _list_questions(settings, last, warehouse)
            tables = _list_tables(warehouse)
            return Start(name, questions, tables, warehouse.about.data_end)
    except ClientlibError as error:
        return Start(name, _list_questions(settings, last, None), reason=error.what)


def _list_questions(
    settings: Settings, last: Mapping[str, Run], warehouse: Warehouse | None
) -> tuple[Question, ...]:
    return tuple(
        _make_question(settings, report, last.get(name), warehouse)
        for name, report in settings.reports.items()
    )


def _make_question(
    settings: Settings, report: ReportSettings, last: Run | None, warehouse: Warehouse | None
) -> Question:
    notebook = settings.root / report.notebook
    catalogue = load_catalogue(notebook.parent / CATALOGUES, settings.company.language)
    missing = [name for name in report.needed_tables if not _has_rows(warehouse, name)]
    return Question(
        catalogue.text(report.title),
        catalogue.text(report.question),
        notebook,
        tuple(report.needs),
        tuple(missing) if warehouse else (),
        last,
    )


def _has_rows(warehouse: Warehouse | None, table: str) -> bool:
    with suppress(ClientlibError):  # there is no such table
        return warehouse is not None and warehouse.has_rows(table)
    return False


def _list_tables(warehouse: Warehouse) -> tuple[tuple[str, str], ...]:
    contracts = read_contracts()
    return tuple(
        (name, contracts[name].about if name in contracts else "")
        for name in warehouse.list_tables()
    )


def _open_first(settings: Settings) -> list[str]:
    """Let JupyterLab open the start page, if it lies in what is served, beside the notebooks."""
    if not settings.output_folder.resolve().is_relative_to(settings.root.resolve()):
        return []
    page = write_start_page(settings).resolve().relative_to(settings.root.resolve())
    folders = {report.notebook.parent.as_posix() for report in settings.reports.values()}
    beside = f"?file-browser-path=/{quote(folders.pop())}" if len(folders) == 1 else ""
    return [f"--LabApp.default_url=/lab/tree/{quote(page.as_posix())}{beside}"]


def _environment() -> dict[str, str]:
    configured = [str(JUPYTER_CONFIG), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {
        **os.environ,
        "PLOTLY_RENDERER": "plotly_mimetype",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, configured)),
    }


def _as_root() -> list[str]:
    """Let JupyterLab start where everybody is root, as in a container; it asks for that."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root"] if is_root else []
