"""JupyterLab as an analyst opens it: the notebooks find the warehouse, charts and tables show."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import find_connection_file

pytest.importorskip("jupyterlab", reason="the extra 'lab' is not installed")

START_SECONDS = 60
LOAD_MS = 60_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def lab(small_company, tmp_path_factory):
    """Give the address and token of a real JupyterLab in the small company's project."""
    runtime = tmp_path_factory.mktemp("jupyter")
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "clientlib", "lab", "--", "--no-browser",
               f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
               f"--IdentityProvider.token={token}"]  # fmt: skip
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(runtime / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(runtime / "workspaces"),
    }
    with (runtime / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=small_company.root, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", runtime / "lab.log")
        yield f"http://127.0.0.1:{port}", token, runtime
    finally:
        ask(f"http://127.0.0.1:{port}", token, "/api/shutdown", b"")
        server.wait(30)


def wait_for(address, log):
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text("utf-8"))


def ask(base, token, path, body=None):
    request = urllib.request.Request(
        base + path, data=body, headers={"Authorization": f"token {token}"}
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def run_cells(client, path):
    """Run a notebook's code cells as they stand, and give the kinds of output of each."""
    kinds = []
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        found = []

        def keep(message, found=found):
            content = message["content"]
            found.extend(content.get("data", {}))
            if message["msg_type"] == "error":
                raise AssertionError(f"{content['ename']}: {content['evalue']}")

        client.execute_interactive(cell.source, output_hook=keep, timeout=120)
        kinds.append(set(found))
    return kinds


def test_notebook_runs_as_it_stands_from_its_own_folder(small_company, lab):
    base, token, runtime = lab
    runs_before = set(small_company.ledger_folder.glob("*"))
    listed = ask(base, token, "/api/contents/notebooks")["content"]
    assert {entry["name"] for entry in listed} >= {"segmentation.ipynb", "client_reliability.ipynb"}
    session = json.dumps({
        "path": "notebooks/segmentation.ipynb", "name": "", "type": "notebook",
        "kernel": {"name": "python3"},
    }).encode()  # fmt: skip
    kernel = ask(base, token, "/api/sessions", session)["kernel"]["id"]
    client = BlockingKernelClient(connection_file=find_connection_file(kernel, path=[str(runtime)]))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(60)
        kinds = run_cells(client, small_company.root / "notebooks/segmentation.ipynb")
    finally:
        client.stop_channels()
    shown = set().union(*kinds)
    assert "application/vnd.plotly.v1+json" in shown
    assert "text/html" in shown
    assert set(small_company.ledger_folder.glob("*")) == runs_before


@pytest.fixture
def browser():
    """Give a real browser, as an analyst has one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def first_page(lab, browser):
    """Open JupyterLab by the address that it gives, and wait for what it opens with."""
    base, token, _ = lab
    page = browser.new_page()
    page.goto(f"{base}/?token={token}")
    page.wait_for_selector(".jp-MarkdownViewer h1", timeout=LOAD_MS)
    return page


def open_tab(page, name):
    return page.locator("#jp-main-dock-panel .lm-TabBar-tab.lm-mod-current", has_text=name)


def test_jupyterlab_opens_with_the_questions_as_they_are_read(small_company, first_page):
    assert open_tab(first_page, "start.md").count() == 1
    shown = first_page.locator(".jp-MarkdownViewer")
    assert shown.locator("h1").inner_text() == small_company.company.name
    questions = shown.locator("table").first.locator("tbody tr")
    assert questions.count() == len(small_company.reports)
    rows = shown.locator("table").nth(1).locator("tbody tr").all_inner_texts()
    assert any(row.startswith("marts.client_orders\tOne row per client") for row in rows)


def test_a_question_opens_its_notebook(first_page):
    first_page.locator(".jp-MarkdownViewer a", has_text="pay late").click()
    panel = first_page.wait_for_selector(".jp-NotebookPanel:visible", timeout=LOAD_MS)
    assert "Which clients will pay late" in panel.wait_for_selector("h1").inner_text()
    assert open_tab(first_page, "client_reliability.ipynb").count() == 1


def test_jupyterlab_asks_nothing_about_the_network(first_page):
    first_page.wait_for_timeout(2000)
    assert first_page.get_by_text("Jupyter news").count() == 0
