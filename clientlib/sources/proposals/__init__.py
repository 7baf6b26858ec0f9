"""Proposals for exports that no preset knows: a mapping by names and contents, to be confirmed."""

from clientlib.sources.proposals.proposed import ProposedColumn, ProposedFile, ProposedTable
from clientlib.sources.proposals.sampling import read_samples
from clientlib.sources.proposals.shapes import ColumnShape, TableShape
from clientlib.sources.proposals.tables import propose_tables
from clientlib.sources.proposals.writing import open_points, write_mappings

__all__ = [
    "ColumnShape",
    "ProposedColumn",
    "ProposedFile",
    "ProposedTable",
    "TableShape",
    "open_points",
    "propose_tables",
    "read_samples",
    "write_mappings",
]
