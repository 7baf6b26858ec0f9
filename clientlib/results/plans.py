"""The plan: goals by month, how much of the revenue they cover, and the way from plan to actual."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Claim, Sentence, tell, together, translate
from clientlib.panels import as_days, check_columns
from clientlib.results.parts import PARTS, label_parts
from clientlib.results.periods import Period

TARGET_MONTHS = "marts.target_months"
TARGET_COLUMNS = (
    "target_id",
    "month_end",
    "manager_id",
    "region",
    "family",
    "measure",
    "target_value",
    "is_spread",
)
WHOLE = "whole"
CHOICE = (WHOLE, "manager_id", "family", "region")  # where goals cover as much, the first is taken
FULL_SHARE = 0.995
MOST_PARTS = 8
STEP_COLUMNS = ("label", "amount", "kind")
_PART_NAMES = {"manager_id": "manager", "family": "family", "region": "region"}
_SOURCES = {
    WHOLE: "The plan is the goals of the whole company.",
    "manager_id": "The plan is the goals of the managers together.",
    "family": "The plan is the goals of the product families together.",
    "region": "The plan is the goals of the regions together.",
}
_TITLES = {
    True: "{label} lies {gap:short} {currency} above the goal, the largest gap of {period}",
    False: "{label} lies {gap:short} {currency} below the goal, the largest gap of {period}",
}
NAN = float("nan")


@dataclass(frozen=True)
class Plan:
    """Goals for the revenue of months.

    Parameters
    ----------
    grain : str
        Whose goals are summed up: whole, manager_id, family or region; empty where there are none.
    goals : DataFrame, one row per grain, part and month
        grain, part, month_end, target_value, is_spread.
    months : DataFrame, index month_end
        plan_amount (of ``grain``) and covered_share: the part of the month's revenue that belongs
        to parts with a goal.
    note : str
        Where the plan comes from and what it lacks.
    currency : str
        Of the amounts.
    """

    grain: str
    goals: pd.DataFrame
    months: pd.DataFrame
    note: str
    currency: str = ""

    def amount(self, period: Period) -> float:
        """Sum up the plan of a period of whole months.

        Parameters
        ----------
        period : Period
            Any.

        Returns
        -------
        float
            nan where a month has no plan, or one that does not cover its revenue.
        """
        ends = pd.date_range(period.first_on, period.last_on, freq="ME")
        found = self.months.reindex(ends)
        if ends.empty or not (found["covered_share"] >= FULL_SHARE).all():
            return NAN
        return float(found["plan_amount"].sum())


@dataclass(frozen=True)
class PlanBridge:
    """How the plan became the actual revenue, part by part.

    Parameters
    ----------
    period : Period
        Whole months.
    by : str
        manager_id, family or region.
    parts : DataFrame, one row per part, largest gap first
        part, label, plan_amount, actual_amount, gap_amount; the plan is null for a part without a
        goal.
    steps : DataFrame
        label, amount, kind (total or step): plan, gaps of parts, parts without a goal, actual;
        adds up to a cent. Empty where no part has a goal for each month.
    title : Sentence
        The finding, or what is missing.
    currency : str
        Of the amounts.
    """

    period: Period
    by: str
    parts: pd.DataFrame
    steps: pd.DataFrame
    title: Sentence
    currency: str

    @property
    def missing(self) -> str:
        """Why there is no bridge; empty where there is one."""
        return self.title if self.steps.empty else ""

    @property
    def plan_amount(self) -> float:
        """All goals together."""
        return float(self.parts["plan_amount"].sum()) if len(self.parts) else NAN

    @property
    def gap_amount(self) -> float:
        """What parts with a goal brought over their goals; negative where they fell short."""
        return float(self.parts["gap_amount"].sum()) if len(self.parts) else NAN


def read_plan(
    targets: pd.DataFrame, lines: pd.DataFrame, *, as_of: str | pd.Timestamp, currency: str = ""
) -> Plan:
    """Read the goals for revenue, and choose those that cover it best.

    Goals of the whole company are taken where there are any; else those of managers, families or
    regions, whichever cover most of the revenue. They are never added across.

    Parameters
    ----------
    targets : DataFrame
        marts.target_months as of the day: goals by month, a longer goal by its days.
    lines : DataFrame
        From ``join_parts``.
    as_of : str or Timestamp
        The day of the analysis.
    currency : str
        Of the goals.

    Returns
    -------
    Plan
        Without goals: empty, with a note.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(targets, TARGET_COLUMNS, name=TARGET_MONTHS)
    goals = _read_goals(targets)
    blank = pd.DataFrame({"plan_amount": [], "covered_share": []}, dtype=float)
    if goals.empty:
        return Plan(
            "", goals, blank, tell("No goal for revenue is known to this reader."), currency
        )
    months = {grain: _cover(goals[goals["grain"] == grain], lines) for grain in CHOICE}
    seen = pd.Timestamp(as_of)
    covered = {
        grain: table.loc[table.index <= seen, "covered_share"].sum()
        for grain, table in months.items()
        if len(table)
    }
    grain = max(covered, key=lambda name: (round(covered[name], 3), -CHOICE.index(name)))
    return Plan(grain, goals, months[grain], _write_note(goals, grain, targets), currency)


