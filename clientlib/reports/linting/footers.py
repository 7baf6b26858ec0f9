"""What must stand on every page and slide: as-of day, scope, snapshot, run and coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientlib.figures.wording import clean
from clientlib.language import show_day
from clientlib.reports.documents import Document
from clientlib.reports.documents.provenance import say_coverage
from clientlib.reports.linting.findings import Finding
from clientlib.reports.record import Run

if TYPE_CHECKING:
    from pptx.slide import Slide

_TAGS = re.compile(r"<[^>]+>")


def lint_page(page: Path, document: Document) -> list[Finding]:
    """Hold a written page against the rule of the footer.

    Parameters
    ----------
    page : Path
        An HTML file.
    document : Document
        What it was made from; the language of the page is to be spoken.

    Returns
    -------
    list of Finding
        Of footer.
    """
    html = page.read_text("utf-8")
    foot = html.rpartition("<footer")[2]
    words = clean(_TAGS.sub(" ", foot))
    wanted = {**_list_wanted(document.run), "coverage": str(say_coverage(document))}
    return [
        Finding("footer", page.name, f"{name} is missing: {text}")
        for name, text in wanted.items()
        if " ".join(text.split()) not in " ".join(words.split())
    ]


def lint_deck(deck: Path, document: Document) -> list[Finding]:
    """Hold a written deck against the rules of footers and notes.

    Parameters
    ----------
    deck : Path
        A PPTX file.
    document : Document
        What it was made from; the language of the deck is to be spoken.

    Returns
    -------
    list of Finding
        Of footer and notes.
    """
    from pptx import Presentation  # takes half a second to load, and few commands read decks

    slides = Presentation(str(deck)).slides
    return [
        finding
        for number, slide in enumerate(slides, start=1)
        for finding in _lint_slide(slide, number, document.run)
    ]


def _lint_slide(slide: Slide, number: int, run: Run) -> Iterator[Finding]:
    shapes: list[Any] = list(slide.shapes)
    texts = " ".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    for name, text in _list_wanted(run).items():
        if text not in texts:
            yield Finding("footer", f"slide {number}", f"{name} is missing: {text}")
    has_figures = any(shape.has_chart or shape.has_table for shape in shapes)
    if not has_figures:
        return
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is None or run.run_id not in notes.text:
        yield Finding("notes", f"slide {number}", "its notes do not name the run")


def _list_wanted(run: Run) -> dict[str, str]:
    wanted = {"as-of day": show_day(run.as_of), "scope": clean(run.reader), "run": run.run_id}
    return wanted | ({"snapshot": run.snapshot} if run.snapshot else {})
