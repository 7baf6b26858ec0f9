"""Loading, building and running a project, for tests."""

import os
from datetime import UTC, datetime
from pathlib import Path

from clientlib.config import Settings
from clientlib.runs.batch import run_reports
from clientlib.warehouse import LoadCount, build_snapshot, load_sources

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def fill(settings: Settings) -> list[LoadCount]:
    """Load and build a project."""
    counts = load_sources(settings, now=NOW)
    build_snapshot(settings, now=NOW)
    return counts


def run(settings: Settings, *names: str, as_of: str | None = None) -> dict:
    """Run reports and give their runs by name."""
    here = Path.cwd()
    try:
        return {run.report: run for run in run_reports(settings, names, as_of=as_of)}
    finally:
        os.chdir(here)
