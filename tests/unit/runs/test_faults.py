"""What machines do to batches: one run dies in some way, and every other report is done."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from batches import (
    FINE,
    SAY_WHO,
    clientlib,
    done_counts,
    failures,
    fill_project,
    runs,
    start,
    status,
    wait_for,
    write_notebook,
    write_project,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

WAITS = f'{SAY_WHO}\nwhile not Path("go").exists():\n    time.sleep(0.02)'
FILLS = (
    "with open({path!r}, 'wb', buffering=0) as file:\n"
    "    try:\n"
    "        while file.write(bytes(4096)):\n"
    "            pass\n"
    "    except OSError:\n"
    "        pass"
)
FAULTS = {
    "killed": "os.kill(os.getpid(), 9)",
    "hungry": "held = bytearray(4_000_000_000)",
    "endless": "while True: pass",
    "stubborn": (
        "while True:\n    try:\n        time.sleep(60)\n    except KeyboardInterrupt:\n        pass"
    ),
}
SHORT = "attempts = 2\nbackoff_seconds = 0.1\ncell_seconds = 4\nmemory_limit = '2GB'\nworkers = 3\n"


@pytest.fixture(scope="module")
def make_project(tmp_path_factory):
    """Make a project with these reports; its warehouse is loaded and built once."""
    filled = fill_project(write_project(tmp_path_factory.mktemp("filled") / "project", {}))

    def make_project(reports, **said) -> Path:
        root = tmp_path_factory.mktemp("project") / "project"
        write_project(root, reports, **said)
        shutil.copytree(filled / "data", root / "data")
        return root

    return make_project


@pytest.fixture(scope="module")
def ended(make_project):
    """Run a batch of which four reports come to grief, each in its own way."""
    reports = {"first": FINE, **{name: (cell, *FINE) for name, cell in FAULTS.items()}}
    root = make_project({**reports, "last": FINE}, limits=SHORT)
    with start(root, "run") as batch:
        code, told = batch.end()
        return root, code, told, batch.leftovers(), status(root)


def test_batch_with_faults_exits_with_one_and_every_other_report_is_done_once(ended):
    root, code, told, _, _ = ended
    assert code == 1, told
    assert done_counts(root) == {"first all 2025-05-31": 1, "last all 2025-05-31": 1}


def test_batch_with_faults_leaves_nothing_behind(ended):
    assert ended[3] == {}


@pytest.mark.parametrize(
    ("report", "kind", "message", "attempts"),
    [
        pytest.param("killed", "kernel", "was killed by SIGKILL", 2, id="kernel killed, twice"),
        pytest.param("hungry", "cell", "MemoryError", 1, id="more memory than it may have"),
        pytest.param("endless", "deadline", "longer than the 4 seconds", 1, id="endless cell"),
        pytest.param("stubborn", "deadline", "longer than the 4 seconds", 1,
                     id="endless cell that ignores interrupts"),
    ],
)  # fmt: skip
def test_status_names_kind_cell_message_and_memory_of_a_fault(
    ended, report, kind, message, attempts
):
    told = [entry for entry in ended[4]["failed"] if entry["report"] == report]
    assert len(told) == attempts
    for entry in told:
        assert (entry["failure_kind"], entry["failure_cell"]) == (kind, 4)
        assert message in entry["failure"]
        assert 50 < entry["memory_mb"] < 2000


def test_failed_reports_have_a_page_that_says_why(ended):
    for entry in ended[4]["failed"]:
        page = ended[0] / "reports" / entry["page"]
        assert entry["failure_cell"] == 4
        assert entry["failure"].split(": ")[1] in page.read_text(encoding="utf-8")


def test_killed_driver_of_a_kernel_costs_one_attempt_of_its_report(make_project):
    root = make_project({"held": (WAITS, *FINE), "other": FINE})
    with start(root, "run") as batch:
        driver = wait_for(lambda: batch.driver_of("held"))
        wait_for(lambda: done_counts(root))
        os.kill(driver, signal.SIGKILL)
        wait_for(lambda: failures(root, "held"))
        (root / "go").touch()
        code, told = batch.end()
        assert code == 0, told
        assert batch.leftovers() == {}
    assert failures(root, "held") == [("process", 0)]
    assert [run.failure.message for run in runs(root) if run.failure] == [
        "its process was killed by SIGKILL"
    ]
    assert done_counts(root) == {"held all 2025-05-31": 1, "other all 2025-05-31": 1}


def test_killed_template_process_costs_no_report_and_kernels_say_why_they_are_cold(make_project):
    root = make_project(dict.fromkeys(("one", "two", "three", "four"), (WAITS, *FINE)))
    with start(root, "run") as batch:
        wait_for(lambda: batch.driver_of("one") and batch.driver_of("two"))
        wait_for(batch.template)
        os.kill(batch.template(), signal.SIGKILL)
        (root / "go").touch()
        code, told = batch.end()
        assert code == 0, told
        assert batch.leftovers() == {}
    assert set(done_counts(root).values()) == {1}
    after = [entry for entry in status(root)["runs"] if entry["report"] in ("three", "four")]
    assert [entry["kernel"] for entry in after] == ["cold", "cold"]
    assert all("template" in entry["why_cold"] for entry in after)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a file system of a few megabytes in memory, where that is allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_full_disk_of_reports_fails_what_is_written_and_the_next_run_does_it(make_project):
    fills = FILLS.format(path="reports/filler")
    root = make_project({"early": FINE, "full": (fills, *FINE), "late": FINE})
    with small_disk(root / "reports", 8):
        code, told = clientlib(root, "run", "--workers", "1")
        assert (code, "Traceback" in told) == (1, False), told
        assert done_counts(root) == {"early all 2025-05-31": 1}
        assert failures(root, "full") == failures(root, "late") == [("fault", 0)] * 2
        assert "No space left" in status(root)["failed"][0]["failure"]
        (root / "reports/filler").unlink()
        write_notebook(root, "full", *FINE)
        with start(root, "run") as batch:
            code, told = batch.end()
            assert code == 0, told
            assert batch.leftovers() == {}
        assert set(done_counts(root).values()) == {1}
        assert len(done_counts(root)) == 3


def test_full_disk_of_the_ledger_loses_nothing_and_the_next_run_resumes(make_project):
    fills = FILLS.format(path="data/ledger/filler")
    root = make_project({"early": FINE, "full": (fills, *FINE), "late": FINE})
    with small_disk(root / "data/ledger", 2):
        code, told = clientlib(root, "run", "--workers", "1")
        assert (code, "Traceback" in told) == (1, False), told
        assert "the ledger cannot be written to" in told
        assert done_counts(root) == {"early all 2025-05-31": 1}
        (root / "data/ledger/filler").unlink()
        write_notebook(root, "full", *FINE)
        with start(root, "run") as batch:
            code, told = batch.end()
            assert code == 0, told
            assert batch.leftovers() == {}
        assert set(done_counts(root).values()) == {1}
        assert len(done_counts(root)) == 3
