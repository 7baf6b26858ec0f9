"""What this machine has: memory to share among processes."""

import os
import re

SHARED = 0.8  # of the machine's memory; the rest is for the system and whoever works on it
UNITS = {"K": 1, "M": 2, "G": 3, "T": 4}
MEGABYTE = 1_000_000

_SIZE = re.compile(r"^([\d.]+)\s?([KMGT])(i?)B$")


def memory_share(limit: str | None, workers: int) -> int | None:
    """Tell how much memory one kernel may use.

    Parameters
    ----------
    limit : str or None
        As configured, such as ``4GB`` or ``4GiB``; without it the processes share four fifths of
        the machine's memory.
    workers : int
        Processes at a time.

    Returns
    -------
    int or None
        In megabytes; None where the system does not tell how much it has.
    """
    if limit:
        return read_size(limit) // MEGABYTE
    if not hasattr(os, "sysconf"):
        return None
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(total * SHARED / workers / MEGABYTE)


def read_size(text: str) -> int:
    """Read an amount of memory.

    Parameters
    ----------
    text : str
        Such as ``512MB`` (powers of 1,000) or ``4GiB`` (powers of 1,024).

    Returns
    -------
    int
        In bytes.
    """
    found = _SIZE.match(text)
    if not found:
        raise ValueError(f"no amount of memory: {text}")
    number, unit, is_binary = found.groups()
    return int(float(number) * (1024 if is_binary else 1000) ** UNITS[unit])
