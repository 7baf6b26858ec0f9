"""Kernels that are forked from a process which has imported the libraries already.

``clientlib-warm`` is a kernelspec like any other: Jupyter starts ``spec/launcher.py``, which gets
a kernel from a template process, or starts a cold one. A batch starts a template process of
its own by ``start_template``; the kernels of papermill, nbclient and JupyterLab share one.
"""

from pathlib import Path

from clientlib.kernels.owned import Template, start_template

KERNEL = "clientlib-warm"
SPEC_FOLDER = Path(__file__).parent / "spec"

__all__ = ["KERNEL", "SPEC_FOLDER", "Template", "start_template"]
