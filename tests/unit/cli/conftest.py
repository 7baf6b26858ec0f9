"""The command as a user calls it: in a folder, with arguments, answered by text and an exit code."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clientlib.cli import main
from clientlib.config import load_settings
from clientlib.sample import write_sample
from clientlib.starter import write_project
from clientlib.warehouse import build_snapshot, load_sources

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    error: str


@pytest.fixture
def call(monkeypatch, capsys) -> Callable[..., Answer]:
    def call(*arguments: str, folder: Path | None = None) -> Answer:
        monkeypatch.setattr(sys, "argv", ["clientlib", *arguments])
        if folder is not None:
            monkeypatch.chdir(folder)
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return call


@pytest.fixture(scope="package")
def project(tmp_path_factory) -> Path:
    """Give a project of the sample company, loaded and built, whose name looks like markup."""
    root = tmp_path_factory.mktemp("projects") / "[red]sample[-x]"
    write_project(root)
    write_sample(root / "data/raw/sample", seed=7, clients=50, start=date(2025, 1, 1))
    settings = load_settings(root)
    load_sources(settings, now=NOW)
    build_snapshot(settings, now=NOW)
    return root


@pytest.fixture
def empty(tmp_path) -> Path:
    write_project(tmp_path / "empty")
    return tmp_path / "empty"
