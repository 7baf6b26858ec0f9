"""One page per run: an executed notebook without its code, or where and why it stopped."""

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from clientlib.figures.theme import DARK_OF, TEMPLATE
from clientlib.reports.assets import Assets, write_whole
from clientlib.reports.blocks import embed_json, render_part
from clientlib.reports.documents import Document, Prose
from clientlib.reports.documents.provenance import say_coverage
from clientlib.reports.links import list_links
from clientlib.reports.news import tell_news
from clientlib.reports.prose import Heading, render_markdown
from clientlib.reports.templating import draw
from clientlib.reports.tiles import make_tiles

CHART_MARK = 'class="plot"'


@dataclass(frozen=True)
class _Body:
    parts: tuple[Markup, ...]
    headings: tuple[Heading, ...]

    @property
    def has_charts(self) -> bool:
        return any(CHART_MARK in part for part in self.parts)


def write_page(document: Document, path: Path, *, assets: Assets) -> Path:
    """Write the page of a run: its texts and outputs in order, without code.

    Of a run that failed it shows the cell, the message, and what came before it.

    Parameters
    ----------
    document : Document
        Of the run.
    path : Path
        Where to; usually ``reports/<as-of>/<report>/<edition>.html``.
    assets : Assets
        The shared files, from ``place_assets``.

    Returns
    -------
    Path
        The same path. The same inputs give the same bytes.
    """
    run, body = document.run, _render_body(document)
    html = draw(
        "page",
        run=run,
        failure=document.failure,
        cells_count=document.cells_count,
        tiles=make_tiles(run.key_figures, run.currency),
        coverage=say_coverage(document),
        body=body,
        news=tell_news(run),
        others=list_links(run, run.page or path.name),
        links=assets.link_from(path),
        theme=embed_json({"template": TEMPLATE, "dark": DARK_OF}) if body.has_charts else None,
    )
    return write_whole(path, html.encode())


def _render_body(document: Document) -> _Body:
    parts: list[Markup] = []
    headings: list[Heading] = []
    said = (document.run.title, document.run.question)
    for item in document.items:
        if isinstance(item.part, Prose) and not item.origin.source:
            prefix = f"c{item.origin.cell_number}-"
            prose = render_markdown(item.part.markdown, prefix=prefix, already_said=said)
            parts.append(draw("blocks/prose", html=Markup(prose.html)))  # noqa: S704
            headings.extend(prose.headings)
        else:
            parts.append(render_part(item.part))
    return _Body(tuple(parts), tuple(h for h in headings if h.level <= 3))
