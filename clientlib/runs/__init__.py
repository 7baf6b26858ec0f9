"""Runs of reports: notebooks executed by papermill, what they issue kept in the ledger.

Notebooks use ``issue`` and ``record``; everything else is for the command.
"""

from clientlib.runs.recording import issue, record

__all__ = ["issue", "record"]
