"""Runs of reports: notebooks executed by papermill, what they issue kept in the ledger.

Notebooks use ``issue``, ``issue_tables``, ``read_issued``, ``find_issued``, ``find_earlier``,
``read_list``, ``record`` and ``secret``; everything else is for the command.
"""

from clientlib.runs.given_files import read_list
from clientlib.runs.inputs import Issued, find_earlier, find_issued, read_issued
from clientlib.runs.recording import issue, issue_tables, record
from clientlib.runs.secrecy import secret

__all__ = [
    "Issued",
    "find_earlier",
    "find_issued",
    "issue",
    "issue_tables",
    "read_issued",
    "read_list",
    "record",
    "secret",
]
