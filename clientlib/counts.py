"""Counts within sentences, written as the tables of a report write them."""

THOUSANDS = "\u202f"


def say_count(count: float) -> str:
    """Write a count with narrow spaces between thousands.

    Parameters
    ----------
    count : int or float
        The count; fractions are rounded.

    Returns
    -------
    str
        Such as ``4 182``, its space narrow and unbreakable.
    """
    return f"{round(count):,}".replace(",", THOUSANDS)
