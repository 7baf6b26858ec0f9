"""What months brought, against the year before and the plan."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from clientlib.language import Claim, Sentence, tell, together
from clientlib.panels import as_days, check_columns
from clientlib.results.periods import (
    MONTH,
    TWELVE_MONTHS,
    YEAR_TO_DATE,
    History,
    Period,
    list_months,
    list_periods,
    mark_months,
    name_period,
    read_history,
)
from clientlib.results.plans import Plan

DAY_SALES = "marts.client_day_sales"
DAY_COLUMNS = ("ordered_on", "counted_on", "revenue_amount", "costed_revenue_amount", "cost_amount")
LEAST_COSTED_SHARE = 0.9
RESULT_COLUMNS = (
    "name",
    "first_on",
    "last_on",
    "is_open",
    "revenue_amount",
    "revenue_previous_amount",
    "revenue_plan_amount",
    "margin_amount",
    "margin_previous_amount",
    "costed_share",
)
_TITLES = {
    True: "Revenue ({period}) came to {amount:short} {currency}, {change:short} above the year "
    "before",
    False: "Revenue ({period}) came to {amount:short} {currency}, {change:short} below the year "
    "before",
}
NAN = float("nan")


@dataclass(frozen=True)
class Result:
    """Revenue and margin of months and of longer periods.

    Parameters
    ----------
    as_of : Timestamp
        The last day that is counted.
    history : History
        How far the warehouse reaches.
    currency : str
        Of all amounts.
    months : DataFrame, one row per month, oldest first
        Columns `RESULT_COLUMNS`, and ``mark``, a name short enough for an axis. Revenue is by day
        of the order, net of discounts, cancellations and credits. The open month is compared with
        the like days of the year before, and has no plan. The year before is null where the
        history does not reach back so far, the plan where goals do not cover all of the revenue,
        the margin where less than nine tenths of the revenue have a known cost.
    periods : DataFrame, one row per period
        The same of the month, the year to date and the last 12 months.
    note : str
        What cannot be answered, and why; empty where nothing is missing.
    """

    as_of: pd.Timestamp
    history: History
    currency: str
    months: pd.DataFrame
    periods: pd.DataFrame
    note: str

    def period(self, name: str) -> pd.Series:
        """Give the figures of one period.

        Parameters
        ----------
        name : str
            month, year to date, or last 12 months.

        Returns
        -------
        Series
            Columns `RESULT_COLUMNS`.
        """
        return self.periods[self.periods["key"] == name].iloc[0]

    @property
    def headline(self) -> Sentence:
        """The result of the last 12 months, or of the month where there is no year before."""
        year = self.period(TWELVE_MONTHS)
        if pd.notna(year["revenue_previous_amount"]):
            return say_change(year, self.currency)
        return say_change(self.period(MONTH), self.currency)

    @property
    def months_title(self) -> Sentence:
        """What the last month brought, for the chart of months."""
        return say_change(self.months.iloc[-1], self.currency)

    @property
    def periods_title(self) -> Sentence:
        """What the year to date brought, for the chart of periods."""
        return say_change(self.period(YEAR_TO_DATE), self.currency)

    @property
    def margin_title(self) -> Sentence:
        """The margin of the last month, for the chart of margins."""
        month = self.months.iloc[-1]
        return tell(
            "Margin ({name}) came to {margin:short} {currency}",
            margin=month["margin_amount"], currency=self.currency, name=month["name"],
        )  # fmt: skip


def measure_result(
    day_sales: pd.DataFrame,
    month_ends: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    plan: Plan | None = None,
    months_count: int = 12,
    currency: str = "",
) -> Result:
    """Measure what months, the year to date and twelve months brought.

    Parameters
    ----------
    day_sales : DataFrame
        marts.client_day_sales; facts that count after ``as_of`` are not used.
    month_ends : DataFrame
        marts.month_ends.
    as_of : str or Timestamp
        The last day that is counted, a month end or the last day of the data.
    plan : Plan, optional
        From ``read_plan``.
    months_count : int
        How many months are listed.
    currency : str
        Of the amounts.

    Returns
    -------
    Result
        With nulls, and a note, where something cannot be answered.

    Raises
    ------
    InputError
        A column is missing, or nothing had happened by the day.
    """
    check_columns(day_sales, DAY_COLUMNS, name=DAY_SALES)
    history = read_history(month_ends, as_of)
    days = _sum_days(day_sales, history.last_on)
    months = list_months(history, months_count)
    listed = _measure(months, days, history, plan)
    listed["name"], listed["mark"] = [m.name_month() for m in months], mark_months(months)
    periods = list_periods(history)
    summed = _measure(periods, days, history, plan)
    summed["key"] = summed["name"]
    summed["name"] = [months[-1].name_month(), *map(name_period, summed["name"][1:])]
    note = _write_note(history, summed, plan)
    return Result(history.last_on, history, currency, listed, summed, note)


def say_change(row: pd.Series, currency: str) -> Sentence:
    """Say the revenue of a period, and by how much it lies over or under that of the year before.

    Parameters
    ----------
    row : Series
        Columns `RESULT_COLUMNS`.
    currency : str
        Of the amounts.

    Returns
    -------
    Sentence
        With its claim.
    """
    values = {
        "amount": row["revenue_amount"],
        "currency": currency,
        "period": row["name"],
        "change": abs(row["revenue_amount"] - row["revenue_previous_amount"]),
    }
    if pd.isna(row["revenue_previous_amount"]):
        return tell("Revenue ({period}) came to {amount:short} {currency}", **values)
    change = row["revenue_amount"] - row["revenue_previous_amount"]
    if round(change) == 0:
        return tell(
            "Revenue ({period}) came to {amount:short} {currency}, as in the year before", **values
        )
    return tell(_TITLES[change > 0], **values).resting_on(Claim.of_fact(change))


def _sum_days(day_sales: pd.DataFrame, last_on: pd.Timestamp) -> pd.DataFrame:
    rows = day_sales.assign(
        ordered_on=as_days(day_sales["ordered_on"]), counted_on=as_days(day_sales["counted_on"])
    )
    known = rows[(rows["counted_on"] <= last_on) & (rows["ordered_on"] <= last_on)]
    return known.groupby("ordered_on")[list(DAY_COLUMNS[2:])].sum().sort_index()


def _measure(
    periods: Iterable[Period], days: pd.DataFrame, history: History, plan: Plan | None
) -> pd.DataFrame:
    rows = [_measure_one(period, days, history, plan) for period in periods]
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def _measure_one(
    period: Period, days: pd.DataFrame, history: History, plan: Plan | None
) -> tuple[object, ...]:
    now, before = _sums(days, period), _sums(days, period.year_before())
    has_before = history.covers(period.year_before())
    share = _costed_share(now)
    return (
        period.name,
        period.first_on,
        period.last_on,
        period.is_open,
        float(now["revenue_amount"]) if history.covers(period) else NAN,
        float(before["revenue_amount"]) if has_before else NAN,
        plan.amount(period) if plan and not period.is_open else NAN,
        _margin(now) if history.covers(period) else NAN,
        _margin(before) if has_before else NAN,
        share,
    )


def _sums(days: pd.DataFrame, period: Period) -> pd.Series:
    return days.loc[period.first_on : period.last_on].sum()


def _costed_share(sums: pd.Series) -> float:
    revenue = float(sums["revenue_amount"])
    return float(sums["costed_revenue_amount"]) / revenue if revenue > 0 else NAN


def _margin(sums: pd.Series) -> float:
    """Give the margin where nearly all of the revenue has a known cost."""
    if not _costed_share(sums) >= LEAST_COSTED_SHARE:
        return NAN
    return float(sums["costed_revenue_amount"] - sums["cost_amount"])


def _write_note(history: History, periods: pd.DataFrame, plan: Plan | None) -> str:
    said: list[str] = []
    if periods["revenue_previous_amount"].isna().any():
        said.append(
            tell(
                "The history begins on {first:day}: periods whose year before reaches further back "
                "are not compared.",
                first=history.first_on,
            )
        )
    if history.is_open:
        said.append(
            tell(
                "The month is open: its days until {last:day} are compared with the like days of "
                "the year before, and with no plan.",
                last=history.last_on,
            )
        )
    if periods["margin_amount"].isna().any():
        said.append(
            tell(
                "Margin is shown only where at least {share:share} of the revenue has a known "
                "cost.",
                share=LEAST_COSTED_SHARE,
            )
        )
    if plan is not None and plan.note:
        said.append(plan.note)
    return together(*said)
