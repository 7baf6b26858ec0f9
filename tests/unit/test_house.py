"""What lies in the repository: nothing large, nothing left open, no address of a package index."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST = 1_000_000
INDEX = re.compile(
    r"(?:index-url|find-links)[ =]+\S*://|\"resolved\":\s*\"https?://|files\.pythonhosted"
)
OPEN_END = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|raise Not" + r"ImplementedError")
LEFTOVERS = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_MODULE = 400


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git repository")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def texts(paths: list[Path]) -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="ignore")
        for path in paths
    }


def test_no_file_is_over_one_megabyte(tracked):
    assert [path.name for path in tracked if path.stat().st_size > LARGEST] == []


def test_nothing_is_left_open(tracked):
    code = texts([path for path in tracked if path.suffix in (".py", ".sql", ".toml")])
    assert len(code) > 100
    assert [name for name, text in code.items() if OPEN_END.search(text)] == []


def test_no_file_names_a_package_index(tracked):
    found = [name for name, text in texts(tracked).items() if INDEX.search(text)]
    assert [name for name in found if name != "tests/unit/test_house.py"] == []


def test_no_file_names_a_path_of_this_machine(tracked):
    here = [f"{ROOT.parent.as_posix()}/", f"{Path.home().as_posix()}/"]
    places = [place for place in here if len(place) > 3]
    found = [name for name, text in texts(tracked).items() if any(p in text for p in places)]
    assert found == []


def test_no_module_is_named_for_leftovers_or_too_long(tracked):
    library = {
        name: text
        for name, text in texts(tracked).items()
        if name.startswith("clientlib/") and name.endswith(".py")
    }
    assert len(library) > 100
    assert [name for name in library if Path(name).stem in LEFTOVERS] == []
    lengths = {name: len(text.splitlines()) for name, text in library.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_exports_and_reports_are_not_committed(tracked):
    made = [path.relative_to(ROOT).as_posix() for path in tracked]
    kept = [name for name in made if name.startswith(("data/", "reports/"))]
    assert sorted(kept) == ["data/README.md", "reports/README.md"]


def test_every_error_on_purpose_is_one_of_ours(tracked):
    plain = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in tracked
        if path.suffix == ".py" and path.is_relative_to(ROOT / "clientlib")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and ast.unparse(node.exc.func) in {"Exception", "RuntimeError", "SystemExit"}
    }
    assert plain == set()
