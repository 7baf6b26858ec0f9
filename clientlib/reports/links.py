"""What else there is of a run, as links: the analyst's copy, the deck, the PDF, the data."""

import os
from dataclasses import dataclass
from pathlib import PurePosixPath

from clientlib.language import translate
from clientlib.reports.record import OUTPUTS, Run


@dataclass(frozen=True)
class Link:
    """A link from a page.

    Parameters
    ----------
    text : str
        What it leads to, in the language that is spoken.
    address : str
        Relative to the page, not yet quoted.
    """

    text: str
    address: str


def list_links(run: Run, page: str = "index.html") -> tuple[Link, ...]:
    """List what else there is of a run.

    Parameters
    ----------
    run : Run
        The run.
    page : str
        The page that the links stand on, relative to the reports folder, as all paths of a run.

    Returns
    -------
    tuple of Link
        The other outputs in their order, then the executed notebook.
    """
    names = {
        "deck": translate("Deck"),
        "pdf": translate("PDF"),
        "deck_pdf": translate("Deck as PDF"),
        "data": translate("Data"),
        "notebook": translate("Analyst's copy"),
    }
    paths = {kind: run.outputs.get(kind) for kind in OUTPUTS} | {"notebook": run.notebook}
    folder = PurePosixPath(page).parent.as_posix()
    return tuple(
        Link(names[kind], os.path.relpath(path, folder).replace(os.sep, "/"))
        for kind, path in paths.items()
        if path
    )
