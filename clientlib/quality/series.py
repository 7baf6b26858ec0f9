"""Facts by day: how fresh each table is, and how many rows its months hold against its own past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.language import jot, tell, translate
from clientlib.panels import check_columns
from clientlib.quality.issues import as_issues

MIN_GAPS = 10
LONG_GAPS = 2.0
PAST_MONTHS = 12
FILLED_MONTHS = 9
MIN_ROWS = 10
SPREADS = 3.0
MAD_TO_SD = 1.4826
MONTH_COLUMNS = ("table_name", "month_end", "rows_count", "expected_count", "low_count",
                 "high_count", "verdict")  # fmt: skip
NOT_ENOUGH, FRESH, OVERDUE = "not enough data", "fresh", "overdue"
USUAL, BELOW, ABOVE, SELDOM = "usual", "below", "above", "too few rows"


@dataclass(frozen=True)
class Freshness:
    """How long each table has been silent.

    Parameters
    ----------
    tables : DataFrame, one row per dated table, overdue first, then longest silence in its own gaps
        table_name, last_on, silent_days, usual_gap_days (median), long_gap_days (19 of 20 gaps
        are no longer), longest_gap_days, gaps_count, verdict.
    overdue_count, judged_count : int
        Tables that are overdue, of those with enough gaps.
    note : str
        What was found, in a sentence.
    issues : DataFrame, one row per overdue table
        As `issues.ISSUE_COLUMNS`; rows and money are not known.
    """

    tables: pd.DataFrame
    overdue_count: int
    judged_count: int
    note: str
    issues: pd.DataFrame


@dataclass(frozen=True)
class Volume:
    """Rows by month beside what the table's own past lets expect.

    Parameters
    ----------
    months : DataFrame, one row per table and closed month
        table_name, month_end, rows_count, expected_count, low_count, high_count, verdict.
    outside : DataFrame
        Those of ``months`` that lie outside their band, latest first.
    tables_count : int
        Tables with at least one judged month.
    note : str
        What was found, in a sentence.
    issues : DataFrame, one row per table whose last month lies outside
        As `issues.ISSUE_COLUMNS`; rows are those of the month, money is not known.
    """

    months: pd.DataFrame
    outside: pd.DataFrame
    tables_count: int
    note: str
    issues: pd.DataFrame

    def lines(self, table: str) -> pd.DataFrame:
        """Give one table's months as lines: rows, and both ends of the expected band.

        Parameters
        ----------
        table : str
            Name without a schema, such as ``orders``.

        Returns
        -------
        DataFrame
            month_end, line, rows_count; three rows a month.
        """
        names = {
            "rows_count": table,
            "low_count": translate("expected from"),
            "high_count": translate("expected to"),
        }
        mine = self.months[self.months["table_name"] == table]
        mine = mine[["month_end", *names]].rename(columns=names)
        return mine.melt("month_end", var_name="line", value_name="rows_count")

    def message(self, table: str) -> str:
        """Say how the last month of a table stands to its band, for the title of its lines.

        Parameters
        ----------
        table : str
            Name without a schema, such as ``orders``.

        Returns
        -------
        str
            A sentence with that month's rows.
        """
        mine = self.months[self.months["table_name"] == table]
        if mine.empty:
            return tell("Rows of {table} by month", table=table)
        last = mine.sort_values("month_end").iloc[-1]
        said = {"table": table, "rows": int(last["rows_count"]), "month": last["month_end"]}
        if last["verdict"] not in _BAND_TITLES:
            return tell("{table} has {rows:count} {rows:~row} in {month:month}", **said)
        ends = {"low": float(last["low_count"]), "high": float(last["high_count"])}
        return tell(_BAND_TITLES[last["verdict"]], **said, **ends)


_OUTSIDE = (
    "{table} in {month:month}: {rows:count} {rows:~row}, outside the band of {low:count} to "
    "{high:count} that its past lets expect"
)
_BAND_TITLES = {
    USUAL: "{table} in {month:month}: {rows:count} {rows:~row}, inside the band of {low:count} to "
    "{high:count} that its past lets expect",
    BELOW: _OUTSIDE,
    ABOVE: _OUTSIDE,
}
_BAND_ISSUES = {
    BELOW: "rows of the last month below the expected band",
    ABOVE: "rows of the last month above the expected band",
}


def judge_freshness(fact_days: pd.DataFrame, *, as_of: str | pd.Timestamp) -> Freshness:
    """Compare each table's silence with its own gaps.

    A table is overdue when it has been silent for more than twice its long gap (19 of 20 gaps
    between days with facts are no longer), and for longer than it ever was: a yearly holiday is
    no fault.

    Parameters
    ----------
    fact_days : DataFrame, one row per table and day with facts
        From the warehouse's profile: table_name, happened_on.
    as_of : str or Timestamp
        The day on which the silence is measured; later days are left out.

    Returns
    -------
    Freshness
        A table with fewer than 10 gaps is not judged.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(fact_days, ("table_name", "happened_on"), name="the profile of fact days")
    day = pd.Timestamp(as_of)
    known = fact_days[fact_days["happened_on"] <= day]
    rows = [_measure_gaps(name, days, day) for name, days in known.groupby("table_name")]
    columns = ["table_name", "last_on", "silent_days", "usual_gap_days", "long_gap_days",
               "longest_gap_days", "gaps_count", "verdict"]  # fmt: skip
    tables = pd.DataFrame(rows, columns=columns)
    order = tables["verdict"].map({OVERDUE: 0, FRESH: 1, NOT_ENOUGH: 2})
    size = tables["silent_days"] / tables["long_gap_days"]
    tables = tables.assign(order=order, size=size).sort_values(
        ["order", "size", "table_name"], ascending=[True, False, True], ignore_index=True
    )[columns]
    overdue = tables[tables["verdict"] == OVERDUE]
    judged = int((tables["verdict"] != NOT_ENOUGH).sum())
    said = {"overdue": len(overdue), "judged": judged}
    note = tell(
        "{overdue:count} of {judged:count} tables are silent for longer than usual.", **said
    )
    if judged < len(tables):
        note = tell(
            "{overdue:count} of {judged:count} tables are silent for longer than usual; "
            "{few:count} have too few days to say.",
            **said,
            few=len(tables) - judged,
        )
    return Freshness(tables, len(overdue), judged, note, _list_overdue(overdue))


