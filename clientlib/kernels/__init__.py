"""Kernels that are forked from a process which has imported the libraries already.

``clientlib-warm`` is a kernelspec like any other: Jupyter starts ``spec/launcher.py``, which gets
a kernel from a template process, or starts a cold one. A batch starts a template process of
its own by ``start_template``; the kernels of papermill, nbclient and JupyterLab share one.
"""

from clientlib.kernels.owned import Template, start_template

KERNEL = "clientlib-warm"

__all__ = ["KERNEL", "Template", "start_template"]
