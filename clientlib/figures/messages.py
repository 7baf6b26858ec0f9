"""What a chart's title says in figures, kept beside it so that they can be held against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clientlib.language import Claim, Sentence, Told


@dataclass(frozen=True)
class Message:
    """The figures and claims of a title.

    Parameters
    ----------
    template : str
        The English sentence that the title was made from; empty where it was typed.
    told : tuple of Told
        Its figures.
    claims : tuple of Claim
        What its words for a direction rest on.
    """

    template: str = ""
    told: tuple[Told, ...] = ()
    claims: tuple[Claim, ...] = ()


def read_message(text: str) -> Message:
    """Read the figures and claims of a sentence.

    Parameters
    ----------
    text : str
        A ``Sentence`` from ``language.tell``, or a typed text, which has none.

    Returns
    -------
    Message
        Its template, figures and claims.
    """
    if not isinstance(text, Sentence):
        return Message()
    return Message(text.template, text.told, text.claims)


def message_as_json(message: Message) -> dict[str, Any]:
    """Write a message for a notebook's output.

    Parameters
    ----------
    message : Message
        Of a sentence.

    Returns
    -------
    dict
        template, told (name, value, shown) and claims (value, low, high, against); empty for a
        text that was typed.
    """
    if not message.template:
        return {}
    return {
        "template": message.template,
        "told": [[each.name, each.value, each.shown] for each in message.told],
        "claims": [[each.value, each.low, each.high, each.against] for each in message.claims],
    }


def message_from_json(content: Mapping[str, Any]) -> Message:
    """Read what ``message_as_json`` wrote.

    Parameters
    ----------
    content : mapping
        Empty for a title that was typed.

    Returns
    -------
    Message
        Its figures and claims.
    """
    return Message(
        str(content.get("template", "")),
        tuple(Told(str(n), float(v), str(s)) for n, v, s in content.get("told", ())),
        tuple(Claim(*map(float, ends)) for ends in content.get("claims", ())),
    )