def _measure_gaps(
    name: object, days: pd.DataFrame, as_of: pd.Timestamp
) -> tuple[object, pd.Timestamp, int, float, float, float, int, str]:
    dates = days["happened_on"].sort_values()
    gaps = pd.Series(np.diff(dates.to_numpy()) / np.timedelta64(1, "D"))
    last, enough = dates.iloc[-1], len(gaps) >= MIN_GAPS
    silent = (as_of - last).days
    usual = float(gaps.median()) if enough else np.nan
    long = float(gaps.quantile(0.95)) if enough else np.nan
    longest = float(gaps.max()) if enough else np.nan
    verdict = FRESH if enough else NOT_ENOUGH
    if enough and silent > max(LONG_GAPS * long, longest):
        verdict = OVERDUE
    return name, last, silent, usual, long, longest, len(gaps), verdict


def _list_overdue(overdue: pd.DataFrame) -> pd.DataFrame:
    return as_issues(
        overdue.assign(
            issue=[
                jot("nothing new for {days:count} days", days=int(days))
                for days in overdue["silent_days"]
            ],
            mend_in=[
                jot("the export of {table}: was it brought?", table=name)
                for name in overdue["table_name"]
            ],
        )
    )


def judge_volume(fact_days: pd.DataFrame, *, as_of: str | pd.Timestamp) -> Volume:
    """Compare each closed month's rows with the twelve months before it.

    Expected is the median of these twelve, the band three robust standard deviations (1.4826
    times the median distance from the median) to both sides, at least three times the square
    root of the median, the spread of rows that come at random. A month is not judged where the
    table had no rows in more than three of the twelve months, or usually fewer than ten.

    Parameters
    ----------
    fact_days : DataFrame, one row per table and day with facts
        From the warehouse's profile: table_name, happened_on, rows_count.
    as_of : str or Timestamp
        Months that end later are left out.

    Returns
    -------
    Volume
        A month with fewer than twelve before it is "not enough data".

    Raises
    ------
    InputError
        A column is missing.

    References
    ----------
    Median absolute deviation as a robust scale: Hampel, Journal of the American Statistical
    Association 69, 1974.
    """
    wanted = ("table_name", "happened_on", "rows_count")
    check_columns(fact_days, wanted, name="the profile of fact days")
    months = _count_months(fact_days, pd.Timestamp(as_of))
    months = pd.concat([_judge_months(rows) for _, rows in months.groupby("table_name")] or
                       [_judge_months(months)], ignore_index=True)  # fmt: skip
    judged = months[months["verdict"].isin([USUAL, BELOW, ABOVE])]
    outside = judged[judged["verdict"] != USUAL].sort_values(
        ["month_end", "table_name"], ascending=[False, True], ignore_index=True
    )
    tables = judged["table_name"].nunique()
    last = outside[outside["month_end"] == months["month_end"].max()]
    note = tell("Not enough data: no table has a month with twelve months before it.")
    if tables:
        note = tell(
            "{outside:count} of {judged:count} months of {tables:count} tables lie outside their "
            "band; of the last month {last:count}.",
            outside=len(outside),
            judged=len(judged),
            tables=tables,
            last=len(last),
        )
    return Volume(months, outside, tables, note, _list_outside(last))


