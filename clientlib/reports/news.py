"""What changed since the last run, in words: for a page and, in short, for the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clientlib.figures.numbers import is_missing
from clientlib.figures.wording import clean
from clientlib.language import join, tell, translate
from clientlib.reports.changes import Changes, FactCount, FigureChange, ModelChange, Scalar, Since
from clientlib.reports.record import Run
from clientlib.reports.tiles import label_figure, show_figure

LONGEST_LIST = 5
LEAST_POINTS = 0.001  # a difference of shares that one decimal can show


@dataclass(frozen=True)
class FigureNews:
    """A key figure then and now, as a reader sees it.

    Parameters
    ----------
    label, then, now, difference : str
        The difference is empty where there is none to give.
    """

    label: str
    then: str
    now: str
    difference: str


@dataclass(frozen=True)
class News:
    """What changed since the last run.

    Parameters
    ----------
    since : str
        With which run it is compared; or that it is the first.
    parts : tuple of (str, tuple of str)
        Headings, and the sentences under each.
    figures : tuple of FigureNews
        Key figures of both runs.
    short : tuple of str
        What changed, in a few words each; empty where nothing did.
    in_short : str
        The same in one sentence, with the day of the run that it is compared with.
    """

    since: str
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    figures: tuple[FigureNews, ...] = ()
    short: tuple[str, ...] = ()
    in_short: str = ""

    @property
    def differences(self) -> dict[str, str]:
        """By how much key figures have moved, by label; those that have not are left out."""
        moved = (figure for figure in self.figures if figure.then != figure.now)
        return {figure.label: figure.difference for figure in moved}


def tell_news(run: Run) -> News | None:
    """Tell what changed since the last run.

    Parameters
    ----------
    run : Run
        With its changes.

    Returns
    -------
    News or None
        None where it was not compared.
    """
    changes = run.changes
    if changes is None:
        return None
    if changes.since is None:
        return News(
            tell("First run of this edition: there is nothing to compare it with."),
            in_short=tell("First run of this edition."),
        )
    short = tuple(_shorten(changes))
    return News(
        since=tell(
            "Compared with the run of {moment:day}, as of {day:day}.",
            moment=changes.since.started_at,
            day=changes.since.as_of,
        ),
        parts=(
            (translate("New facts"), _tell_new(run, changes)),
            (translate("Corrected facts"), _tell_corrected(changes)),
            (translate("Model"), _tell_model(changes.model)),
            (translate("Clients counted"), (_tell_population(changes),)),
        ),
        figures=tuple(_tell_figure(figure, run.currency) for figure in changes.figures),
        short=short,
        in_short=_tell_short(changes.since, short),
    )


def _tell_short(since: Since, short: Sequence[str]) -> str:
    if not short:
        return tell("Since the run as of {day:day}: nothing new in facts, model and clients.",
                    day=since.as_of)  # fmt: skip
    changes = ", ".join(short)
    return tell("Since the run as of {day:day}: {changes}.", day=since.as_of, changes=changes)


def _tell_new(run: Run, changes: Changes) -> tuple[str, ...]:
    said = []
    since = changes.since
    if since is not None and since.as_of != run.as_of:
        said.append(tell("As of {now:day}, before as of {then:day}.",
                         now=run.as_of, then=since.as_of))  # fmt: skip
    if changes.facts is None:
        return (*said, _tell_uncounted(changes))
    if new := _list_tables(changes.facts, lambda fact: fact.new_count):
        said.append(tell("Rows that were not known then: {tables}.", tables=new))
    else:
        said.append(tell("No row is known that was not known then."))
    if later := _list_tables(changes.facts, lambda fact: fact.later_count):
        said.append(tell("Loaded since, but known only after {day:day}: {tables}.",
                         day=run.as_of, tables=later))  # fmt: skip
    return tuple(said)


def _tell_corrected(changes: Changes) -> tuple[str, ...]:
    if changes.facts is None:
        return (_tell_uncounted(changes),)
    if tables := _list_tables(changes.facts, lambda fact: fact.corrected_count):
        return (tell("Rows of then that were replaced or withdrawn: {tables}.", tables=tables),)
    return (tell("No row of then was corrected."),)


def _tell_uncounted(changes: Changes) -> str:
    if changes.why_uncounted == "gone" and changes.since is not None:
        return tell(
            "How many rows is not known: snapshot {snapshot} is gone.",
            snapshot=changes.since.snapshot or translate("of then"),
        )
    return tell("How many rows is not known: the snapshots could not be compared.")


def _list_tables(facts: Sequence[FactCount], count: Callable[[FactCount], int]) -> str:
    """List the tables with rows to tell of, those with the most first."""
    counted = sorted((fact for fact in facts if count(fact)), key=count, reverse=True)
    named = [tell("{table} {count:count}", table=clean(fact.table), count=count(fact))
             for fact in counted[:LONGEST_LIST]]  # fmt: skip
    if rest := sum(count(fact) for fact in counted[LONGEST_LIST:]):
        named.append(tell("other tables {count:count}", count=rest))
    return join(list(named))


def _tell_model(model: Sequence[ModelChange]) -> tuple[str, ...]:
    if not model:
        return (tell("The same version of clientlib, parameters and seed as then."),)
    return tuple(_tell_model_change(change) for change in model)


def _tell_model_change(change: ModelChange) -> str:
    then, now = (clean(value) or translate("none") for value in (change.then, change.now))
    if change.is_parameter:
        name = clean(change.name)
        return tell("Parameter {name}: {then} then, {now} now.", name=name, then=then, now=now)
    if change.name == "seed":
        return tell("Seed: {then} then, {now} now.", then=then, now=now)
    return tell("Version of clientlib: {then} then, {now} now.", then=then, now=now)


def _tell_population(changes: Changes) -> str:
    counted = changes.population
    if counted is None:
        return tell("It is not known which clients were counted: none are in what was issued.")
    counts = {"now": counted.now_count, "then": counted.then_count}
    if counted.came_count is None or counted.gone_count is None:
        return tell("{now:client} now, {then:count} then; it is not known who came and went.",
                    **counts)  # fmt: skip
    return tell(
        "{now:client} now, {then:count} then: {came:count} came, {gone:count} went.",
        came=counted.came_count,
        gone=counted.gone_count,
        **counts,
    )


def _tell_figure(figure: FigureChange, currency: str | None) -> FigureNews:
    return FigureNews(
        label=label_figure(figure.name, currency),
        then=show_figure(figure.name, figure.then),
        now=show_figure(figure.name, figure.now),
        difference=_show_difference(figure.name, figure.then, figure.now),
    )


def _show_difference(name: str, then: Scalar, now: Scalar) -> str:
    if not (_is_number(then) and _is_number(now)):
        return "" if then == now else translate("changed")
    difference = now - then  # type: ignore[operator]
    if not difference:
        return translate("same")
    sign = "+" if difference > 0 else ""
    if name.removesuffix("_low").removesuffix("_high").endswith("_share"):
        if abs(difference) < LEAST_POINTS / 2:
            return tell("under {points:number1} points", points=LEAST_POINTS * 100)
        return sign + tell("{points:number1} points", points=difference * 100)
    return sign + show_figure(name, difference)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not is_missing(value)


def _shorten(changes: Changes) -> list[str]:
    facts = changes.facts or ()
    new = sum(fact.new_count for fact in facts)
    corrected = sum(fact.corrected_count for fact in facts)
    said: list[str] = []
    if new:
        said.append(tell("{rows:row} new", rows=new))
    if corrected:
        said.append(tell("{rows:row} corrected", rows=corrected))
    if changes.model:
        said.append(translate("model changed"))
    if (counted := changes.population) and (counted.came_count or counted.gone_count):
        said.append(tell("{came:client} came, {gone:count} went",
                         came=counted.came_count, gone=counted.gone_count))  # fmt: skip
    return said
