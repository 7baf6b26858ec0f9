"""The fonts that pictures and PDFs are set in: the house's own, then those of the machine."""

from functools import lru_cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent / "fonts"
FACE = "Clientlib Sans"


@lru_cache(maxsize=1)
def find_fonts() -> typst.Fonts:
    """Find the fonts, once per process.

    Returns
    -------
    typst.Fonts
        The house's own come first; the machine's are for letters that those lack.
    """
    return typst.Fonts(font_paths=[str(FOLDER)])
