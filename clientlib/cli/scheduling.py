"""The command schedule: Dagster's page and daemon, or lines for cron and systemd."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from clientlib.cli.output import OUT, say
from clientlib.cli.warehousing import project_settings
from clientlib.config import Settings
from clientlib.errors import ConfigError
from clientlib.runs.schedules.crontab import cron_lines, systemd_units

DAGSTER_FOLDER = "data/dagster"
DAGSTER_SETTINGS = "telemetry:\n  enabled: false\n"
LOCAL = "127.0.0.1"
STOP_SECONDS = 60


def schedule(
    cron: Annotated[bool, typer.Option("--cron", help="Print lines for a crontab.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="Print units for systemd.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of Dagster's page.")] = 3000,
) -> None:
    """Start Dagster's page and daemon on this project; or print what cron or systemd need."""
    settings = project_settings()
    if cron:
        OUT.print(cron_lines(settings.root, settings.schedule), end="")
    if systemd:
        for name, text in systemd_units(settings.root, settings.schedule).items():
            OUT.print(f"# {name}\n{text}")
    if not cron and not systemd:
        raise typer.Exit(run_dagster(settings, port))


def run_dagster(settings: Settings, port: int) -> int:
    """Run Dagster's page and daemon until they are stopped.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    port : int
        Of the page, on this machine only.

    Returns
    -------
    int
        Their exit code.

    Raises
    ------
    ConfigError
        The extra ``schedule`` is not installed.
    """
    if find_spec("dagster_webserver") is None:
        raise ConfigError(
            "Dagster is not installed",
            hint="pip install 'clientlib[schedule]', or use clientlib schedule --cron",
        )
    home = settings.root / DAGSTER_FOLDER
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").is_file():
        (home / "dagster.yaml").write_text(DAGSTER_SETTINGS, encoding="utf-8")
    say("serving", f"http://{LOCAL}:{port}", "Ctrl-C stops it")
    command = [sys.executable, "-m", "dagster", "dev", "-m", "clientlib.runs.schedules.assets",
               "-h", LOCAL, "-p", str(port)]  # fmt: skip
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"}
    signal.signal(signal.SIGTERM, _interrupt)  # as systemd stops a service
    with subprocess.Popen(command, cwd=settings.root, env=environment) as dagster:  # noqa: S603
        try:
            return dagster.wait()
        except KeyboardInterrupt:
            return _stop(dagster)


def _interrupt(number: int, frame: object) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


def _stop(dagster: "subprocess.Popen[bytes]") -> int:
    """Let Dagster end its page, its daemon and their servers, which a kill would leave behind."""
    dagster.send_signal(signal.SIGINT)
    try:
        return dagster.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        dagster.terminate()
        return dagster.wait()
