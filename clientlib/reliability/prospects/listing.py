"""A list of prospects, judged cell by cell: what can be used, and what cannot with its reasons."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.language import jot
from clientlib.reliability.prospects.columns import (
    AMOUNT,
    BY_HEADING,
    COUNT,
    DAY,
    GRADE,
    LIST_COLUMNS,
    PARTS,
    SHARE,
    TEXT,
    ListColumn,
)

if TYPE_CHECKING:
    from clientlib.sources.listed import Listed

QUARANTINE_COLUMNS = ("line", "name", "reason", "text")
MOST_AMOUNT, MOST_COUNT = 1e13, 1e6
_GAPS = re.compile("[ \u00a0\u202f\u2009'\u2019]")
_PLAIN = re.compile(r"[+-]?\d+")
_POINTED = re.compile(r"([+-]?)(\d+)[.,](\d+)")
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*(?:(?!(?P=group))[.,]\d+)?"
)


@dataclass(frozen=True)
class Prospects:
    """Prospects of a list, and the lines of it that cannot be used.

    Parameters
    ----------
    rows : DataFrame, one row per prospect
        client_id ("list 2": its line in the file) and all columns of `LIST_COLUMNS`: texts and
        days as such, the rest as float; null where nothing was given.
    quarantine : DataFrame, one row per line that cannot be used and reason
        line, name, reason (a sentence that can be told again), and the text of the line.
    """

    rows: pd.DataFrame
    quarantine: pd.DataFrame


def read_prospects(listed: "Listed | None", *, as_of: str | pd.Timestamp) -> Prospects | None:
    """Judge a list of prospects, so that each line is either used whole or set aside.

    Decimals may follow a point or a comma, thousands may be parted by blanks, points or commas;
    a number that could mean two things ("1,234") is not guessed.

    Parameters
    ----------
    listed : Listed or None
        As `sources.listed.read_listed` gives it; None for no list.
    as_of : str or Timestamp
        No statement may end after it.

    Returns
    -------
    Prospects or None
        Every line stands in one of its two tables; None without a list.

    Raises
    ------
    InputError
        There is no column of names, or a column that is not known.
    """
    if listed is None:
        return None
    rows = listed.rows
    _check_headings(rows, listed.name)
    texts = rows.reindex(columns=[column.name for column in LIST_COLUMNS], fill_value="")
    judged = {column.name: texts[column.name].map(_reader(column)) for column in LIST_COLUMNS}
    values = {key: cells.map(lambda cell: cell[0]) for key, cells in judged.items()}
    faults = {key: cells.map(lambda cell: cell[1]) for key, cells in judged.items()}
    typed = _type(pd.DataFrame(values, index=texts.index, columns=list(judged)))
    faults |= _whole_faults(typed, pd.Timestamp(as_of))
    said = pd.DataFrame(faults, index=texts.index, dtype=object)
    good = (said == "").all(axis=1)
    used = typed[good].reset_index()
    used.insert(0, "client_id", [f"list {line}" for line in used.pop("line")])
    return Prospects(used, _set_aside(rows[~good], said[~good], listed.broken))


def _check_headings(rows: pd.DataFrame, name: str) -> None:
    unknown = [str(heading) for heading in rows.columns if heading not in BY_HEADING]
    if unknown:
        near = nearest(unknown[0], BY_HEADING)
        raise InputError(
            f"{name} has a column that is not known",
            rows=f"{len(unknown)} of {rows.shape[1]} columns",
            example=unknown[0],
            hint=f"is it {near!r}?" if near else "the known ones stand in docs/how-to/prospects.md",
        )
    if "name" not in rows.columns:
        raise InputError(f"{name} has no column 'name'", hint="each prospect needs a name")


Cell = tuple[object, str]


def _reader(column: ListColumn) -> Callable[[str], Cell]:
    """Give what turns the text of a cell into its value, and a reason where it has none."""

    def read(text: str) -> Cell:
        """Read one cell; nothing is null and no fault, but for names."""
        if not text:
            return None, _blank(column)
        if column.kind == TEXT:
            return text, ""
        if column.kind == GRADE:
            return _read_grade(text)
        if column.kind == DAY:
            return _read_day(text, column)
        return _read_number(text, column)

    return read


def _blank(column: ListColumn) -> str:
    return jot("{column} is missing", column=column.name) if column.name == "name" else ""


def _read_grade(text: str) -> Cell:
    if text.upper() in tuple("ABCDE"):
        return text.upper(), ""
    return None, jot("the grade {text} is none of A to E", text=text)


def _read_day(text: str, column: ListColumn) -> Cell:
    day = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if pd.isna(day) or not 1950 <= day.year <= 2100:
        said = "{column}: {text} is no day such as 2025-12-31"
        return None, jot(said, column=column.name, text=text)
    return day, ""


def _read_number(text: str, column: ListColumn) -> Cell:
    plain = _GAPS.sub("", text).replace("\u2212", "-")
    is_part = column.kind == SHARE and plain.endswith("%")
    plain = plain.removesuffix("%") if is_part else plain
    if _is_ambiguous(plain):
        said = "{column}: {text} may mean thousands or decimals; write it without parting thousands"
        return None, jot(said, column=column.name, text=text)
    value = _to_number(plain)
    if value is None:
        return None, jot("{column}: {text} is no number", column=column.name, text=text)
    value = value / 100 if is_part else value
    if not _fits(value, column):
        return None, jot("{column}: {text} is out of its range", column=column.name, text=text)
    return value, ""


def _is_ambiguous(plain: str) -> bool:
    """Tell whether one separator before three digits could part thousands or decimals."""
    found = _POINTED.fullmatch(plain)
    return bool(found and len(found[3]) == 3 and len(found[2]) <= 3 and found[2].strip("0"))


def _to_number(plain: str) -> float | None:
    if _PLAIN.fullmatch(plain):
        return float(plain)
    if _POINTED.fullmatch(plain):
        return float(plain.replace(",", "."))
    grouped = _GROUPED.fullmatch(plain)
    if not grouped:
        return None
    whole = plain.replace(grouped["group"], "")
    return float(whole.replace(",", "."))


def _fits(value: float, column: ListColumn) -> bool:
    if column.kind == SHARE:
        return 0 <= value <= 1
    if column.kind == COUNT:
        return 0 <= value <= MOST_COUNT and value == int(value)
    return abs(value) <= MOST_AMOUNT and (value >= 0 or column.may_be_negative)


def _type(values: pd.DataFrame) -> pd.DataFrame:
    numbers = [c.name for c in LIST_COLUMNS if c.kind in (AMOUNT, COUNT, SHARE)]
    days = [c.name for c in LIST_COLUMNS if c.kind == DAY]
    typed = values.astype(dict.fromkeys(numbers, float))
    return typed.assign(**{name: pd.to_datetime(values[name]) for name in days})


def _whole_faults(rows: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, pd.Series]:
    """Find what is wrong with a line as a whole: parts above their whole, days, repeated names."""
    found: dict[str, list[str]] = {
        f"{part} of {whole}": [
            jot("{column} is above {other}", column=part, other=whole) if above else ""
            for above in rows[part] > rows[whole]
        ]
        for part, whole in PARTS
    }
    found["too new"] = [
        jot("its statement ends after {day:iso}", day=as_of) if late else ""
        for late in rows["year_ends_on"] > as_of
    ]
    found["repeated"] = _repeats(rows["name"])
    return {key: pd.Series(said, index=rows.index, dtype=object) for key, said in found.items()}


def _repeats(names: pd.Series) -> list[str]:
    """Say of a name that stood before where it did; the first one is used."""
    seen: dict[str, int] = {}
    said = []
    for line, name in names.items():
        key = " ".join(str(name).casefold().split()) if name is not None else ""
        first = seen.setdefault(key, int(str(line)))
        is_repeat = bool(key) and first != line
        said.append(
            jot("the name stands in line {line:count} already", line=first) if is_repeat else ""
        )
    return said


def _set_aside(rows: pd.DataFrame, said: pd.DataFrame, broken: pd.DataFrame) -> pd.DataFrame:
    bad = [
        (line, cells["name"], reason, " | ".join(cells))
        for (line, cells), reasons in zip(rows.iterrows(), said.to_numpy(), strict=True)
        for reason in reasons
        if reason
    ]
    shapeless = [
        (line, "", reason, text)
        for line, reason, text in broken[["line", "reason", "text"]].itertuples(index=False)
    ]
    table = pd.DataFrame([*bad, *shapeless], columns=list(QUARANTINE_COLUMNS))
    return table.sort_values("line", kind="stable", ignore_index=True)
