"""Every figure of reliability beside what it must and should be, on the shared data.

``make bench-reliability`` runs the parts one after the other and writes what they found into
docs/benchmarks.md, between two marks; with names of parts only these are run, and the figures of
the others stay. Each part prints its protocol and seeds; ``spread`` is the standard deviation over
folds, windows, seeds or companies. Parts whose data are not there say so and keep their figures.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent / "reliability"))

from credit import measure_credit
from early_warning import measure as measure_warning
from invoice_speed import measure_histories
from planted_leaks import measure_planted_leaks
from planted_payers import measure_planted_payers
from reasons import measure_reasons
from receivables import measure_receivables
from retrain import measure_retrain
from small_books import measure_small_books
from statements import measure_statements

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/benchmarks.md"
SHARED = ROOT.parent / "shared" / "data"
COLUMNS = ["measure", "protocol", "figure", "spread", "must", "aim"]
# By part: what measures it, and the data that it needs.
PARTS: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
    "leaks": (measure_planted_leaks, ""),
    "payers": (measure_planted_payers, ""),
    "receivables": (measure_receivables, "ibm_accounts_receivable"),
    "small-books": (measure_small_books, ""),
    "histories": (measure_histories, ""),
    "early-warning": (measure_warning, "online_retail_2009_2010"),
    "reasons": (measure_reasons, ""),
    "retrain": (measure_retrain, ""),
    "credit": (measure_credit, "german_credit"),
    "statements": (measure_statements, "polish_bankruptcy_1year"),
}


def say(line: str) -> None:
    """Print a line of the answer at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measure(part: str) -> str | None:
    """Run one part, print its table, and give it as Markdown; None where its data are missing."""
    run, folder = PARTS[part]
    if folder and not (SHARED / folder).is_dir():
        say(f"{part}: left out, there is no {folder} in shared/data")
        return None
    load, began, used = os.getloadavg()[0], time.perf_counter(), _processor_time()
    figures = run()[COLUMNS]
    wall, cpu = time.perf_counter() - began, _processor_time() - used
    say(f"\n{part}\n" + figures.to_string(index=False, na_rep="", float_format="{:.4g}".format))
    day = datetime.now(UTC).date()
    about = f"Measured on {day}, load at the start {load:.1f}, {wall:.0f} s, {cpu:.0f} s of processor time."
    return f"{about}\n\n{write_table(figures)}"


def write_table(figures: pd.DataFrame) -> str:
    """Write figures as a table in Markdown."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for row in figures.itertuples(index=False):
        cells = ["" if pd.isna(cell) else _write(cell) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def keep(part: str, text: str) -> None:
    """Put the figures of a part between its marks on the page of benchmarks."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    if not rest:
        raise SystemExit(f"docs/benchmarks.md has no place for {part}: {begin} … {end}")
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _processor_time() -> float:
    """Give the seconds that this process and its ended children have used."""
    return sum(os.times()[:4])


def _write(cell: object) -> str:
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell).replace("|", "/")


def main(names: list[str]) -> None:
    """Run the parts that are named, or all."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SystemExit(f"there is no part {unknown[0]!r}; parts are {', '.join(PARTS)}")
    for part in names or PARTS:
        text = measure(part)
        if text is not None:
            keep(part, text)


if __name__ == "__main__":
    main(sys.argv[1:])
