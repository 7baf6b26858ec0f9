"""The rows of a chart with one mark per name: read, checked, and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clientlib.figures.checks import check_columns, check_ends, check_numbers
from clientlib.figures.columns import Column
from clientlib.figures.numbers import PERCENT_UNITS, Scale, choose_scale, list_known
from clientlib.figures.tables import Table, show_table
from clientlib.figures.wording import chart_text, clean, humanise

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
    """

    labels: tuple[str, ...]
    marks: pd.DataFrame
    heading: str
    label_heading: str
    rows_total: int
    scale: Scale
    reference: float | None = None
    reference_label: str = ""

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
        interval = "<br>interval %{customdata[2]} to %{customdata[3]}" if self.has_ends else ""
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
            parts.append("lines show the interval")
        if self.reference is not None:
            parts.append("hollow where it includes the reference")
        if self.rows_total > len(self.labels):
            parts.append(f"first {len(self.labels)} of {self.rows_total:,} rows")
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
        ends = [
            f"{write(value.iloc[k])} ({self.labels[k]})" for k in (value.argmin(), value.argmax())
        ]
        against = ""
        if self.reference is not None:
            against = f" Reference: {self.reference_label} {write(self.reference)}."
        count = f"{len(value)} {'row' if len(value) == 1 else 'rows'}"
        return f"{chart}, {self.heading}, {count}, from {ends[0]} to {ends[1]}.{against}"

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
            columns["low"] = Column("Interval from", kind, unit)
            columns["high"] = Column("Interval to", kind, unit)
        listed = self.marks.assign(label=list(self.labels))
        return show_table(listed, columns=columns, caption=title, limit=MOST_ROWS)


def read_rows(
    frame: pd.DataFrame,
    names: Mapping[str, str | None],
    unit: str,
    *,
    drawn_by: str,
    by_span: bool = False,
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
    if marks["value"].isna().all():
        return None
    return Rows(
        labels=tuple(clean(name) for name in frame[used["label"]].head(MOST_ROWS)),
        marks=marks,
        heading=humanise(used["value"]),
        label_heading=humanise(used["label"]),
        rows_total=len(frame),
        scale=choose_scale(list_known(marks), unit, by_span=by_span),
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
        return "There are no rows to draw."
    return f"None of the {len(frame):,} rows has a value."
