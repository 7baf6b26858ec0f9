"""Headings as a mapping calls them, whatever a file has written."""

from collections.abc import Sequence

from clientlib.config import FileMapping
from clientlib.errors import InputError


def canonical_headings(
    mapping: FileMapping, written: Sequence[str], file_name: str
) -> dict[str, str]:
    """Replace other spellings of headings by those of the mapping.

    Parameters
    ----------
    mapping : FileMapping
        Its ``headings`` list other spellings.
    written : sequence of str
        Headings as the file has them.
    file_name : str
        For messages.

    Returns
    -------
    dict of str to str
        Heading in the file to heading in the mapping, in the order of the file.

    Raises
    ------
    InputError
        A column has no name, or two count as the same.
    """
    if unnamed := [number for number, name in enumerate(written, start=1) if not name.strip()]:
        raise InputError(
            f"{file_name} has a column without a name",
            rows=f"{len(unnamed)} of {len(written)} columns",
            example=f"column {unnamed[0]}",
            hint="name it in the export",
        )
    other = {
        spelling.casefold(): heading
        for heading, spellings in mapping.headings.items()
        for spelling in (heading, *spellings)
    }
    headings = {name: other.get(name.strip().casefold(), name.strip()) for name in written}
    if len(set(headings.values())) < len(headings):
        raise InputError(
            f"{file_name} has two columns of the same meaning",
            example=", ".join(written),
            hint="remove one from the export, or mend 'headings' in the mapping",
        )
    return headings
