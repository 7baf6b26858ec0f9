"""What our engine adds to a notebook beside papermill alone.

``make bench-engine`` prints wall seconds, and processor time of the process that drives the
kernel, for a notebook of 10 trivial cells and for one of 20 cells that print 100 KB each.
"""

import logging
import os
import resource
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

ENGINE = "clientlib"  # papermill finds it by its entry point
ROUNDS = 7
NOTEBOOKS = {
    "10 trivial cells": ["1 + 1"] * 10,
    "20 cells of 100 KB": ["print('x' * 100_000)"] * 20,
}


def say(line: str) -> None:
    """Print a line of the answer."""
    sys.stdout.write(line + "\n")


def measure(engine: str | None) -> tuple[float, float, float]:
    """Run the notebook once: wall, and processor time of this process and of the kernel."""
    begun, own, children = time.perf_counter(), time.process_time(), kernel_seconds()
    papermill.execute_notebook("report.ipynb", "out.ipynb", engine_name=engine, progress_bar=False)
    return (
        time.perf_counter() - begun,
        time.process_time() - own,
        kernel_seconds() - children,
    )


def kernel_seconds() -> float:
    """Add up the processor time of the kernels that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure both engines in turns."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    for name, cells in NOTEBOOKS.items():
        notebook = new_notebook(
            cells=[new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            nbformat.write(notebook, Path("report.ipynb"))
            found: dict[str, list[tuple[float, float, float]]] = {"papermill": [], ENGINE: []}
            for _ in range(ROUNDS + 1):
                found["papermill"].append(measure(None))
                found[ENGINE].append(measure(ENGINE))
            os.chdir("/")
        for engine, rounds in found.items():
            wall, own, kernel = (statistics.median(part) for part in zip(*rounds[1:], strict=True))
            say(f"{name:20} {engine:10} {wall:.2f} s  driver {own:.3f} s  kernel {kernel:.3f} s")


if __name__ == "__main__":
    main()
