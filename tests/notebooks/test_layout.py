"""A notebook is prose and calls: what STYLE asks of each."""

import json
import re
from pathlib import Path

import pytest

from clientlib.config import load_settings

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(path: Path, kind: str | None = None) -> list[dict]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def test_every_report_has_its_notebook_and_every_notebook_its_report():
    reports = load_settings(ROOT).reports.values()
    assert {ROOT / report.notebook for report in reports} == set(NOTEBOOKS)
    assert len(NOTEBOOKS) >= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_is_short(self, path):
        assert len(cells(path)) <= 25
        assert max(len(source(cell).splitlines()) for cell in cells(path, "code")) <= 15

    def test_holds_no_logic(self, path):
        for cell in cells(path, "code"):
            assert not re.search(r"^\s*(def|class|for|while|if|with) ", source(cell), re.M)
            assert not re.search(r"\bselect\b.+\bfrom\b", source(cell), re.I | re.S)

    def test_is_committed_without_outputs(self, path):
        for cell in cells(path, "code"):
            assert cell["outputs"] == []
            assert cell["execution_count"] is None

    def test_says_question_decision_limits_and_needs_first(self, path):
        first = source(cells(path)[0])
        assert cells(path)[0]["cell_type"] == "markdown"
        assert first.startswith("# ")
        for words in ("Who decides", "cannot tell", "Needs served"):
            assert words in first

    def test_has_one_parameters_cell_with_the_common_names(self, path):
        tagged = [c for c in cells(path) if "parameters" in c["metadata"].get("tags", [])]
        assert len(tagged) == 1
        assert re.search(r"^as_of = ", source(tagged[0]), re.M)
        assert re.search(r"^warehouse_path = ", source(tagged[0]), re.M)

    def test_accepts_the_parameters_that_the_configuration_gives(self, path):
        (report,) = [r for r in load_settings(ROOT).reports.values() if ROOT / r.notebook == path]
        (tagged,) = [c for c in cells(path) if "parameters" in c["metadata"].get("tags", [])]
        known = set(re.findall(r"^(\w+)(?:: \w+)? = ", source(tagged), re.M))
        assert set(report.parameters) <= known

    def test_each_text_is_followed_by_the_code_that_shows_it(self, path):
        kinds = [cell["cell_type"] for cell in cells(path)]
        assert ("markdown", "markdown") not in set(zip(kinds, kinds[1:], strict=False))

    def test_ends_with_what_it_records(self, path):
        assert "runs.record(" in source(cells(path, "code")[-1])
