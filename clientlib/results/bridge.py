"""The bridge from last year's revenue to this year's: clients, products, price, volume, mix."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Claim, Sentence, tell, translate
from clientlib.panels import check_columns
from clientlib.results.effects import CREDITS, EFFECTS, compare_lines, measure_effects
from clientlib.results.parts import LINE_COLUMNS, label_parts
from clientlib.results.periods import History, Period, read_history, whole_months

LABELS = {
    "lost_clients": "Lost clients",
    "new_clients": "New clients",
    "dropped_products": "Dropped products",
    "new_products": "New products",
    "price": "Price",
    "volume": "Volume",
    "mix": "Mix",
    "credits": "Credits and returns",
}
STEP_COLUMNS = ("step", "label", "amount", "kind", "lines_count")
PART_COLUMNS = (
    "part",
    "label",
    "revenue_previous_amount",
    *EFFECTS,
    "revenue_amount",
    "change_amount",
)
_PART_TITLES = {
    True: "{label} changed most: {amount:short} {currency}, {change:short} above the year before",
    False: "{label} changed most: {amount:short} {currency}, {change:short} below the year before",
}
RULE = (
    "Computed for each client and product. Price is its change at the mean of both quantities, "
    "volume the change of quantities at the mean price of the family, mix the rest: with "
    "midpoint weights no cross-term is left. Clients without sales in one of the periods, "
    "products that nobody bought in one of them, and credits stand apart and are never in the "
    "price."
)


@dataclass(frozen=True)
class RevenueBridge:
    """How revenue of one period became that of the next.

    Parameters
    ----------
    before, after : Period
        Whole months, a year apart.
    lines : DataFrame, one row per client and product
        Keys, family, manager_id, region, revenue of both periods (before_amount, after_amount)
        and columns `EFFECTS`.
    steps : DataFrame
        Columns `STEP_COLUMNS`: a total, the effects, a total; adds up to a cent. Empty where the
        history does not hold both periods.
    currency : str
        Of the amounts.
    note : str
        How it was computed, or why it cannot be.
    """

    before: Period
    after: Period
    lines: pd.DataFrame
    steps: pd.DataFrame
    currency: str
    note: str

    @property
    def missing(self) -> str:
        """Why there is no bridge; empty where there is one."""
        return self.note if self.steps.empty else ""

    @property
    def before_amount(self) -> float:
        """Revenue of the earlier period; nan where there is no bridge."""
        return self._total("before_amount")

    @property
    def after_amount(self) -> float:
        """Revenue of the later period; nan where there is no bridge."""
        return self._total("after_amount")

    def effect(self, name: str) -> float:
        """Sum up one effect.

        Parameters
        ----------
        name : str
            One of `EFFECTS`.

        Returns
        -------
        float
            In money; nan where there is no bridge.
        """
        return self._total(name)

    def by(self, part: str, *, names: pd.Series | None = None) -> pd.DataFrame:
        """Split the bridge by family, manager or region.

        Parameters
        ----------
        part : str
            family, manager_id, region, client_id or product_id.
        names : Series of str, index = key, optional
            Names of the parts.

        Returns
        -------
        DataFrame, one row per part, largest change first
            Columns `PART_COLUMNS`; no rows where there is no bridge. Each effect adds up to that
            of the whole: volume and mix keep the average prices of all clients seen.
        """
        if self.steps.empty:
            blank = pd.DataFrame(columns=list(PART_COLUMNS))
            return blank.astype(dict.fromkeys(PART_COLUMNS[2:], float))
        amounts = ["before_amount", *EFFECTS, "after_amount"]
        sums = self.lines.groupby(part, dropna=False)[amounts].sum().reset_index()
        sums = sums.rename(
            columns={
                part: "part",
                "before_amount": "revenue_previous_amount",
                "after_amount": "revenue_amount",
            }
        )
        sums["label"] = label_parts(sums["part"], names)
        sums["change_amount"] = sums["revenue_amount"] - sums["revenue_previous_amount"]
        order = sums["change_amount"].abs().sort_values(ascending=False, kind="stable").index
        return sums.loc[order, list(PART_COLUMNS)].reset_index(drop=True)

    @property
    def title(self) -> Sentence:
        """The largest step and both totals, in a sentence; what is missing where there is none."""
        if self.steps.empty:
            return tell("Revenue of two years, step by step")
        inner = self.steps[self.steps["kind"] == "step"]
        largest = inner.loc[inner["amount"].abs().idxmax()]
        values = {
            "label": largest["label"],
            "amount": abs(float(largest["amount"])),
            "before": self.before_amount,
            "after": self.after_amount,
            "currency": self.currency,
        }
        if largest["amount"] < 0:
            return tell(
                "From {before:short} to {after:short} {currency}; the largest step is {label}, "
                "which took {amount:short}", **values,
            )  # fmt: skip
        return tell(
            "From {before:short} to {after:short} {currency}; the largest step is {label}, "
            "which brought {amount:short}", **values,
        )  # fmt: skip

    def title_parts(self, parts: pd.DataFrame) -> Sentence:
        """Say which part changed most, for the chart of parts.

        Parameters
        ----------
        parts : DataFrame
            From ``by``.

        Returns
        -------
        Sentence
            With its claim.
        """
        if self.steps.empty or parts.empty:
            return tell("Revenue by part")
        first = parts.iloc[0]
        change = float(first["change_amount"])
        said = tell(
            _PART_TITLES[change > 0], label=first["label"], amount=first["revenue_amount"],
            change=abs(change), currency=self.currency,
        )  # fmt: skip
        return said.resting_on(Claim.of_fact(change), Claim.of_fact(change))

    def _total(self, column: str) -> float:
        return float(self.lines[column].sum()) if len(self.steps) else float("nan")


def bridge_revenue(
    lines: pd.DataFrame,
    month_ends: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    months_count: int = 12,
    currency: str = "",
) -> RevenueBridge:
    """Lead from the revenue of a year ago to that of now.

    Works on the rows of any reader: averages are then those of the reader's clients.

    Parameters
    ----------
    lines : DataFrame
        From ``join_parts``.
    month_ends : DataFrame
        marts.month_ends.
    as_of : str or Timestamp
        The last whole month until then ends the later period.
    months_count : int
        Length of both periods; the earlier is the same months a year before.
    currency : str
        Of the amounts.

    Returns
    -------
    RevenueBridge
        Without steps, and with a note, where the history does not hold both periods.

    Raises
    ------
    InputError
        A column is missing, or nothing had happened by the day.
    """
    check_columns(lines, LINE_COLUMNS, name="lines with their parts")
    history = read_history(month_ends, as_of)
    after = whole_months(history, months_count)
    before = after.year_before()
    pairs = compare_lines(lines, before, after)
    effects = measure_effects(pairs, before, after)
    table = pairs.join(effects).assign(
        before_amount=pairs["sold_amount_before"] + pairs["credited_amount_before"],
        after_amount=pairs["sold_amount_after"] + pairs["credited_amount_after"],
    )
    if not history.covers(before) or table.empty:
        blank = pd.DataFrame(columns=list(STEP_COLUMNS))
        note = _say_missing(history, before, after, table.empty)
        return RevenueBridge(before, after, table, blank, currency, note)
    return RevenueBridge(
        before, after, table, _lay_steps(table, before, after), currency, tell(RULE)
    )


def _lay_steps(table: pd.DataFrame, before: Period, after: Period) -> pd.DataFrame:
    """Put totals around the effects; an effect that there is not is left out, credits never."""
    rows: list[tuple[str, str, float, str, int]] = [
        ("before", before.say(), table["before_amount"].sum(), "total", len(table))
    ]
    for name in EFFECTS:
        count = int((table[name].abs() > 0).sum())
        if count or name == CREDITS:
            rows.append((name, translate(LABELS[name]), table[name].sum(), "step", count))
    rows.append(("after", after.say(), table["after_amount"].sum(), "total", len(table)))
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _say_missing(history: History, before: Period, after: Period, is_empty: bool) -> Sentence:
    if is_empty and history.covers(before):
        return tell("Not enough data: nothing was sold in {before} or {after}.",
                    before=before.say(), after=after.say())  # fmt: skip
    return tell(
        "Not enough data: the bridge compares {before} with {after}, and the history begins on "
        "{first:day}.",
        before=before.say(), after=after.say(), first=history.first_on,
    )  # fmt: skip
