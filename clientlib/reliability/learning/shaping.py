"""Shares of neighbouring bins drawn into a shape: rising, falling, a valley or a peak."""

from collections.abc import Iterator
from math import log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Prefixes = list[tuple[float, float]]  # of the first bins: what their shape is worth, its end

BIN_COST = 0.5  # gain in log-likelihood that a further bin must bring
_LIGHT = 1e-9
_LEVEL = 1e-12  # shares, and worths beyond the ninth digit, are level but for rounding


def find_shape(events: Floats, sizes: Floats, direction: int) -> Floats:
    """Draw the shares of bins into the shape that tells most for its number of bins.

    A shape is worth the log-likelihood of the outcomes, less `BIN_COST` for each step. What
    the first bins are worth is known from one pooling of all of them, and so it is for the
    last ones; hence every valley and peak costs two look-ups. Of shapes that are worth the
    same the first is taken: rising, falling, then valley and peak by the bin where they turn.

    Parameters
    ----------
    events, sizes : array, shape (n_bins,)
        Events and rows of each bin.
    direction : int
        +1 or -1 lets the shares rise or fall only; 0 leaves the shape free.

    Returns
    -------
    array, shape (n_bins,)
        Shares, 0..1; level where bins should be joined.
    """
    share = events / np.where(sizes > 0, sizes, 1.0)
    if direction:
        return _bend(share, sizes, len(share), direction)
    _, turn, way = max(_value_shapes(share, sizes), key=lambda shape: round(shape[0], 9))
    return _bend(share, sizes, turn, way)


def pool_rising(share: Floats, sizes: Floats) -> Floats:
    """Pool neighbours that fall until none does.

    Parameters
    ----------
    share, sizes : array, shape (n_bins,)
        Of each bin.

    Returns
    -------
    array, shape (n_bins,)
        Never falling, and nearest to ``share`` in weighted squares.

    References
    ----------
    Barlow et al., Statistical Inference under Order Restrictions, 1972.
    """
    blocks: list[tuple[float, float, int]] = []  # mean, weight, bins
    for mean, weight in zip(share.tolist(), np.maximum(sizes, _LIGHT).tolist(), strict=True):
        bins = 1
        while blocks and blocks[-1][0] >= mean - _LEVEL:
            other, heavy, more = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)  # noqa: PLW2901
            weight, bins = weight + heavy, bins + more  # noqa: PLW2901
        blocks.append((mean, weight, bins))
    return np.repeat([mean for mean, _, _ in blocks], [bins for _, _, bins in blocks])


def _bend(share: Floats, sizes: Floats, turn: int, way: int) -> Floats:
    """Let the shares go one way up to a turn, and the other way from there."""
    left, right = slice(None, turn), slice(turn, None)
    before = way * pool_rising(way * share[left], sizes[left])
    return np.concatenate([before, -way * pool_rising(-way * share[right], sizes[right])])


def _value_shapes(share: Floats, sizes: Floats) -> Iterator[tuple[float, int, int]]:
    """Give what each shape is worth, the bin where it turns, and its way up to there."""
    bins = len(share)
    counts = np.maximum(sizes, _LIGHT).tolist()
    forth, back = share.tolist(), share[::-1].tolist()
    lefts = {1: _value_prefixes(forth, counts), -1: _value_prefixes(_rest(forth), counts)}
    yield lefts[1][-1][0], bins, 1
    yield lefts[-1][-1][0], bins, -1
    counts.reverse()
    rights = {1: _value_prefixes(back, counts), -1: _value_prefixes(_rest(back), counts)}
    for turn in range(2, bins - 1):
        for way in (-1, 1):
            (left, ends), (right, begins) = lefts[way][turn - 1], rights[way][bins - turn - 1]
            yield left + right - BIN_COST * (abs(ends - begins) > _LEVEL), turn, way


def _rest(share: list[float]) -> list[float]:
    """Shares of the rows without the event, which rise where the others fall."""
    return [1.0 - one for one in share]


def _value_prefixes(share: list[float], counts: list[float]) -> Prefixes:
    """Pool neighbours that fall, and say after each bin what the shape is worth so far."""
    blocks: list[tuple[float, float, float]] = []  # mean, weight, worth of all up to it
    found = []
    for mean, weight in zip(share, counts, strict=True):
        while blocks and blocks[-1][0] >= mean - _LEVEL:
            other, heavy, _ = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)  # noqa: PLW2901
            weight += heavy  # noqa: PLW2901
        before = blocks[-1][2] - BIN_COST if blocks else 0.0
        blocks.append((mean, weight, before + weight * _certainty(mean)))
        found.append((blocks[-1][2], mean))
    return found


def _certainty(share: float) -> float:
    """Log-likelihood of one row's outcome, on average, where so many have the event."""
    return share * log(share) + (1 - share) * log(1 - share) if 0 < share < 1 else 0.0
