"""Pages with charts, tables and hostile names, opened in a real browser without a network."""

import json
import shutil
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from clientlib import figures
from clientlib.reports import Run, place_assets, read_document, write_index, write_page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(2)>"
CLIENTS = pd.DataFrame(
    {
        "name": ["Nordvik", HOSTILE, "=SUM(A1)", "Baltic, Timber", "Öresund"],
        "late_share": [0.3, 0.1, 0.25, None, 0.9],
        "low": [0.2, 0.05, 0.2, None, 0.8],
        "high": [0.4, 0.2, 0.3, None, 0.95],
        "overdue_amount": [1200.0, -86.5, 0.0, 12.25, 99000.0],
        "last_ordered_on": pd.to_datetime(
            ["2025-06-01", "2025-05-01", None, "2024-12-31", "2025-06-30"]
        ),
    }
)
CURVE = pd.DataFrame(
    {
        "predicted_share": [0.1, 0.3, 0.5],
        "observed_share": [0.12, 0.28, 0.6],
        "band_low": [0.08, 0.25, 0.4],
        "band_high": [0.12, 0.35, 0.6],
        "count": [100, 50, 10],
    }
)
MONTHS = pd.DataFrame(
    {
        "month_end": list(pd.date_range("2023-01-31", periods=24, freq="ME")) * 2,
        "segment": ["Large and steady buyers"] * 24 + ["Small"] * 24,
        "late_share": [k / 50 for k in range(48)],
    }
)


def list_shown():
    label, ends = {"label": "name"}, {"low": "low", "high": "high"}
    late = {"value": "late_share", "unit": "%"}
    matrix = pd.DataFrame(0.5, index=list("abc"), columns=[f"Competitor {k}" for k in range(9)])
    return [
        figures.draw_bars(CLIENTS, **label, **late, title="Öresund pays late"),
        figures.draw_bars(CLIENTS, **label, **late, **ends, title="Öresund pays late, surely"),
        figures.draw_intervals(
            CLIENTS, **label, estimate="late_share", **ends, title="Two differ", reference=0.2
        ),
        figures.draw_matrix(matrix, title="All alike", unit="%"),
        figures.draw_reliability_curve(CURVE, title="As predicted"),
        figures.draw_lines(
            MONTHS, x="month_end", y="late_share", series="segment", title="Both rise", unit="%"
        ),
        figures.show_table(
            CLIENTS.drop(columns=["low", "high"]),
            columns={
                "name": "Client",
                "late_share": figures.percent("Late"),
                "overdue_amount": figures.money("Overdue", "EUR"),
                "last_ordered_on": "Last order",
            },
            caption="Whom to call first",
        ),
        figures.show_table(pd.DataFrame({"order_count": range(120)}), caption="Many rows"),
        figures.say(f"The latest is {HOSTILE}."),
        figures.say_missing("prices", why="Only 3 of 30 were seen."),
        figures.draw_bars(CLIENTS.head(0), **label, **late, title="Nobody"),
    ]


def make_cell(shown):
    if hasattr(shown, "to_json"):
        data = {"application/vnd.plotly.v1+json": json.loads(shown.to_json())}
    else:
        data = shown._repr_mimebundle_()
    return new_code_cell("", outputs=[new_output("display_data", data=data)])


def make_run(**changes):
    plain = {
        "run_id": "r-1",
        "report": "reliability",
        "title": "Client reliability",
        "question": "Which clients will pay late next quarter?",
        "edition": "all",
        "as_of": date(2025, 6, 30),
        "state": "done",
        "started_at": datetime(2025, 7, 1, 6, 12, tzinfo=UTC),
        "seconds": 1.34,
        "snapshot": "20250701T0612",
        "code_version": "0.1.0",
        "parameters": {"warehouse_path": "data/warehouse/20250701T061203-002.duckdb"},
        "key_figures": {"clients_count": 4182, "late_share": 0.142, "brier_score": 0.14},
        "headline": f"{HOSTILE} will pay late.",
        "page": "2025-06-30/reliability/all.html",
    }
    return Run(**{**plain, **changes})


def list_runs():
    runs = [make_run()]
    for month in range(1, 6):
        for edition in ("all", "manager=M-1"):
            page = f"2025-0{month}-28/reliability/{edition}.html"
            state = "failed" if (month, edition) == (3, "all") else "done"
            as_of = date(2025, month, 28)
            runs.append(make_run(as_of=as_of, edition=edition, state=state, page=page))
    reason = "needs marts.price_pairs"
    skipped = make_run(report="prices", title="Prices", state="skipped", page=None, reason=reason)
    return [*runs, skipped]


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """Write a page, a failure page and the index once for all tests."""
    folder = tmp_path_factory.mktemp("site") / "reports"
    assets = place_assets(folder)
    cells = [new_markdown_cell("## What we found\n\n### In detail"), *map(make_cell, list_shown())]
    stopped = new_output("error", ename="InputError", evalue="no rows", traceback=["Trace"])
    page = folder / "2025-06-30" / "reliability" / "all.html"
    failure = page.with_name("manager=M-1.html")
    write_page(read_document(new_notebook(cells=cells), make_run()), page, assets=assets)
    cells = [*cells[:2], new_code_cell("fit()", outputs=[stopped])]
    failed = read_document(new_notebook(cells=cells), make_run(state="failed"))
    write_page(failed, failure, assets=assets)
    index = write_index(list_runs(), folder / "index.html")
    return SimpleNamespace(page=page, failure=failure, index=index)


@pytest.fixture(scope="session")
def write_shown(tmp_path_factory):
    """Write the page of a run whose notebook shows things of one's own."""

    def make(shown, **changes):
        folder = tmp_path_factory.mktemp("shown") / "reports"
        cells = [new_markdown_cell("## What we found"), *map(make_cell, shown)]
        page = folder / "2025-06-30" / "reliability" / "all.html"
        document = read_document(new_notebook(cells=cells), make_run(**changes))
        return write_page(document, page, assets=place_assets(folder))

    return make


@pytest.fixture(scope="session")
def write_runs(tmp_path_factory):
    """Write the index of runs of one's own."""

    def make(runs):
        folder = tmp_path_factory.mktemp("index") / "reports"
        return write_index([make_run(**run) for run in runs], folder / "index.html")

    return make


@pytest.fixture(scope="module")
def browser():
    """Start the installed Chromium, or skip where there is none.

    Closed after each module: while it is open no other test could run an event loop.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser found: none of {', '.join(BROWSERS)} is on the PATH")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


def open_file(browser, path, *, width=1400, scheme="light", scripts=True):
    """Open a file at a width and colour scheme, and note everything that goes wrong."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    tab = context.new_page()
    faults, requests = [], []
    tab.on("console", lambda said: faults.append(said.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(path.as_uri())
    if scripts:
        tab.locator(".plot:not(:has(.main-svg))").first.wait_for(state="detached")
    return SimpleNamespace(tab=tab, faults=faults, requests=requests, context=context)


@pytest.fixture
def visit(browser):
    """Open a file of one's own, to click and type in."""
    opened = []

    def make(path, **how):
        opened.append(open_file(browser, path, **how))
        return opened[-1]

    yield make
    for each in opened:
        each.context.close()


@pytest.fixture(scope="module")
def tab(browser, written):
    """Open the page once for all who only look."""
    opened = open_file(browser, written.page)
    yield opened.tab
    opened.context.close()
