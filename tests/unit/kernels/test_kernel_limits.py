"""What a kernel may use and see: memory, and folders that are hidden from it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from warm_kernels import kernel, read_report, run_cell

from clientlib.errors import ConfigError
from clientlib.kernels.confinement import (
    Confinement,
    confine,
    landlock_version,
    read_confinement,
)
from clientlib.kernels.limits import hold_to_limits

needs_landlock = pytest.mark.skipif(landlock_version() < 3, reason="this system has no Landlock")

REFUSALS = ("PermissionError", "OSError: [Errno 18]")  # the latter to move or link across borders


@pytest.fixture
def house(tmp_path):
    """Draw folders: two tables in one that is hidden, and one beside it that is not."""
    for name in ("hidden/secret.csv", "hidden/ours/own.csv", "open/known.csv"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("amount\n42\n", encoding="utf-8")
    with duckdb.connect(str(tmp_path / "hidden/secret.duckdb")) as base:
        base.sql("create table amounts as select 42 as amount")
    (tmp_path / "open/by_link.csv").symlink_to(tmp_path / "hidden/secret.csv")
    return tmp_path


@pytest.fixture
def confined(either, house):
    """Give the variables of a kernel from which the folder is hidden."""
    rules = house / "open/rules.json"
    told = {"hidden": [str(house / "hidden")], "visible": [str(house / "hidden/ours")]}
    rules.write_text(json.dumps(told), encoding="utf-8")
    return {**either, "CLIENTLIB_CONFINEMENT": str(rules)}


@pytest.fixture
def cells(confined, house, monkeypatch):
    monkeypatch.chdir(house / "open")
    with kernel(confined) as running:
        yield running


@needs_landlock
def test_hidden_files_cannot_be_reached(cells):
    for way in (
        "open('../hidden/secret.csv').read()",
        "open('by_link.csv').read()",
        "open('/proc/self/cwd/../hidden/secret.csv').read()",
        "import os; os.listdir('../hidden')",
        "open('../hidden/new.csv', 'w')",
        "os.truncate('../hidden/secret.csv', 0)",
        "os.remove('../hidden/secret.csv')",
        "os.rename('../hidden/secret.csv', '../hidden/ours/mine.csv')",
        "os.link('../hidden/secret.csv', '../hidden/ours/mine.csv')",
        "os.mkdir('../hidden/new')",
        "os.symlink('known.csv', '../hidden/new')",
    ):
        assert cells.run(way).startswith(REFUSALS), way
    assert "Permission denied" in cells.run(
        "import duckdb; duckdb.connect('../hidden/secret.duckdb', read_only=True)"
    )
    assert "Permission denied" in cells.run(
        "duckdb.sql(\"select * from '../hidden/secret.csv'\").fetchall()"
    )


@needs_landlock
def test_neither_threads_nor_started_programs_reach_them(cells):
    cells.run("import subprocess, threading, os")
    assert "1" in cells.run("subprocess.call(['cat', '../hidden/secret.csv'])")
    cells.run("found = []")
    cells.run(
        "thread = threading.Thread(target=lambda:"
        " found.append(os.access('../hidden/secret.csv', os.R_OK)"
        " and open('../hidden/secret.csv')))"
    )
    assert "PermissionError" in cells.run("thread.start(); thread.join()")
    assert cells.run("found") == "[]"


@needs_landlock
def test_what_is_visible_can_be_read_and_written(cells, house):
    assert cells.run("open('../hidden/ours/own.csv').read()") == r"'amount\n42\n'"
    assert cells.run("open('known.csv').read()") == r"'amount\n42\n'"
    cells.run("open('../hidden/ours/new.csv', 'w').write('43')")
    cells.run("open('new.csv', 'w').write('44')")
    assert (house / "hidden/ours/new.csv").read_text() == "43"
    assert (house / "open/new.csv").read_text() == "44"


@needs_landlock
def test_report_says_that_the_kernel_was_confined(confined, report):
    run_cell(confined, "1")
    assert read_report(report)["confined"] is True


@needs_landlock
def test_confined_cell_gets_no_unconfined_kernel_from_the_template(warm, house, tmp_path):
    rules = house / "open/rules.json"
    rules.write_text(json.dumps({"hidden": [str(house / "hidden")]}), encoding="utf-8")
    ask = f"""
