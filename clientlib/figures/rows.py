"""The rows of a chart with one mark per name: read, checked, and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from clientlib.figures.also import Also, read_also
from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import PERCENT_UNITS, Scale, choose_scale, list_known
from clientlib.figures.tables import Table, show_table
from clientlib.figures.wording import chart_text, humanise, show_name
from clientlib.language import tell, together, translate

MOST_ROWS = 60


@dataclass(frozen=True)
class Rows:
    """The rows of one chart: what is drawn and how it is called.

    Parameters
    ----------
    labels : tuple of str
        Full names, cleaned, from the top down.
    marks : DataFrame of float
        ``value``, ``low`` and ``high`` in the chart's unit; nulls where unknown.
    heading, label_heading : str
        What the values and the names are.
    rows_total : int
        How many rows there were before the chart was cut.
    scale : Scale
        How the numbers are written.
    reference : float, optional
        Where a line to compare with stands.
    reference_label : str
        What the line stands for.
    also : Also
        Columns of the chart's table that are not drawn.
    """

    labels: tuple[str, ...]
    marks: pd.DataFrame
    heading: str
    label_heading: str
    rows_total: int
    scale: Scale
    reference: float | None = None
    reference_label: str = ""
    also: Also = field(default_factory=Also)

    @property
    def has_ends(self) -> bool:
        """Whether any row has an interval."""
        return bool(self.marks[["low", "high"]].notna().any(axis=None))

    def write_hover(self) -> dict[str, Any]:
        """Write what a row says when a reader points at it.

        Returns
        -------
        dict
            Plotly's customdata and hovertemplate.
        """
        ends = {"low": "%{customdata[2]}", "high": "%{customdata[3]}"}
        interval = f"<br>{tell('interval {low} to {high}', **ends)}" if self.has_ends else ""
        start = "<b>%{customdata[0]}</b><br>" + chart_text(self.heading)
        texts = [
            [chart_text(label), *map(self.scale.show_full, mark)]
            for label, mark in zip(self.labels, self.marks.to_numpy().tolist(), strict=True)
        ]
        return {
            "customdata": texts,
            "hovertemplate": f"{start} %{{customdata[1]}}{interval}<extra></extra>",
        }

    def write_subtitle(self) -> str:
        """Write what is drawn and in which unit, and what a reader must know to read it.

        Returns
        -------
        str
            Parts joined by semicolons.
        """
        unit = self.scale.axis_unit
        is_said = unit.lower() == self.heading.lower()
        parts = [self.heading if is_said or not unit else f"{self.heading}, {unit}"]
        if self.has_ends:
            parts.append(translate("lines show the interval"))
        if self.reference is not None:
            parts.append(translate("hollow where it includes the reference"))
        if self.rows_total > len(self.labels):
            parts.append(
                tell(
                    "first {shown:count} of {total:count} rows",
                    shown=len(self.labels),
                    total=self.rows_total,
                )
            )
        return "; ".join(parts)

    def write_summary(self, chart: str) -> str:
        """Write a sentence for those who cannot see the chart.

        Parameters
        ----------
        chart : str
            What kind of chart it is.

        Returns
        -------
        str
            Number of rows, and the smallest and largest value with their names.
        """
        value = self.marks["value"]
        write = self.scale.show_full
        least, most = int(value.argmin()), int(value.argmax())
        said = tell(
            "{chart}, {heading}, {count:count} {count:~row}, from {low} ({low_name}) "
            "to {high} ({high_name}).",
            chart=translate(chart),
            heading=self.heading,
            count=len(value),
            low=write(value.iloc[least]),
            low_name=self.labels[least],
            high=write(value.iloc[most]),
            high_name=self.labels[most],
        )
        if self.reference is None:
            return said
        label, shown = self.reference_label, write(self.reference)
        against = tell("Reference: {label} {value}.", label=label, value=shown)
        return together(said, against)

    def list_marks(self, title: str) -> Table:
        """List every number drawn.

        Parameters
        ----------
        title : str
            The table's caption.

        Returns
        -------
        Table
            One row per mark.
        """
        kind = "percent" if self.scale.unit in PERCENT_UNITS else "number"
        unit = "" if kind == "percent" else self.scale.unit
        columns = {
            "label": Column(self.label_heading),
            "value": Column(self.heading, kind, unit),
        }
        if self.has_ends:
            columns["low"] = Column(translate("Interval from"), kind, unit)
            columns["high"] = Column(translate("Interval to"), kind, unit)
        columns |= self.also.columns
        listed = self.marks.assign(label=list(self.labels)).join(self.also.values)
        shown = show_table(listed, columns=columns, caption=title, limit=MOST_ROWS)
        return shown.out_of(self.rows_total)


def read_rows(
    frame: pd.DataFrame,
    names: Mapping[str, str | None],
    unit: str,
    *,
    drawn_by: str,
    by_span: bool = False,
    words: bool = False,
    also: Mapping[str, Column] | None = None,
) -> Rows | None:
    """Read and check the rows of a chart.

    Parameters
    ----------
    frame : DataFrame
        One row per mark; at most 60 are kept.
    names : mapping of str to str or None
        The frame's columns for ``label`` and ``value``, and for ``low`` and ``high`` if any.
    unit : str
        Unit of the values.
    drawn_by : str
        The function's name, for messages.
    by_span : bool
        Whether decimals follow the span of the values instead of their size.
    words : bool
        Whether the names are words of our own, which are translated.
    also : mapping of str to Column, optional
        Columns that the chart's table shows beside what is drawn.

    Returns
    -------
    Rows or None
        None where no row has a value.

    Raises
    ------
    InputError
        A column is missing or not numeric, or an interval ends before it begins.
    """
    used = {role: name for role, name in names.items() if name is not None}
    check_columns(frame, dict.fromkeys(used.values()), drawn_by=drawn_by)
    check_numbers(frame, [used[role] for role in used if role != "label"], drawn_by=drawn_by)
    marks = pd.DataFrame({role: frame[used[role]] for role in used if role != "label"})
    marks = marks.reindex(columns=["value", "low", "high"]).astype("float64")
    check_ends(marks, "low", "high", drawn_by=drawn_by)
    marks = marks.head(MOST_ROWS).reset_index(drop=True)
    names_shown = frame[used["label"]].head(MOST_ROWS)
    if marks["value"].isna().all():
        return None
    return Rows(
        labels=tuple(show_name(name, words) for name in names_shown),
        marks=marks,
        heading=humanise(used["value"]),
        label_heading=humanise(used["label"]),
        rows_total=len(frame),
        scale=choose_scale(list_known(marks), unit, by_span=by_span),
        also=read_also(frame, also or {}, MOST_ROWS, drawn_by=drawn_by),
    )


def explain_emptiness(frame: pd.DataFrame) -> str:
    """Say why there is nothing to draw.

    Parameters
    ----------
    frame : DataFrame
        Without rows, or without a value in them.

    Returns
    -------
    str
        A sentence.
    """
    if frame.empty:
        return translate("There are no rows to draw.")
    return tell("None of the {count:count} rows has a value.", count=len(frame))
