"""Settings of a project: everything that ``clientlib.toml`` says."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from clientlib.config.sections import (
    Company,
    NoticeSettings,
    ReaderRule,
    ReportSettings,
    RunSettings,
    ScheduleSettings,
    Section,
    SourceSettings,
    SparkSettings,
    WarehouseSettings,
)
from clientlib.errors import ConfigError, nearest

CONFIG_NAME = "clientlib.toml"
KINDS_OF_READERS: dict[str, dict[str, str]] = {
    "manager": {"column": "manager_id"},
    "region": {"column": "region"},
    "client": {"column": "client_id"},
    "segment": {"column": "segment", "issued": "client_segments"},
}


class Settings(Section):
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
    runs: RunSettings = RunSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    reports: dict[str, ReportSettings] = Field(default_factory=dict)
    notices: dict[str, NoticeSettings] = Field(default_factory=dict)
    readers: dict[str, ReaderRule] = Field(default_factory=dict, validate_default=True)

    @field_validator("readers", mode="before")
    @classmethod
    def _add_kinds(cls, written: object) -> object:
        """Add the kinds that need no configuration, and what a written kind leaves as it is."""
        if not isinstance(written, dict):
            return written
        if "all" in written:
            raise ValueError("'all' is the edition of everything, no kind of reader")
        kinds: dict[str, Any] = {**KINDS_OF_READERS, **written}
        return {
            kind: {**KINDS_OF_READERS.get(kind, {}), **rule} if isinstance(rule, dict) else rule
            for kind, rule in kinds.items()
        }

    @model_validator(mode="after")
    def _stay_inside(self) -> Self:
        for key, path, is_allowed in self._paths():
            if not is_allowed:
                check_inside(self.root, self.root / path, f"{CONFIG_NAME}: {key}")
        return self

    @model_validator(mode="after")
    def _know_needed_reports(self) -> Self:
        for name, report in self.reports.items():
            named = {"needs": report.needed_reports, "wants": report.wanted_reports}
            for key, needed in ((key, each) for key, listed in named.items() for each in listed):
                if needed not in self.reports:
                    near = nearest(needed, self.reports)
                    raise ConfigError(
                        f"{CONFIG_NAME}: reports.{name}.{key}: there is no report {needed!r}",
                        hint=f"did you mean {near!r}?" if near else "remove it",
                    )
        try:
            tuple(self.needs_of_reports().static_order())
        except CycleError as error:
            raise ConfigError(
                f"{CONFIG_NAME}: reports need each other in a ring",
                example=" needs ".join(reversed(error.args[1])),
                hint="remove one of these needs",
            ) from error
        return self

    def needs_of_reports(self) -> TopologicalSorter[str]:
        """Sort reports by what they need and want of one another.

        Returns
        -------
        TopologicalSorter of str
            Its static order has each report after those that it needs or wants.
        """
        return TopologicalSorter(
            {
                name: [*report.needed_reports, *report.wanted_reports]
                for name, report in self.reports.items()
            }
        )

    def _paths(self) -> Iterator[tuple[str, Path, bool]]:
        yield "warehouse.path", self.warehouse.path, self.warehouse.outside_project
        if self.spark.folder is not None:
            yield "spark.folder", self.spark.folder, self.spark.outside_project
        yield "ledger", self.ledger, self.outside_project
        yield "output", self.output, self.outside_project
        if self.company.template is not None:
            yield "company.template", self.company.template, self.outside_project
        for name, source in self.sources.items():
            if source.path is not None:
                yield f"sources.{name}.path", source.path, source.outside_project
        for name, report in self.reports.items():
            yield f"reports.{name}.notebook", report.notebook, report.outside_project
            if report.template is not None:
                yield f"reports.{name}.template", report.template, report.outside_project
        for name, notice in self.notices.items():
            if notice.file is not None:
                yield f"notices.{name}.file", notice.file, False

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
