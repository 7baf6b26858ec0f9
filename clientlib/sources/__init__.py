"""Reading exports: files of any dialect, databases, and presets for well-known ones."""

from clientlib.sources.exports import Part, count_parts, mappings_of, open_export, source_files
from clientlib.sources.files import find_files, fits
from clientlib.sources.presets import list_presets, read_preset
from clientlib.sources.readers import Reading, open_reading

__all__ = [
    "Part",
    "Reading",
    "count_parts",
    "find_files",
    "fits",
    "list_presets",
    "mappings_of",
    "open_export",
    "open_reading",
    "read_preset",
    "source_files",
]
