"""A chart's picture in dots, for what cannot hold an SVG."""

from collections.abc import Mapping
from typing import Any

import typst

from clientlib.figures.pictures import draw_picture
from clientlib.figures.pictures.typefaces import find_fonts

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg")
"""


def draw_raster(figure: Mapping[str, Any], *, width: int = 860, ppi: int = 192) -> bytes:
    """Draw a chart as PNG, without its title and without a browser.

    Parameters
    ----------
    figure : mapping
        As for ``draw_picture``.
    width : int, in pixels
        Of the picture before ``ppi`` enlarges it.
    ppi : int
        Dots per inch; 96 gives ``width`` dots across.

    Returns
    -------
    bytes
        A PNG file.
    """
    svg = draw_picture(figure, width=width)
    made = typst.compile(
        _PAGE, format="png", ppi=float(ppi), sys_inputs={"picture": svg}, font_paths=find_fonts()
    )
    return bytes(made)
