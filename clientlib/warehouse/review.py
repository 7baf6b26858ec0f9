"""The file of pairs that people decide on: kept whatever a spreadsheet does to it.

It is written with a byte order mark and semicolons, as the spreadsheets of countries with a
decimal comma expect it, and read with whatever delimiter, encoding and number form it was saved
with again.
"""

import csv
import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from clientlib.errors import ClientlibError, InputError
from clientlib.identity import APART, SAME

KEYS = ["left_id", "right_id"]
FOUND = ["left_name", "right_name", "left_codes", "right_codes", "probability", "proposed",
         "evidence"]  # fmt: skip
FIRST_FOUND = ["left_history", "right_history", "found_on"]
DECIDED = ["decision", "decided_by", "decided_on", "comment"]
COLUMNS = [*KEYS, *FOUND, *DECIDED, *FIRST_FOUND]
NEEDED = [*KEYS, "probability", "proposed", "decision", "left_history", "right_history"]

_DELIMITERS = ";,\t"
_DATE_FORMS = ("%Y-%m-%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d")
# What a spreadsheet would run as a formula, or turn into a number or a date.
_RUN = re.compile(r"^[=+\-@\t\r']")
_TURNED = re.compile(r"^(\d|[A-Za-z]{3,9}[ .-]?\d{1,4}$|(?i:true|false)$)")


def read_pairs(path: Path) -> pd.DataFrame:
    """Read the pairs and what people decided.

    Parameters
    ----------
    path : Path
        The file; one that does not exist has no pairs.

    Returns
    -------
    DataFrame
        ``COLUMNS`` and whatever people added, as text; probability as float, histories as int.

    Raises
    ------
    InputError
        A column is missing, a pair stands there twice with different decisions, or a decision,
        probability or history is none.
    """
    if not path.is_file():
        return _typed(pd.DataFrame(columns=COLUMNS, dtype=object), path)
    text = _decode(path.read_bytes())
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows:
        raise InputError(f"{path.name} is empty", hint="restore it, or remove it to begin anew")
    headings = [heading.strip() for heading in rows[0]]
    _check_headings(path, headings, rows)
    cells = [[_unguarded(cell) for cell in row] for row in rows[1:]]
    pairs = pd.DataFrame(cells, columns=headings, dtype=object)
    return _typed(pairs.reindex(columns=[*COLUMNS, *_added(headings)]).fillna(""), path)


def write_pairs(path: Path, pairs: pd.DataFrame, *, before: bytes | None) -> None:
    """Write the pairs at once: the old file stands until the new one is whole.

    Parameters
    ----------
    path : Path
        The file; its folder is made where it does not exist.
    pairs : DataFrame
        From ``keep_decisions``.
    before : bytes or None
        What the file held when it was read; None where there was none.

    Raises
    ------
    ClientlibError
        Somebody has saved the file since, or holds it open; it stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = pairs.assign(
        probability=[f"{share:.4f}" for share in pairs["probability"]],
        left_history=pairs["left_history"].astype(str),
        right_history=pairs["right_history"].astype(str),
    )
    for column in shown.columns.difference(["probability", "left_history", "right_history"]):
        guard = _guarded_key if column in KEYS else _guarded
        shown[column] = [guard(str(text)) for text in shown[column]]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        shown.to_csv(draft, sep=";", index=False, encoding="utf-8-sig", lineterminator="\r\n")
        if content(path) != before:
            raise ClientlibError(
                f"{path.name} was saved by somebody in the meantime", hint="run the command again"
            )
        draft.replace(path)
    except PermissionError as error:
        raise ClientlibError(
            f"{path.name} cannot be written to", hint="close the program that holds it"
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def content(path: Path) -> bytes | None:
    """Read what a file holds; None where there is none."""
    return path.read_bytes() if path.is_file() else None


def keep_decisions(old: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Bring what was found now together with what people decided before.

    Parameters
    ----------
    old : DataFrame
        From ``read_pairs``.
    found : DataFrame
        The pairs of now, with every column but those of people.

    Returns
    -------
    DataFrame
        Each pair of now, and each old one that somebody has decided or commented on. Decisions,
        comments, added columns, and the histories of the first day are those of the old file.
        Waiting pairs come first, then the most probable.
    """
    added = _added(list(old.columns))
    people = [*DECIDED, *added]
    known, now = old.set_index(KEYS), found.set_index(KEYS).assign(**dict.fromkeys(people, ""))
    both = now.index.intersection(known.index)
    for column in [*people, *FIRST_FOUND]:
        now.loc[both, column] = known.loc[both, column]
    is_gone = (known[people] != "").any(axis=1) & ~known.index.isin(now.index)
    pairs = pd.concat([now, known[is_gone]]).reset_index()
    pairs["is_settled"] = ~is_waiting(pairs)
    order = pairs.sort_values(
        ["is_settled", "probability", *KEYS], ascending=[True, False, True, True]
    )
    return order[[*COLUMNS, *added]].reset_index(drop=True)


