"""A document walked through by all rules that need nothing but it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from clientlib.figures import Sentences
from clientlib.reports.documents import Chart, Document, Section
from clientlib.reports.linting.drawings import lint_drawing, read_axis_ends
from clientlib.reports.linting.findings import Finding
from clientlib.reports.linting.titles import lint_claims, lint_title


def lint_document(document: Document) -> list[Finding]:
    """Hold a report against the rules of titles, claims, charts and scales.

    Parameters
    ----------
    document : Document
        Of a run that was done.

    Returns
    -------
    list of Finding
        In the document's order; empty where nothing is wrong.
    """
    return [found for section in document.list_sections() for found in _lint(section, document)]


def lint_chart(chart: Chart, parameters: Mapping[str, Any] | None = None) -> list[Finding]:
    """Hold one chart against the rules of titles, claims and drawing.

    Parameters
    ----------
    chart : Chart
        Of a document.
    parameters : mapping, optional
        Of the run.

    Returns
    -------
    list of Finding
        Empty where nothing is wrong.
    """
    return [*lint_title(chart, parameters or {}), *lint_drawing(chart)]


def _lint(section: Section, document: Document) -> Iterator[Finding]:
    charts = [item.part for item in section.items if isinstance(item.part, Chart)]
    for item in section.items:
        if isinstance(item.part, Chart):
            yield from lint_chart(item.part, document.run.parameters)
        elif isinstance(item.part, Sentences):
            for text, message in zip(item.part.texts, item.part.messages, strict=True):
                yield from lint_claims(text, message)
    yield from _lint_scales(charts)


def _lint_scales(charts: list[Chart]) -> Iterator[Finding]:
    scales: dict[tuple[str, str], list[Chart]] = defaultdict(list)
    for chart in charts:
        if chart.description and read_axis_ends(chart):
            unit = next((c.unit for _, c in chart.description.table.columns if c.unit), "")
            scales[chart.description.kind, unit].append(chart)
    for (kind, unit), alike in scales.items():
        ends = {read_axis_ends(chart) for chart in alike}
        if len(ends) > 1:
            yield Finding(
                "scale-equal", alike[1].title, f"{len(ends)} scales of {kind} in {unit or 'counts'}"
            )
