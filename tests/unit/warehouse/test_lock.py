import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clientlib.errors import ClientlibError
from clientlib.warehouse.lock import LOCK_NAME, writing

ROUNDS = 25
HOLDER = """
import sys, time
from pathlib import Path
from clientlib.warehouse.lock import writing
with writing(Path(sys.argv[1]), "build"):
    print("held", flush=True)
    time.sleep(60)
"""


def held_elsewhere(folder: Path) -> subprocess.Popen:
    """Start a process that holds the lock until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def compete(folder: Path, start, end, wins) -> None:
    """Try to take the lock at the same moment as the others, over a dead owner's."""
    for number in range(ROUNDS):
        start.wait()
        try:
            with writing(folder, "load"):
                wins[number] += 1
                end.wait()
        except ClientlibError:
            end.wait()


def leave_dead_lock(folder: Path, pid: int) -> None:
    text = json.dumps({"pid": pid, "started": 1.0, "command": "build"})
    (folder / LOCK_NAME).write_text(text)


def test_living_owner_is_not_disturbed_and_its_process_named(tmp_path):
    owner = held_elsewhere(tmp_path)
    try:
        with (
            pytest.raises(ClientlibError, match=rf"clientlib build\s+example: process {owner.pid}"),
            writing(tmp_path, "load"),
        ):
            pass
    finally:
        owner.kill()
        owner.communicate()


def test_lock_of_a_killed_owner_is_free_at_once(tmp_path):
    owner = held_elsewhere(tmp_path)
    owner.kill()
    owner.communicate()
    with writing(tmp_path, "load"):
        held = json.loads((tmp_path / LOCK_NAME).read_text())
    assert held == {"pid": os.getpid(), "command": "load"}


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1'])
def test_lock_file_cut_off_by_a_power_failure_stops_nobody(tmp_path, text):
    (tmp_path / LOCK_NAME).write_text(text)
    with writing(tmp_path, "load"):
        assert (tmp_path / LOCK_NAME).read_text()


def test_lock_is_free_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError), writing(tmp_path, "load"):
        _ = 1 / 0
    with writing(tmp_path, "build"):
        assert "build" in (tmp_path / LOCK_NAME).read_text()


def test_lock_holds_within_a_process_too(tmp_path):
    with (
        writing(tmp_path, "load"),
        pytest.raises(ClientlibError, match=f"clientlib load\\s+example: process {os.getpid()}"),
        writing(tmp_path, "build"),
    ):
        pass


def test_of_processes_that_find_a_dead_lock_at_once_exactly_one_wins(tmp_path):
    context = multiprocessing.get_context("spawn")
    start, end = context.Barrier(4), context.Barrier(4)
    wins = context.Array("i", ROUNDS)
    arguments = (tmp_path, start, end, wins)
    racers = [context.Process(target=compete, args=arguments) for _ in range(3)]
    for racer in racers:
        racer.start()
    for _ in range(ROUNDS):
        leave_dead_lock(tmp_path, racers[0].pid)
        start.wait(30)
        end.wait(30)
    for racer in racers:
        racer.join(30)
    assert list(wins) == [1] * ROUNDS
