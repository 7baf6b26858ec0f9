"""Words on a slide: lines, bullets, key figures, and the foot that says what they rest on."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.xmlchemy import OxmlElement
from pptx.slide import Slide as Sheet
from pptx.util import Inches, Pt

from clientlib.figures.native import Box
from clientlib.figures.native.plotting import colour
from clientlib.figures.theme import INK, MAIN, MUTED
from clientlib.figures.wording import shorten
from clientlib.reports.tiles import Tile

SENTENCE_LENGTH = 260
LINE_SHARE = 1.35  # of the size: a line's height
LETTER_SHARE = 0.55  # of the size: a letter's width
LEAST_SIZE = 10
FOOT_SIZE, LEAST_FOOT_SIZE = 9, 7
WIDE_LETTER_SHARE = 0.62  # of the size, in the face that stands in where a template's is missing
BULLET = "•"


def write_lines(
    sheet: Sheet, box: Box, lines: Sequence[str], *, size: float, ink: str = MUTED
) -> None:
    """Write lines without bullets.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where.
    lines : sequence of str
        What.
    size : float, in points
        Of the letters.
    ink : str
        Their colour.
    """
    frame = _add_frame(sheet, box)
    for k, text in enumerate(lines):
        _write_run(frame.paragraphs[0] if k == 0 else frame.add_paragraph(), text, size, ink)


def write_bullets(sheet: Sheet, box: Box, texts: Sequence[str], *, size: float) -> None:
    """Write sentences as a list, smaller where they would not fit.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where.
    texts : sequence of str
        The sentences; very long ones are cut.
    size : float, in points
        Of the letters, at most.
    """
    cut = [shorten(text, SENTENCE_LENGTH) for text in texts]
    size = _fit(cut, box, size)
    frame = _add_frame(sheet, box)
    for k, text in enumerate(cut):
        line = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        _write_run(line, text, size, INK)
        line.space_after = Pt(size * 0.5)
        if len(cut) > 1:
            _add_bullet(line, size)


def write_tiles(sheet: Sheet, box: Box, tiles: Sequence[Tile]) -> None:
    """Write key figures side by side.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where.
    tiles : sequence of Tile
        At least one.
    """
    width = box.width / len(tiles)
    for k, tile in enumerate(tiles):
        place = Box(box.left + k * width, box.top, width - 0.1, box.height)
        frame = _add_frame(sheet, place)
        size = 24 if len(tile.value) <= 8 else 18 if len(tile.value) <= 14 else 13
        _write_run(frame.paragraphs[0], tile.value, size, MAIN)
        _write_run(frame.add_paragraph(), tile.label, 12, MUTED)
        if tile.detail:
            _write_run(frame.add_paragraph(), tile.detail, 10, MUTED)


def write_foot(sheet: Sheet, box: Box, parts: Sequence[str], number: int) -> None:
    """Write what a slide rests on, and its number.

    Parameters
    ----------
    sheet : Slide
        Of python-pptx.
    box : Box
        Where.
    parts : sequence of str
        As-of day, edition, snapshot, run, coverage.
    number : int
        Of the slide; kept as a field, so that it stays true when slides are moved.
    """
    left, right = box.split_across(0.93)
    frame = _add_frame(sheet, left)
    text = " · ".join(parts)
    fits = int(left.width * 72 / (WIDE_LETTER_SHARE * max(1, len(text))))  # points, on one line
    _write_run(frame.paragraphs[0], text, max(LEAST_FOOT_SIZE, min(FOOT_SIZE, fits)), MUTED)
    _add_number(_add_frame(sheet, right).paragraphs[0], number)


def _add_frame(sheet: Sheet, box: Box) -> Any:  # noqa: ANN401 - python-pptx's text frame
    frame = sheet.shapes.add_textbox(*box.lengths).text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(0.02)
    frame.margin_top = frame.margin_bottom = Inches(0.02)
    return frame


def _write_run(line: Any, text: str, size: float, ink: str) -> None:  # noqa: ANN401
    run = line.add_run()
    run.text = text
    run.font.size, run.font.color.rgb = Pt(size), colour(ink)


def _fit(texts: Sequence[str], box: Box, size: float) -> float:
    while size > LEAST_SIZE and _height(texts, box.width, size) > box.height:
        size -= 1
    return size


def _height(texts: Sequence[str], width: float, size: float) -> float:
    letters = max(10.0, (width - 0.3) * 72 / (size * LETTER_SHARE))
    lines = sum(-(-len(text) // int(letters)) or 1 for text in texts)
    return (lines * LINE_SHARE + len(texts) * 0.5) * size / 72


def _add_bullet(line: Any, size: float) -> None:  # noqa: ANN401
    held = line._p.get_or_add_pPr()
    indent = str(Pt(size * 1.1))
    held.set("marL", indent)
    held.set("indent", f"-{indent}")
    bullet = OxmlElement("a:buChar")
    bullet.set("char", BULLET)
    held.append(bullet)


def _add_number(line: Any, number: int) -> None:  # noqa: ANN401
    held = line._p
    held.get_or_add_pPr().set("algn", "r")
    field = OxmlElement("a:fld")
    field.set("id", "{6D2C7D3A-5E0B-4C1E-9D55-0A4F2B7C1E01}")
    field.set("type", "slidenum")
    form = OxmlElement("a:rPr")
    form.set("sz", "900")
    text = OxmlElement("a:t")
    text.text = str(number)
    field.append(form)
    field.append(text)
    held.insert_element_before(field, "a:endParaRPr")
