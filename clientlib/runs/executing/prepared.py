"""Does once, in the process that runs are forked from, what each of them would do again.

The schema of notebooks is compiled as the first one is read, the templates of pages as the
first one is written. Importing this module does both; nothing of it starts a thread.
"""

import nbformat

from clientlib.reports.templating import compile_templates
from clientlib.runs.executing import execution

__all__ = ["execution"]

nbformat.reads(nbformat.writes(nbformat.v4.new_notebook()), as_version=4)
compile_templates()