def bridge_plan(
    plan: Plan,
    lines: pd.DataFrame,
    period: Period,
    *,
    by: str,
    names: pd.Series | None = None,
) -> PlanBridge:
    """Lead from the plan to the actual revenue by what each part was over or short.

    Parameters
    ----------
    plan : Plan
        From ``read_plan``.
    lines : DataFrame
        From ``join_parts``.
    period : Period
        Whole months.
    by : str
        manager_id, family or region: the grain of the goals that are used.
    names : Series of str, index = key, optional
        Names of the parts.

    Returns
    -------
    PlanBridge
        Parts with a goal for each month of the period; all others together are one step.
    """
    ends = pd.date_range(period.first_on, period.last_on, freq="ME")
    goals = plan.goals[(plan.goals["grain"] == by) & plan.goals["month_end"].isin(ends)]
    counted = goals.groupby("part")["month_end"].nunique()
    planned = goals[goals["part"].isin(counted[counted == len(ends)].index)]
    sold = lines[lines["order_month"].isin(ends)]
    actual = sold.groupby(by, dropna=False)["revenue_amount"].sum()
    parts = _compare(planned.groupby("part")["target_value"].sum(), actual, names)
    if planned.empty:
        title = tell("No goals by {part} cover {period}.", part=translate(_PART_NAMES[by]),
                     period=period.say())  # fmt: skip
        return PlanBridge(
            period, by, parts, pd.DataFrame(columns=list(STEP_COLUMNS)), title, plan.currency
        )
    steps = _lay_steps(parts)
    return PlanBridge(
        period, by, parts, steps, _say_gap(parts, period, plan.currency), plan.currency
    )


def _read_goals(targets: pd.DataFrame) -> pd.DataFrame:
    """Keep goals for revenue that are of one part, or of the whole."""
    rows = targets[targets["measure"] == "revenue"]
    rows = rows.assign(month_end=as_days(rows["month_end"]))
    named = rows[list(PARTS)].notna()
    single, named = rows[named.sum(axis=1) <= 1], named[named.sum(axis=1) <= 1]
    grain = pd.Series(WHOLE, index=single.index, dtype=object)
    part = grain.copy()
    for name in PARTS:
        grain, part = grain.mask(named[name], name), part.mask(named[name], single[name])
    keyed = single.assign(grain=grain, part=part)
    keys = ["grain", "part", "month_end"]
    return keyed.groupby(keys, as_index=False).agg(
        target_value=("target_value", "sum"), is_spread=("is_spread", "any")
    )


