"""Finding the bins of many values: by a table of what their first bits say, then few looks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

MANY_ROWS = 50_000
MOST_LOOKS = 6
_BUCKETS = 1 << 16
_HALF = np.uint32(16)


def find_bins(values: Floats, cuts: Floats) -> Places:
    """Find the bin of each value: 0 missing, 1 below the first cut, and so on.

    Parameters
    ----------
    values : array, shape (n_rows,)
        Values of one feature.
    cuts : array, shape (n_cuts,)
        Rising; a value equal to a cut lies above it.

    Returns
    -------
    array of int, shape (n_rows,)
        0 to 1 + n_cuts.
    """
    places: Places = np.searchsorted(cuts, values, side="right") + 1
    places[np.isnan(values)] = 0
    return places


@dataclass(frozen=True)
class Locator:
    """Finds the bins of many values, the same as `find_bins` and several times as fast.

    The first 16 bits of a value as a short float name a bucket. A table says for each bucket
    how many cuts lie surely below it; the few that lie within are looked at one by one.

    Parameters
    ----------
    cuts : array, shape (n_cuts,)
        Rising.
    below : array of int, shape (65536,), or None
        One more than the cuts surely below each bucket, 0 for buckets that are no number;
        None where too many cuts lie within one bucket.
    looks : int
        Most cuts within a bucket.
    """

    cuts: Floats
    below: npt.NDArray[np.int32] | None
    looks: int

    def find(self, values: Floats) -> Places:
        """Find the bin of each value.

        Parameters
        ----------
        values : array, shape (n_rows,)
            Values of one feature.

        Returns
        -------
        array of int, shape (n_rows,)
            As `find_bins` gives them.
        """
        if self.below is None:
            return find_bins(values, self.cuts)
        with np.errstate(over="ignore"):
            bucket = values.astype(np.float32).view(np.uint32) >> _HALF
        places = self.below.take(bucket)
        following = np.concatenate([[np.nan], self.cuts, [np.nan]])
        for _ in range(self.looks):
            places += values >= following.take(places)
        return places.astype(np.intp)


def build_locator(cuts: Floats) -> Locator:
    """Prepare the table of buckets.

    Parameters
    ----------
    cuts : array, shape (n_cuts,)
        Rising.

    Returns
    -------
    Locator
        Without a table where cuts lie too close to each other.
    """
    first = np.arange(_BUCKETS, dtype=np.uint32) << _HALF
    ends = np.stack([first, first | np.uint32(0xFFFF)]).view(np.float32)
    low, high = np.fmin(*ends), np.fmax(*ends)
    is_number = ~np.isnan(ends[0])  # an infinity is the first of its bucket
    with np.errstate(over="ignore", invalid="ignore"):
        edges = np.nextafter(low, np.float32(-np.inf)), np.nextafter(high, np.float32(np.inf))
    surely, perhaps = (np.searchsorted(cuts, edge, side="right") for edge in edges)
    within: Places = np.subtract(perhaps, surely)
    looks = int(within[is_number].max(initial=0))
    below = np.where(is_number, surely + 1, 0).astype(np.int32)
    return Locator(cuts, below if looks <= MOST_LOOKS else None, looks)
