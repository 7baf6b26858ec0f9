"""Sections of ``clientlib.toml`` and of presets, as frozen objects."""

from pathlib import Path
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Section(BaseModel):
    """A table of the file: frozen, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(Section):
    """Whose history this is, and in which money it is counted."""

    name: str = "Our company"
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")


class WarehouseSettings(Section):
    """Where the warehouse lies, how much of the machine it may use, when a load stops.

    What does not fit in ``memory_limit`` goes to ``temp_folder`` (beside the warehouse where it
    is not stated). A load stops when more than ``max_bad_share`` of the rows of a table are bad,
    or more than ``max_vanished_share`` have vanished from a complete extract.
    """

    path: Path = Path("data/warehouse")
    outside_project: bool = False
    keep_snapshots: int = Field(default=5, ge=1)
    stale_after_days: int = Field(default=35, ge=1)
    threads: int | None = Field(default=None, ge=1)
    memory_limit: str | None = Field(default=None, pattern=r"^\d+(\.\d+)?\s?[KMGT]i?B$")
    temp_folder: Path | None = None
    max_bad_share: float = Field(default=0.05, ge=0, le=1)
    max_vanished_share: float = Field(default=0.2, ge=0, le=1)


class SparkSettings(Section):
    """Where Spark makes the marts, when a build is told to.

    ``folder`` is for the tables on their way: this machine and every worker see it under the same
    path. Without it they lie in the warehouse's folder. ``settings`` are Spark's own.
    """

    master: str = "local[*]"
    folder: Path | None = None
    outside_project: bool = False
    settings: dict[str, str] = {}


class TableMapping(Section):
    """How the rows of a file become rows of one canonical table.

    A column whose text equals a heading of the file is that column; any other text is a
    DuckDB expression over the headings. ``complete`` says that the files hold every row there
    is, so that a row which they no longer hold was deleted. ``max_bad_share`` goes before the
    warehouse's own, for an export that is known to hold more bad rows.
    """

    table: str
    columns: dict[str, str] = {}
    constants: dict[str, str | int | float | bool] = {}
    where: str | None = None
    one_per_key: Literal["first", "last"] | None = None
    complete: bool = False
    max_bad_share: float | None = Field(default=None, ge=0, le=1)


class FileMapping(Section):
    """How one family of files is read, and the canonical tables made from it.

    Files are named by a glob (``file``), rows of a database by a ``relation`` or a ``query``,
    objects of a CRM by a ``resource``: each of its ``fields`` is a heading and a path within an
    object. With ``rows_within`` an object gives a row for each entry of that list, as ``row``.
    """

    name: str
    file: str | None = None
    relation: str | None = None
    query: str | None = None
    resource: str | None = None
    parameters: dict[str, str] = {}
    fields: dict[str, str] = {}
    rows_within: str | None = None
    format: Literal["csv", "parquet", "xlsx"] | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=1)
    date_format: str | None = None
    sheet: str | int = 0
    optional: bool = False
    unpacked_limit_mb: int = Field(default=10_240, ge=1)
    headings: dict[str, list[str]] = {}
    tables: list[TableMapping] = Field(min_length=1)


class PostgresSettings(Section):
    """A PostgreSQL database; how to reach it stands in the environment, since it is secret.

    ``time_zone`` is the one in whose days its timestamps with a time zone are told.
    """

    dsn_env: str
    time_zone: str = "UTC"


class PagedApi(Section):
    """How a CRM answers: where its rows and the mark of the next page stand, who may ask."""

    base_url: str
    token_header: str
    token_prefix: str = ""
    rows: str
    cursor: str
    cursor_parameter: str
    parameters: dict[str, str] = {}


class CrmSettings(Section):
    """A CRM that is read over the network; the token stands in the environment.

    ``time_zone`` is the one in whose days its moments are told.
    """

    token_env: str
    base_url: str | None = None
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _know_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("no such time zone; names are such as Europe/Vilnius")
        return name


class SourceSettings(Section):
    """One export: a preset by name, or its own mapping of files to tables.

    It lies under ``path``, a folder or a file, or is read from a database or a CRM.
    ``recorded_within_days`` says how late an export may bring what the company had recorded in
    time: rows of a later load count as known from the day they happened, at most so many days
    before the load. It matters only where no recording day (``known_on``) is mapped.
    """

    path: Path | None = None
    outside_project: bool = False
    postgres: PostgresSettings | None = None
    crm: CrmSettings | None = None
    recorded_within_days: int = Field(default=0, ge=0, le=366)
    preset: str | None = None
    files: list[FileMapping] = []


class ParameterLimits(Section):
    """What a parameter of a report may be, beyond what its name says; both ends are included."""

    min: float | None = None
    max: float | None = None
    choices: list[str | int | float] = []
    unit: str = ""
    help: str = ""

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self


class ReportSettings(Section):
    """One report: its notebook, the question it answers, what it needs to run.

    ``parameters`` are given to the notebook; ``limits`` say what they may be.
    """

    notebook: Path
    outside_project: bool = False
    title: str
    question: str
    needs: list[str] = []
    parameters: dict[str, str | int | float | bool] = {}
    limits: dict[str, ParameterLimits] = {}
