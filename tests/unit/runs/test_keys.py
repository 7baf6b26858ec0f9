import json
from datetime import date

import pytest

from clientlib.runs.keys import file_stem, hash_notebook, target_name, work_key

MAY = date(2025, 5, 31)
WORK = {
    "report": "scores", "edition": "all", "as_of": MAY, "parameters": {"top_n": 3}, "notebook": "ab",
}  # fmt: skip


def notebook(path, *sources, outputs=(), tags=("parameters",)):
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "outputs": list(outputs),
            "metadata": {"tags": list(tags)},
        }
        for source in sources
    ]
    path.write_text(json.dumps({"cells": cells}))
    return hash_notebook(path)


@pytest.mark.parametrize(
    "change",
    [
        {"report": "segments"},
        {"edition": "manager=M-01"},
        {"as_of": date(2025, 4, 30)},
        {"parameters": {"top_n": 4}},
        {"parameters": {"top_n": 3, "seed": 1}},
        {"notebook": "cd"},
        {"needs": ["0123"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_work_is_another_when_any_part_of_it_is(change):
    assert work_key(**{**WORK, **change}) != work_key(**WORK)


def test_order_of_parameters_makes_no_difference():
    first = work_key(**{**WORK, "parameters": {"a": 1, "b": 2}})
    assert first == work_key(**{**WORK, "parameters": {"b": 2, "a": 1}})


def test_outputs_of_a_notebook_are_no_part_of_its_work(tmp_path):
    plain = notebook(tmp_path / "a.ipynb", "1 + 1")
    assert notebook(tmp_path / "a.ipynb", "1 + 1", outputs=[{"text": "2"}]) == plain


def test_source_in_one_text_or_in_lines_is_the_same(tmp_path):
    assert notebook(tmp_path / "a.ipynb", "a\nb") == notebook(tmp_path / "b.ipynb", ["a\n", "b"])


@pytest.mark.parametrize("said", [{"tags": ["raises-exception"]}, {}])
def test_source_and_tags_of_a_notebook_are(tmp_path, said):
    plain = notebook(tmp_path / "a.ipynb", "1 + 1")
    assert notebook(tmp_path / "b.ipynb", "1 + 1" if said else "1 + 2", **said) != plain


def test_notebook_that_is_absent_or_garbled_has_a_hash_too(tmp_path):
    (tmp_path / "garbled.ipynb").write_text('{"cells": [')
    assert hash_notebook(tmp_path / "garbled.ipynb") != hash_notebook(tmp_path / "absent.ipynb")


@pytest.mark.parametrize(
    ("edition", "stem"),
    [("all", "all"), ("manager=M-01", "manager-M-01"), ("client=17850", "client-17850")],
)
def test_plain_editions_keep_their_names(edition, stem):
    assert file_stem(edition) == stem


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "a/b", "Ąžuolas & Ko", "x" * 300, "🙂", "", " ", "CON:", "a=b", "."]
)
def test_names_from_data_are_safe_file_names_and_no_two_alike(key):
    stem = file_stem(f"client={key}")
    assert stem.replace("-", "").replace("_", "").isalnum()
    assert stem.isascii()
    assert len(stem) <= 60
    assert stem != file_stem(f"client={key}x")


def test_target_tells_day_report_and_edition():
    assert target_name("scores", "manager=M-01", MAY) == "20250531-scores-manager-M-01"
