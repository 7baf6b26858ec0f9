"""What changed between two runs of one report and edition: facts, model, clients, figures."""

from dataclasses import dataclass
from datetime import date, datetime

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Since:
    """The run that is compared with: the last one before that was done.

    Parameters
    ----------
    run_id : str
        Its id.
    as_of : date
        The last day that it could know.
    started_at : datetime
        In UTC, with its zone.
    snapshot : str or None
        Build id of the warehouse that it read.
    """

    run_id: str
    as_of: date
    started_at: datetime
    snapshot: str | None


@dataclass(frozen=True)
class FactCount:
    """How the rows of a canonical table have changed.

    Parameters
    ----------
    table : str
        Its name.
    new_count, corrected_count, later_count : int
        Rows that are known and were not; rows that were believed and have been replaced or
        withdrawn; rows loaded since that became known only after the as-of day.
    """

    table: str
    new_count: int
    corrected_count: int
    later_count: int = 0


@dataclass(frozen=True)
class ModelChange:
    """A part of the model that is another now.

    Parameters
    ----------
    name : str
        ``code_version``, ``seed``, or the name of a parameter.
    then, now : str
        As they were given; empty where there was none.
    is_parameter : bool
        Whether it is a parameter of the report.
    """

    name: str
    then: str
    now: str
    is_parameter: bool = False


@dataclass(frozen=True)
class Population:
    """The clients that a run counted.

    Parameters
    ----------
    then_count, now_count : int
        How many.
    came_count, gone_count : int or None
        How many of them only now, and only then; None where nobody knows who they were.
    """

    then_count: int
    now_count: int
    came_count: int | None = None
    gone_count: int | None = None


@dataclass(frozen=True)
class FigureChange:
    """A key figure then and now.

    Parameters
    ----------
    name : str
        As recorded.
    then, now : scalar
        Its values; None where it was missing.
    """

    name: str
    then: Scalar
    now: Scalar


@dataclass(frozen=True)
class Changes:
    """What changed since the last run that was done.

    Parameters
    ----------
    since : Since or None
        That run; None for the first of a report and edition.
    facts : tuple of FactCount or None
        By table, those without a change left out; None where nobody counted them.
    why_uncounted : str
        ``gone``: the earlier snapshot is gone; ``unread``: one of the two cannot be read. Empty
        where they are counted.
    model : tuple of ModelChange
        Empty where code, parameters and seeds are the same.
    population : Population or None
        None where the report counts no clients.
    figures : tuple of FigureChange
        Key figures that both runs recorded, in the order of now.
    """

    since: Since | None = None
    facts: tuple[FactCount, ...] | None = None
    why_uncounted: str = ""
    model: tuple[ModelChange, ...] = ()
    population: Population | None = None
    figures: tuple[FigureChange, ...] = ()