def _count_months(fact_days: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Count rows by table and closed month, zeros between a table's first month and the last."""
    last = as_of if as_of.is_month_end else as_of - pd.offsets.MonthEnd(1)
    ends = fact_days["happened_on"] + pd.offsets.MonthEnd(0)
    dated = fact_days.assign(month_end=ends)[ends <= last]
    sums = dated.groupby(["month_end", "table_name"])["rows_count"].sum().unstack("table_name")
    if sums.empty:
        empty = pd.DataFrame(columns=["table_name", "month_end", "rows_count"])
        return empty.astype({"month_end": "datetime64[ns]"})
    every = pd.date_range(sums.index.min(), last, freq="ME", name="month_end")
    filled = sums.reindex(every)
    counted = filled.fillna(0).where(filled.notna().cummax())
    return counted.melt(ignore_index=False, value_name="rows_count").dropna().reset_index()


def _judge_months(rows: pd.DataFrame) -> pd.DataFrame:
    counts = rows["rows_count"].astype("float64")
    past = counts.shift().rolling(PAST_MONTHS)
    expected = past.median()
    distance = past.apply(_median_distance, raw=True)
    spread = SPREADS * np.maximum(MAD_TO_SD * distance, np.sqrt(expected))
    low, high = (expected - spread).clip(lower=0), expected + spread
    filled = (counts > 0).astype(float).shift().rolling(PAST_MONTHS).sum()
    is_seldom = (filled < FILLED_MONTHS) | (expected < MIN_ROWS)
    verdict = np.select(
        [expected.isna(), is_seldom, counts < low, counts > high],
        [NOT_ENOUGH, SELDOM, BELOW, ABOVE],
        USUAL,
    )
    judged = rows.assign(expected_count=expected, low_count=low, high_count=high, verdict=verdict)
    return judged[list(MONTH_COLUMNS)]


def _median_distance(window: npt.NDArray[np.float64]) -> float:
    return float(np.median(np.abs(window - np.median(window))))


def _list_outside(last: pd.DataFrame) -> pd.DataFrame:
    return as_issues(
        last.assign(
            issue=[jot(_BAND_ISSUES[verdict]) for verdict in last["verdict"]],
            mend_in=[
                jot("the export of {table}: is it whole, or doubled?", table=name)
                for name in last["table_name"]
            ],
        )
    )
