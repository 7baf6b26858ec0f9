"""Sections of ``clientlib.toml`` and of presets, as frozen objects."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MEMORY = r"^\d+(\.\d+)?\s?[KMGT]i?B$"
CRON = r"^[\d*/,-]+( [\d*/,-]+){3} [\dA-Za-z*/,-]+$"
REPORT_PREFIX = "reports."
Language = Literal["en", "lt"]
Output = Literal["deck", "pdf", "deck_pdf", "data"]


def _reports_in(names: list[str]) -> list[str]:
    return [name.removeprefix(REPORT_PREFIX) for name in names if name.startswith(REPORT_PREFIX)]


def _check_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; names are such as Europe/Vilnius")
    return name


class Section(BaseModel):
    """A table of the file: frozen, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(Section):
    """Whose history this is, in which money it is counted, and which language its reports speak.

    ``template`` is the PPTX file that decks are made in; without one they have the house's look.
    """

    name: str = "Our company"
    language: Language = "en"
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    template: Path | None = None


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
    memory_limit: str | None = Field(default=None, pattern=MEMORY)
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
        return _check_zone(name)


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


class RunSettings(Section):
    """How reports are run: processes, limits of each run, what is tried again.

    ``attempts`` counts the first one; before attempt n it waits ``backoff_seconds`` times
    2 to the power of n - 2. Without ``memory_limit`` the processes share four fifths of the
    machine's memory. A report with ``every`` is due for that many closed periods back.
    """

    workers: int = Field(default=2, ge=1)
    attempts: int = Field(default=3, ge=1, le=20)
    backoff_seconds: float = Field(default=30, ge=0)
    cell_seconds: float = Field(default=1800, gt=0)
    notebook_seconds: float = Field(default=3600, gt=0)
    memory_limit: str | None = Field(default=None, pattern=MEMORY)
    warm_kernels: bool = True
    catch_up_periods: int = Field(default=3, ge=1)


class ScheduleSettings(Section):
    """When the warehouse is refreshed and when what is due is run, as cron writes times.

    ``since`` is the first day whose periods Dagster offers; without it that of the data.
    """

    refresh: str = Field(default="0 5 * * *", pattern=CRON)
    run: str = Field(default="30 * * * *", pattern=CRON)
    time_zone: str = "UTC"
    since: date | None = None

    @field_validator("time_zone")
    @classmethod
    def _know_zone(cls, name: str) -> str:
        return _check_zone(name)


class NoticeSettings(Section):
    """Where a notice of each batch goes: a file, a mailbox, or a chat's webhook.

    What is secret stands in the environment: the webhook's address, the mail server's user and
    password. ``on`` is ``failure`` or ``always``; a batch in which nothing ran sends none.
    """

    on: Literal["failure", "always"] = "failure"
    file: Path | None = None
    webhook_env: str | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = True
    sender: str | None = None
    recipients: list[str] = []
    user_env: str | None = None
    password_env: str | None = None

    @model_validator(mode="after")
    def _have_one_channel(self) -> Self:
        if sum(bool(way) for way in (self.file, self.webhook_env, self.smtp_host)) != 1:
            raise ValueError("a notice has one of file, webhook_env and smtp_host")
        if self.smtp_host and not (self.sender and self.recipients):
            raise ValueError("a notice by mail has a sender and recipients")
        if bool(self.user_env) != bool(self.password_env):
            raise ValueError("user_env and password_env stand together")
        return self


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


class ReaderRule(Section):
    """Who the readers of one kind are, and which clients each of them may see.

    ``column`` is a column of ``staging.clients`` whose value names the reader. With ``issued`` it
    is a column of that issued table, whose rows say which clients belong to whom. ``cleared``
    tables are shown whole, ``withheld`` ones not at all, by ``schema.table``; withheld wins.
    ``languages`` says of single readers, by their key, which language their editions speak,
    whatever the language of the report.
    """

    column: str
    issued: str | None = None
    cleared: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    languages: dict[str, Language] = {}


class ReportSettings(Section):
    """One report: its notebook, the question it answers, for whom and when it is made.

    ``needs`` names tables (``marts.order_facts``) that must have rows, and reports
    (``reports.reliability``) that must have been done for the same day. ``wants`` names reports
    that are done before, and whose issued tables are used where they have been done: where one
    cannot be, the report is made without it. ``editions`` names the
    kinds of readers that it is made for; ``all`` sees everything. With ``every`` it is due once
    for each closed period, and with ``renew_on_build`` again when the warehouse was built anew.
    It speaks the company's ``language`` or its own; with ``languages`` each edition is made in
    all of them, the first of which gives the files their plain names. ``outputs`` names what is
    made beside its page: an editable ``deck``, a ``pdf`` of the page, the deck as PDF
    (``deck_pdf``), and the ``data`` as a workbook. ``template`` goes before the company's.
    With ``comments`` its pages ask for comments, and say how one is made. With ``decisions`` its
    notebook is given what was decided about clients, and a new decision makes it anew.
    """

    notebook: Path
    outside_project: bool = False
    title: str
    question: str
    needs: list[str] = []
    wants: list[Annotated[str, Field(pattern=rf"^{REPORT_PREFIX}")]] = []
    parameters: dict[str, str | int | float | bool] = {}
    limits: dict[str, ParameterLimits] = {}
    editions: list[str] = Field(default=["all"], min_length=1)
    every: Literal["month", "quarter", "year"] | None = None
    renew_on_build: bool = False
    language: Language | None = None
    languages: list[Language] = []
    outputs: list[Output] = []
    comments: bool = False
    decisions: bool = False
    template: Path | None = None
    cell_seconds: float | None = Field(default=None, gt=0)
    notebook_seconds: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _speak_once(self) -> Self:
        if self.language and self.languages:
            raise ValueError("a report has one language, or a list of languages")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("a language stands twice in languages")
        return self

    def spoken(self, company: str) -> tuple[str, ...]:
        """List the languages that editions are made in.

        Parameters
        ----------
        company : str
            The language of reports that name none.

        Returns
        -------
        tuple of str
            At least one; the first gives the files their plain names.
        """
        return tuple(self.languages) or (self.language or company,)

    @property
    def needed_tables(self) -> list[str]:
        """Tables that must have rows."""
        return [name for name in self.needs if not name.startswith(REPORT_PREFIX)]

    @property
    def needed_reports(self) -> list[str]:
        """Reports that must have been done, by name."""
        return _reports_in(self.needs)

    @property
    def wanted_reports(self) -> list[str]:
        """Reports that are used where they have been done, by name."""
        return _reports_in(self.wants)
