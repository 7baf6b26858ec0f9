"""Who gets an edition, and the files that hold only what each of them may see."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from clientlib.config import ReaderRule, Settings
from clientlib.errors import RunError, nearest
from clientlib.runs.keys import ALL, file_stem
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.reads import tables_read_by
from clientlib.runs.recording import ISSUED_FOLDER
from clientlib.warehouse import Editions, Reader, ReaderFile

EDITIONS = ".editions"
KEPT_OPEN = 4  # days and kinds of readers at a time; a batch goes through them one after the other


@dataclass(frozen=True)
class Audience:
    """The readers of one kind as of a day.

    Attributes
    ----------
    kind : str
        Such as ``manager``.
    readers : tuple of Reader
        By key.
    """

    kind: str
    readers: tuple[Reader, ...]

    def find(self, key: str) -> Reader:
        """Find a reader by key.

        Parameters
        ----------
        key : str
            Such as ``M-01``.

        Returns
        -------
        Reader
            That reader.

        Raises
        ------
        RunError
            There is no such reader as of that day.
        """
        by_key = {reader.key: reader for reader in self.readers}
        if key not in by_key:
            near = nearest(key, by_key)
            raise RunError(
                f"there is no {self.kind} {key!r} with clients",
                rows=f"{len(by_key):,} there are",
                hint=f"did you mean {near!r}?" if near else f"such as {next(iter(by_key), 'none')}",
            )
        return by_key[key]


class Readers:
    """The readers of a project as one snapshot knows them. A context manager.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    snapshot : Path
        File of the snapshot.
    batch : str
        Id of the batch whose files these are; they are removed when it closes.
    """

    def __init__(self, settings: Settings, snapshot: Path, batch: str = "plan") -> None:
        self._settings = settings
        self._snapshot = snapshot
        self._ledger = Ledger(settings.ledger_folder)
        self._folder = settings.ledger_folder / EDITIONS / batch
        self._only: frozenset[str] | None = None
        self._open_editions: dict[tuple[str, date], Editions] = {}  # the last used ones
        self._audiences: dict[tuple[str, date], Audience] = {}
        self._files: dict[tuple[Reader, date, frozenset[str] | None], ReaderFile] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the snapshot, and remove the files that were written."""
        self._keep_open(0)
        shutil.rmtree(self._folder, ignore_errors=True)

    def audience(self, kind: str, as_of: date) -> Audience | None:
        """List the readers of a kind.

        Parameters
        ----------
        kind : str
            Such as ``manager``.
        as_of : date
            Day as of which they hold clients.

        Returns
        -------
        Audience or None
            None where an earlier report must name them first.
        """
        if (kind, as_of) not in self._audiences:
            editions = self._open(kind, as_of)
            if editions is None:
                return None
            self._audiences[kind, as_of] = Audience(kind, editions.readers)
        return self._audiences[kind, as_of]

    def limit_to(self, notebooks: Iterable[Path]) -> None:
        """Let files hold only the tables that some notebooks read.

        Parameters
        ----------
        notebooks : iterable of Path
            Those that will read them; one that may read any table lets files hold all.
        """
        reads = [tables_read_by(notebook) for notebook in notebooks]
        known = [tables for tables in reads if tables is not None]
        self._only = frozenset().union(*known) if len(known) == len(reads) else None

    def write_file(self, reader: Reader, as_of: date) -> ReaderFile:
        """Write the file of a reader, once however many reports read it.

        Parameters
        ----------
        reader : Reader
            From ``audience`` of the same day.
        as_of : date
            Day as of which it holds clients.

        Returns
        -------
        ReaderFile
            The file and whose rows it holds.
        """
        place = (reader, as_of, self._only)
        if place not in self._files:
            editions = self._open(reader.kind, as_of)
            if editions is None:
                raise RunError(f"the readers by {reader.kind} are not known", hint="run it again")
            self._folder.mkdir(parents=True, exist_ok=True)
            stem = file_stem(f"{reader.kind}={reader.key}")
            target = self._folder / f"{as_of:%Y%m%d}-{stem}.duckdb"
            self._files[place] = editions.write(reader, target, only=self._only)
        return self._files[place]

    def _open(self, kind: str, as_of: date) -> Editions | None:
        """Open what cuts files for the readers of a day; each takes memory of its own."""
        editions = self._open_editions.pop((kind, as_of), None)
        if editions is None:
            rule = self._settings.readers[kind]
            members = self._members(rule, as_of)
            if rule.issued and members is None:
                return None
            self._keep_open(KEPT_OPEN - 1)
            editions = Editions(
                self._snapshot, kind, rule, as_of=as_of, members=members,
                work_folder=self._folder,  # where the next run finds what a killed one left
            )  # fmt: skip
        self._open_editions[kind, as_of] = editions  # the last one used stands last
        return editions

    def _keep_open(self, count: int) -> None:
        while len(self._open_editions) > count:
            self._open_editions.pop(next(iter(self._open_editions))).close()

    def _members(self, rule: ReaderRule, as_of: date) -> Path | None:
        """Find the rows of an issued table that name the readers."""
        if not rule.issued:
            return None
        for run in reversed(self._ledger.runs()):
            if (run.edition, run.as_of) == (ALL, as_of) and rule.issued in run.issued:
                return self._ledger.folder / run.run_id / ISSUED_FOLDER / f"{rule.issued}.parquet"
        return None


def sweep_editions(ledger: Ledger) -> None:
    """Remove the readers' files of batches that were killed.

    Parameters
    ----------
    ledger : Ledger
        The project's ledger.
    """
    for folder in (ledger.folder / EDITIONS).glob("*"):
        with ledger.claim(folder.name) as is_dead:
            if is_dead:
                shutil.rmtree(folder, ignore_errors=True)
