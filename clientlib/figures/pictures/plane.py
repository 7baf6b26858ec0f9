"""The plane of a chart: from its numbers and days to pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from clientlib.figures.numbers import choose_ticks
from clientlib.figures.pictures.words import LINE_HEIGHT, measure_words
from clientlib.figures.theme import MUTED
from clientlib.language import show_number

TICK_SIZE = 12.0
TICK_GAP = 6.0


@dataclass(frozen=True)
class Axis:
    """One axis: what it spans, and what is written at it.

    Parameters
    ----------
    low, high : float
        Its ends as they are drawn; the low one may be the larger.
    is_dated : bool
        Whether its values are days, in seconds since 1970.
    ticks : tuple of (float, str)
        Where something is written, and what.
    colour : str
        Of these.
    has_grid, is_shown, is_above : bool
        Whether it has lines across, whether anything is written, whether it stands on top.
    title : str
        What the axis is.
    zero_colour : str, optional
        Of a line at zero.
    """

    low: float
    high: float
    is_dated: bool
    ticks: tuple[tuple[float, str], ...]
    colour: str
    has_grid: bool
    is_shown: bool
    is_above: bool
    title: str
    zero_colour: str | None

    def share(self, value: object) -> float:
        """Tell how far along the axis a value lies.

        Parameters
        ----------
        value : float or str
            A number or a day.

        Returns
        -------
        float
            0 at its low end, 1 at its high one.
        """
        return (read_value(value, self.is_dated) - self.low) / (self.high - self.low or 1.0)

    @property
    def widest(self) -> float:
        """Room for the longest tick, in pixels."""
        return max((measure_words(text, TICK_SIZE) for _, text in self.ticks), default=0.0)

    @property
    def height(self) -> float:
        """Room for the highest tick and the title, in pixels."""
        lines = max((text.count("<br") + 1 for _, text in self.ticks), default=0)
        return TICK_SIZE * LINE_HEIGHT * (lines + bool(self.title))


@dataclass(frozen=True)
class Plane:
    """Where on a picture the marks lie.

    Parameters
    ----------
    left, top, right, bottom : float, in pixels
        Its edges.
    across, up : Axis
        The axes.
    """

    left: float
    top: float
    right: float
    bottom: float
    across: Axis
    up: Axis

    def x(self, value: object, ref: str = "x") -> float:
        """Give the place of a value across.

        Parameters
        ----------
        value : float or str
            A number or a day, or with ``ref`` of ``paper`` a share of the width.
        ref : str
            As Plotly's xref.

        Returns
        -------
        float, in pixels
            From the left of the picture.
        """
        share = float(str(value)) if ref == "paper" else self.across.share(value)
        return self.left + share * (self.right - self.left)

    def y(self, value: object, ref: str = "y") -> float:
        """Give the place of a value up.

        Parameters
        ----------
        value : float or str
            A number or a day, or with ``ref`` of ``paper`` a share of the height.
        ref : str
            As Plotly's yref.

        Returns
        -------
        float, in pixels
            From the top of the picture.
        """
        share = float(str(value)) if ref == "paper" else self.up.share(value)
        return self.bottom - share * (self.bottom - self.top)


def read_axis(axis: Mapping[str, Any], values: Sequence[Any]) -> Axis:
    """Read an axis of a figure.

    Parameters
    ----------
    axis : mapping
        Plotly's ``xaxis`` or ``yaxis``.
    values : sequence
        What is drawn along it, where it has no range.

    Returns
    -------
    Axis
        With ticks: those of the figure, or round numbers.
    """
    is_dated = axis.get("type") == "date"
    ends = [read_value(end, is_dated) for end in axis.get("range") or _span(values, is_dated)]
    title = axis.get("title") or {}
    return Axis(
        ends[0],
        ends[1],
        is_dated,
        tuple(_read_ticks(axis, ends, is_dated)),
        (axis.get("tickfont") or {}).get("color", MUTED),
        axis.get("showgrid", True),
        axis.get("visible", True) and axis.get("showticklabels", True),
        axis.get("side") == "top",
        title.get("text", "") if isinstance(title, Mapping) else str(title),
        axis.get("zerolinecolor", MUTED) if axis.get("zeroline") else None,
    )


def read_value(value: object, is_dated: bool) -> float:
    """Read a number, or a day as seconds since 1970.

    Parameters
    ----------
    value : float or str
        As a figure has it.
    is_dated : bool
        Whether it is a day.

    Returns
    -------
    float
        The number.
    """
    if isinstance(value, str) and is_dated:
        return datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()
    return float(str(value))


def _span(values: Sequence[Any], is_dated: bool) -> tuple[Any, Any]:
    known = [read_value(value, is_dated) for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    pad = (high - low) * 0.04 or 1.0
    return low - pad, high + pad


def _read_ticks(
    axis: Mapping[str, Any], ends: Sequence[float], is_dated: bool
) -> list[tuple[float, str]]:
    if axis.get("tickvals") is not None:
        texts = axis.get("ticktext") or [str(value) for value in axis["tickvals"]]
        read = [read_value(value, is_dated) for value in axis["tickvals"]]
        pairs = zip(read, texts, strict=True)
        return [(value, str(text)) for value, text in pairs if min(ends) <= value <= max(ends)]
    ticks = choose_ticks(min(ends), max(ends), int(axis.get("nticks", 6)))
    if is_dated:
        return [(tick, f"{datetime.fromtimestamp(tick, UTC):%Y-%m-%d}") for tick in ticks]
    return [(tick, show_number(tick, 0 if float(tick).is_integer() else 2)) for tick in ticks]
