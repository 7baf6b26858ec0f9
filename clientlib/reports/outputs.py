"""What else is made of a run beside its page: deck, PDF, the deck as PDF, the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from clientlib.reports.documents import Document

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS = {"deck": ".pptx", "pdf": ".pdf", "deck_pdf": ".deck.pdf", "data": ".xlsx"}


def name_outputs(stem: str, kinds: Iterable[str]) -> dict[str, str]:
    """Name the files of a run's outputs.

    Parameters
    ----------
    stem : str
        Path of its page without the ending, relative to the folder of reports.
    kinds : iterable of str
        Of ``ENDINGS``.

    Returns
    -------
    dict of str to str
        Path by kind, in the order of ``ENDINGS``.
    """
    wanted = set(kinds)
    return {kind: stem + ending for kind, ending in ENDINGS.items() if kind in wanted}


def write_outputs(
    document: Document, outputs: Mapping[str, str], folder: Path, *, template: Path | None = None
) -> None:
    """Write a run's outputs.

    Parameters
    ----------
    document : Document
        Of a run that was done.
    outputs : mapping of str to str
        Path by kind, from ``name_outputs``.
    folder : Path
        The folder of reports.
    template : Path, optional
        Of decks.

    Raises
    ------
    InputError
        The template cannot be used.
    """
    for kind, path in outputs.items():
        _find_writer(kind, template)(document, Path(folder) / path)


def check_template(template: Path) -> None:
    """Hold a file against what decks need of a template.

    Parameters
    ----------
    template : Path
        A PPTX file.

    Raises
    ------
    InputError
        It is none, or has no layout with a title and room for an exhibit.
    """
    from clientlib.reports.decks import check_template as check

    check(template)


def _find_writer(kind: str, template: Path | None) -> Callable[[Document, Path], Path]:
    """Load what writes an output only where it is asked for: decks take half a second to load."""
    if kind == "data":
        from clientlib.reports.workbooks import write_workbook

        return write_workbook
    if kind == "deck":
        from clientlib.reports.decks import write_deck

        return lambda document, path: write_deck(document, path, template=template)
    from clientlib.reports.papers import write_deck_paper, write_paper

    return write_paper if kind == "pdf" else write_deck_paper
