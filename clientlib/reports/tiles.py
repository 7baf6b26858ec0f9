"""A run's key figures as a reader sees them: humanised labels, formatted numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clientlib.figures.numbers import (
    choose_decimals,
    choose_scale,
    is_missing,
)
from clientlib.figures.wording import clean, humanise
from clientlib.language import show_day, show_number, tell, translate

NOT_ENOUGH = "not enough data"
_COMPANIONS = ("baseline_{}", "{}_low", "{}_high")


@dataclass(frozen=True)
class Tile:
    """One key figure.

    Parameters
    ----------
    label, value : str
        What it is and what it says.
    detail : str
        Its interval and the plain rule's figure, where the run recorded them.
    """

    label: str
    value: str
    detail: str = ""


def make_tiles(key_figures: Mapping[str, Any], currency: str | None = None) -> list[Tile]:
    """Turn a run's key figures into tiles, in the order of recording.

    A figure ``x`` takes ``baseline_x``, ``x_low`` and ``x_high`` into its own tile.

    Parameters
    ----------
    key_figures : mapping of str to scalar
        Named by the house's rules, which tell how each is written.
    currency : str, optional
        The currency that money is in, such as ``EUR``; stands behind its label.

    Returns
    -------
    list of Tile
        One per figure that stands for itself.
    """
    taken = {form.format(name) for name in key_figures for form in _COMPANIONS}
    return [
        Tile(
            label_figure(name, currency), show_figure(name, value), _write_detail(name, key_figures)
        )
        for name, value in key_figures.items()
        if name not in taken
    ]


def label_figure(name: str, currency: str | None = None) -> str:
    """Label a key figure for people.

    Parameters
    ----------
    name : str
        As it was recorded.
    currency : str, optional
        The currency that money is in.

    Returns
    -------
    str
        ``Money at risk, EUR``.
    """
    is_money = name.endswith(("_amount", "_price", "_cost"))
    label = translate(humanise(name))
    return f"{label}, {currency}" if is_money and currency else label


def show_figure(name: str, value: object) -> str:
    """Write one key figure by what its name says of it.

    Parameters
    ----------
    name : str
        Such as ``late_share``, ``clients_count`` or ``gap_days``.
    value : object
        A scalar; a missing one becomes ``not enough data``.

    Returns
    -------
    str
        ``34.2%``, ``4 182``, ``1.28 million``.
    """
    if is_missing(value):
        return translate(NOT_ENOUGH)
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, date):
        return show_day(value)
    if not isinstance(value, int | float):
        return clean(value)
    return _show_number(name, float(value), whole=isinstance(value, int))


def _show_number(name: str, value: float, *, whole: bool) -> str:
    stem = name.removesuffix("_low").removesuffix("_high")
    if stem.endswith("_share"):
        return choose_scale([value], "%").show_full(value)
    if abs(value) >= 1e6:
        return tell("{amount:number2} million", amount=value / 1e6)
    is_count = whole or stem.endswith("_count") or abs(value) >= 1000
    return show_number(value, 0 if is_count else choose_decimals([value]))


def _write_detail(name: str, figures: Mapping[str, Any]) -> str:
    parts: list[str] = []
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    if not is_missing(low) and not is_missing(high):
        ends = {"low": show_figure(name, low), "high": show_figure(name, high)}
        parts.append(tell("interval {low} to {high}", **ends))
    plain = figures.get(f"baseline_{name}")
    if not is_missing(plain):
        parts.append(tell("plain rule: {figure}", figure=show_figure(name, plain)))
    return "; ".join(parts)
