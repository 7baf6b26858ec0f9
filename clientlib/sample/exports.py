"""Writes the company's exports as messy CSV files."""

from pathlib import Path

import pandas as pd

from clientlib.sample.company import Company
from clientlib.sample.dialects import EXPORTS, OLD_HEADINGS, Export, as_texts
from clientlib.sample.mess import MessCounts, make_mess
from clientlib.sample.outside_exports import OUTSIDE_EXPORTS
from clientlib.sample.relation_exports import RELATION_EXPORTS
from clientlib.sample.supply_exports import SUPPLY_EXPORTS

# In this order the mess is drawn: append, never reorder.
ALL_EXPORTS = (*EXPORTS, *RELATION_EXPORTS, *SUPPLY_EXPORTS, *OUTSIDE_EXPORTS)


def write_exports(company: Company, folder: Path) -> tuple[dict[str, int], dict[str, MessCounts]]:
    """Write all exports into a folder.

    Parameters
    ----------
    company : Company
        From ``simulate_company``.
    folder : Path
        Made where it does not exist; files of the same name are replaced.

    Returns
    -------
    dict of str to int
        Rows by file name.
    dict of str to MessCounts
        What was planted, by canonical table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draws = company.plan.draws("mess")
    rows: dict[str, int] = {}
    counts: dict[str, MessCounts] = {}
    for export in ALL_EXPORTS:
        table = company.tables[export.table]
        days = table[export.year_of] if export.year_of else None
        texts, years, counts[export.table] = make_mess(export, as_texts(export, table), days, draws)
        rows |= _write_years(export, texts, years, company.plan.start.year, folder)
    return rows, counts


def _write_years(
    export: Export, texts: pd.DataFrame, years: pd.Series, first_year: int, folder: Path
) -> dict[str, int]:
    rows = {}
    for year, part in texts.groupby(years, sort=True):
        name = f"{export.file}_{year}.csv" if year else f"{export.file}.csv"
        old = OLD_HEADINGS.get(export.file, {}) if year == first_year else {}
        _write_csv(export, part.rename(columns=old), folder / name)
        rows[name] = len(part)
    return rows


def _write_csv(export: Export, texts: pd.DataFrame, path: Path) -> None:
    dialect = export.dialect
    texts.to_csv(
        path,
        sep=dialect.delimiter,
        encoding=dialect.encoding,
        lineterminator=dialect.line_end,
        index=False,
    )
