"""What stands on which slide: a document as a cover, a summary, exhibits and an appendix."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clientlib.figures import Note, Sentences, Table
from clientlib.figures.native import list_left_out
from clientlib.figures.wording import clean
from clientlib.language import tell, translate
from clientlib.reports.documents import Chart, Comments, Document, Item, Prose, Section, Text
from clientlib.reports.documents.comments import say_pieces
from clientlib.reports.prose import read_paragraphs
from clientlib.reports.tiles import Tile, make_tiles

APPENDIX, PAGE_ONLY = "appendix", "page-only"
TABLE_ROWS, TABLE_COLUMNS = 10, 9
MOST_SAID = 4  # sentences beside an exhibit; more of them get a slide of their own
MOST_LENT = 2  # sentences of a section without an exhibit
WORDS_A_SLIDE = 8
MOST_STORY = 12
MOST_TILES = 6

_READ = re.compile(r"\.read\(|read_issued\(")


@dataclass(frozen=True)
class Slide:
    """One slide, before it is drawn.

    Parameters
    ----------
    kind : str
        cover, summary, exhibit or words.
    title : str
        The message; of a chart its own title.
    section : str
        The heading of the section that it comes from.
    exhibit : Chart or Table, optional
        What it shows.
    said : tuple of str
        Sentences beside the exhibit, or the words of the slide.
    tiles : tuple of Tile
        Key figures, on the summary.
    notes : tuple of str
        The speaker's notes, paragraph by paragraph.
    coverage : str
        How much of its rows an exhibit shows.
    is_appendix : bool
        Whether it stands after the story.
    """

    kind: str
    title: str
    section: str = ""
    exhibit: Chart | Table | None = None
    said: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    notes: tuple[str, ...] = ()
    coverage: str = ""
    is_appendix: bool = False


def plan_slides(document: Document) -> list[Slide]:
    """Plan a deck.

    Parameters
    ----------
    document : Document
        Of a run that was done.

    Returns
    -------
    list of Slide
        Cover, summary, one slide per exhibit in the notebook's order, and the appendix: exhibits
        tagged ``appendix``, what the sections are about, and what the figures rest on. Cells
        tagged ``page-only`` are left out.
    """
    told = list(_tell(document))
    story = [slide for slide in told if not slide.is_appendix]
    behind = [slide for slide in told if slide.is_appendix]
    last = [*_define(document), *_account(document)]
    return [_cover(document), *_sum_up(document, story), *story, *behind, *last]


def list_storyline(slides: list[Slide]) -> list[str]:
    """List the titles that, read alone, tell the story.

    Parameters
    ----------
    slides : list of Slide
        From ``plan_slides``.

    Returns
    -------
    list of str
        Titles of the exhibits before the appendix.
    """
    return [slide.title for slide in slides if slide.kind == "exhibit" and not slide.is_appendix]


def _cover(document: Document) -> Slide:
    run = document.run
    return Slide("cover", clean(run.title), said=(clean(run.question),))


def _sum_up(document: Document, story: list[Slide]) -> Iterator[Slide]:
    run = document.run
    tiles = tuple(make_tiles(run.key_figures, run.currency)[:MOST_TILES])
    lines = list_storyline(story)[:MOST_STORY]
    if run.headline or tiles or lines:
        title = clean(run.headline) if run.headline else translate("In short")
        notes = (translate("The titles of this deck, in order:"), *lines)
        yield Slide("summary", title, said=tuple(lines), tiles=tiles, notes=notes)


def _tell(document: Document) -> Iterator[Slide]:
    """Tell the sections in order; one that only says a little lends it to the next."""
    lent: tuple[str, ...] = ()
    comments: list[Slide] = []
    for section in document.list_sections():
        if any(isinstance(item.part, Comments) for item in section.items):
            comments.extend(_show_comments(section))
            continue
        slides = list(_tell_section(document, section, lent))
        lent = ()
        if len(slides) == 1 and slides[0].kind == "words" and len(slides[0].said) <= MOST_LENT:
            lent = slides[0].said
        else:
            yield from slides
    if lent:
        yield from _spread(clean(document.run.title), "", list(lent))
    yield from comments


def _show_comments(section: Section) -> Iterator[Slide]:
    """Give the comments of people the last slides of the story."""
    for item in section.items:
        if isinstance(item.part, Comments):
            yield from _spread(section.title, "", list(say_pieces(item.part)))


def _tell_section(document: Document, section: Section, lent: tuple[str, ...]) -> Iterator[Slide]:
    waiting: list[str] = list(lent)
    held: Slide | None = None
    for item in section.items:
        if PAGE_ONLY in item.origin.tags:
            continue
        if isinstance(item.part, Sentences):
            waiting.extend(item.part.texts)
            if held is not None and not held.said:
                held, waiting = replace(held, said=tuple(waiting)), []
        elif isinstance(item.part, Chart) or (isinstance(item.part, Table) and item.part.rows):
            if held is not None:
                yield from _settle(held)
            held, waiting = _show(document, section, item, item.part, tuple(waiting)), []
        elif isinstance(item.part, Note | Text | Table) and held is not None:
            held = replace(held, said=(*held.said, _say_plainly(item.part)))
        elif isinstance(item.part, Note | Text | Table):
            waiting.append(_say_plainly(item.part))
    if held is not None:
        yield from _settle(replace(held, said=(*held.said, *waiting)))
    elif waiting:
        yield from _spread(section.title or clean(document.run.title), section.title, waiting)


def _settle(slide: Slide) -> Iterator[Slide]:
    """Give sentences that have no room beside an exhibit a slide of their own."""
    if len(slide.said) <= MOST_SAID:
        yield slide
        return
    yield replace(slide, said=())
    title = slide.section or slide.title
    for more in _spread(title, slide.section, list(slide.said)):
        yield replace(more, is_appendix=slide.is_appendix)


def _spread(title: str, section: str, texts: list[str]) -> Iterator[Slide]:
    """Spread sentences evenly over as few slides as hold them."""
    pages = -(-len(texts) // WORDS_A_SLIDE)
    step = -(-len(texts) // max(1, pages))
    for start in range(0, len(texts), step or 1):
        yield Slide("words", title, section, said=tuple(texts[start : start + step]))


def _show(
    document: Document, section: Section, item: Item, exhibit: Chart | Table, said: tuple[str, ...]
) -> Slide:
    title = exhibit.title if isinstance(exhibit, Chart) else exhibit.caption
    return Slide(
        "exhibit",
        title or section.title or clean(document.run.title),
        section.title,
        exhibit,
        said,
        notes=tuple(_write_notes(document, section, item)),
        coverage=_say_coverage(exhibit),
        is_appendix=APPENDIX in item.origin.tags,
    )


def _say_coverage(exhibit: Chart | Table) -> str:
    if isinstance(exhibit, Table):
        return _say_cells(exhibit)
    if exhibit.description is None:
        return ""
    return say_rows(*list_left_out(exhibit.figure))


def _say_cells(table: Table) -> str:
    rows = say_rows(min(TABLE_ROWS, len(table.rows)), table.rows_total)
    columns = len(table.shown_columns)
    if columns <= TABLE_COLUMNS:
        return rows
    return tell("{rows}, {shown:count} of {total:count} columns",
                rows=rows, shown=TABLE_COLUMNS, total=columns)  # fmt: skip


def say_rows(shown: int, total: int) -> str:
    """Say how much of its rows an exhibit shows.

    Parameters
    ----------
    shown, total : int
        Rows.

    Returns
    -------
    str
        ``10 of 25 rows shown``.
    """
    if shown < total:
        return tell("{shown:count} of {total:row.gen} shown", shown=shown, total=total)
    return tell("all {total:row} shown", total=total)


def _say_plainly(part: Note | Text | Table) -> str:
    if isinstance(part, Table):
        return f"{part.caption}: {part.note}" if part.caption else part.note
    return part.text if isinstance(part, Text) else f"{part.title}. {part.why}".strip()


def _write_notes(document: Document, section: Section, item: Item) -> Iterator[str]:
    run, part = document.run, item.part
    if isinstance(part, Chart) and part.description is not None:
        yield f"{part.title}. {part.description.summary}"
    yield from _about(section)
    yield tell("Made by cell {number:count} of the notebook, from:", number=item.origin.cell_number)
    yield from _query(document, section, item)
    yield tell(
        "Snapshot {snapshot}, run {run}, as of {day:day}, clientlib {version}.",
        snapshot=run.snapshot or translate("none"),
        run=run.run_id,
        day=run.as_of,
        version=run.code_version,
    )


def _query(document: Document, section: Section, item: Item) -> Iterator[str]:
    """Give the lines that read the warehouse, and the code of the section up to the exhibit."""
    last, first = item.origin.cell_number, section.items[0].origin.cell_number
    for cell in document.code:
        if cell.cell_number < first:
            yield from (line for line in cell.source.splitlines() if _READ.search(line))
        elif cell.cell_number <= last:
            yield cell.source.strip()


def _about(section: Section) -> Iterator[str]:
    for item in section.items:
        if isinstance(item.part, Prose) and not item.origin.source:
            yield from read_paragraphs(item.part.markdown)


def _define(document: Document) -> Iterator[Slide]:
    about = [
        f"{part.title}: {' '.join(words)}" if part.title else " ".join(words)
        for part in document.list_sections()
        if (words := list(_about(part)))
    ]
    for slide in _spread(translate("What the sections are about"), "", about):
        yield replace(slide, is_appendix=True)


def _account(document: Document) -> Iterator[Slide]:
    run = document.run
    lines: list[str] = [
        tell("As of {day:day}: nothing later was known to it", day=run.as_of),
        tell("Edition: {reader}", reader=clean(run.reader)),
        tell("Snapshot: {snapshot}", snapshot=run.snapshot or translate("none")),
        tell("Run: {run}, clientlib {version}", run=run.run_id, version=run.code_version),
    ]
    if run.parameters:
        pairs = ", ".join(f"{name} = {clean(value)}" for name, value in run.parameters.items())
        lines.append(tell("Parameters: {pairs}", pairs=pairs))
    lines += [
        tell("Issued: {table}, {rows:row}", table=table, rows=rows)
        for table, rows in run.issued.items()
    ]
    notes = [item.part for item in document.items if isinstance(item.part, Note)]
    lines += [_say_plainly(note) for note in notes]
    for slide in _spread(translate("What this deck rests on"), "", lines):
        yield replace(slide, is_appendix=True)
