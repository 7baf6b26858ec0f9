"""Settings of a project, read once from ``clientlib.toml`` into frozen objects."""

from clientlib.config.reading import find_project, load_settings, read_toml, validate
from clientlib.config.sections import (
    Company,
    CrmSettings,
    FileMapping,
    PagedApi,
    ParameterLimits,
    PostgresSettings,
    ReportSettings,
    SourceSettings,
    SparkSettings,
    TableMapping,
    WarehouseSettings,
)
from clientlib.config.settings import CONFIG_NAME, Settings, check_inside

__all__ = [
    "CONFIG_NAME",
    "Company",
    "CrmSettings",
    "FileMapping",
    "PagedApi",
    "ParameterLimits",
    "PostgresSettings",
    "ReportSettings",
    "Settings",
    "SourceSettings",
    "SparkSettings",
    "TableMapping",
    "WarehouseSettings",
    "check_inside",
    "find_project",
    "load_settings",
    "read_toml",
    "validate",
]
