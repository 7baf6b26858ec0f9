"""Text in a picture: lines, tints, and the room that it takes."""

import re
from html import unescape

from clientlib.figures.pictures.elements import element
from clientlib.figures.theme import INK

LETTER_WIDTH = 0.61  # of the size, on average over names and numbers in a sans-serif face
LINE_HEIGHT = 1.25  # of the size
ANCHORS = {"left": "start", "center": "middle", "right": "end"}

_BREAK = re.compile(r"<br\s*/?>")
_TINTED = re.compile(r'<span style="color:(#[0-9a-fA-F]{6})">(.*?)</span>')
_TAG = re.compile(r"</?(?:b|i|span|sub|sup)[^>]*>")


def write_words(
    text: str, place: tuple[float, float], *, size: float, anchor: str, lift: str, colour: str = INK
) -> str:
    """Write a text of a chart, which may have several lines and tinted parts.

    Parameters
    ----------
    text : str
        As Plotly has it: entities, ``<br>`` and tinted spans.
    place : tuple of float, in pixels
        Where it stands.
    size : float, in pixels
        Of the letters.
    anchor : str
        left, center or right: what of the text stands at the place.
    lift : str
        top, middle or bottom: the same, upwards.
    colour : str
        Of what is not tinted.

    Returns
    -------
    str
        An SVG element for each line.
    """
    lines = _BREAK.split(text)
    step = size * LINE_HEIGHT
    first = {"top": size * 0.82, "middle": size * 0.36, "bottom": -size * 0.22}[lift]
    first -= {"top": 0.0, "middle": 0.5, "bottom": 1.0}[lift] * step * (len(lines) - 1)
    x, y = place
    return "".join(
        element(
            "text",
            _tint(line),
            x=x,
            y=y + first + number * step,
            fill=colour,
            **{"font-size": size, "text-anchor": ANCHORS[anchor], "xml:space": "preserve"},
        )
        for number, line in enumerate(lines)
    )


def measure_words(text: str, size: float) -> float:
    """Estimate how wide a text is.

    Parameters
    ----------
    text : str
        As ``write_words`` takes it.
    size : float, in pixels
        Of the letters.

    Returns
    -------
    float, in pixels
        Of its longest line.
    """
    lines = [unescape(_TAG.sub("", line)) for line in _BREAK.split(text)]
    return max(map(len, lines)) * size * LETTER_WIDTH


def _tint(line: str) -> str:
    parts = []
    end = 0
    for tinted in _TINTED.finditer(line):
        parts.append(_plain(line[end : tinted.start()]))
        parts.append(element("tspan", _plain(tinted[2]), fill=tinted[1]))
        end = tinted.end()
    return "".join([*parts, _plain(line[end:])])


def _plain(text: str) -> str:
    # Entities of HTML that XML does not know would break the picture.
    known = unescape(_TAG.sub("", text))
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
