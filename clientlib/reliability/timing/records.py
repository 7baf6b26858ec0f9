"""A fitted timing model as plain values, so that past scores can be made again."""

from typing import Any

import numpy as np
import pandas as pd

from clientlib.errors import InputError
from clientlib.reliability.timing.calibrating import Calibration
from clientlib.reliability.timing.conformal import Bounds
from clientlib.reliability.timing.covariates import Priors
from clientlib.reliability.timing.hazard import Hazard
from clientlib.reliability.timing.lumps import Lumps
from clientlib.reliability.timing.model import TimingModel
from clientlib.reliability.timing.pace import Pace

KIND = "timing model 1"
PARTS: dict[str, type] = {
    "pace": Pace,
    "priors": Priors,
    "hazard": Hazard,
    "lumps": Lumps,
    "calibration": Calibration,
    "bounds": Bounds,
}
COUNTS = "counts"


def to_record(model: TimingModel) -> dict[str, Any]:
    """Write a model as values that JSON keeps exactly.

    Parameters
    ----------
    model : TimingModel
        Fitted.

    Returns
    -------
    dict
        Texts, numbers, lists and dicts of these.
    """
    return {"kind": KIND, **_plain(model)}


def from_record(record: dict[str, Any]) -> TimingModel:
    """Read a model back; it gives the same scores to the last bit.

    Parameters
    ----------
    record : dict
        From `to_record`, also by way of JSON.

    Returns
    -------
    TimingModel
        As it was.

    Raises
    ------
    InputError
        It is the record of something else, or of another version.
    """
    if record.get("kind") != KIND:
        raise InputError(
            "this is no record of a timing model",
            example=f"kind {record.get('kind')!r}",
            hint=f"expected {KIND!r}",
        )
    fields = {name: _typed(name, value) for name, value in record.items() if name != "kind"}
    return TimingModel(**{**fields, "as_of": pd.Timestamp(record["as_of"])})


def _plain(value: object) -> Any:  # noqa: ANN401  (whatever JSON holds)
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401  (whatever JSON holds)
    if name in PARTS:
        return PARTS[name](**{key: _typed(key, part) for key, part in value.items()})
    if name in ("ways", "way_shares"):
        return tuple(value)
    if isinstance(value, list):
        return np.array(value, dtype=np.int64 if name == COUNTS else np.float64)
    return value
