"""Columns of a table as text, whichever of them there are."""

from collections.abc import Sequence

import pandas as pd

from clientlib.errors import InputError


def read_texts(
    table: pd.DataFrame, name: str, needed: Sequence[str], optional: Sequence[str]
) -> pd.DataFrame:
    """Read the columns that matching compares, in the order of the first of them.

    Parameters
    ----------
    table : DataFrame
        Clients or contacts.
    name : str
        Name of the canonical table, for messages.
    needed, optional : sequences of str
        Columns that must be there, the key first, and such as may be.

    Returns
    -------
    DataFrame of str
        Empty texts where nothing is known.

    Raises
    ------
    InputError
        A needed column is missing.
    """
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise InputError(
            f"the list of {name} lacks columns that matching reads",
            rows=f"{len(missing)} of {len(needed)}",
            example=missing[0],
            hint=f"hand over the canonical table {name}",
        )
    texts = table.reindex(columns=[*needed, *optional]).astype(object)
    return texts.where(texts.notna(), "").astype(str).sort_values(needed[0])
