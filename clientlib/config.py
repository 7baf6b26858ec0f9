"""Settings of a project, read once from ``clientlib.toml`` into frozen objects."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from clientlib.errors import ConfigError, nearest

CONFIG_NAME = "clientlib.toml"

Model = TypeVar("Model", bound=BaseModel)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(_Section):
    """Whose history this is, and in which money it is counted."""

    name: str = "Our company"
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")


class WarehouseSettings(_Section):
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


class SparkSettings(_Section):
    """Where Spark makes the marts, when a build is told to.

    ``folder`` is for the tables on their way: this machine and every worker see it under the same
    path. Without it they lie in the warehouse's folder. ``settings`` are Spark's own.
    """

    master: str = "local[*]"
    folder: Path | None = None
    outside_project: bool = False
    settings: dict[str, str] = {}


class TableMapping(_Section):
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


class FileMapping(_Section):
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


class PostgresSettings(_Section):
    """A PostgreSQL database; how to reach it stands in the environment, since it is secret.

    ``time_zone`` is the one in whose days its timestamps with a time zone are told.
    """

    dsn_env: str
    time_zone: str = "UTC"


class PagedApi(_Section):
    """How a CRM answers: where its rows and the mark of the next page stand, who may ask."""

    base_url: str
    token_header: str
    token_prefix: str = ""
    rows: str
    cursor: str
    cursor_parameter: str
    parameters: dict[str, str] = {}


class CrmSettings(_Section):
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


class SourceSettings(_Section):
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


class ReportSettings(_Section):
    """One report: its notebook, the question it answers, what it needs to run."""

    notebook: Path
    outside_project: bool = False
    title: str
    question: str
    needs: list[str] = []
    parameters: dict[str, str | int | float | bool] = {}


class Settings(_Section):
    """Everything that ``clientlib.toml`` says; paths are relative to ``root``.

    A path that leads outside ``root`` is refused unless ``outside_project`` stands beside it.
    """

    root: Path
    company: Company = Company()
    warehouse: WarehouseSettings = WarehouseSettings()
    ledger: Path = Path("data/ledger")
    output: Path = Path("reports")
    outside_project: bool = False
    review: Path = Path("data/review")
    spark: SparkSettings = SparkSettings()
    sources: dict[str, SourceSettings] = {}
    reports: dict[str, ReportSettings] = {}

    @model_validator(mode="after")
    def _stay_inside(self) -> Self:
        for key, path, is_allowed in self._paths():
            if not is_allowed:
                check_inside(self.root, self.root / path, f"{CONFIG_NAME}: {key}")
        return self

    def _paths(self) -> Iterator[tuple[str, Path, bool]]:
        yield "warehouse.path", self.warehouse.path, self.warehouse.outside_project
        if self.spark.folder is not None:
            yield "spark.folder", self.spark.folder, self.spark.outside_project
        yield "ledger", self.ledger, self.outside_project
        yield "output", self.output, self.outside_project
        for name, source in self.sources.items():
            if source.path is not None:
                yield f"sources.{name}.path", source.path, source.outside_project
        for name, report in self.reports.items():
            yield f"reports.{name}.notebook", report.notebook, report.outside_project

    @property
    def warehouse_folder(self) -> Path:
        """Folder of the snapshots, under the project's root."""
        return self.root / self.warehouse.path

    @property
    def exchange_folder(self) -> Path:
        """Folder of the tables that Spark reads and writes; emptied by each build."""
        return self.root / (self.spark.folder or self.warehouse.path) / "exchange"

    @property
    def ledger_folder(self) -> Path:
        """Folder of what was issued, under the project's root."""
        return self.root / self.ledger

    @property
    def review_folder(self) -> Path:
        """Folder of what people decide on, under the project's root."""
        return self.root / self.review

    @property
    def output_folder(self) -> Path:
        """Folder that the reports are written to, under the project's root."""
        return self.root / self.output


def check_inside(root: Path, path: Path, what: str) -> None:
    """Refuse a path that leads outside a project, by its own words or by a link.

    Parameters
    ----------
    root : Path
        The project's folder.
    path : Path
        The path; it need not exist.
    what : str
        What is there, for the message.

    Raises
    ------
    ConfigError
        It leads elsewhere.
    """
    if not path.resolve().is_relative_to(root.resolve()):
        raise ConfigError(
            f"{what} leads outside the project",
            example=path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path),
            hint="copy it into the project, or allow it: outside_project = true in that table",
        )


def find_project(start: Path) -> Path:
    """Find the project's root: the nearest folder upwards that holds clientlib.toml.

    Parameters
    ----------
    start : Path
        Folder to look from.

    Returns
    -------
    Path
        The folder that holds ``clientlib.toml``.

    Raises
    ------
    ConfigError
        No such folder from ``start`` up to the file system's root.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise ConfigError(
        f"no {CONFIG_NAME} in {start.name or start} or any folder above it",
        hint="go to a project's folder, or make one: clientlib init DIR",
    )


def load_settings(root: Path) -> Settings:
    """Read a project's settings.

    Parameters
    ----------
    root : Path
        Folder that holds ``clientlib.toml``.

    Returns
    -------
    Settings
        The settings, with ``root`` resolved.

    Raises
    ------
    ConfigError
        The file is no TOML, has an unknown key, or a value of the wrong kind.
    """
    written = read_toml(root / CONFIG_NAME)
    if "root" in written:
        raise ConfigError(f"{CONFIG_NAME}: unknown key 'root'", hint="remove it")
    return validate(Settings, {**written, "root": root.resolve()}, CONFIG_NAME)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, naming the line where it is broken.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        What the file says.

    Raises
    ------
    ConfigError
        The file does not exist or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path.name} does not exist", hint="clientlib init DIR") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is no TOML: {error}", hint="mend that line") from error


def validate(model: type[Model], written: dict[str, Any], name: str) -> Model:
    """Hold what a file says against a model of the settings.

    Parameters
    ----------
    model : type
        The pydantic model.
    written : dict
        What the file says.
    name : str
        The file's name, for messages.

    Returns
    -------
    Model
        The frozen settings.

    Raises
    ------
    ConfigError
        The first key that is unknown, missing or of the wrong kind.
    """
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise _config_error(model, error, name) from error


def _config_error(model: type[BaseModel], error: ValidationError, name: str) -> ConfigError:
    found = error.errors()
    places = {_place(problem["loc"]) for problem in found}
    # A misspelt key is also a missing one: the spelling says more.
    first = next((problem for problem in found if problem["type"] == "extra_forbidden"), found[0])
    where = _place(first["loc"])
    rows = f"{len(places)} keys are wrong" if len(places) > 1 else None
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        near = nearest(key, _keys_at(model, first["loc"][:-1]))
        hint = f"did you mean {near!r}?" if near else "remove it"
        return ConfigError(f"{name}: unknown key {where!r}", rows=rows, hint=hint)
    expected = [problem["msg"] for problem in found if _place(problem["loc"]) == where]
    return ConfigError(
        f"{name}: {where}: {' or '.join(text[:1].lower() + text[1:] for text in expected)}",
        rows=rows,
        example=None if first["type"] == "missing" else f"{where} = {first['input']!r}",
    )


def _place(location: tuple[int | str, ...]) -> str:
    """Write where a key stands; pydantic ends it with the kind that it tried of several."""
    parts = [str(part) for part in location]
    return ".".join(parts[:-1] if parts[-1] in ("str", "int", "float", "bool") else parts)


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_within(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [_model_within(part) for part in getattr(annotation, "__args__", ())]
    return next((part for part in inner if part), None)
