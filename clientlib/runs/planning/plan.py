"""Which reports run for whom, as of which day, and which cannot for want of their inputs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Any

from clientlib.config import ReportSettings, Settings
from clientlib.errors import ConfigError, RunError, nearest
from clientlib.language import LANGUAGES
from clientlib.language.catalogue import catalogue_path
from clientlib.reports import Run
from clientlib.runs.decisions import hash_decisions
from clientlib.runs.given_files import hash_files
from clientlib.runs.keys import ALL, file_stem, hash_file, hash_notebook, target_name, work_key
from clientlib.runs.planning.parameter_values import check_parameters
from clientlib.runs.planning.readers import Audience, Readers
from clientlib.runs.planning.schemas import UnreadableNotebookError, schema_of
from clientlib.warehouse import Reader, Warehouse, canonical_tables_behind

EACH = "each"
CATALOGUES = "locale"  # folder of translations, beside the notebooks


@dataclass(frozen=True)
class Task:
    """One report for one edition as of one day.

    Attributes
    ----------
    report : str
        Name in the configuration.
    settings : ReportSettings
        Its notebook, question and limits.
    edition : str
        For whom: ``all`` sees everything, ``manager=M-01`` that reader's rows.
    as_of : date
        The last day that the report may know.
    parameters : mapping
        What the notebook is given, checked, but for what a run adds of its own.
    key : str
        What work this is, from ``work_key``.
    missing : str or None
        Why it cannot run: which inputs are empty.
    reader : Reader or None
        Whose edition it is; None for ``all``.
    needs : tuple of str
        Targets of the tasks that must have been done before.
    wants : tuple of str
        Targets of the tasks whose issued tables are used where they have been done.
    language : str
        Which language it speaks.
    is_translation : bool
        Whether the edition is made in another language too, whose files have the plain names.
    """

    report: str
    settings: ReportSettings
    edition: str
    as_of: date
    parameters: Mapping[str, Any]
    key: str
    missing: str | None = None
    reader: Reader | None = None
    needs: tuple[str, ...] = ()
    language: str = LANGUAGES[0]
    is_translation: bool = False
    wants: tuple[str, ...] = ()

    @property
    def follows(self) -> tuple[str, ...]:
        """Targets of all tasks that come before it."""
        return (*self.needs, *self.wants)

    @property
    def target(self) -> str:
        """What it writes, as a name."""
        return target_name(self.report, self.edition, self.as_of, self.language)

    @property
    def stem(self) -> str:
        """Names of its files without their suffix, under the folder of its day."""
        mark = f".{self.language}" if self.is_translation else ""
        return f"{file_stem(self.report)}/{file_stem(self.edition)}{mark}"


@dataclass
class Plan:
    """Tasks in an order in which each follows what it needs.

    Attributes
    ----------
    tasks : dict of str to Task
        By target.
    done : dict of str to Run
        Runs that have done what tasks need, by target.
    later : list of (str, str, date)
        Reports, kinds of readers and days that cannot be listed before an earlier report is done.
    """

    tasks: dict[str, Task] = field(default_factory=dict)
    done: dict[str, Run] = field(default_factory=dict)
    later: list[tuple[str, str, date]] = field(default_factory=list)


def find_report(settings: Settings, name: str) -> ReportSettings:
    """Find a report by name.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    name : str
        In the configuration.

    Returns
    -------
    ReportSettings
        Its settings.

    Raises
    ------
    RunError
        There is no such report.
    """
    if name not in settings.reports:
        near = nearest(name, settings.reports)
        raise RunError(
            f"there is no report {name!r}",
            hint=f"did you mean {near!r}?" if near else f"known: {', '.join(settings.reports)}",
        )
    return settings.reports[name]


def check_reports(settings: Settings, names: Sequence[str]) -> list[str]:
    """Check the names of reports.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    names : sequence of str
        Reports by name; all that are configured where it is empty.

    Returns
    -------
    list of str
        Each once.

    Raises
    ------
    RunError
        There is no such report.
    ConfigError
        No report is configured.
    """
    if not settings.reports:
        raise ConfigError("no report is configured", hint="add a [reports.NAME] table")
    for name in names:
        find_report(settings, name)
    return list(dict.fromkeys(names or settings.reports))


class Planner:
    """Plans reports on one snapshot.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    warehouse : Warehouse
        The snapshot that the reports will read.
    readers : Readers
        Who gets editions of it.
    """

    def __init__(self, settings: Settings, warehouse: Warehouse, readers: Readers) -> None:
        self._settings = settings
        self._warehouse = warehouse
        self._readers = readers
        self._schema = cache(partial(schema_of, settings))
        self._hash = cache(
            lambda name: hash_notebook(settings.root / find_report(self._settings, name).notebook)
        )
        self._missing = cache(self._find_missing)

    def add(
        self,
        plan: Plan,
        report: str,
        as_of: date,
        *,
        editions: Iterable[str] = (ALL,),
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a report's editions to a plan, after the reports that they need or want.

        Parameters
        ----------
        plan : Plan
            What has been planned so far.
        report : str
            Name in the configuration.
        as_of : date
            A month end of the snapshot, or its last day.
        editions : iterable of str
            ``all``, ``each`` (all kinds that the report has), a kind such as ``manager`` (each of
            its readers), or one reader such as ``manager=M-01``.
        given : mapping, optional
            Parameters that go before the configured ones.

        Raises
        ------
        RunError
            The report has no such editions, there is no such reader, or a parameter is wrong.
        """
        settings = find_report(self._settings, report)
        needs, wants = (
            self._add_before(plan, names, as_of)
            for names in (settings.needed_reports, settings.wanted_reports)
        )
        parameters = self._parameters(report, given or {})
        missing, hashed = self._missing(report, as_of), self._hash(report)
        files = hash_files(self._settings.root, parameters, report)
        keys = [plan.tasks[target].key for target in (*needs, *wants)]
        for edition, reader in self._expand(plan, report, as_of, editions):
            for place, language in enumerate(self._languages(report, reader)):
                manner = _manner(language, place > 0, settings.outputs)
                manner += self._translations(report, language)
                manner += [*self._decisions(report, as_of), *files]
                key = work_key(report, edition, as_of, parameters, hashed, keys, manner)
                task = Task(
                    report=report, settings=settings, edition=edition, as_of=as_of, key=key,
                    parameters=parameters, missing=missing, reader=reader, needs=needs, wants=wants,
                    language=language, is_translation=place > 0,
                )  # fmt: skip
                plan.tasks.setdefault(task.target, task)

    def _languages(self, report: str, reader: Reader | None) -> tuple[str, ...]:
        """List what an edition speaks: its reader's own language, or those of the report."""
        if reader:
            rule = self._settings.readers.get(reader.kind)
            if rule and reader.key in rule.languages:
                return (rule.languages[reader.key],)
        return find_report(self._settings, report).spoken(self._settings.company.language)

    def _add_before(self, plan: Plan, names: Iterable[str], as_of: date) -> tuple[str, ...]:
        targets = []
        for name in names:
            self.add(plan, name, as_of)
            first = self._languages(name, None)[0]
            targets.append(target_name(name, ALL, as_of, first))
        return tuple(targets)

    def _translations(self, report: str, language: str) -> list[str]:
        """Tell by a hash what the notebook's texts are in a language, where it is not English."""
        if language == LANGUAGES[0]:
            return []
        notebook = self._settings.root / find_report(self._settings, report).notebook
        found = hash_file(catalogue_path(notebook.parent / CATALOGUES, language))
        return [found] if found else []

    def _decisions(self, report: str, as_of: date) -> list[str]:
        """Tell by a hash what has been decided about clients, for a report that shows it."""
        if not find_report(self._settings, report).decisions:
            return []
        found = hash_decisions(self._settings.ledger_folder, as_of)
        return [found] if found else []

    def _expand(
        self, plan: Plan, report: str, as_of: date, editions: Iterable[str]
    ) -> Iterable[tuple[str, Reader | None]]:
        kinds = find_report(self._settings, report).editions
        for wanted in editions:
            for kind in kinds if wanted == EACH else [wanted]:
                if kind == ALL:
                    yield ALL, None
                    continue
                name, _, key = kind.partition("=")
                self._check_kind(report, name)
                audience = self._readers.audience(name, as_of)
                if audience is None:
                    plan.later.append((report, kind, as_of))
                else:
                    yield from self._editions(audience, key)

    def _editions(self, audience: Audience, key: str) -> Iterable[tuple[str, Reader | None]]:
        if key:
            reader = audience.find(key)
            yield f"{reader.kind}={reader.key}", reader
            return
        for reader in audience.readers:
            yield f"{reader.kind}={reader.key}", reader

    def _check_kind(self, report: str, kind: str) -> None:
        kinds = find_report(self._settings, report).editions
        if kind not in kinds:
            near = nearest(kind, kinds)
            raise RunError(
                f"report {report!r} has no editions by {kind!r}",
                example=f"its editions are {', '.join(kinds)}",
                hint=f"did you mean {near!r}?" if near else f"add {kind!r} to its editions",
            )

    def _parameters(self, report: str, given: Mapping[str, Any]) -> dict[str, Any]:
        settings = find_report(self._settings, report)
        wanted = {**settings.parameters, **given}
        try:
            schema = self._schema(report)
        except UnreadableNotebookError:  # its run will say so, and stop no other
            return wanted
        return check_parameters(schema, wanted)

    def _find_missing(self, report: str, as_of: date) -> str | None:
        tables = find_report(self._settings, report).needed_tables
        empty = [name for name in tables if not self._warehouse.has_rows(name, as_of=as_of)]
        if not empty:
            return None
        behind = sorted({table for name in empty for table in canonical_tables_behind(name)})
        absent = [table for table in behind if not self._warehouse.has_rows(f"staging.{table}")]
        reason = f"{', '.join(empty)} {'has' if len(empty) == 1 else 'have'} no rows up to {as_of}"
        return f"{reason}: no source brings {', '.join(absent)}" if absent else reason


def _manner(language: str, is_translation: bool, outputs: Sequence[str]) -> list[str]:
    mark = f".{language}" if is_translation else language
    return [*([] if mark == LANGUAGES[0] else [mark]), *sorted(outputs)]
