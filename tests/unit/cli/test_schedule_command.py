"""The command schedule: what it prints, and Dagster's page and daemon as a company runs them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from clientlib.runs.ledger import Ledger

START_SECONDS = 90
RUN_SECONDS = 120
LOCATION = "clientlib.runs.schedules.assets"
LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}"""
BACKFILL = """
mutation Backfill($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}"""
STATUS = "{ runsOrError { ... on Runs { results { runId status } } } }"


def test_lines_of_cron_and_units_of_systemd_are_printed(call, project):
    cron = call("schedule", "--cron")
    assert cron.code == 0
    assert [line.split(" cd ")[0] for line in cron.out.splitlines()] == [
        "0 5 * * *", "30 * * * *",
    ]  # fmt: skip
    units = call("schedule", "--systemd")
    assert units.out.count("# clientlib-") == 4
    assert "Persistent=true" in units.out


@pytest.fixture
def page(project, tmp_path):
    """Give the address of Dagster's page on a copy of the project, and the project's folder."""
    pytest.importorskip("dagster_webserver", reason="the extra 'schedule' is not installed")
    root = tmp_path / "scheduled"
    shutil.copytree(project, root)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "dagster.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "clientlib", "schedule", "--port", str(port)],
            cwd=root, stdout=log, stderr=log, env=dict(os.environ), start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(lambda: ask(port, "{ version }"), START_SECONDS, tmp_path / "dagster.log")
        yield port, root
    finally:
        started = group_of(server.pid)
        os.kill(server.pid, signal.SIGINT)
        server.wait(90)
        wait_for(lambda: not started & living(), 30, tmp_path / "dagster.log")


def group_of(pid: int) -> set[int]:
    """List the processes of a session, as Linux tells them."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == str(pid):  # its session
            found.add(int(status.parent.name))
    return found


def living() -> set[int]:
    return {int(path.name) for path in Path("/proc").glob("[0-9]*")}


def ask(port, query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["data"]
    except OSError:
        return None


def wait_for(found, seconds, log):
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if answer := found():
            return answer
        time.sleep(0.5)
    raise AssertionError(log.read_text(encoding="utf-8")[-3000:])


def days_done(root):
    runs = Ledger(root / "data/ledger").runs()
    return {run.as_of.isoformat() for run in runs if run.state == "done"}


def statuses(port):
    return {run["runId"]: run["status"] for run in ask(port, STATUS)["runsOrError"]["results"]}


def test_page_refreshes_the_warehouse_and_backfills_a_report(page, tmp_path):
    port, root = page
    log = tmp_path / "dagster.log"
    selector = {"repositoryName": "__repository__", "repositoryLocationName": LOCATION}
    launched = ask(port, LAUNCH, params={
        "selector": {**selector, "jobName": "refresh"}, "mode": "default",
        "runConfigData": {},
    })  # fmt: skip
    run_id = launched["launchRun"]["run"]["runId"]
    wait_for(lambda: statuses(port).get(run_id) in ("SUCCESS", "FAILURE"), RUN_SECONDS, log)
    assert statuses(port)[run_id] == "SUCCESS"

    begun = ask(port, BACKFILL, params={
        "assetSelection": [{"path": ["segmentation"]}],
        "partitionNames": ["2025-05-01", "2025-06-01"],
    })  # fmt: skip
    assert begun["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess"
    wanted = {"2025-05-31", "2025-06-30"}  # the daemon also runs what is due by itself
    wait_for(lambda: wanted <= days_done(root), RUN_SECONDS, log)
