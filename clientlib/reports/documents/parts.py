"""What a document is made of: prose, sentences, exhibits, notes, pictures, comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clientlib.figures import Description, Message, Note, Sentences, Table


@dataclass(frozen=True)
class Prose:
    """Text that the notebook's author wrote.

    Parameters
    ----------
    markdown : str
        CommonMark; its raw HTML is never obeyed.
    """

    markdown: str


@dataclass(frozen=True)
class Chart:
    """A Plotly figure.

    Parameters
    ----------
    figure : mapping
        As the notebook's output holds it.
    title : str
        Its title; may be empty for a figure that was not drawn by the house.
    description : Description, optional
        Its numbers and words; None for a figure that was not drawn by the house.
    message : Message
        The figures and claims of its title.
    """

    figure: Mapping[str, Any]
    title: str
    description: Description | None
    message: Message


@dataclass(frozen=True)
class Picture:
    """A picture that a cell showed.

    Parameters
    ----------
    mime : str
        Such as ``image/png``.
    content : bytes
        The picture's file.
    """

    mime: str
    content: bytes


@dataclass(frozen=True)
class Foreign:
    """HTML that came from elsewhere, not yet made harmless.

    Parameters
    ----------
    html : str
        Anything.
    """

    html: str


@dataclass(frozen=True)
class Text:
    """Plain text that a cell printed.

    Parameters
    ----------
    text : str
        Without colour codes.
    """

    text: str


@dataclass(frozen=True)
class Comment:
    """What a person wrote on a report.

    Parameters
    ----------
    by : str
        Who.
    written_at : datetime
        In UTC, with its zone.
    text : str
        Anything, with lines as the author broke them.
    """

    by: str
    written_at: datetime
    text: str


@dataclass(frozen=True)
class Comments:
    """All comments on one report, edition and day.

    Parameters
    ----------
    comments : tuple of Comment
        Oldest first.
    command : str
        How another is made; empty where the report asks for none.
    """

    comments: tuple[Comment, ...]
    command: str = ""


Part = Prose | Sentences | Chart | Table | Note | Picture | Foreign | Text | Comments


@dataclass(frozen=True)
class Origin:
    """The cell that a part came from.

    Parameters
    ----------
    cell_number : int
        From 1 over all cells.
    source : str
        Its code; empty for prose.
    tags : frozenset of str
        ``appendix`` moves its parts to the end of a deck, ``page-only`` keeps them out of it.
    """

    cell_number: int
    source: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """A part with the cell that it came from.

    Parameters
    ----------
    part : Part
        What is shown.
    origin : Origin
        Where from.
    """

    part: Part
    origin: Origin
