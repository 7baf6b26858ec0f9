"""The command as a user calls it: in a folder, with arguments, answered by text and an exit code."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from clientlib.cli import main


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
