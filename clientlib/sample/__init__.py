"""The sample company: a seeded simulation of a Baltic wholesaler with a known truth.

``write_sample`` writes the exports that a company of that kind would bring, with the usual
mess, and on request the truth behind them. Nothing in it is real.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clientlib.errors import InputError
from clientlib.sample.company import Company, simulate_company
from clientlib.sample.exports import write_exports
from clientlib.sample.plan import make_plan
from clientlib.sample.truth import write_truth

__all__ = ["Company", "SampleSummary", "make_plan", "simulate_company", "write_sample"]


@dataclass(frozen=True)
class SampleSummary:
    """What ``write_sample`` wrote.

    Parameters
    ----------
    folder : Path
        Where the exports are.
    rows_by_file : dict of str to int
        Data rows by file name, planted mess included.
    same_by_table : dict of str to int
        Planted exact repeats by canonical table.
    quarantine_by_table : dict of str to int
        Planted bad rows by canonical table, tables without any left out.
    truth_path : Path or None
        Where the truth is, if it was asked for.
    """

    folder: Path
    rows_by_file: dict[str, int]
    same_by_table: dict[str, int]
    quarantine_by_table: dict[str, int]
    truth_path: Path | None

    @property
    def rows_count(self) -> int:
        """Data rows in all files."""
        return sum(self.rows_by_file.values())


def write_sample(
    folder: Path,
    *,
    seed: int = 7,
    clients: int = 600,
    start: date = date(2023, 1, 1),
    end: date = date(2025, 12, 31),
    truth_path: Path | None = None,
) -> SampleSummary:
    """Simulate the sample company and write its exports.

    Parameters
    ----------
    folder : Path
        For the CSV files; read by the preset ``sample_company``.
    seed : int, 0 or more
        The same options give the same bytes.
    clients : int, 50 to 5,000
        Companies in the CRM; about one in a hundred is entered twice on top.
    start, end : date
        First and last day of trade, one to ten years apart.
    truth_path : Path, optional
        File for the truth, as JSON; outside of ``folder``.

    Returns
    -------
    SampleSummary
        Files, rows and the planted mess.

    Raises
    ------
    InputError
        An option is out of its bounds, or the truth would lie among the exports.
    """
    if truth_path is not None and truth_path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            "the truth may not lie among the exports",
            example=str(truth_path),
            hint="choose a file outside of the folder",
        )
    company = simulate_company(make_plan(seed, clients, start, end))
    rows, mess = write_exports(company, folder)
    if truth_path is not None:
        write_truth(truth_path, company, mess)
    bad = {table: sum(counts.quarantine.values()) for table, counts in mess.items()}
    return SampleSummary(
        folder=folder,
        rows_by_file=rows,
        same_by_table={table: counts.same for table, counts in mess.items()},
        quarantine_by_table={table: count for table, count in bad.items() if count},
        truth_path=truth_path,
    )
