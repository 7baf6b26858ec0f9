"""Pages for readers, made from executed notebooks; no code, no network, the same bytes again."""

from clientlib.reports.assets import Assets, place_assets
from clientlib.reports.batches import batch_page, write_batch_page
from clientlib.reports.documents import Document, read_document
from clientlib.reports.index import write_index
from clientlib.reports.pages import write_page
from clientlib.reports.record import STATES, BatchSummary, Failure, Run, place_failure, read_failure

__all__ = [
    "STATES",
    "Assets",
    "BatchSummary",
    "Document",
    "Failure",
    "Run",
    "batch_page",
    "place_assets",
    "place_failure",
    "read_document",
    "read_failure",
    "write_batch_page",
    "write_index",
    "write_page",
]
