"""Points of a scorecard: log-odds on a scale where so many points double the odds of good."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.learning.encoding import Encoding
from clientlib.reliability.learning.model import ReliabilityModel
from clientlib.reliability.learning.tables import AdditiveTables, Term

Floats = npt.NDArray[np.float64]

COLUMNS = ["feature", "value", "points"]


@dataclass(frozen=True)
class Scale:
    """How log-odds become points.

    Parameters
    ----------
    anchor_points : float
        Points of a client whose odds of good to bad are ``anchor_odds``.
    anchor_odds : float, above 0
        Good outcomes for each bad one.
    doubling_points : float, above 0
        So many points more double the odds (PDO).
    """

    anchor_points: float = 600.0
    anchor_odds: float = 50.0
    doubling_points: float = 20.0

    def __post_init__(self) -> None:
        if not (self.anchor_odds > 0 and self.doubling_points > 0):
            raise InputError(
                "the odds of a scale of points, and the points that double them, must be above 0",
                example=f"{self.anchor_odds} and {self.doubling_points}",
            )

    @property
    def per_log_odds(self) -> float:
        """Points that one unit of log-odds takes away."""
        return float(self.doubling_points / np.log(2))

    def to_points(self, log_odds: pd.Series) -> pd.Series:
        """Turn log-odds of the bad outcome into points.

        Parameters
        ----------
        log_odds : Series of float, shape (n_rows,)
            As `ReliabilityModel.log_odds` gives them.

        Returns
        -------
        Series of float, shape (n_rows,)
            More points are better.
        """
        points: pd.Series = self.anchor_points - self.per_log_odds * (
            log_odds + float(np.log(self.anchor_odds))
        )
        return points.rename("points")


def list_points(model: ReliabilityModel, scale: Scale | None = None) -> pd.DataFrame:
    """Write down the points of every bin: what a client would get, on one page.

    Parameters
    ----------
    model : ReliabilityModel
        Of kind "scorecard" or "rules", or another of tables whose calibration is a line.
    scale : Scale, optional
        600 points at odds of 50 to 1, 20 points double them, if left out.

    Returns
    -------
    DataFrame, one row per bin
        feature, value (such as "from 3 to below 12", a category, or "missing") and points. The
        first row, of all, is what everybody starts from; pairs are not listed.

    Raises
    ------
    InputError
        The model's points do not add up bin by bin.
    """
    scorer, own = model.scorer, scale or Scale()
    if not isinstance(scorer, AdditiveTables) or model.calibrator.is_bent:
        raise InputError(
            f"the points of a model of kind {model.kind!r} cannot be listed bin by bin",
            example=f"its calibration is {model.calibrator.kind!r}",
            hint="take kind 'scorecard'; explain() gives each client's own points",
        )
    start = float(model.calibrator.apply(np.array([scorer.base]))[0])
    rows = [("all", "", float(own.to_points(pd.Series([start])).iloc[0]))]
    stretch = model.calibrator.values[1] if model.calibrator.values else 1.0
    for term in scorer.terms:
        if len(term.features) == 1:
            rows += _list_term(term, model.encoding, -own.per_log_odds * stretch)
    return pd.DataFrame(rows, columns=COLUMNS)


def _list_term(term: Term, encoding: Encoding, factor: float) -> list[tuple[str, str, float]]:
    (feature,), (cuts,) = term.features, term.cuts
    known = encoding.categories[feature]
    values = _intervals(cuts) if known is None else [*known, "other"]
    points = (factor * term.scores).tolist()
    name = encoding.features[feature]
    return [(name, *pair) for pair in zip(["missing", *values], points, strict=True)]


def _intervals(cuts: Floats) -> list[str]:
    if not len(cuts):
        return ["any"]
    ends = [f"{cut:g}" for cut in cuts.tolist()]
    inner = [f"from {low} to below {high}" for low, high in pairwise(ends)]
    return [f"below {ends[0]}", *inner, f"from {ends[-1]}"]
