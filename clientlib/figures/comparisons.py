"""Figures beside what they are compared with: read, checked, and put into words."""

from dataclasses import dataclass
from typing import Any, TypedDict

import pandas as pd

from clientlib.errors import InputError, nearest
from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import (
    PERCENT_UNITS,
    Scale,
    choose_scale,
    is_missing,
    list_known,
)
from clientlib.figures.scenarios import GOODS, SCENARIOS, name_scenario
from clientlib.figures.tables import Table, show_table
from clientlib.figures.wording import clean, humanise
from clientlib.language import show_share, tell, translate

MOST_COMPARED = 36


class Compared(TypedDict, total=False):
    """What figures are compared with, and how they are to be read.

    Parameters
    ----------
    previous, plan, forecast : str
        Columns of the same figure a year before, as planned, and as forecast where the actual one
        is not yet known.
    low, high : str
        Columns of the forecast's interval, both or none.
    against : str
        ``plan`` or ``previous``: what variances are taken from; by default the plan where there
        is one.
    unit : str
        Unit of the figures; ``%`` for shares from 0 to 1.
    good : str
        ``up`` where more is better, ``down`` where less is.
    """

    previous: str
    plan: str
    forecast: str
    low: str
    high: str
    against: str
    unit: str
    good: str


@dataclass(frozen=True)
class Comparison:
    """Figures of one chart, beside what they are compared with.

    Parameters
    ----------
    labels : tuple of str
        What the figures belong to, in order.
    values : DataFrame of float
        A column for each scenario that there is, ``low`` and ``high``, and ``variance``: the actual
        figure, or the forecast where it is not known, less what it is compared with.
    against : str
        plan, previous, or empty where there is nothing to compare with.
    good : str
        up or down.
    scale : Scale
        How the numbers are written.
    heading, label_heading : str
        What the figures and the labels are.
    rows_total : int
        How many rows there were.
    """

    labels: tuple[str, ...]
    values: pd.DataFrame
    against: str
    good: str
    scale: Scale
    heading: str
    label_heading: str
    rows_total: int

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that have figures, in the order of the notation."""
        return tuple(name for name in SCENARIOS if name in self.values)

    @property
    def shown(self) -> pd.Series:
        """The actual figure, or the forecast where there is none yet."""
        shown = self.values["actual"]
        return shown.fillna(self.values["forecast"]) if "forecast" in self.values else shown

    def as_setting(self) -> dict[str, Any]:
        """Write what decks need to draw the same figures.

        Returns
        -------
        dict
            scale, against and good.
        """
        return {"scale": self.scale.as_json(), "against": self.against, "good": self.good}

    def say_change(self, k: int) -> str:
        """Write the variance of one row, absolute and relative.

        Parameters
        ----------
        k : int
            Which row.

        Returns
        -------
        str
            ``+1.2 (+4%)``, ``+4 pp`` of shares; empty where nothing can be compared.
        """
        if not self.against:
            return ""
        change, base = self.values["variance"].iloc[k], self.values[self.against].iloc[k]
        if is_missing(change):
            return ""
        said = self.scale.show_change(change)
        if not base or is_missing(base) or self.scale.divisor == 0.01:
            return said
        share = change / abs(base)
        return f"{said} ({'+' if share > 0 else ''}{show_share(share)})"

    def write_subtitle(self) -> str:
        """Write what is drawn, in which unit, and what it is compared with.

        Returns
        -------
        str
            Parts joined by semicolons.
        """
        unit = self.scale.axis_unit
        parts = [f"{self.heading}, {unit}" if unit else self.heading]
        parts.append(", ".join(name_scenario(each) for each in self.scenarios))
        if self.against:
            parts.append(tell("variance from {base}", base=name_scenario(self.against)))
        if len(self.labels) < self.rows_total:
            parts.append(
                tell(
                    "first {shown:count} of {total:row.gen}",
                    shown=len(self.labels),
                    total=self.rows_total,
                )
            )
        return "; ".join(parts)

    def write_summary(self) -> str:
        """Write a sentence for those who cannot see the chart.

        Returns
        -------
        str
            How many figures, from which to which, and the largest variance.
        """
        shown = self.shown
        lowest, highest = int(shown.argmin()), int(shown.argmax())
        said = tell(
            "{heading}, {count:count} figures from {low} ({low_name}) to {high} ({high_name}).",
            heading=self.heading,
            count=len(self.labels),
            low=self.scale.show_full(shown.iloc[lowest]),
            low_name=self.labels[lowest],
            high=self.scale.show_full(shown.iloc[highest]),
            high_name=self.labels[highest],
        )
        if not self.against or self.values["variance"].isna().all():
            return str(said)
        k = int(self.values["variance"].abs().argmax())
        most = tell(
            "Largest variance from {base}: {change} ({name}).",
            base=name_scenario(self.against),
            change=self.say_change(k),
            name=self.labels[k],
        )
        return f"{said} {most}"

    def list_figures(self, title: str) -> Table:
        """List every number drawn.

        Parameters
        ----------
        title : str
            The table's caption.

        Returns
        -------
        Table
            One row per label.
        """
        kind = "percent" if self.scale.unit in PERCENT_UNITS else "number"
        unit = "" if kind == "percent" else self.scale.unit
        columns = {"label": Column(self.label_heading)}
        columns |= {each: Column(name_scenario(each), kind, unit) for each in self.scenarios}
        if "low" in self.values:
            columns["low"] = Column(translate("Forecast from"), kind, unit)
            columns["high"] = Column(translate("Forecast to"), kind, unit)
        if self.against:
            points = translate("pp") if kind == "percent" else unit
            columns["variance"] = Column(translate("Variance"), kind, points)
        listed = self.values.assign(label=list(self.labels))
        shown = show_table(listed, columns=columns, caption=title, limit=MOST_COMPARED)
        return shown.out_of(self.rows_total)


def read_comparison(
    frame: pd.DataFrame, label: str, actual: str, options: Compared, *, drawn_by: str
) -> Comparison | None:
    """Read and check the figures of a chart.

    Parameters
    ----------
    frame : DataFrame
        One row per label.
    label, actual : str
        Columns of the names and of the actual figures; nulls where a figure is not known.
    options : Compared
        What they are compared with.
    drawn_by : str
        The function's name, for messages.

    Returns
    -------
    Comparison or None
        None where no row has an actual figure or a forecast.

    Raises
    ------
    InputError
        A column is missing or not numeric, an interval ends before it begins, or an option is
        not known.
    """
    _check_options(options, drawn_by)
    roles = {"actual": actual} | {
        role: str(options[role])
        for role in ("previous", "plan", "forecast", "low", "high")
        if options.get(role)
    }
    check_columns(frame, dict.fromkeys([label, *roles.values()]), drawn_by=drawn_by)
    check_numbers(frame, roles.values(), drawn_by=drawn_by)
    values = pd.DataFrame({role: frame[name].astype("float64") for role, name in roles.items()})
    if "low" in values:
        check_ends(values, "low", "high", drawn_by=drawn_by)
    values = values.head(MOST_COMPARED).reset_index(drop=True)
    names = tuple(clean(name) for name in frame[label].head(MOST_COMPARED))
    against = options.get("against") or next((r for r in ("plan", "previous") if r in values), "")
    made = Comparison(
        names,
        values,
        against,
        options.get("good", "up"),
        choose_scale(list_known(values), options.get("unit", "")),
        humanise(actual),
        humanise(label),
        len(frame),
    )
    if made.shown.isna().all():
        return None
    if against:
        values["variance"] = made.shown - values[against]
    return made


def _check_options(options: Any, drawn_by: str) -> None:  # noqa: ANN401 - what a caller gave
    known = list(Compared.__annotations__)
    for name in options:
        if name not in known:
            near = nearest(name, known)
            raise InputError(
                f"{drawn_by} has no option '{name}'",
                hint=f"did you mean '{near}'?" if near else f"it has {', '.join(known)}",
            )
    if ("low" in options) != ("high" in options):
        raise InputError(f"{drawn_by} was given one end of an interval", hint="name low and high")
    if options.get("good", "up") not in GOODS:
        raise InputError(
            f"{drawn_by} cannot tell what is good: '{options['good']}'",
            hint="good is 'up' or 'down'",
        )
    against = options.get("against")
    if against is not None and against not in ("plan", "previous"):
        raise InputError(
            f"{drawn_by} cannot compare against '{against}'", hint="against is 'plan' or 'previous'"
        )
    if against and not options.get(against):
        raise InputError(
            f"{drawn_by} was given no column of what it shall compare with",
            hint=f"name the column: {against}=...",
        )
