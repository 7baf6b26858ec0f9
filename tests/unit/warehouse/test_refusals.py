"""A machine that refuses room, memory or rights: an error in words, and nothing half written."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_load import GOOD, HEADING

from clientlib.errors import ClientlibError

HERE = Path(__file__).parent
LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import Project
from clientlib.errors import ClientlibError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
project = Project.__new__(Project)
project.__dict__ |= eval(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    getattr(project, sys.argv[4])("2025-07-02")
except ClientlibError as error:
    print(type(error).__name__, error)
"""


def many_rows(count: int) -> str:
    return HEADING + "".join(f"O-{n};C-{n * 7919 % 99991};2025-06-01;open;\n" for n in range(count))


def call_with_little_room(project, command: str, bytes_count: int) -> str:
    """Call load or build in a process in which no file may grow larger."""
    attributes = repr(vars(project)).replace("PosixPath", "Path")
    arguments = [str(HERE), attributes, str(bytes_count), command]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def state(project) -> tuple:
    with project.open() as warehouse:
        served = warehouse.about.build_id, len(warehouse.read("staging.orders"))
    counts = "select count(*) from loads union all select count(*) from orders"
    return served, project.raw_rows(counts)


@pytest.fixture
def built(project):
    project.write(GOOD)
    project.load()
    project.build()
    return project


def test_full_disk_ends_a_load_with_nothing_kept_and_the_next_one_works(built):
    before = state(built)
    built.write(many_rows(200_000))
    size = (built.root / "data/warehouse/raw.duckdb").stat().st_size
    told = call_with_little_room(built, "load", size + 4096)
    assert told.startswith("ClientlibError the warehouse cannot be written by this load")
    assert state(built) == before
    (count,) = built.load("2025-07-02")
    assert count.loaded_count == 200_000


def test_full_disk_ends_a_build_with_the_old_snapshot_and_the_next_one_works(built):
    before = state(built)
    size = (built.root / "data/warehouse/raw.duckdb").stat().st_size
    told = call_with_little_room(built, "build", size + 4096)
    assert told.startswith("ClientlibError the warehouse cannot be written by this build")
    assert state(built) == before
    build_id = built.build("2025-07-02")
    assert state(built)[0] == (build_id, 2)
    assert not list((built.root / "data/warehouse").glob("*.draft*"))


def test_copy_of_the_store_that_finds_no_room_is_an_error(built, monkeypatch):
    before = state(built)

    def refuse(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(
        ClientlibError, match=r"cannot be written by this build[\s\S]*No space left"
    ):
        built.build("2025-07-02")
    assert state(built) == before


def test_too_little_memory_without_a_place_to_spill_is_an_error_with_nothing_kept(built):
    before = state(built)
    (built.root / "no folder").write_text("")
    built.write(many_rows(400_000))
    built.warehouse = {"memory_limit": "20MB", "temp_folder": built.root / "no folder"}
    with pytest.raises(ClientlibError, match=r"the memory does not suffice|cannot be written"):
        built.load("2025-07-02")
    built.warehouse = {}
    assert state(built) == before
    assert built.load("2025-07-02")[0].loaded_count == 400_000


def test_reader_that_holds_a_snapshot_open_keeps_it_through_a_build(built):
    with built.open() as reader:
        first = reader.about.build_id
        built.write(GOOD + "O-3;C-3;2025-06-03;open;\n")
        built.load("2025-07-02")
        second = built.build("2025-07-02")
        assert len(reader.read("staging.orders")) == 2
        assert reader.about.build_id == first < second
    assert state(built)[0] == (second, 3)


def test_clock_set_back_does_not_turn_history_round(built):
    first = state(built)[0][0]
    built.write(GOOD.replace("02;open", "02;delivered"))
    built.load("2025-06-15")
    built.write(GOOD)
    built.load("2025-06-05")
    second = built.build("2025-06-05")
    versions = built.raw_rows(
        """select version, known_on::varchar, known_until::varchar, load_id from orders
        where order_id = 'O-2' order by version"""
    )
    assert versions == [
        (1, "2025-06-02", "2025-06-15", 1),
        (2, "2025-06-15", "2025-06-15", 2),
        (3, "2025-06-15", None, 3),
    ]
    assert second > first
    assert state(built)[0] == (second, 2)


def test_store_that_another_program_holds_is_an_error(built):
    holder = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"  # fmt: skip
    store = str(built.root / "data/warehouse/raw.duckdb")
    with subprocess.Popen(
        [sys.executable, "-c", holder, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        with pytest.raises(ClientlibError, match="raw.duckdb cannot be opened"):
            built.load("2025-07-02")
        process.communicate(b"")
    assert built.load("2025-07-02")[0].same_count == 2
