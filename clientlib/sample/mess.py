"""The mess of real exports, planted and counted: repeats, blanks, spellings, bad rows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.sample.dialects import Export
from clientlib.sample.faults import (
    BLANKS,
    FAULTS,
    ORPHANS,
    OVERLAPPING,
    SPELLINGS,
    STRAYS,
    Fault,
    Orphans,
)

REPEATED_SHARE = 0.0004
YEAR_END_DAYS = 3
STRAY_SHARE = 0.02


@dataclass
class MessCounts:
    """What was planted in the rows of one table; see ``docs/sample-company.md``."""

    rows: int = 0
    same: int = 0
    quarantine: dict[str, int] = field(default_factory=dict)
    bad_keys: list[list[str]] = field(default_factory=list)
    blanks: dict[str, int] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)
    stray_spaces: int = 0
    orphans: dict[str, int] = field(default_factory=dict)


def make_mess(
    export: Export, texts: pd.DataFrame, days: pd.Series | None, draws: np.random.Generator
) -> tuple[pd.DataFrame, pd.Series, MessCounts]:
    """Spoil the rows of one export, and count how.

    Parameters
    ----------
    export : Export
        Whose rows they are.
    texts : DataFrame of str
        From ``as_texts``.
    days : Series of datetime64, optional
        Day that tells each row's yearly file; None where there is one file.
    draws : numpy.random.Generator
        Stream to draw from.

    Returns
    -------
    DataFrame of str
        All rows, the added ones among them; a repeat stands after its first.
    Series of int
        Year of the file of each row; 0 where there is one file.
    MessCounts
        What was planted.
    """
    counts, table = MessCounts(), export.table
    years = pd.Series(0, index=texts.index) if days is None else days.dt.year
    _blank_cells(texts, BLANKS.get(table, {}), counts, draws)
    _spell_cells(texts, SPELLINGS.get(table, {}), counts, draws)
    _add_stray_spaces(texts, STRAYS.get(table), counts, draws)
    if table in ORPHANS:
        _orphan_rows(texts, ORPHANS[table], counts, draws)
    parts: list[Part] = [(texts, years, np.arange(len(texts), dtype=np.float64))]
    parts.append(_repeat_rows(texts, years, draws))
    if days is not None and table in OVERLAPPING:
        parts.append(_overlap_years(texts, days))
    counts.same = sum(len(part) for part, _, _ in parts[1:])
    taken: list[int] = []
    parts += [
        _spoil_rows(export, texts, years, fault, taken, counts, draws)
        for fault in FAULTS.get(table, ())
    ]
    return *_shuffle_in(parts, counts), counts


Part = tuple[pd.DataFrame, pd.Series, npt.NDArray[np.floating]]


def _blank_cells(
    texts: pd.DataFrame, shares: dict[str, float], counts: MessCounts, draws: np.random.Generator
) -> None:
    for heading, share in shares.items():
        is_blank = (draws.random(len(texts)) < share) & (texts[heading] != "").to_numpy()
        texts.loc[is_blank, heading] = draws.choice(["", "  "], size=int(is_blank.sum()))
        counts.blanks[heading] = int(is_blank.sum())


def _spell_cells(
    texts: pd.DataFrame,
    spellings: dict[str, tuple[dict[str, tuple[str, ...]], float]],
    counts: MessCounts,
    draws: np.random.Generator,
) -> None:
    for heading, (others, share) in spellings.items():
        counts.spellings[heading] = 0
        for word, ways in others.items():
            is_other = (texts[heading] == word).to_numpy() & (draws.random(len(texts)) < share)
            texts.loc[is_other, heading] = draws.choice(ways, size=int(is_other.sum()))
            counts.spellings[heading] += int(is_other.sum())


def _add_stray_spaces(
    texts: pd.DataFrame, heading: str | None, counts: MessCounts, draws: np.random.Generator
) -> None:
    if heading is None:
        return
    is_stray = (draws.random(len(texts)) < STRAY_SHARE) & (texts[heading] != "").to_numpy()
    texts.loc[is_stray, heading] = " " + texts.loc[is_stray, heading] + "  "
    counts.stray_spaces = int(is_stray.sum())


def _orphan_rows(
    texts: pd.DataFrame, orphans: Orphans, counts: MessCounts, draws: np.random.Generator
) -> None:
    known = np.flatnonzero(texts[orphans.heading] != "")
    place = draws.choice(known, size=orphans.count, replace=False)
    texts.loc[texts.index[place], orphans.heading] = orphans.key
    counts.orphans[orphans.heading] = orphans.count


def _repeat_rows(texts: pd.DataFrame, years: pd.Series, draws: np.random.Generator) -> Part:
    count = max(2, round(REPEATED_SHARE * len(texts)))
    place = np.sort(draws.choice(len(texts), size=count, replace=False))
    return texts.iloc[place], years.iloc[place], place + draws.uniform(0.1, 40.0, size=count)


def _overlap_years(texts: pd.DataFrame, days: pd.Series) -> Part:
    """Bring the last days of each year once more at the head of the next year's file."""
    next_year = (days + pd.Timedelta(days=YEAR_END_DAYS)).dt.year
    is_double = (next_year > days.dt.year) & (days.dt.year < days.dt.year.max())
    place = np.flatnonzero(is_double)
    return texts.iloc[place], next_year.iloc[place], place + 0.05


def _spoil_rows(
    export: Export,
    texts: pd.DataFrame,
    years: pd.Series,
    fault: Fault,
    taken: list[int],
    counts: MessCounts,
    draws: np.random.Generator,
) -> Part:
    free = np.setdiff1d(np.arange(len(texts)), taken)
    place = np.sort(draws.choice(free, size=fault.count, replace=False))
    bad = texts.iloc[place].copy()
    if not fault.keeps_key:
        _give_own_keys(export, bad, counts)
    for heading, text in fault.cells.items():
        bad[heading] = text
    taken.extend(int(n) for n in place)
    counts.quarantine[fault.reason] = counts.quarantine.get(fault.reason, 0) + fault.count
    counts.bad_keys.extend(bad[list(export.keys)].to_numpy().tolist())
    return bad, years.iloc[place], place + draws.uniform(0.1, 40.0, size=fault.count)


def _give_own_keys(export: Export, bad: pd.DataFrame, counts: MessCounts) -> None:
    """Put bad rows under keys that no good row has, so that nothing else refers to them."""
    first = 9001 + len(counts.bad_keys)
    numbers = [str(first + n) for n in range(len(bad))]
    if export.table in {"order_lines", "competitor_prices", "product_matches"}:
        heading = {"order_lines": "LineNo"}.get(export.table, "RivalItem")
        bad[heading] = numbers if heading == "LineNo" else [f"X-{number}" for number in numbers]
    else:
        bad[export.keys[0]] = [f"X-{number}" for number in numbers]


def _shuffle_in(parts: list[Part], counts: MessCounts) -> tuple[pd.DataFrame, pd.Series]:
    order = np.argsort(np.concatenate([place for _, _, place in parts]), kind="stable")
    rows = pd.concat([part for part, _, _ in parts], ignore_index=True).iloc[order]
    years = pd.concat([year for _, year, _ in parts], ignore_index=True).iloc[order]
    counts.rows = len(rows)
    return rows.reset_index(drop=True), years.reset_index(drop=True)