import os, socket
from clientlib.kernels.spec import protocol
connection = socket.socket(socket.AF_UNIX)
connection.connect({warm["CLIENTLIB_TEMPLATE"]!r})
told = {{"circumstances": protocol.read_circumstances(), "environment": {{}}, "arguments": []}}
protocol.send(connection, told, [0, 1, 2, os.open("/proc", os.O_PATH), os.pipe()[0]])
protocol.receive(connection)[0]["refused"]
"""
    found = run_cell({**warm, "CLIENTLIB_CONFINEMENT": str(rules)}, ask)
    assert found == "'the launcher runs in a confined process'"


def test_cell_that_needs_more_memory_than_allowed_gets_a_memory_error(either):
    with kernel({**either, "CLIENTLIB_MEMORY_LIMIT_MB": "1500"}) as cells:
        assert cells.run("held = bytearray(2_000_000_000)").startswith("MemoryError")
        assert cells.run("len(bytearray(200_000_000))") == "200000000"


@pytest.mark.parametrize("limit", ["two", "0", "-5", "1.5"])
def test_memory_limit_must_be_a_whole_number(monkeypatch, limit):
    monkeypatch.setenv("CLIENTLIB_MEMORY_LIMIT_MB", limit)
    with pytest.raises(ConfigError, match=r"no number of megabytes\n  example: '" + limit):
        hold_to_limits()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("{", "JSONDecodeError", id="no JSON"),
        pytest.param("[]", "TypeError", id="no object"),
        pytest.param('{"visible": []}', "KeyError: 'hidden'", id="nothing hidden"),
        pytest.param('{"hidden": [], "visible": ["gone"]}', "FileNotFoundError", id="not there"),
    ],
)
def test_rules_of_confinement_must_say_what_is_hidden(tmp_path, text, fault):
    rules = tmp_path / "rules.json"
    rules.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"does not say what is to be hidden\n  example: {fault}"):
        read_confinement(rules)


def test_visible_path_must_not_open_what_is_hidden(house):
    rules = house / "rules.json"
    told = {"hidden": [str(house / "hidden")], "visible": [str(house)]}
    rules.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ConfigError, match="hides a folder and shows it"):
        read_confinement(rules)


def test_hidden_link_hides_what_it_leads_to(house):
    (house / "link").symlink_to(house / "hidden")
    rules = house / "rules.json"
    rules.write_text(json.dumps({"hidden": [str(house / "link")]}), encoding="utf-8")
    assert read_confinement(rules).hidden == (house / "hidden",)


@needs_landlock
def test_hidden_folder_in_a_hidden_folder_opens_nothing(house):
    program = f"""
from pathlib import Path
from clientlib.kernels.confinement import Confinement, confine
house = Path({str(house)!r})
assert confine(Confinement((house / "hidden", house / "hidden/ours/deep"), ()))
for name in ("hidden/secret.csv", "hidden/ours/own.csv"):
    try:
        (house / name).read_text()
    except PermissionError:
        print(name)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert told.stdout.split() == ["hidden/secret.csv", "hidden/ours/own.csv"], told.stderr


def test_kernel_with_wrong_rules_does_not_start(either, tmp_path, report):
    rules = tmp_path / "none.json"
    with pytest.raises(RuntimeError, match="Kernel died"):
        run_cell({**either, "CLIENTLIB_CONFINEMENT": str(rules)}, "1")
    end = read_report(report)
    assert (end["exit_code"], end["signal"]) in ((1, None), (None, signal.SIGKILL))


def test_system_without_landlock_confines_nothing_and_says_so(monkeypatch):
    monkeypatch.setattr("clientlib.kernels.confinement.landlock_version", lambda: 0)
    assert confine(Confinement((Path("/"),), ())) is False
