"""Tiny notebooks for tests of what executes them."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from clientlib.runs.executing.deadlines import Deadlines
from clientlib.runs.executing.notebooks import Executed, execute

PATIENCE = 60.0  # seconds that a kernel has to end by itself, on a busy machine too
KERNELSPEC = {"name": "python3", "display_name": "Our Python", "language": "python"}
IGNORES_INTERRUPTS = """
import time
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


def code(source: str, *tags: str) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)})


def text(source: str) -> NotebookNode:
    return new_markdown_cell(source)


def write(path: Path, *cells: NotebookNode | str) -> Path:
    """Write a notebook of code cells; the same cells make the same file."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    for number, cell in enumerate(made):
        cell["id"] = f"cell-{number}"
    nbformat.write(new_notebook(cells=made, metadata={"kernelspec": KERNELSPEC}), path)
    return path


def run(folder: Path, *cells: NotebookNode | str, **said) -> tuple[Executed, NotebookNode]:
    """Execute a notebook of these cells, and read what was written."""
    output = folder / "executed.ipynb"
    said = {"parameters": {}, "deadlines": Deadlines(grace_seconds=PATIENCE), **said}
    executed = execute(write(folder / "report.ipynb", *cells), output, **said)
    return executed, nbformat.read(output, as_version=4)


def shown(cell: NotebookNode) -> str:
    """Join what a cell printed."""
    return "".join(out.text for out in cell.outputs if out.output_type == "stream")
