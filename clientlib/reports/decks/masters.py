"""The template of a deck: the company's own, or the plain one of the house."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout
from pptx.util import Inches, Length

from clientlib.errors import InputError
from clientlib.figures.native import Box
from clientlib.figures.theme import INK, MAIN, MUTED

WIDTH, HEIGHT = 13.333, 7.5  # inches
MARGIN, FOOT = 0.5, 0.55
TITLE_BOX = Box(MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.95)
COVER_BOX = Box(MARGIN + 0.4, 2.2, WIDTH - 2 * MARGIN - 0.8, 1.5)
SUBTITLE_BOX = Box(MARGIN + 0.4, 3.85, WIDTH - 2 * MARGIN - 0.8, 1.2)
LEAST_ROOM = 3.0  # inches of height that an exhibit needs
Shape = Any  # python-pptx names types that its own shapes do not fit
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True)
class Master:
    """An open template without slides, and where things stand on it.

    Parameters
    ----------
    deck : Presentation
        Of python-pptx.
    cover, plain : SlideLayout
        The layout of the first slide, and of all others: a title and free room.
    room : Box
        Where exhibits stand, under the title and over the foot.
    foot : Box
        Where the provenance stands.
    """

    deck: Deck
    cover: SlideLayout
    plain: SlideLayout
    room: Box
    foot: Box


def open_master(template: Path | None) -> Master:
    """Open a template, without the slides that it may hold.

    Parameters
    ----------
    template : Path or None
        A PPTX file; None for the house's.

    Returns
    -------
    Master
        Its layouts and room.

    Raises
    ------
    InputError
        The file is no PPTX, or has no layout with a title and room for an exhibit.
    """
    deck = _open(template) if template else _read_house()
    _drop_slides(deck)
    cover, plain = _find_layouts(deck, template)
    room, foot = _measure(deck, plain, template)
    return Master(deck, cover, plain, room, foot)


def check_template(template: Path) -> None:
    """Hold a file against what decks need of a template.

    Parameters
    ----------
    template : Path
        A PPTX file.

    Raises
    ------
    InputError
        As ``open_master``.
    """
    open_master(template)


def write_house_template(path: Path) -> Path:
    """Write the house's template, as a beginning for a company's own.

    Parameters
    ----------
    path : Path
        Where to.

    Returns
    -------
    Path
        The same path.
    """
    Path(path).write_bytes(_house())
    return Path(path)


def _open(template: Path) -> Deck:
    try:
        return Presentation(str(template))
    except (PackageNotFoundError, BadZipFile, ValueError, KeyError) as error:
        raise InputError(
            f"{template.name} cannot be used as the template of a deck",
            example=str(error)[:200],
            hint="save it in PowerPoint or LibreOffice as .pptx, not .potx or .ppt",
        ) from error


def _drop_slides(deck: Deck) -> None:
    listed = deck.slides._sldIdLst
    for each in list(listed):
        deck.part.drop_rel(each.rId)
        listed.remove(each)


def _find_layouts(deck: Deck, template: Path | None) -> tuple[SlideLayout, SlideLayout]:
    layouts: Any = deck.slide_layouts
    titled = [layout for layout in layouts if _kinds(layout) & set(TITLES)]
    if not titled:
        raise InputError(
            f"{template.name if template else 'the template'} has no layout with a title",
            example=f"its layouts: {', '.join(layout.name for layout in layouts)}",
            hint="add a layout with a title, such as PowerPoint's 'Title Only'",
        )
    plain = min(titled, key=lambda layout: len(_kinds(layout) - set(FURNITURE)))
    covers = [layout for layout in titled if PP_PLACEHOLDER.SUBTITLE in _kinds(layout)]
    return (covers[0] if covers else plain), plain


def _kinds(layout: Shape) -> set[PP_PLACEHOLDER]:
    return {shape.placeholder_format.type for shape in layout.placeholders}


def _measure(deck: Deck, plain: SlideLayout, template: Path | None) -> tuple[Box, Box]:
    shapes: Any = plain.placeholders
    title = next(s for s in shapes if s.placeholder_format.type in TITLES)
    width, height = _inches(deck.slide_width), _inches(deck.slide_height)
    left, across = _inches(title.left), _inches(title.width)
    top = _inches(title.top) + _inches(title.height) + 0.1
    bottom = height - FOOT
    if bottom - top < LEAST_ROOM or across < LEAST_ROOM:
        raise InputError(
            f"{template.name if template else 'the template'} leaves no room for an exhibit",
            example=f"layout '{plain.name}': {across:.1f} by {bottom - top:.1f} inches "
            f"under its title, on a slide of {width:.1f} by {height:.1f}",
            hint=f"its title must leave {LEAST_ROOM:g} inches below",
        )
    return Box(left, top, across, bottom - top), Box(left, bottom + 0.08, across, FOOT - 0.16)


def _inches(length: Length | None) -> float:
    return (length or 0) / Inches(1)


def _read_house() -> Deck:
    return Presentation(BytesIO(_house()))


def _house() -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _keep_layouts(deck, ("Title Slide", "Title Only"))
    _place(deck.slide_master.placeholders, TITLES, TITLE_BOX)
    cover, plain = deck.slide_layouts
    _place(plain.placeholders, TITLES, TITLE_BOX)
    _place(cover.placeholders, TITLES, COVER_BOX)
    _place(cover.placeholders, (PP_PLACEHOLDER.SUBTITLE,), SUBTITLE_BOX)
    for layout in (deck.slide_master, cover, plain):
        _remove_furniture(layout)
    _add_stripe(cover, Box(0, 0, 0.18, HEIGHT))
    _add_stripe(plain, Box(0, TITLE_BOX.top + 0.12, 0.09, TITLE_BOX.height - 0.24))
    _dress_titles(plain, size=24, ink=INK, anchor=MSO_ANCHOR.MIDDLE)
    _dress_titles(cover, size=36, ink=MAIN, anchor=MSO_ANCHOR.BOTTOM)
    content = BytesIO()
    deck.save(content)
    return content.getvalue()


def _add_stripe(layout: Shape, box: Box) -> None:
    """Draw a stripe of colour at the left edge of all slides of a layout."""
    tree = layout.shapes._spTree
    stripe = tree.add_autoshape(tree.max_shape_id + 1, "Stripe", "rect", *box.lengths)
    form = stripe.spPr
    fill = OxmlElement("a:solidFill")
    shade = OxmlElement("a:srgbClr")
    shade.set("val", MAIN.lstrip("#"))
    fill.append(shade)
    line = OxmlElement("a:ln")
    line.append(OxmlElement("a:noFill"))
    form.append(fill)
    form.append(line)


def _keep_layouts(deck: Deck, names: tuple[str, ...]) -> None:
    for layout in list(deck.slide_layouts):
        if layout.name not in names:
            deck.slide_layouts.remove(layout)


def _place(shapes: Shape, kinds: tuple[PP_PLACEHOLDER, ...], box: Box) -> None:
    for shape in _of_kinds(shapes, kinds):
        shape.left, shape.top, shape.width, shape.height = box.lengths


def _of_kinds(shapes: Shape, kinds: tuple[PP_PLACEHOLDER, ...]) -> Iterator[Any]:
    for shape in shapes:
        if shape.placeholder_format.type in kinds:
            yield shape


def _remove_furniture(layout: Shape) -> None:
    for shape in list(_of_kinds(layout.placeholders, FURNITURE)):
        element = shape._element
        element.getparent().remove(element)


def _dress_titles(layout: Shape, *, size: int, ink: str, anchor: MSO_ANCHOR) -> None:
    for shape in _of_kinds(layout.placeholders, (*TITLES, PP_PLACEHOLDER.SUBTITLE)):
        frame = shape.text_frame
        is_title = shape.placeholder_format.type in TITLES
        frame.margin_left = frame.margin_right = Inches(0.02)
        frame.word_wrap, frame.vertical_anchor = True, anchor if is_title else MSO_ANCHOR.TOP
        line = frame.paragraphs[0]
        line.alignment = PP_ALIGN.LEFT
        _set_level_font(shape, size if is_title else 18, ink if is_title else MUTED)


def _set_level_font(shape: Shape, size: int, ink: str) -> None:
    """Set the font that slides inherit: that of the first level in the shape's list style."""
    body = shape.text_frame._txBody
    style = body.find(qn("a:lstStyle"))
    for old in list(style):
        style.remove(old)
    level = style.makeelement(qn("a:lvl1pPr"), {"algn": "l", "marL": "0", "indent": "0"})
    level.append(level.makeelement(qn("a:buNone"), {}))
    run = level.makeelement(qn("a:defRPr"), {"sz": str(size * 100), "b": "0"})
    fill = run.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(RGBColor.from_string(ink[1:]))}))
    run.append(fill)
    level.append(run)
    style.append(level)
