"""How far a share may lie from the chance it was drawn with."""

import numpy as np


def within_chance(observed, expected, count, errors=4.0):
    """Tell whether a share of so many cases lies within sampling error of the true chance."""
    return abs(observed - expected) < errors * np.sqrt(expected * (1 - expected) / count)
