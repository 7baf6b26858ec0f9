"""An executed notebook as a document: its parts in order, under the headings of its author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from clientlib.figures.wording import clean
from clientlib.language import Catalogue
from clientlib.reports.documents.outputs import read_output
from clientlib.reports.documents.parts import Item, Origin, Prose
from clientlib.reports.record import Failure, Run, own_cells, read_failure

if TYPE_CHECKING:  # nbformat takes a second to import
    from nbformat import NotebookNode

_FOR_ANALYSTS = re.compile(r"^Needs served:.*\n?", re.MULTILINE)  # numbers of a list of theirs
_SECTION = re.compile(r"^##?\s+(.+?)\s*#*\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What stands under one heading of the first or second level.

    Parameters
    ----------
    title : str
        The heading; empty for what comes before the first.
    items : tuple of Item
        In order.
    """

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Document:
    """A run's notebook, read once for all that is made of it.

    Parameters
    ----------
    run : Run
        The run.
    items : tuple of Item
        Its parts in order; of a failed run those before the failure.
    cells_count : int
        Cells of the notebook.
    code : tuple of Origin
        All cells of code that ran, whether they showed something or not.
    failure : Failure, optional
        Where it stopped.
    """

    run: Run
    items: tuple[Item, ...]
    cells_count: int
    code: tuple[Origin, ...] = ()
    failure: Failure | None = None

    def list_sections(self) -> list[Section]:
        """Group the parts by heading.

        Returns
        -------
        list of Section
            A section begins where a cell of prose has a heading of the first or second level;
            the report's own title is no section.
        """
        said = {_key(self.run.title), _key(self.run.question)}
        title, marked = "", []
        for item in self.items:
            title = _find_title(item, said) or title
            marked.append((title, item))
        return [
            Section(title, tuple(item for _, item in group))
            for title, group in groupby(marked, key=lambda pair: pair[0])
        ]


def read_document(notebook: NotebookNode, run: Run, catalogue: Catalogue | None = None) -> Document:
    """Read an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed, as far as it came.
    run : Run
        How it was run; where a failed run's ``failure`` is None it is read from the notebook.
    catalogue : Catalogue, optional
        Of its prose, for a reader of another language than its author's.

    Returns
    -------
    Document
        Its parts.
    """
    cells = own_cells(notebook)
    failure = (run.failure or read_failure(notebook)) if run.state == "failed" else None
    reached = len(cells) if run.state != "failed" else failure.cell_number if failure else 0
    reached_cells = list(enumerate(cells[:reached], start=1))
    code = tuple(_origin(n, cell) for n, cell in reached_cells if cell.cell_type == "code")
    items = tuple(_read_cells(reached_cells, run, catalogue))
    return Document(run, items, len(cells), code, failure)


def _read_cells(
    cells: list[tuple[int, NotebookNode]], run: Run, catalogue: Catalogue | None
) -> Iterator[Item]:
    for number, cell in cells:
        if cell.cell_type == "markdown":
            said = _FOR_ANALYSTS.sub("", cell.source)
            said = catalogue.prose(said) if catalogue else said
            yield Item(Prose(said), replace(_origin(number, cell), source=""))
        elif cell.cell_type == "code":
            for output in cell.outputs:
                part = None if _is_told_above(output, run) else read_output(output)
                if part is not None:
                    yield Item(part, _origin(number, cell))


def _origin(number: int, cell: NotebookNode) -> Origin:
    tags = frozenset(map(str, cell.get("metadata", {}).get("tags", [])))
    return Origin(number, cell.source, tags)


def _is_told_above(output: NotebookNode, run: Run) -> bool:
    return bool(output.output_type == "error" and run.state == "failed")


def _find_title(item: Item, said: set[str]) -> str:
    if not isinstance(item.part, Prose) or item.origin.source:
        return ""
    titles = [clean(title) for title in _SECTION.findall(item.part.markdown)]
    return next((title for title in reversed(titles) if _key(title) not in said), "")


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
