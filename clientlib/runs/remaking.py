"""What is made of a run's kept notebook: page, deck, PDF and data, with the comments on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clientlib.errors import RunError
from clientlib.language import load_catalogue, speaking
from clientlib.reports import Document, Run, place_assets, read_document, write_page
from clientlib.reports.documents.comments import add_comments
from clientlib.reports.outputs import write_outputs
from clientlib.runs.comments import read_comments, say_command
from clientlib.runs.keys import target_name
from clientlib.runs.ledger import Ledger
from clientlib.runs.planning.plan import CATALOGUES

if TYPE_CHECKING:
    from datetime import date

    from nbformat import NotebookNode

    from clientlib.config import Settings

REMAKE_PATIENCE = 60.0  # seconds to wait for a run that is writing the same


@dataclass(frozen=True)
class Workshop:
    """Where the outputs of a report's runs are made, and of what.

    Parameters
    ----------
    output, ledger : Path
        Folders of the reports and of the ledger.
    catalogue : Path
        Folder of translations beside the notebook; it need not exist.
    template : Path or None
        Of decks; None for the house's look.
    asks_for_comments : bool
        Whether pages show how a comment is made.
    """

    output: Path
    ledger: Path
    catalogue: Path
    template: Path | None = None
    asks_for_comments: bool = False

    def read(self, run: Run, notebook: Path) -> Document:
        """Read an executed notebook, with the comments on its report, edition and day.

        Parameters
        ----------
        run : Run
            Whose notebook it is; its language is to be spoken.
        notebook : Path
            The executed notebook; one that could not be opened may be absent.

        Returns
        -------
        Document
            Its parts, the comments last.
        """
        catalogue = load_catalogue(self.catalogue, run.language)
        document = read_document(_read_notebook(notebook), run, catalogue)
        said = (run.report, run.edition, run.as_of)
        command = say_command(*said) if self.asks_for_comments else ""
        return add_comments(document, read_comments(self.ledger, *said), command=command)

    def write(self, run: Run, notebook: Path) -> None:
        """Write the page of a run and what else is made of it.

        Parameters
        ----------
        run : Run
            With the paths of its page and outputs.
        notebook : Path
            The executed notebook.
        """
        with speaking(run.language):
            document = self.read(run, notebook)
            write_page(document, self.output / str(run.page), assets=place_assets(self.output))
            write_outputs(document, run.outputs, self.output, template=self.template)


def open_workshop(settings: Settings, report: str) -> Workshop:
    """Open the workshop of a report.

    Parameters
    ----------
    settings : Settings
        Of the project.
    report : str
        Its name in the configuration.

    Returns
    -------
    Workshop
        With absolute paths.
    """
    own = settings.reports[report]
    template = own.template or settings.company.template
    return Workshop(
        output=settings.output_folder,
        ledger=settings.ledger_folder,
        catalogue=settings.root / own.notebook.parent / CATALOGUES,
        template=settings.root / template if template else None,
        asks_for_comments=own.comments,
    )


def last_written(ledger: Ledger, report: str, edition: str, as_of: date | None = None) -> list[Run]:
    """Find the runs whose pages stand now: the last of a report and edition in each language.

    Parameters
    ----------
    ledger : Ledger
        Of the project.
    report, edition : str
        Of what.
    as_of : date, optional
        Of which day; without it the last for which there is a page.

    Returns
    -------
    list of Run
        By language; empty where there is no page.
    """
    runs = [run for run in ledger.runs() if (run.report, run.edition) == (report, edition)]
    written = [run for run in runs if run.page and run.notebook]
    day = as_of or max((run.as_of for run in written), default=None)
    last = {run.language: run for run in written if run.as_of == day}
    return [last[language] for language in sorted(last)]


def remake(settings: Settings, run: Run) -> bool:
    """Write page and outputs of a run anew from its kept notebook, without running it.

    Parameters
    ----------
    settings : Settings
        Of the project.
    run : Run
        The last of its report, edition, day and language.

    Returns
    -------
    bool
        False where a run is under way that will write the same itself.

    Raises
    ------
    RunError
        Its notebook is gone.
    """
    notebook = settings.output_folder / str(run.notebook)
    if not (run.notebook and notebook.is_file()):
        raise RunError(
            f"the notebook of {run.report}, {run.edition}, as of {run.as_of} is gone",
            example=run.notebook or run.run_id,
            hint="run the report again with --force",
        )
    ledger = Ledger(settings.ledger_folder)
    target = target_name(run.report, run.edition, run.as_of, run.language)
    with ledger.claim(target, patience=REMAKE_PATIENCE) as is_mine:
        if is_mine:
            open_workshop(settings, run.report).write(run, notebook)
        return is_mine


def _read_notebook(path: Path) -> NotebookNode:
    import nbformat

    if not path.is_file():  # it could not even be opened
        return nbformat.NotebookNode(cells=[], metadata={}, nbformat=4, nbformat_minor=5)
    notebook: NotebookNode = nbformat.v4.reads(path.read_text("utf-8"))  # not validated again
    return notebook
