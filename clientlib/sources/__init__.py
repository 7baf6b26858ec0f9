"""Reading exports: files of any dialect, and presets for well-known ones."""

from clientlib.sources.presets import list_presets, read_preset
from clientlib.sources.readers import Reading, find_files, open_reading

__all__ = ["Reading", "find_files", "list_presets", "open_reading", "read_preset"]
