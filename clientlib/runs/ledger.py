"""The ledger: one folder per run with what it was, how it went and what it issued.

A run writes into a draft folder; when it has ended the folder is renamed into the ledger at
once, and is never written again. While it runs its process holds a claim on what it writes:
a lock that the system frees when the process dies, so that no two make the same thing at once
and what a dead process left behind is told from what is under way.
"""

import json
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
from pydantic import TypeAdapter

from clientlib.reports import BatchSummary, Failure, Run
from clientlib.runs.keys import KEY_LENGTH, target_name
from clientlib.runs.recording import (
    CONTEXT_NAME,
    COUNTS_NAME,
    EARLIER_FOLDER,
    FIGURES_NAME,
    INPUTS_FOLDER,
    ISSUED_FOLDER,
)
from clientlib.warehouse.lock import try_lock
from clientlib.warehouse.parquet import read_parquet

RUN_NAME = "run.json"
BEGUN_NAME = "begun.json"
DRAFTS = ".drafts"
CLAIMS = ".claims"
BATCHES = ".batches"
UNBEGUN_SECONDS = 60
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 1.0
WORKING = "work"  # the draft's folder of things that nobody needs once the run has ended

_RUN = TypeAdapter(Run)
_BATCH = TypeAdapter(BatchSummary)


