"""Comments of people on a report: what they wrote stands at the end of all that is made of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import wrap

from clientlib.figures.wording import clean, clean_line
from clientlib.language import tell, translate
from clientlib.reports.documents.parts import Comment, Comments, Item, Origin, Prose
from clientlib.reports.documents.reading import Document
from clientlib.reports.templating import show_time

PIECE_LENGTH = 240  # characters of a bullet on a slide


def add_comments(document: Document, comments: Iterable[Comment], *, command: str = "") -> Document:
    """Add the comments on a run's report, edition and day to its document.

    Parameters
    ----------
    document : Document
        Of the run.
    comments : iterable of Comment
        Of this edition and no other, oldest first.
    command : str
        How a comment is made; empty for a report that asks for none.

    Returns
    -------
    Document
        With a section of its own at the end; the same where there is nothing to show.
    """
    kept = tuple(comments)
    if not kept and not command:
        return document
    origin = Origin(document.cells_count + 1)
    heading = Item(Prose(f"## {translate('Comments')}"), origin)
    return replace(
        document, items=(*document.items, heading, Item(Comments(kept, command), origin))
    )


def say_author(comment: Comment) -> str:
    """Say who wrote a comment, and when.

    Parameters
    ----------
    comment : Comment
        Of a person.

    Returns
    -------
    str
        Such as ``Rasa, 1 July 2025, 06:12 UTC``.
    """
    return f"{clean(comment.by)}, {show_time(comment.written_at)}"


def list_lines(comment: Comment) -> list[str]:
    """Give the lines of a comment as its author broke them, made harmless.

    Parameters
    ----------
    comment : Comment
        Of a person.

    Returns
    -------
    list of str
        Those that say something.
    """
    lines = (clean_line(line).strip() for line in comment.text.splitlines())
    return [line for line in lines if line]


def say_pieces(comments: Comments) -> Iterator[str]:
    """Give all comments in full, in pieces that a slide has room for.

    Parameters
    ----------
    comments : Comments
        Of a document.

    Yields
    ------
    str
        The first piece of each says who wrote it and when.
    """
    if not comments.comments:
        yield say_none(comments)
    for comment in comments.comments:
        words = " ".join(list_lines(comment))
        first, *more = wrap(f"{say_author(comment)}: {words}", PIECE_LENGTH)
        yield first
        yield from (f"… {piece}" for piece in more)


def say_none(comments: Comments) -> str:
    """Say that nobody has commented yet, and how it is done.

    Parameters
    ----------
    comments : Comments
        Without any.

    Returns
    -------
    str
        A sentence with the command.
    """
    return str(tell("No comment yet. To add one: {command}", command=comments.command))
