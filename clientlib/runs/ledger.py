"""The ledger: one folder per run with what it was, how it went and what it issued.

A run writes into a draft folder; when it has ended the folder is renamed into the ledger at
once, and is never written again.
"""

import json
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from clientlib.reports import Run
from clientlib.runs.recording import CONTEXT_NAME, FIGURES_NAME, ISSUED_FOLDER
from clientlib.warehouse.parquet import read_parquet

RUN_NAME = "run.json"
DRAFTS = ".drafts"
DRAFT_LIFE = timedelta(days=1)

_RUN = TypeAdapter(Run)


class Ledger:
    """The runs of a project and what they issued.

    Parameters
    ----------
    folder : Path
        Folder of the ledger, such as ``data/ledger``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open_draft(self, report: str, edition: str, now: datetime, context: dict[str, Any]) -> Path:
        """Open the folder that a run writes to until it has ended.

        Parameters
        ----------
        report, edition : str
            What runs.
        now : datetime
            Start of the run, UTC; with them it names the run.
        context : dict
            What is stamped on issued rows.

        Returns
        -------
        Path
            The folder; its name is the run id.
        """
        stem = f"{now:%Y%m%dT%H%M%S}-{report}-{edition}"
        names = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
        for name in names:
            draft = self.folder / DRAFTS / name
            if not (self.folder / name).exists() and _make(draft):
                break
        (draft / CONTEXT_NAME).write_text(json.dumps(context), encoding="utf-8")
        return draft

    def sweep_drafts(self, now: datetime) -> None:
        """Remove what runs left behind that were killed over a day ago.

        Parameters
        ----------
        now : datetime
            Time, UTC.
        """
        last = (now - DRAFT_LIFE).timestamp()
        for draft in (self.folder / DRAFTS).glob("*"):
            if draft.stat().st_mtime < last:
                shutil.rmtree(draft, ignore_errors=True)

    def close_draft(self, draft: Path, run: Run) -> None:
        """Enter a run that has ended into the ledger; of a failed one only how it went.

        Parameters
        ----------
        draft : Path
            Its draft folder.
        run : Run
            How it went.
        """
        if run.state != "done":
            shutil.rmtree(draft / ISSUED_FOLDER, ignore_errors=True)
        (draft / RUN_NAME).write_bytes(_RUN.dump_json(run, indent=1))
        draft.rename(self.folder / draft.name)

    def runs(self) -> list[Run]:
        """Read all runs, oldest first.

        Returns
        -------
        list of Run
            In the order of their ids, which start with their time.
        """
        paths = sorted(self.folder.glob(f"*/{RUN_NAME}"))
        return [_RUN.validate_json(path.read_bytes()) for path in paths]

    def issued(self, table: str, runs: Iterable[Run] | None = None) -> pd.DataFrame:
        """Read what runs have issued under one name.

        Parameters
        ----------
        table : str
            Name of the issued table.
        runs : iterable of Run, optional
            Which runs; all by default.

        Returns
        -------
        DataFrame
            The rows with their stamps, oldest run first; empty where there are none.
        """
        ids = [run.run_id for run in (self.runs() if runs is None else runs)]
        paths = [self.folder / run_id / ISSUED_FOLDER / f"{table}.parquet" for run_id in ids]
        found = [path for path in paths if path.is_file()]
        return read_parquet(found) if found else pd.DataFrame()

    def snapshots(self) -> frozenset[str]:
        """List the snapshots that runs with issued rows rest on.

        Returns
        -------
        frozenset of str
            Build ids, which must not be pruned.
        """
        return frozenset(run.snapshot for run in self.runs() if run.snapshot and run.issued)


def read_figures(draft: Path) -> dict[str, Any]:
    """Read the key figures that a notebook recorded.

    Parameters
    ----------
    draft : Path
        The run's draft folder.

    Returns
    -------
    dict
        By name; empty where nothing was recorded.
    """
    path = draft / FIGURES_NAME
    figures: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return figures


def count_issued(draft: Path) -> dict[str, int]:
    """Count the rows that a notebook issued.

    Parameters
    ----------
    draft : Path
        The run's draft folder.

    Returns
    -------
    dict of str to int
        Rows by table.
    """
    paths = sorted((draft / ISSUED_FOLDER).glob("*.parquet"))
    return {path.stem: len(read_parquet([path])) for path in paths}


def _make(folder: Path) -> bool:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True
