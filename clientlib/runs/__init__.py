"""Runs of reports: notebooks executed by papermill, what they issue kept in the ledger.

Notebooks use ``issue``, ``read_issued``, ``find_issued``, ``record`` and ``secret``; everything
else is for the command.
"""

from clientlib.runs.inputs import Issued, find_issued, read_issued
from clientlib.runs.recording import issue, record
from clientlib.runs.secrecy import secret

__all__ = ["Issued", "find_issued", "issue", "read_issued", "record", "secret"]
