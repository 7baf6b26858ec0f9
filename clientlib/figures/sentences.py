"""Sentences and notes as a notebook's output: words from data, never obeyed as Markdown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clientlib.figures.messages import Message, message_as_json, message_from_json, read_message
from clientlib.figures.wording import clean, markdown_text
from clientlib.language import tell, translate

NOTE_MIME = "application/vnd.clientlib.note+json"
SENTENCES_MIME = "application/vnd.clientlib.sentences+json"
NOTHING_SURE = "Nothing here is sure enough to be said."


@dataclass(frozen=True)
class Sentences:
    """What is said to the reader; one sentence is a paragraph, several are a list.

    Parameters
    ----------
    texts : tuple of str
        The sentences as they are to be read, letter by letter.
    messages : tuple of Message
        The figures and claims of each.
    """

    texts: tuple[str, ...]
    messages: tuple[Message, ...]

    def as_json(self) -> dict[str, Any]:
        """Write the sentences for a notebook's output.

        Returns
        -------
        dict
            texts and messages.
        """
        return {
            "texts": list(self.texts),
            "messages": [message_as_json(each) for each in self.messages],
        }

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        lead = "" if len(self.texts) == 1 else "- "
        return {
            SENTENCES_MIME: self.as_json(),
            "text/markdown": "\n".join(lead + markdown_text(text) for text in self.texts),
            "text/plain": "\n".join(lead + text for text in self.texts),
        }


@dataclass(frozen=True)
class Note:
    """A plain note that something could not be answered, with a look of its own.

    Parameters
    ----------
    title : str
        What is missing.
    why : str
        Why, and what would mend it; may be empty.
    """

    title: str
    why: str = ""

    def as_json(self) -> dict[str, str]:
        """Write the note for a notebook's output.

        Returns
        -------
        dict
            kind (``missing``), title and text.
        """
        return {"kind": "missing", "title": self.title, "text": self.why}

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        said = f"{self.title}. {self.why}".strip()
        marked = f"> **{markdown_text(self.title)}.** {markdown_text(self.why)}".rstrip()
        return {NOTE_MIME: self.as_json(), "text/markdown": marked, "text/plain": said}


def say(*texts: str | Iterable[str], otherwise: str = NOTHING_SURE) -> Sentences:
    """Say one or more sentences that were computed from data.

    Parameters
    ----------
    *texts : str or iterable of str
        Sentences; a client's name in them may hold any sign, it is shown letter by letter.
    otherwise : str
        What is said where there is no sentence, because no claim held.

    Returns
    -------
    Sentences
        A paragraph, or a list where there are several.
    """
    flat = [text for group in texts for text in ([group] if isinstance(group, str) else group)]
    said = [translate(text) for text in flat if clean(text)] or [translate(otherwise)]
    return Sentences(tuple(map(clean, said)), tuple(map(read_message, said)))


def sentences_from_json(bundle: Mapping[str, Any]) -> Sentences:
    """Read sentences back from a notebook's output.

    Parameters
    ----------
    bundle : mapping
        What ``Sentences.as_json`` wrote.

    Returns
    -------
    Sentences
        The same, cleaned once more.
    """
    messages = tuple(message_from_json(each) for each in bundle["messages"])
    return Sentences(tuple(map(clean, bundle["texts"])), messages)


def unless_missing(missing: str, *shown: object) -> tuple[object, ...]:
    """Show what a section has, or only say why it has nothing.

    Parameters
    ----------
    missing : str
        Why the section's input is missing; empty where it is there.
    *shown : outputs
        Charts, tables and sentences of the section.

    Returns
    -------
    tuple
        What is shown, in order; one sentence where the input is missing.
    """
    return (say(missing),) if missing else shown


def say_missing(subject: str, why: str = "") -> Note:
    """Say plainly that there is not enough data for an answer.

    Parameters
    ----------
    subject : str
        What there is too little of, such as ``competitor prices``.
    why : str
        The reason in a sentence, and what would mend it.

    Returns
    -------
    Note
        ``Not enough data: competitor prices``, with the reason.
    """
    about = clean(translate(subject)).rstrip(".")
    return Note(str(tell("Not enough data: {subject}", subject=about)), clean(translate(why)))
