"""The warehouse: the only room that opens DuckDB."""

from clientlib.warehouse.arrivals import LoadCount
from clientlib.warehouse.build import BuiltTable, build_snapshot, canonical_tables_behind
from clientlib.warehouse.editions import (
    Editions,
    ReaderFile,
)
from clientlib.warehouse.exchange import Engine
from clientlib.warehouse.issued import cut_issued
from clientlib.warehouse.load import load_sources, planned_loads
from clientlib.warehouse.matching import MatchCounts, find_duplicates, undo_merge
from clientlib.warehouse.merging import MergeCounts, pairs_file, waiting_pairs
from clientlib.warehouse.opening import open_warehouse
from clientlib.warehouse.preview import Preview, preview_sources
from clientlib.warehouse.profile import Profile
from clientlib.warehouse.quality import Finding, check_snapshot
from clientlib.warehouse.readers import Reader
from clientlib.warehouse.reading import Warehouse
from clientlib.warehouse.reasons import ReasonCount
from clientlib.warehouse.release import LeftRows, Release, Released, release_rows
from clientlib.warehouse.snapshots import ONLY_FILE, Snapshots

__all__ = [
    "ONLY_FILE",
    "BuiltTable",
    "Editions",
    "Engine",
    "Finding",
    "LeftRows",
    "LoadCount",
    "MatchCounts",
    "MergeCounts",
    "Preview",
    "Profile",
    "Reader",
    "ReaderFile",
    "ReasonCount",
    "Release",
    "Released",
    "Snapshots",
    "Warehouse",
    "build_snapshot",
    "canonical_tables_behind",
    "check_snapshot",
    "cut_issued",
    "find_duplicates",
    "load_sources",
    "open_warehouse",
    "pairs_file",
    "planned_loads",
    "preview_sources",
    "release_rows",
    "undo_merge",
    "waiting_pairs",
]
