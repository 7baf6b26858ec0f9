"""The index of hundreds of editions: first paint and search, in Chromium from a file.

Prints, for 300 editions of one period and of 24, how large the page is and how long writing it
took, when its first contents were painted (Performance API, median of five openings), and when its
script was ready, and how long a search took from the word to the painted rows (median over
words).
"""

import shutil
import statistics
import sys
import time
from calendar import monthrange
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from clientlib.reports import Run, write_index
from clientlib.reports.changes import Changes, FactCount, FigureChange, Population, Since

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EDITIONS, OPENINGS = 300, 5
WORDS = ("šermukšnis 17", "sermuksnis 170", "manager", "failed", "june 2024", "a", "nobody at all")
NAMES = ("Šermukšnis", "Ąžuolas", "Baltic Timber", "Öresund", "Žvaigždė")
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
SEARCH = """word => new Promise((found) => {
    const box = document.getElementById("search");
    const watcher = new MutationObserver(() => {
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => found(performance.now() - started)));
    });
    watcher.observe(document.querySelector(".found"), { childList: true });
    box.value = word;
    const started = performance.now();
    box.dispatchEvent(new Event("input"));
})"""
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def make_run(as_of: date, number: int) -> Run:
    """Make a run as a batch of editions leaves it."""
    stem = f"{as_of}/reliability/manager-{number}"
    moment = datetime(as_of.year, as_of.month, as_of.day, 6, number % 60, tzinfo=UTC)
    since = Since(f"r-{number}", as_of, moment, "20250701T0612")
    return Run(
        run_id=f"{as_of}-{number}",
        report="reliability",
        title="Client reliability",
        question="Which clients will pay late next quarter?",
        edition=f"manager=M-{number}",
        edition_title=f"{NAMES[number % len(NAMES)]} {number}",
        as_of=as_of,
        state="failed" if number % 50 == 7 else "done",
        started_at=moment,
        seconds=1.3,
        snapshot="20250701T0612",
        code_version="0.1.0",
        key_figures={"clients_count": 40 + number, "late_share": 0.142, "overdue_amount": 1e5},
        headline=f"{number % 9} of {40 + number} clients are expected to pay late.",
        page=f"{stem}.html",
        notebook=f"{stem}.ipynb",
        currency="EUR",
        changes=Changes(
            since,
            (FactCount("orders", number, 1),),
            population=Population(40, 41, 1, 0),
            figures=(FigureChange("clients_count", 40, 40 + number),),
        ),
    )


def list_days(periods: int) -> list[date]:
    """List the last day of so many months."""
    months = [divmod(12 * 2023 + k, 12) for k in range(periods)]
    return [date(y, m + 1, monthrange(y, m + 1)[1]) for y, m in months]


def open_page(browser: Browser, path: Path) -> tuple[Page, float]:
    """Open the page anew, and tell when it was painted first."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_function(f"() => ({PAINTED}) !== null")
    page.wait_for_function("() => !document.querySelector('.filters').hidden")
    return page, float(page.evaluate(PAINTED))


def measure(browser: Browser, folder: Path, periods: int) -> None:
    """Print the figures of an index."""
    runs = [make_run(day, number) for day in list_days(periods) for number in range(EDITIONS)]
    started = time.perf_counter()
    path = write_index(runs, folder / "index.html")
    written = time.perf_counter() - started
    paints = []
    for _ in range(OPENINGS):
        page, painted = open_page(browser, path)
        paints.append(painted)
        shown = page.locator("tr.run").count()
        if len(paints) < OPENINGS:
            page.close()
    ready = float(page.evaluate(READY))
    searches = [float(page.evaluate(SEARCH, word)) for word in WORDS]
    page.close()
    sys.stdout.write(
        f"{periods:3} periods x {EDITIONS} editions: written in {written:.2f} s, "
        f"{path.stat().st_size / 1e6:.1f} MB, first paint {statistics.median(paints):.0f} ms, "
        f"ready {ready:.0f} ms, "
        f"search {statistics.median(searches):.0f} ms (slowest {max(searches):.0f}), "
        f"{shown:,} rows in the page\n"
    )


def main() -> None:
    """Measure both sizes."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"no browser found: none of {', '.join(BROWSERS)} is on the PATH")
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for periods in (1, 24):
            measure(chromium, Path(folder), periods)
        chromium.close()


if __name__ == "__main__":
    main()