def _cover(goals: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Sum up goals of one grain by month, and tell how much of the revenue they cover."""
    plan = goals.groupby("month_end")["target_value"].sum().rename("plan_amount")
    if goals.empty:
        return pd.DataFrame({"plan_amount": plan, "covered_share": plan})
    grain = goals["grain"].iloc[0]
    if grain == WHOLE:
        return pd.DataFrame({"plan_amount": plan, "covered_share": 1.0})
    sold = lines.groupby(["order_month", grain], dropna=False)["revenue_amount"].sum()
    table = sold.abs().rename("amount").reset_index()
    has_goal = pd.MultiIndex.from_frame(table[["order_month", grain]]).isin(
        pd.MultiIndex.from_frame(goals[["month_end", "part"]])
    )
    total = table.groupby("order_month")["amount"].sum()
    covered = table[has_goal].groupby("order_month")["amount"].sum()
    share = (covered / total.where(total > 0)).reindex(plan.index)
    return pd.DataFrame({"plan_amount": plan, "covered_share": share})


def _compare(planned: pd.Series, actual: pd.Series, names: pd.Series | None) -> pd.DataFrame:
    missing = actual[actual.index.isna()].sum()
    keys = planned.index.union(actual.index.dropna())
    parts = pd.DataFrame({"part": keys.astype(object)})
    parts["plan_amount"] = planned.reindex(keys).to_numpy()
    parts["actual_amount"] = actual[actual.index.notna()].reindex(keys).fillna(0.0).to_numpy()
    if missing:
        parts.loc[len(parts)] = [None, NAN, missing]
    parts["gap_amount"] = parts["actual_amount"] - parts["plan_amount"]
    parts.insert(1, "label", label_parts(parts["part"], names))
    order = parts["gap_amount"].abs().sort_values(ascending=False, kind="stable").index
    return parts.loc[order].reset_index(drop=True)


def _lay_steps(parts: pd.DataFrame) -> pd.DataFrame:
    with_goal = parts.dropna(subset=["plan_amount"])
    without = float(parts.loc[parts["plan_amount"].isna(), "actual_amount"].sum())
    shown, rest = with_goal.head(MOST_PARTS), with_goal.iloc[MOST_PARTS:]
    steps: list[tuple[str, float, str]] = [
        (translate("Plan"), float(with_goal["plan_amount"].sum()), "total")
    ]
    gaps = zip(shown["label"], shown["gap_amount"], strict=True)
    steps += [(label, float(gap), "step") for label, gap in gaps]
    if len(rest):
        steps.append((translate("All others"), float(rest["gap_amount"].sum()), "step"))
    if without:
        steps.append((translate("Without a goal"), without, "step"))
    steps.append((translate("Actual"), float(parts["actual_amount"].sum()), "total"))
    return pd.DataFrame(steps, columns=list(STEP_COLUMNS))


def _say_gap(parts: pd.DataFrame, period: Period, currency: str) -> Sentence:
    first = parts.iloc[0]
    gap = float(first["gap_amount"])
    return tell(
        _TITLES[gap > 0], label=first["label"], gap=abs(gap), currency=currency, period=period.say()
    ).resting_on(Claim.of_fact(gap))


def _write_note(goals: pd.DataFrame, grain: str, targets: pd.DataFrame) -> str:
    said = [tell(_SOURCES[grain])]
    if goals.loc[goals["grain"] == grain, "is_spread"].any():
        said.append(
            tell("A goal for more than a month is spread over its months by days: an assumption.")
        )
    mixed = targets.loc[
        (targets["measure"] == "revenue") & (targets[list(PARTS)].notna().sum(axis=1) > 1),
        "target_id",
    ].nunique()
    if mixed:
        said.append(
            tell(
                "{count:count} {count:goal|goals} for two parts at once {count:is|are} not used.",
                count=mixed,
            )
        )
    return together(*said)
