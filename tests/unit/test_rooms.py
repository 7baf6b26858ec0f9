"""Imports point down the list of rooms, and some rooms must not know some things."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clientlib"
MODULES = sorted(PACKAGE.rglob("*.py"))

STATISTICS = {"segments", "competitors", "reliability", "quality", "results", "deals"}
LEVELS = [
    {"cli"},
    {"runs"},
    {"kernels"},
    {"reports"},
    {"figures"},
    STATISTICS,
    {"panels", "pooling"},
    {"spark"},
    {"warehouse"},
    {"identity"},
    {"starter"},
    {"sources"},
    {"sample"},
    {"config"},
    {"language"},
    {"errors"},
]
LEVEL = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}
ABOVE = {
    "starter": {"sources"}
}  # a starter project reads the presets, and no room but cli reads it
FORBIDDEN = {
    "kernels": {"duckdb", "papermill", "pandas", "numpy"},
    "reports": {"duckdb", "papermill", "clientlib.warehouse", "clientlib.runs"},
    "figures": {"duckdb", "papermill", "sklearn", "scipy", "clientlib.warehouse"},
    "panels": {"duckdb", "pathlib", "clientlib.warehouse"},
    "pooling": {"duckdb", "pathlib", "clientlib.warehouse"},
    "identity": {"duckdb", "pathlib", "csv", "clientlib.config", "random", "time"},
    "spark": {"duckdb", "papermill"},
    "warehouse": {"pyspark", "papermill", "sklearn", "scipy"},
    "sources": {"duckdb", "clientlib.warehouse"},
    "config": {"duckdb", "papermill"},
} | {room: {"duckdb", "pathlib", "clientlib.warehouse", "random", "time"} for room in STATISTICS}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """List what a module imports, wherever in it, by full names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_read(path: Path) -> set[str]:
    parts = [name.split(".") for name in imports(path) if name.startswith("clientlib.")]
    return {names[1] for names in parts} - {"__version__", room_of(path)}


def named(paths) -> list:
    return [pytest.param(path, id=path.relative_to(PACKAGE).as_posix()) for path in paths]


def test_every_room_has_its_place_in_the_list():
    assert {room_of(path) for path in MODULES} - {"__init__", "__main__"} == set(LEVEL)


def test_list_of_rooms_names_them_all():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [room for room in LEVEL if room not in page] == []


@pytest.mark.parametrize("path", named(MODULES))
def test_imports_point_down_the_list_of_rooms(path):
    room = room_of(path)
    lower = {name for name in LEVEL if LEVEL[name] > LEVEL.get(room, -1)}
    assert rooms_read(path) <= lower


@pytest.mark.parametrize("path", named(p for p in MODULES if room_of(p) in FORBIDDEN))
def test_room_does_not_import_what_it_must_not_know(path):
    names = imports(path)
    forbidden = FORBIDDEN[room_of(path)]
    assert {name for name in names for no in forbidden if f"{name}.".startswith(f"{no}.")} == set()


def test_only_the_warehouse_opens_the_database():
    readers = {room_of(path) for path in MODULES if any(
        name.split(".")[0] == "duckdb" for name in imports(path))}  # fmt: skip
    assert readers == {"warehouse"}


def test_only_runs_execute_notebooks():
    readers = {room_of(path) for path in MODULES if any(
        name.split(".")[0] == "papermill" for name in imports(path))}  # fmt: skip
    assert readers == {"runs"}


def test_sample_company_knows_errors_only():
    read = {room for path in MODULES if room_of(path) == "sample" for room in rooms_read(path)}
    assert read == {"errors"}


def test_kernels_know_errors_only():
    read = {room for path in MODULES if room_of(path) == "kernels" for room in rooms_read(path)}
    assert read == {"errors"}


def test_errors_and_configuration_know_nothing_of_the_rest():
    assert rooms_read(PACKAGE / "errors.py") == set()
    read = {room for path in MODULES if room_of(path) == "config" for room in rooms_read(path)}
    assert read == {"errors"}


@pytest.mark.parametrize("path", named(p for p in MODULES if room_of(p) in STATISTICS))
def test_statistics_read_no_clock_and_no_global_random_state(path):
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    clocks = {name for name in calls if name.endswith((".now", ".today", ".utcnow"))}
    state = {name for name in calls if name.startswith("np.random.")} - {"np.random.default_rng"}
    assert clocks | state == set()
