"""The page that JupyterLab opens with: the project's questions, its tables, and how to begin."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from clientlib.figures.wording import clean
from clientlib.language import tell, translate
from clientlib.language.numbers import UNKNOWN
from clientlib.reports.assets import write_whole
from clientlib.reports.record import Run
from clientlib.reports.states import name_state

# Signs by which Markdown, mathematics or a link may mean more than themselves.
_MEANT = re.compile(r"[^\w\s.,:;?!'\"()%–-]|_")


@dataclass(frozen=True)
class Question:
    """A question of the project, and the notebook that answers it.

    Parameters
    ----------
    title, question : str
        Of the report.
    notebook : Path
        Where it lies.
    needs : tuple of str
        Tables and reports that it rests on.
    missing : tuple of str
        Those of the tables that have no rows.
    last : Run, optional
        Its last run.
    """

    title: str
    question: str
    notebook: Path
    needs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    last: Run | None = None


@dataclass(frozen=True)
class Start:
    """What the page tells.

    Parameters
    ----------
    company : str
        Its name.
    questions : tuple of Question
        In the order of the configuration.
    tables : tuple of (str, str)
        Name of each table of the snapshot, and what one of its rows is.
    as_of : date, optional
        The last day that the snapshot knows; None where there is no snapshot.
    reason : str
        Why the snapshot cannot be read.
    """

    company: str
    questions: tuple[Question, ...]
    tables: tuple[tuple[str, str], ...] = ()
    as_of: date | None = None
    reason: str = ""


def write_start(start: Start, path: Path) -> Path:
    """Write the page as Markdown, in the language that is spoken.

    Parameters
    ----------
    start : Start
        What it tells.
    path : Path
        ``reports/start.md``; links lead from there to the notebooks.

    Returns
    -------
    Path
        The same path. The same content gives the same bytes.
    """
    parts = [
        f"# {_escape(start.company)}",
        *_begin(start),
        f"## {translate('Questions')}",
        *_list_questions(start.questions, path.parent),
        f"## {translate('Tables of the warehouse')}",
        *_list_tables(start),
    ]
    return write_whole(path, ("\n\n".join(parts) + "\n").encode())


def _begin(start: Start) -> Iterator[str]:
    """Say in three lines how to begin."""
    yield "\n".join(
        [
            f"1. {translate('Open a question below and run its notebook as it stands.')}",
            f"2. {translate('For a question of your own, open a new notebook and write:')}",
            "",
            "   ```python",
            "   from clientlib.warehouse import open_warehouse",
            "",
            "   warehouse = open_warehouse()",
            f'   warehouse.read("marts.clients"{_as_of(start.as_of)})',
            "   ```",
            "",
            f"3. {translate('The Tab key completes names of tables and columns between quotes.')}",
        ]
    )


def _as_of(day: date | None) -> str:
    return f', as_of="{day:%Y-%m-%d}"' if day else ""


def _list_questions(questions: Sequence[Question], folder: Path) -> Iterator[str]:
    if not questions:
        yield translate("This project has no reports yet; clientlib.toml names them.")
        return
    heads = [translate("Question"), translate("Report"), translate("Rests on"),
             translate("Last run")]  # fmt: skip
    yield _write_table(heads, [_tell_question(each, folder) for each in questions])


def _tell_question(question: Question, folder: Path) -> list[str]:
    link = quote(os.path.relpath(question.notebook, folder).replace(os.sep, "/"))
    needs = [_tell_need(name, question.missing) for name in question.needs]
    return [
        f"[{_escape(question.question)}]({link})",
        _escape(question.title),
        "<br>".join(needs) or UNKNOWN,
        _tell_run(question.last),
    ]


def _tell_need(name: str, missing: Sequence[str]) -> str:
    said = _escape(name)
    return str(tell("{name} (no rows)", name=said)) if name in missing else said


def _tell_run(run: Run | None) -> str:
    if run is None:
        return translate("never run")
    said = tell("{state}, as of {as_of:iso}", state=name_state(run.state), as_of=run.as_of)
    return f"{said}<br>{run.started_at:%Y-%m-%d %H:%M} UTC"


def _list_tables(start: Start) -> Iterator[str]:
    if start.as_of is None:
        yield translate("There is no snapshot yet: `clientlib load`, then `clientlib build`.")
        if start.reason:
            yield _escape(start.reason)
        return
    yield tell("The snapshot knows what happened until {day:day}.", day=start.as_of)
    heads = [translate("Table"), translate("What it holds")]
    yield _write_table(heads, [[_escape(name), _escape(about)] for name, about in start.tables])


def _write_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _escape(text: str) -> str:
    """Write text so that it can mean nothing but itself."""
    return _MEANT.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(clean(text).split()))
