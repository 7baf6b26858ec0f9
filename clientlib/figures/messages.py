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


def message_as_json(title: str) -> dict[str, Any]:
    """Write the figures and claims of a title.

    Parameters
    ----------
    title : str
        A ``Sentence`` from ``language.tell``, or a typed text, which has none.

    Returns
    -------
    dict
        template, told (name, value, shown) and claims (value, low, high, against).
    """
    if not isinstance(title, Sentence):
        return {}
    return {
        "template": title.template,
        "told": [[each.name, each.value, each.shown] for each in title.told],
        "claims": [[each.value, each.low, each.high, each.against] for each in title.claims],
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
