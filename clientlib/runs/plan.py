"""Which reports run, as of which day, and which cannot for want of their inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clientlib.config import ReportSettings, Settings
from clientlib.errors import ConfigError, InputError, RunError, nearest
from clientlib.warehouse import Warehouse, canonical_tables_behind


@dataclass(frozen=True)
class Task:
    """One report for one edition as of one day.

    Attributes
    ----------
    report : str
        Name in the configuration.
    settings : ReportSettings
        Its notebook, question and parameters.
    edition : str
        For whom; ``all`` sees everything.
    as_of : date
        The last day that the report may know.
    missing : str or None
        Why it cannot run: which inputs are empty.
    """

    report: str
    settings: ReportSettings
    edition: str
    as_of: date
    missing: str | None


def plan_tasks(
    settings: Settings, warehouse: Warehouse, names: Sequence[str], as_of: date
) -> list[Task]:
    """Plan reports as of a day.

    Parameters
    ----------
    settings : Settings
        The project's settings.
    warehouse : Warehouse
        The snapshot that they will read.
    names : sequence of str
        Reports by name; all that are configured where it is empty.
    as_of : date
        A month end of the snapshot, or its last day.

    Returns
    -------
    list of Task
        In the order asked for.

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
        if name not in settings.reports:
            near = nearest(name, settings.reports)
            raise RunError(
                f"there is no report {name!r}",
                hint=f"did you mean {near!r}?" if near else f"known: {', '.join(settings.reports)}",
            )
    return [
        Task(
            report=name,
            settings=settings.reports[name],
            edition="all",
            as_of=as_of,
            missing=_missing_inputs(warehouse, settings.reports[name], as_of),
        )
        for name in dict.fromkeys(names or settings.reports)
    ]


def choose_as_of(warehouse: Warehouse, asked: str | None) -> date:
    """Choose the day that reports are made as of.

    Parameters
    ----------
    warehouse : Warehouse
        The snapshot that they will read.
    asked : str or None
        A day as ``2025-06-30``; without it the end of the last closed month, or the last day
        that the data know where no month is closed.

    Returns
    -------
    date
        A month end that the snapshot knows.

    Raises
    ------
    InputError
        The snapshot has no dated rows, or the day is none of its month ends.
    """
    month_ends = warehouse.month_ends()
    if not month_ends:
        raise InputError("the snapshot holds nothing that happened", hint="clientlib load")
    if asked is None:
        closed = [day for day, is_closed in month_ends if is_closed]
        return closed[-1] if closed else month_ends[-1][0]
    known = {day.isoformat(): day for day, _ in month_ends}
    if asked in known:
        return known[asked]
    near = _nearest_day(asked, list(known.values()))
    first, last = month_ends[0][0], month_ends[-1][0]
    raise InputError(
        f"{asked!r} is neither a month end nor the last day of the data",
        rows=f"{len(known)} days can be asked for, {first} to {last}",
        hint=f"did you mean {near}?" if near else f"such as {last}",
    )


def _nearest_day(asked: str, days: list[date]) -> date | None:
    """Name the day nearest in time, the earlier of two; None for what is no day."""
    try:
        wanted = date.fromisoformat(asked)
    except ValueError:
        return None
    return min(days, key=lambda day: (abs(day - wanted), day))


def _missing_inputs(warehouse: Warehouse, report: ReportSettings, as_of: date) -> str | None:
    empty = [name for name in report.needs if warehouse.read(name, as_of=as_of).empty]
    if not empty:
        return None
    behind = sorted({table for name in empty for table in canonical_tables_behind(name)})
    absent = [table for table in behind if warehouse.read(f"staging.{table}").empty]
    reason = f"{', '.join(empty)} {'has' if len(empty) == 1 else 'have'} no rows up to {as_of}"
    return f"{reason}: no source brings {', '.join(absent)}" if absent else reason
