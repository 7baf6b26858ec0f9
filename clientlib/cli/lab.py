"""The command lab: JupyterLab in a project."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from clientlib.cli.warehousing import project_settings
from clientlib.errors import ConfigError


def lab(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="Arguments for JupyterLab, after --.")
    ] = None,
) -> None:
    """Open JupyterLab in this project; the notebooks find the warehouse, read-only."""
    settings = project_settings()
    if find_spec("jupyterlab") is None:
        raise ConfigError("JupyterLab is not installed", hint="pip install 'clientlib[lab]'")
    environment = {**os.environ, "PLOTLY_RENDERER": "plotly_mimetype"}
    command = [sys.executable, "-m", "jupyterlab", *_as_root(), *(arguments or [])]
    ended = subprocess.run(command, cwd=settings.root, env=environment, check=False)  # noqa: S603
    raise typer.Exit(ended.returncode)


def _as_root() -> list[str]:
    """Let JupyterLab start where everybody is root, as in a container; it asks for that."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root"] if is_root else []
