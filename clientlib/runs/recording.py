"""What a notebook says of its own run: rows that it issues, figures that it records."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clientlib.errors import RUN_VARIABLE, InputError, RunError
from clientlib.warehouse.parquet import write_parquet

CONTEXT_NAME = "context.json"
FIGURES_NAME = "figures.json"
COUNTS_NAME = "issued.json"  # rows by table, so that nobody opens the tables to count them
ISSUED_FOLDER = "issued"
INPUTS_FOLDER = "inputs"
EARLIER_FOLDER = (
    "earlier"  # what the last run of the same report and edition issued, of an earlier day
)
STAMPS = ("as_of", "snapshot", "code_version", "seed")


def issue(table: str, rows: pd.DataFrame, *, seed: int | None = None) -> None:
    """Issue rows to the ledger: scores, segments, indices, as they were given out.

    Each row is stamped with the as-of date, the snapshot, the code version and the seed that
    it was made with. In JupyterLab, outside of a run, nothing is kept.

    Parameters
    ----------
    table : str
        Name of the issued table, in small letters, such as ``client_reliability``.
    rows : DataFrame
        The rows; its index is not kept.
    seed : int, optional
        The seed that they were made with; none where nothing was drawn.

    Raises
    ------
    InputError
        The name is no plain name, or a column is named like a stamp.
    RunError
        The run has issued that table already.
    """
    if not table.isidentifier() or table != table.lower():
        raise InputError(f"{table!r} is no name for an issued table", hint="such as client_scores")
    taken = [name for name in STAMPS if name in rows.columns]
    if taken:
        raise InputError(f"column {taken[0]!r} of {table} is a stamp of the ledger; rename it")
    folder = run_folder()
    if folder is None:
        return
    path = folder / ISSUED_FOLDER / f"{table}.parquet"
    if path.exists():
        raise RunError(f"{table} has been issued by this run already", hint="issue it once")
    path.parent.mkdir(exist_ok=True)
    context = json.loads((folder / CONTEXT_NAME).read_text(encoding="utf-8"))
    stamped = rows.reset_index(drop=True).assign(**context)
    stamped["seed"] = pd.array([seed] * len(stamped), dtype="Int64")
    write_parquet(stamped, path)
    counts = folder / COUNTS_NAME
    counted = json.loads(counts.read_text(encoding="utf-8")) if counts.is_file() else {}
    counts.write_text(json.dumps({**counted, table: len(stamped)}), encoding="utf-8")


def issue_tables(tables: Mapping[str, pd.DataFrame], *, seed: int | None = None) -> None:
    """Issue several tables that were made together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name, as for `issue`.
    seed : int, optional
        The seed that they were made with.

    Raises
    ------
    InputError, RunError
        As `issue`.
    """
    for name, rows in tables.items():
        issue(name, rows, seed=seed)


def record(**figures: Any) -> None:  # noqa: ANN401
    """Record the key figures of a run, for its page and the index.

    Parameters
    ----------
    **figures : number, str, bool or None
        By name; ``headline`` is the answer in one sentence. Names end as columns do:
        ``_share``, ``_amount``, ``_count``, ``_days``.

    Raises
    ------
    InputError
        A figure is no plain value.
    """
    plain = {name: _plain(name, value) for name, value in figures.items()}
    folder = run_folder()
    if folder is not None:
        text = json.dumps(plain, indent=1, sort_keys=False, allow_nan=False)
        (folder / FIGURES_NAME).write_text(text, encoding="utf-8")


def run_folder() -> Path | None:
    """Find the folder of the run that this process executes.

    Returns
    -------
    Path or None
        None in JupyterLab, outside of a run.
    """
    folder = os.environ.get(RUN_VARIABLE)
    return Path(folder) if folder else None


def _plain(name: str, value: Any) -> str | int | float | bool | None:  # noqa: ANN401
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT:
        return None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    raise InputError(
        f"key figure {name} is no number or text",
        example=f"it is a {type(value).__name__}",
        hint="record one value a name; rows are issued",
    )