class Ledger:
    """The runs of a project and what they issued.

    Parameters
    ----------
    folder : Path
        Folder of the ledger, such as ``data/ledger``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def claim(self, target: str, *, patience: float = 0.0) -> Iterator[bool]:
        """Claim what a run writes, for as long as it is being written.

        Parameters
        ----------
        target : str
            From ``target_name``.
        patience : float
            Seconds to wait for it: who only looks at a claim holds it for a moment.

        Yields
        ------
        bool
            False where another living process has claimed it.
        """
        path = self.folder / CLAIMS / f"{target}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        last = time.monotonic() + patience
        while (file := _open_locked(path)) is None and time.monotonic() < last:
            time.sleep(LOOK_SECONDS)
        try:
            yield file is not None
        finally:
            if file is not None:
                with suppress(OSError):  # Windows keeps a file that is open
                    path.unlink(missing_ok=True)
                file.close()

    def open_draft(self, run: Run, context: dict[str, Any]) -> Path:
        """Open the folder that a run writes to until it has ended.

        Parameters
        ----------
        run : Run
            What the ledger shall say if the process dies: how it stood at its start.
        context : dict
            What is stamped on issued rows.

        Returns
        -------
        Path
            The folder; its name is the run's id.
        """
        draft = self.folder / DRAFTS / run.run_id
        (draft / WORKING).mkdir(parents=True)
        (draft / CONTEXT_NAME).write_text(json.dumps(context), encoding="utf-8")
        _write_run(draft / BEGUN_NAME, run)
        return draft

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
            (draft / COUNTS_NAME).unlink(missing_ok=True)
        for folder in (WORKING, INPUTS_FOLDER, EARLIER_FOLDER):
            shutil.rmtree(draft / folder, ignore_errors=True)
        _write_run(draft / RUN_NAME, run)
        (draft / BEGUN_NAME).unlink(missing_ok=True)
        draft.rename(self.folder / draft.name)

    def settle_drafts(self, batch: str | None = None, failure: Failure | None = None) -> list[Run]:
        """Enter the runs whose process has died: as they ended, or as they said at their start.

        Parameters
        ----------
        batch, failure : str and Failure, optional
            How a process of that batch died, where it is known.

        Returns
        -------
        list of Run
            Those that were under way and are not any more.
        """
        settled = []
        for draft in sorted((self.folder / DRAFTS).glob("*")):
            begun = _read_run(draft / RUN_NAME) or _read_run(draft / BEGUN_NAME)
            if begun is None:
                _remove_unbegun(draft)
                continue
            with self.claim(_target_of(begun)) as is_dead:
                if is_dead and draft.is_dir():
                    is_known = failure is not None and begun.batch == batch
                    left = replace(begun, failure=failure) if is_known else begun
                    settled.append(_read_run(draft / RUN_NAME) or left)
                    self.close_draft(draft, settled[-1])
        self._sweep_claims()
        return settled

    def write_batch(self, batch: BatchSummary) -> None:
        """Keep how a batch stands.

        Parameters
        ----------
        batch : BatchSummary
            At its start, and again at its end.
        """
        path = self.folder / BATCHES / f"{batch.batch_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, _BATCH.dump_json(batch, indent=1))

    def batches(self, count: int | None = None) -> list[BatchSummary]:
        """Read the batches, oldest first.

        Parameters
        ----------
        count : int, optional
            Only so many of the last.

        Returns
        -------
        list of BatchSummary
            One that was killed has no end.
        """
        paths = sorted((self.folder / BATCHES).glob("*.json"))
        return [_BATCH.validate_json(path.read_bytes()) for path in paths[-(count or 0) :]]

    def state_of_batch(self, batch: BatchSummary) -> str:
        """Tell how a batch stands.

        Parameters
        ----------
        batch : BatchSummary
            From ``batches``.

        Returns
        -------
        str
            ``ended``, ``running``, or ``killed``: it has not ended and its process is gone.
        """
        if batch.ended_at:
            return "ended"
        with self.claim(batch.batch_id) as is_free:
            return "killed" if is_free else "running"

    def under_way(self) -> list[Run]:
        """List the runs whose process is alive.

        Returns
        -------
        list of Run
            As they stood at their start.
        """
        begun = (_read_run(path) for path in sorted((self.folder / DRAFTS).glob(f"*/{BEGUN_NAME}")))
        return [run for run in begun if run is not None and self._is_claimed(run)]

    def runs(self, count: int | None = None) -> list[Run]:
        """Read runs, oldest first.

        Parameters
        ----------
        count : int, optional
            Only so many of the last.

        Returns
        -------
        list of Run
            In the order of their ids, which start with their time.
        """
        paths = sorted(self.folder.glob(f"*/{RUN_NAME}"))
        return [self.read(path.parent.name) for path in paths[-(count or 0) :]]

    def read(self, run_id: str) -> Run:
        """Read one run.

        Parameters
        ----------
        run_id : str
            Its id.

        Returns
        -------
        Run
            As it ended.
        """
        return _RUN.validate_json((self.folder / run_id / RUN_NAME).read_bytes())

    def ids_by_key(self) -> dict[str, list[str]]:
        """List runs by their work, without reading them.

        Returns
        -------
        dict of str to list of str
            Ids by key, oldest first.
        """
        found = defaultdict(list)
        for name in sorted(path.name for path in self.folder.glob("*-*") if path.is_dir()):
            found[name[-KEY_LENGTH:]].append(name)
        return found

    def attempts(self, key: str) -> list[Run]:
        """Read the runs of one work.

        Parameters
        ----------
        key : str
            From ``work_key``.

        Returns
        -------
        list of Run
            Oldest first.
        """
        return [self.read(path.name) for path in sorted(self.folder.glob(f"*-{key}"))]

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

    def _sweep_claims(self) -> None:
        """Remove the claims of processes that were killed; nobody else may ever claim the same."""
        for path in (self.folder / CLAIMS).glob("*.lock"):
            with self.claim(path.stem):
                pass

    def _is_claimed(self, run: Run) -> bool:
        with self.claim(_target_of(run)) as is_free:
            return not is_free


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
    path = draft / COUNTS_NAME
    counts: dict[str, int] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return dict(sorted(counts.items()))


def _target_of(run: Run) -> str:
    return target_name(run.report, run.edition, run.as_of, run.language)


def _read_run(path: Path) -> Run | None:
    """Read a run that another process may be moving or writing this very moment."""
    try:
        return _RUN.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None


def _open_locked(path: Path) -> TextIO | None:
    """Open and lock a file, which its last owner may be removing this very moment."""
    while True:
        file = path.open("a+", encoding="utf-8")
        if not try_lock(file):
            file.close()
            return None
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        file.close()


def _write_run(path: Path, run: Run) -> None:
    _write_whole(path, _RUN.dump_json(run, indent=1))


def _write_whole(path: Path, content: bytes) -> None:
    half = path.with_suffix(".half")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)  # on a full disk it would take the room of others
        raise


def _remove_unbegun(draft: Path) -> None:
    """Remove a draft whose process died before it had said what it runs, but no new one."""
    with suppress(FileNotFoundError):  # it has ended this very moment
        if time.time() - draft.stat().st_mtime > UNBEGUN_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)
