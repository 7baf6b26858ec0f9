"""What a notebook reads of earlier reports: the rows that they issued."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pandas as pd

from clientlib.config import find_project, load_settings
from clientlib.errors import ClientlibError, InputError, RunError, nearest
from clientlib.language import tell
from clientlib.runs.recording import CONTEXT_NAME, EARLIER_FOLDER, INPUTS_FOLDER, run_folder
from clientlib.warehouse.parquet import read_parquet

KEPT_BACK_NAME = "kept_back.json"  # tables that the reader of an edition is not given, and why


def read_issued(table: str, *, as_of: str) -> pd.DataFrame:
    """Read the rows that an earlier report issued.

    In a run these are the rows of the reports that its ``needs`` name, cut to the reader of the
    edition. In JupyterLab, outside of a run, they are those of the last run of the edition for
    all, from the project's ledger.

    Parameters
    ----------
    table : str
        Name of the issued table, such as ``client_reliability``.
    as_of : str
        Day as of which they were issued, the parameter of the notebook.

    Returns
    -------
    DataFrame
        The rows with the stamps that they were issued with.

    Raises
    ------
    RunError
        The run was not given that table, or is of another day.
    InputError
        Outside of a run: nobody has issued it as of that day.
    """
    folder = run_folder()
    if folder is None:
        return _read_ledger(table, as_of)
    _check_day(folder, table, as_of)
    paths = sorted((folder / INPUTS_FOLDER / table).glob("*.parquet"))
    if not paths:
        _refuse(folder / INPUTS_FOLDER, table)
    return read_parquet(paths)


_KEPT_BACK = "Not shown here: {table} is not only of this reader's clients."
_NOT_ISSUED = "Not enough data: no report has issued {table} as of this day."


@dataclass(frozen=True)
class Issued:
    """The rows of an issued table, or why there are none.

    Parameters
    ----------
    rows : DataFrame
        Empty, and without columns, where the table is missing.
    missing : str
        Why it is missing, in a sentence; empty where it is there.
    """

    rows: pd.DataFrame
    missing: str = ""


def find_issued(table: str, *, as_of: str) -> Issued:
    """Look for the rows that an earlier report issued, for a report that can do without.

    Parameters
    ----------
    table : str
        Name of the issued table, of a report that this one ``wants``.
    as_of : str
        Day as of which they were issued, the parameter of the notebook.

    Returns
    -------
    Issued
        The rows, or why they are missing: the report has not been done, or its rows are not shown
        to the reader of the edition.

    Raises
    ------
    RunError
        The run is of another day.
    """
    folder = run_folder()
    if folder is not None:
        _check_day(folder, table, as_of)
        if table in _kept_back(folder / INPUTS_FOLDER):
            return Issued(pd.DataFrame(), tell(_KEPT_BACK, table=table))
    try:
        return Issued(read_issued(table, as_of=as_of))
    except ClientlibError:
        return Issued(pd.DataFrame(), tell(_NOT_ISSUED, table=table))


def find_earlier(table: str, *, as_of: str) -> Issued:
    """Look for the rows that this report itself has issued, in its last run of an earlier day.

    Parameters
    ----------
    table : str
        Name of a table that the report issues.
    as_of : str
        Day of the analysis, the parameter of the notebook.

    Returns
    -------
    Issued
        The rows of the same edition, of clients that are the reader's still; or why there are
        none. In JupyterLab, outside of a run, there are none.

    Raises
    ------
    RunError
        The run is of another day.
    """
    folder = run_folder()
    if folder is not None:
        _check_day(folder, table, as_of)
        paths = sorted((folder / EARLIER_FOLDER / table).glob("*.parquet"))
        if paths:
            return Issued(read_parquet(paths))
    return Issued(pd.DataFrame(), tell(_NO_EARLIER, table=table))


_NO_EARLIER = "No earlier run of this edition has issued {table}: there is nothing to look back on."


def _check_day(folder: Path, table: str, as_of: str) -> None:
    day = json.loads((folder / CONTEXT_NAME).read_text(encoding="utf-8"))["as_of"]
    if as_of != day:
        raise RunError(
            f"{table} as of {as_of} was asked for in a run as of {day}",
            hint="read_issued(..., as_of=as_of), with the parameter of the notebook",
        )


def _kept_back(inputs: Path) -> dict[str, str]:
    """Read which tables the reader of an edition is not given, and why."""
    path = inputs / KEPT_BACK_NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _refuse(inputs: Path, table: str) -> NoReturn:
    reasons = _kept_back(inputs)
    if table in reasons:
        raise RunError(f"{table} is not shown in this edition", example=reasons[table])
    given = sorted(path.name for path in inputs.glob("*") if path.is_dir())
    raise RunError(
        f"this run was not given {table}",
        rows=f"it was given {', '.join(given) or 'no issued table'}",
        hint='add the report that issues it to needs in clientlib.toml, as "reports.NAME"',
    )


def _read_ledger(table: str, as_of: str) -> pd.DataFrame:
    from clientlib.runs.keys import ALL  # outside of a run only: kernels need not wait for these
    from clientlib.runs.ledger import Ledger

    ledger = Ledger(load_settings(find_project(Path.cwd())).ledger_folder)
    done = [run for run in ledger.runs() if run.state == "done" and run.edition == ALL]
    found = [run for run in done if table in run.issued and run.as_of.isoformat() == as_of]
    if found:
        return ledger.issued(table, found[-1:])
    reports = sorted({run.report for run in done if table in run.issued})
    near = nearest(table, {name for run in done for name in run.issued})
    run_it = f"clientlib run {' '.join(reports)} --as-of {as_of}"
    raise InputError(
        f"nobody has issued {table} as of {as_of}",
        rows=f"{len(done):,} runs of the edition for all are in the ledger",
        hint=run_it if reports else f"did you mean {near!r}?" if near else "run its report first",
    )
