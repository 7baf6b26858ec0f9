"""Tables of well-known published sets, read as they are."""

from pathlib import Path

import pandas as pd

from clientlib.errors import InputError


def read_published(path: str | Path) -> pd.DataFrame:
    """Read a published table: Parquet, or text parted by blanks and without headings.

    Parameters
    ----------
    path : str or Path
        ``1year.parquet`` of the Polish bankruptcies, ``german.data`` of German credit, or
        another file of the same form.

    Returns
    -------
    DataFrame
        As it stands in the file; columns without headings are numbered from 1.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"there is no file {path.name}",
            example=str(path),
            hint="the README of the published set says where to get it",
        )
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        table = pd.read_csv(path, sep=r"\s+", header=None)
    except (ValueError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read as a table",
            example=str(error).splitlines()[0],
            hint="was the copy cut off? copy it again",
        ) from error
    return table.set_axis(range(1, table.shape[1] + 1), axis=1)