def is_waiting(pairs: pd.DataFrame) -> "pd.Series[bool]":
    """Tell of each pair whether it waits for a person."""
    return (pairs["decision"] == "") & (pairs["proposed"] != SAME)


def is_in_force(pairs: pd.DataFrame) -> "pd.Series[bool]":
    """Tell of each pair whether it merges: decided the same, or sure and not decided otherwise."""
    is_sure = (pairs["decision"] == "") & (pairs["proposed"] == SAME)
    return is_sure | (pairs["decision"] == SAME)


def _decode(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    for encoding in ("utf-8-sig", "windows-1257"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _check_headings(path: Path, headings: list[str], rows: list[list[str]]) -> None:
    missing = [name for name in NEEDED if name not in headings]
    if missing:
        raise InputError(
            f"{path.name} lacks the column {missing[0]!r}",
            rows=f"{len(missing)} of {len(NEEDED)} needed columns",
            example=", ".join(headings)[:80],
            hint="restore the heading; the file is left as it is",
        )
    uneven = [n for n, row in enumerate(rows, start=1) if len(row) != len(headings)]
    if uneven:
        raise InputError(
            f"{path.name} has lines of another length than its headings",
            rows=f"{len(uneven):,} of {len(rows):,} lines",
            example=f"line {uneven[0]}: {len(rows[uneven[0] - 1])} cells for {len(headings)}",
            hint="mend the line; the file is left as it is",
        )


def _typed(pairs: pd.DataFrame, path: Path) -> pd.DataFrame:
    pairs["decision"] = pairs["decision"].astype(str).str.strip().str.lower()
    pairs["decided_on"] = [_iso_day(text) for text in pairs["decided_on"].astype(str)]
    _check_decisions(pairs, path)
    share = pairs["probability"].astype(str).str.replace(",", ".")
    pairs["probability"] = _numbers(share, pairs, path, "probability")
    for side in ("left_history", "right_history"):
        plain = pairs[side].astype(str).str.replace(r"[\s\u00a0]", "", regex=True)
        pairs[side] = _numbers(plain, pairs, path, side).astype("int64")
    return pairs.drop_duplicates(KEYS, ignore_index=True)


def _check_decisions(pairs: pd.DataFrame, path: Path) -> None:
    wrong = pairs[~pairs["decision"].isin(["", SAME, APART])]
    if len(wrong):
        row = wrong.iloc[0]
        raise InputError(
            f"{path.name} has decisions that are none",
            rows=f"{len(wrong):,} of {len(pairs):,} pairs",
            example=f"{row['left_id']} and {row['right_id']}: {row['decision']!r}",
            hint=f"write {SAME!r}, {APART!r} or nothing; the file is left as it is",
        )
    decisions = pairs.groupby(KEYS)["decision"].nunique()
    torn = decisions[decisions > 1]
    if len(torn):
        left, right = torn.index[0]
        raise InputError(
            f"{path.name} has pairs that are decided twice, and differently",
            rows=f"{len(torn):,} pairs",
            example=f"{left} and {right}",
            hint="leave one of the lines; the file is left as it is",
        )


def _numbers(texts: pd.Series, pairs: pd.DataFrame, path: Path, column: str) -> pd.Series:
    numbers = pd.to_numeric(texts, errors="coerce")
    bad = pairs[numbers.isna()]
    if len(bad):
        row = bad.iloc[0]
        raise InputError(
            f"{path.name} has no number in the column {column!r}",
            rows=f"{len(bad):,} of {len(pairs):,} pairs",
            example=f"{row['left_id']} and {row['right_id']}: {row[column]!r}",
            hint="restore the number; the file is left as it is",
        )
    return numbers.astype("float64")


def _iso_day(text: str) -> str:
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
            return day.date().isoformat()
        except ValueError:
            continue
    return text.strip()


def _added(headings: list[str]) -> list[str]:
    return [heading for heading in headings if heading and heading not in COLUMNS]


def _guarded(text: str) -> str:
    return f"'{text}" if _RUN.match(text) else text


def _guarded_key(text: str) -> str:
    return f"'{text}" if _RUN.match(text) or _TURNED.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") else text
