"""Catalogues as people write them (``.po``), compiled to what is read (``.mo``).

``python -m clientlib.language.compiling notebooks/locale`` compiles every catalogue in a folder.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


class _Bare(Catalog):
    """A catalogue whose head says neither when nor by what it was written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Only what reading it needs, so that the same texts give the same bytes."""
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compile_catalogue(path: Path) -> bytes:
    """Compile a catalogue.

    Parameters
    ----------
    path : Path
        The ``.po`` file.

    Returns
    -------
    bytes
        Of the ``.mo`` file.
    """
    with path.open("rb") as file:
        written = read_po(file)
    catalogue = _Bare(written.locale)
    for message in written:
        if message.id:
            catalogue.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def compile_folder(folder: Path) -> list[Path]:
    """Compile every catalogue in a folder, each beside its source.

    Parameters
    ----------
    folder : Path
        Looked through with all folders in it.

    Returns
    -------
    list of Path
        The ``.mo`` files.
    """
    written = []
    for path in sorted(folder.rglob("*.po")):
        target = path.with_suffix(".mo")
        target.write_bytes(compile_catalogue(path))
        written.append(target)
    return written


if __name__ == "__main__":
    for given in sys.argv[1:]:
        compile_folder(Path(given))
