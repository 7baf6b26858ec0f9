"""Numbers as a reader sees them: thin spaces between thousands, one scale per chart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clientlib.language import tell, translate
from clientlib.language.nouns import NOUNS, inflect
from clientlib.language.numbers import HARD, MINUS, UNKNOWN, percent_sign, show_number

PERCENT_UNITS = ("%", "share", "percent")
COUNTED = {noun.english[1]: name for name, noun in NOUNS.items()}
_IN_WORDS = {
    1_000.0: ("thousand", "{unit} thousand"),
    1_000_000.0: ("million", "{unit} million"),
}


@dataclass(frozen=True)
class Scale:
    """How one chart writes its numbers: what they are divided by, and to how many decimals.

    Parameters
    ----------
    divisor : float
        1, 1,000 or 1,000,000; 0.01 for shares, which are shown as percentages.
    decimals : int
        Decimals of the divided number.
    unit : str
        Unit of the undivided number, empty where it has none.
    full_decimals : int
        Decimals of the undivided number, as it is written on hovering.
    """

    divisor: float
    decimals: int
    unit: str
    full_decimals: int

    @property
    def axis_unit(self) -> str:
        """The unit in words, as it stands under the title: ``EUR thousand``."""
        if self.divisor == 0.01:
            return "%"
        if self.divisor not in _IN_WORDS:
            return translate(self.unit)
        alone, after_unit = _IN_WORDS[self.divisor]
        return tell(after_unit, unit=translate(self.unit)) if self.unit else translate(alone)

    def as_json(self) -> list[float | int | str]:
        """Write the scale for a chart's setting.

        Returns
        -------
        list
            divisor, decimals, unit, full_decimals.
        """
        return [self.divisor, self.decimals, self.unit, self.full_decimals]

    def show(self, value: float | None, decimals: int | None = None) -> str:
        """Write a number short, for a label or a tick.

        Parameters
        ----------
        value : float or None
            In the chart's unit, undivided.
        decimals : int, optional
            Other decimals than the scale's.

        Returns
        -------
        str
            ``1.24``, ``34%``; ``<0.01`` where rounding would claim a zero.
        """
        if is_missing(value):
            return UNKNOWN
        places = self.decimals if decimals is None else decimals
        tail = percent_sign() if self.divisor == 0.01 else ""
        smallest = 10.0**-places
        scaled = float(value or 0.0) / self.divisor
        if 0 < abs(scaled) < smallest / 2:
            sign = "<" if scaled > 0 else f">{MINUS}"
            return f"{sign}{show_number(smallest, places)}{tail}"
        return show_number(scaled, places) + tail

    def show_change(self, change: float) -> str:
        """Write by how much a figure is more or less than another, short.

        Parameters
        ----------
        change : float
            In the chart's unit, undivided.

        Returns
        -------
        str
            ``+1.24``; ``+4 pp`` of shares: 34% is 4 percentage points more than 30%, not 4%.
        """
        shown = self.show(change)
        if self.divisor == 0.01:
            shown = f"{shown.removesuffix(percent_sign())}{HARD}{translate('pp')}"
        return f"+{shown}" if change > 0 else shown

    def show_full(self, value: float | None) -> str:
        """Write a number in full with its unit, for hovering.

        Parameters
        ----------
        value : float or None
            In the chart's unit, undivided.

        Returns
        -------
        str
            ``1 240 318 EUR``, ``34.2%``.
        """
        if is_missing(value):
            return translate("not known")
        if self.divisor == 0.01:
            return show_number(float(value or 0.0) * 100, max(self.decimals, 1)) + percent_sign()
        return f"{show_number(value, self.full_decimals)} {self._unit_of(value)}".rstrip()

    def _unit_of(self, value: float | None) -> str:
        noun = COUNTED.get(self.unit)
        return inflect(noun, "nom", float(value or 0.0)) if noun else translate(self.unit)


def scale_from_json(content: Sequence[Any]) -> Scale:
    """Read what ``Scale.as_json`` wrote.

    Parameters
    ----------
    content : sequence
        divisor, decimals, unit, full_decimals.

    Returns
    -------
    Scale
        The same scale.
    """
    divisor, decimals, unit, full = content
    return Scale(float(divisor), int(decimals), str(unit), int(full))


def is_missing(value: object) -> bool:
    """Tell whether a value is absent: None, NaN, NaT or infinite.

    Parameters
    ----------
    value : object
        A scalar.

    Returns
    -------
    bool
        True where nothing can be shown.
    """
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is None or value is pd.NaT or value is pd.NA


def list_known(frame: pd.DataFrame) -> list[float]:
    """List the numbers of a frame that are neither missing nor infinite.

    Parameters
    ----------
    frame : DataFrame of float
        Some columns of numbers.

    Returns
    -------
    list of float
        Row by row.
    """
    values = frame.to_numpy(dtype="float64").ravel().tolist()
    return [value for value in values if math.isfinite(value)]


def choose_decimals(values: Sequence[float | None]) -> int:
    """Choose the decimals that give the largest of some numbers about three digits.

    Parameters
    ----------
    values : sequence of float or None
        The numbers of one column or axis.

    Returns
    -------
    int
        0 where all are whole; else 0 to 4, by the largest.
    """
    known = [abs(float(value)) for value in values if value is not None and not is_missing(value)]
    if all(value.is_integer() for value in known):
        return 0
    return _decimals_for(max(known))


def choose_scale(values: Sequence[float | None], unit: str, *, by_span: bool = False) -> Scale:
    """Choose one way of writing all numbers of a chart.

    Parameters
    ----------
    values : sequence of float or None
        Everything that will be drawn, in ``unit``.
    unit : str
        ``%`` (or ``share``) for shares from 0 to 1, else the unit's name.
    by_span : bool
        Whether decimals follow the span of the numbers instead of the largest: an index
        between 90 and 110 then keeps one.

    Returns
    -------
    Scale
        Thousands from 20,000 on, millions from 2,000,000 on.
    """
    known = [float(value) for value in values if value is not None and not is_missing(value)]
    largest = max((abs(value) for value in known), default=0.0)
    span = max(known, default=0.0) - min(known, default=0.0)
    shown = min(largest, span) if by_span and span > 0 else largest
    if unit in PERCENT_UNITS:
        return Scale(0.01, 0 if shown >= 0.1 or shown == 0 else 1, unit, 1)
    divisor = 1e6 if largest >= 2e6 else 1e3 if largest >= 2e4 else 1.0
    is_whole = all((value / divisor).is_integer() for value in known)
    decimals = 0 if is_whole else _decimals_for(shown / divisor)
    return Scale(divisor, decimals, unit, 0 if largest >= 1000 else decimals)


def choose_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Choose round tick values within a range.

    Parameters
    ----------
    low, high : float
        Ends of the axis, ``low`` under ``high``.
    most : int
        About how many ticks there may be.

    Returns
    -------
    list of float
        Multiples of 1, 2, 2.5 or 5 times a power of ten, inside the range.
    """
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 2.5, 5) if m * power >= rough * 0.999), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def tick_decimals(ticks: Sequence[float], divisor: float) -> int:
    """Find the decimals that tell neighbouring ticks apart.

    Parameters
    ----------
    ticks : sequence of float
        Tick values.
    divisor : float
        What the chart's numbers are divided by.

    Returns
    -------
    int
        The fewest decimals that write each tick exactly, at most 4.
    """
    scaled = [tick / divisor for tick in ticks]
    exact = (p for p in range(4) if all(abs(round(t, p) - t) < 1e-9 for t in scaled))
    return next(exact, 4)


def _decimals_for(size: float) -> int:
    bars = ((100, 0), (10, 1), (1, 2), (0.01, 3))
    return next((places for bar, places in bars if size >= bar), 4)
