"""Scenarios and their looks: actual, previous year, plan and forecast, told apart without colour.

The notation is IBCS-style: actual figures solid, the previous year paler, a plan outlined, a
forecast hatched; a variance is good or bad by its effect, said by its sign and its colour.
"""

from dataclasses import dataclass
from typing import Any

from clientlib.figures.theme import BAD, GOOD, INK, MAIN, MUTED, PALE, SURFACE
from clientlib.figures.wording import chart_text
from clientlib.language import translate

SCENARIOS = ("actual", "previous", "plan", "forecast")
GOODS = ("up", "down")
EITHER = "either"  # what a change means is not told by its sign
NAMES = {
    "actual": "actual",
    "previous": "previous year",
    "plan": "plan",
    "forecast": "forecast",
}
SQUARES = {"actual": "■", "previous": "■", "plan": "□", "forecast": "▨"}
OUTLINE_WIDTH = 1.5


@dataclass(frozen=True)
class Look:
    """How the marks of a scenario are filled and edged.

    Parameters
    ----------
    fill : str
        Colour of the fill, or of its stripes.
    edge : str, optional
        Colour of the outline.
    is_hatched : bool
        Whether the fill is striped.
    """

    fill: str
    edge: str | None = None
    is_hatched: bool = False

    def as_marker(self) -> dict[str, Any]:
        """Write the look for Plotly.

        Returns
        -------
        dict
            A ``marker``.
        """
        line = {"color": self.edge, "width": OUTLINE_WIDTH} if self.edge else {"width": 0}
        marker: dict[str, Any] = {"color": self.fill, "line": line}
        if self.is_hatched:
            stripes = {"shape": "/", "fgcolor": self.fill, "bgcolor": SURFACE, "size": 6}
            marker["pattern"] = stripes
        return marker


LOOKS = {
    "actual": Look(MAIN),
    "previous": Look(PALE),
    "plan": Look(SURFACE, INK),
    "forecast": Look(MAIN, MAIN, is_hatched=True),
}


def name_scenario(scenario: str) -> str:
    """Name a scenario in the language that is spoken.

    Parameters
    ----------
    scenario : str
        One of ``SCENARIOS``.

    Returns
    -------
    str
        Such as ``previous year``.
    """
    return translate(NAMES[scenario])


def list_swatches(scenarios: tuple[str, ...], between: str) -> str:
    """Name scenarios for a chart, each behind a small square of its look.

    Parameters
    ----------
    scenarios : tuple of str
        Of ``SCENARIOS``.
    between : str
        Stands between them, such as a break of the line.

    Returns
    -------
    str
        Text as Plotly takes it.
    """
    return between.join(
        f'<span style="color:{LOOKS[each].edge or LOOKS[each].fill}">{SQUARES[each]}</span> '
        f"{chart_text(name_scenario(each))}"
        for each in scenarios
    )


def colour_effect(change: float, good: str) -> str:
    """Give the colour of a change by its effect.

    Parameters
    ----------
    change : float
        What a figure is more than what it is compared with.
    good : str
        ``up`` where more is better, ``down`` where less is, ``either`` where its sign does not
        tell.

    Returns
    -------
    str
        Hexadecimal.
    """
    if good == EITHER:
        return MUTED
    return GOOD if (change >= 0) == (good == "up") else BAD
