"""Titles and sentences: a verb, figures that stand in the chart, words that intervals allow."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from clientlib.figures import Message, Table
from clientlib.language.claims import CHANGES, find_directions
from clientlib.reports.documents import Chart
from clientlib.reports.linting.findings import Finding

TITLE_LENGTH = 170  # characters in two lines of a slide
TOLERANCE = 1e-6  # relative: sums of floats in another order
VERBS = frozenset(
    re.findall(
        r"\w+",
        """
    is are was were be has have had do does did hold holds held bring brings brought make makes
    made come comes came go goes went lie lies lay stand stands stood explain explains explained
    rose rise rises grew grow grows fell fall falls shrank shrink shrinks increased decreased
    declined dropped improved worsened changed change differ differs left lost win wins won kept
    gained moved move moves expect expects expected pay pays paid ordered order orders owe owes
    owed bought buy buys sold sell sells cost costs count counts counted cover covers covered show
    shows showed beat beats reach reaches reached exceed exceeds exceeded miss misses missed need
    needs slipped became become becomes remain remains take takes took closed opened add adds added
    tell tells told find finds found run runs ran cannot can will would arrive arrives arrived
    break breaks broke fail fails failed match matches matched judged lack lacks foretold foretell
    foretells account accounts
    """,
    )
)
_ALTERNATIVES = re.compile(r"\{[^}:]*:([^}]*\|[^}]*)\}")
_PLACES = re.compile(r"\{[^}]*\}")


def lint_title(chart: Chart, parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """Hold a chart's title against its chart.

    Parameters
    ----------
    chart : Chart
        Of a document.
    parameters : mapping
        Of the run: a title may tell them too, such as a horizon of 90 days.

    Yields
    ------
    Finding
        Of title-sentence, title-length, title-figure, claim-missing and claim-unsupported.
    """
    if len(chart.title) > TITLE_LENGTH:
        yield Finding("title-length", chart.title[:80], f"{len(chart.title)} characters")
    if chart.description is None:
        return
    yield from _lint_sentence(chart)
    yield from lint_claims(chart.title, chart.message, is_title=True)
    known = list(_list_figures(chart.description.table, parameters))
    for told in chart.message.told:
        if not any(_is_equal(told.value, figure) for figure in known):
            yield Finding("title-figure", chart.title, f"{told.shown} is not in the chart")


def lint_claims(text: str, message: Message, *, is_title: bool = False) -> Iterator[Finding]:
    """Hold a sentence's words for a direction against their intervals.

    Parameters
    ----------
    text : str
        The sentence as it is read.
    message : Message
        Its template and claims.
    is_title : bool
        A title must back words such as ``dearer`` and ``above`` too; a sentence may use them
        to explain how a figure is read.

    Yields
    ------
    Finding
        Of claim-missing and claim-unsupported.
    """
    words = find_directions(message.template)
    if not message.claims and not is_title:
        words = [word for word in words if word in CHANGES]
    if len(words) != len(message.claims):
        yield Finding(
            "claim-missing", text, f"{len(words)} words ({', '.join(words)}), "
            f"{len(message.claims)} claims",
        )  # fmt: skip
        return
    for word, claim in zip(words, message.claims, strict=True):
        if not claim.allows(word):
            yield Finding(
                "claim-unsupported", text,
                f"'{word}' with {claim.low:g} to {claim.high:g} against {claim.against:g}",
            )  # fmt: skip


def _lint_sentence(chart: Chart) -> Iterator[Finding]:
    template = chart.message.template
    if not template or not chart.message.told:
        yield Finding("title-sentence", chart.title, "it tells no figure")
        return
    if not _list_words(template) & VERBS:
        yield Finding("title-sentence", chart.title, f"no verb in '{template}'")


def _list_words(template: str) -> set[str]:
    inner = " ".join(_ALTERNATIVES.findall(template)).replace("|", " ")
    return set(re.findall(r"[a-z]+", f"{_PLACES.sub(' ', template)} {inner}".lower()))


def _list_figures(table: Table, parameters: Mapping[str, Any]) -> Iterator[float]:
    """List what a chart shows: cells, totals of columns, shares of totals, rows, parameters."""
    yield float(len(table.rows))
    yield float(table.rows_total)
    yield from (float(v) for v in parameters.values() if _is_number(v))
    for place in range(len(table.columns)):
        column = [float(row[place]) for row in table.rows if _is_number(row[place])]  # type: ignore[arg-type]
        total = math.fsum(column)
        yield from column
        yield total
        if total:
            yield from (value / total for value in column)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_equal(told: float, figure: float) -> bool:
    return math.isclose(abs(told), abs(figure), rel_tol=TOLERANCE, abs_tol=1e-12)
