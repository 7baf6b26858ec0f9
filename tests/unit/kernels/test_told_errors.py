"""An error raised on purpose says in a cell what it says, and not through which rooms it came."""

import pytest
from warm_kernels import LIMIT_SECONDS, kernel

from clientlib.errors import RUN_VARIABLE

ASKED = """from clientlib.warehouse import open_warehouse

warehouse = open_warehouse("nowhere")"""
MESSAGE = "there is no warehouse at nowhere\n  hint:    clientlib load, then build"


def fail(cells, source):
    """Run a cell that fails, and give its error as the notebook keeps it."""
    errors = []

    def keep(message):
        if message["msg_type"] == "error":
            errors.append(message["content"])

    cells.client.execute_interactive(source, output_hook=keep, timeout=LIMIT_SECONDS)
    (error,) = errors
    return error


@pytest.fixture
def cells(either):
    with kernel(either) as started:
        yield started


def test_the_message_comes_first_and_the_line_that_led_to_it_after(cells):
    lines = "\n".join(fail(cells, ASKED)["traceback"]).splitlines()
    assert lines == [
        *MESSAGE.splitlines(),
        "",
        'line 3 of the cell: warehouse = open_warehouse("nowhere")',
        "every step: import traceback; traceback.print_last()",
    ]
    printed = cells.run("import traceback; traceback.print_last()")
    assert "opening.py" in printed
    assert printed.endswith(MESSAGE)


def test_name_and_message_stay_as_runs_read_them(cells):
    error = fail(cells, ASKED)
    assert (error["ename"], error["evalue"]) == ("InputError", MESSAGE)


def test_a_line_of_the_analysts_own_file_is_named_by_the_file(cells, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from clientlib.warehouse import open_warehouse\n\n\n"
        "def look():\n    return open_warehouse('nowhere')\n"
    )
    source = f"import sys\nsys.path.append({str(tmp_path)!r})\nimport mine\nmine.look()"
    lines = fail(cells, source)["traceback"]
    assert "line 5 of mine.py: return open_warehouse('nowhere')" in lines


def test_a_fault_of_ours_keeps_its_steps(cells):
    source = "from clientlib.figures.cells import show_heading\nshow_heading(None)"
    steps = "\n".join(fail(cells, source)["traceback"])
    assert "Traceback (most recent call last)" in steps
    assert "cells.py" in steps


def test_a_run_keeps_every_step_for_whoever_mends_it(either, tmp_path):
    with kernel(either | {RUN_VARIABLE: str(tmp_path)}) as cells:
        error = fail(cells, ASKED)
    steps = "\n".join(error["traceback"])
    assert (error["ename"], error["evalue"]) == ("InputError", MESSAGE)
    assert "Traceback (most recent call last)" in steps
    assert "opening.py" in steps
    assert steps.endswith(MESSAGE)
