"""The pipeline as it was believed on two days, and what led from the one to the other."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, tell, together, translate
from clientlib.panels import as_days, check_columns

DEAL_STATES = "marts.deal_states"
STATE_COLUMNS = (
    "deal_id",
    "version",
    "opened_on",
    "expected_close_on",
    "outcome",
    "amount",
    "told_on",
    "known_until",
)
NEW, PULLED_IN, GROWN = "new", "pulled_in", "grown"
SHRUNK, PUSHED, LOST, WON = "shrunk", "pushed", "lost", "won"
FLOWS = (NEW, PULLED_IN, GROWN, SHRUNK, PUSHED, LOST, WON)
OF_HISTORY = (PULLED_IN, GROWN, SHRUNK, PUSHED)
LABELS = {
    NEW: "New",
    PULLED_IN: "Pulled in",
    GROWN: "Grown",
    SHRUNK: "Shrunk",
    PUSHED: "Pushed out",
    LOST: "Lost or given up",
    WON: "Won",
}
STEP_COLUMNS = ("step", "label", "amount", "kind", "deals_count")
OPEN, WON_OUTCOME = "open", "won"
AHEAD, BEYOND, GONE = "in", "beyond", "gone"
SLIPPED_TWICE = 2


@dataclass(frozen=True)
class PipelineDays:
    """The two days of a bridge, and the day by which deals of the pipeline are to close.

    Parameters
    ----------
    opening_on, closing_on : Timestamp
        The state of each is what was known at its end.
    due_by : Timestamp or None
        The pipeline is the open deals that were expected to close by this day; None where all
        open deals count.
    """

    opening_on: pd.Timestamp
    closing_on: pd.Timestamp
    due_by: pd.Timestamp | None = None

    @classmethod
    def around(cls, as_of: str | pd.Timestamp, *, months: int = 3) -> "PipelineDays":
        """Look as many months ahead as back.

        Parameters
        ----------
        as_of : str or Timestamp
            The closing day.
        months : int
            From the opening day to it, and from it to the day by which deals are to close.

        Returns
        -------
        PipelineDays
            From month end to month end where the closing day is one.
        """
        day = pd.Timestamp(as_of)
        ends = [day + pd.DateOffset(months=each) for each in (-months, months)]
        if day.is_month_end:
            ends = [end + pd.offsets.MonthEnd(0) for end in ends]
        return cls(ends[0], day, ends[1])

    @classmethod
    def back(cls, as_of: str | pd.Timestamp, *, months: int = 1) -> "PipelineDays":
        """Look some months back, at all open deals whenever they are to close.

        Parameters
        ----------
        as_of : str or Timestamp
            The closing day.
        months : int
            From the opening day to it.

        Returns
        -------
        PipelineDays
            From month end to month end where the closing day is one.
        """
        around = cls.around(as_of, months=months)
        return cls(around.opening_on, around.closing_on)


@dataclass(frozen=True)
class Pipeline:
    """The bridge of a pipeline, and the deals that need a look.

    Parameters
    ----------
    days : PipelineDays
        Opening, closing, and due by.
    steps : DataFrame
        Columns `STEP_COLUMNS`: opening, the seven flows, closing. A flow whose history is not
        kept is null, all others add up from opening to closing to a cent. Empty without deals.
    deals : DataFrame, one row per deal that was in the pipeline at any time
        deal_id, amount_opening, amount_closing and columns `FLOWS`, each with its sign.
    slipped : DataFrame, most slips first
        Open deals whose expected day was moved to a later one twice or more: deal_id,
        slips_count, first_expected_on, expected_close_on, amount. Empty where no history is kept.
    overdue : DataFrame, largest first
        Open deals whose expected day is the closing day or before: deal_id, expected_close_on,
        overdue_days, amount.
    unknown_count : int
        Open deals on the closing day that have no amount, or no expected day where ``due_by``
        asks for one: they count as nothing.
    is_history_kept : bool
        Whether changes of amount and expected day can be seen.
    note : str
        What cannot be answered, and why.
    currency : str
        Of the amounts.
    """

    days: PipelineDays
    steps: pd.DataFrame
    deals: pd.DataFrame
    slipped: pd.DataFrame
    overdue: pd.DataFrame
    unknown_count: int
    is_history_kept: bool
    note: str
    currency: str

    @property
    def missing(self) -> str:
        """Why there is no bridge; empty where there is one."""
        return self.note if self.steps.empty else ""

    @property
    def drawn_steps(self) -> pd.DataFrame:
        """The steps that are known."""
        return self.steps.dropna(subset=["amount"])

    @property
    def closing_amount(self) -> float:
        """Sum of the open deals on the closing day; nan without deals."""
        return float(self.steps["amount"].iloc[-1]) if len(self.steps) else float("nan")

    @property
    def title(self) -> Sentence:
        """What is open, won and lost, for the chart."""
        if self.steps.empty:
            return tell("Pipeline, step by step")
        amounts = self.steps.set_index("step")["amount"]
        return tell(
            "Open deals come to {closing:short} {currency}; {won:short} were won and {lost:short} "
            "lost or given up",
            closing=self.closing_amount, won=-float(amounts[WON]), lost=-float(amounts[LOST]),
            currency=self.currency,
        )  # fmt: skip


def bridge_pipeline(states: pd.DataFrame, days: PipelineDays, *, currency: str = "") -> Pipeline:
    """Lead from the pipeline of one day to that of another.

    A deal is in the pipeline of a day where, by what was known at the end of that day, it was
    opened, not decided, and expected to close by ``due_by``. Then, each deal by its own amounts:

    * new: opened, or first known, after the opening day;
    * pulled in: known on the opening day, but expected beyond ``due_by`` then; at its amount then;
    * grown, shrunk: its amount on the closing day, or when it was decided, less that before;
    * pushed out: still open on the closing day, but expected beyond ``due_by``;
    * won; lost or given up (lost, no decision, or no longer in the source): known by the closing
      day to be decided, at the last amount.

    What was decided within the days counts in the pipeline whatever day was expected.

    Parameters
    ----------
    states : DataFrame
        marts.deal_states; what was told after the closing day is not used. An open deal of which
        only the end was recorded counts with the amount of its end.
    days : PipelineDays
        Without a day to close by all open deals count, and none is pulled in or pushed.
    currency : str
        Of the amounts.

    Returns
    -------
    Pipeline
        With null steps and a note where no changes of deals are kept.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(states, STATE_COLUMNS, name=DEAL_STATES)
    first, last, limit = days.opening_on, days.closing_on, days.due_by
    known = _read_states(states, last)
    before, after = (_state_on(known, day, limit) for day in (first, last))
    flows = _measure_flows(before, after)
    kept_from = _history_begins(known)
    is_kept = kept_from is not None
    current = after[after["place"].isin([AHEAD, BEYOND])]
    is_unknown = current["amount"].isna()
    if limit is not None:
        is_unknown |= current["expected_close_on"].isna()
    return Pipeline(
        days, _lay_steps(flows, days, is_kept), flows,
        _list_slipped(known, current), _list_overdue(current, last), int(is_unknown.sum()),
        is_kept, _write_note(flows, kept_from, first, int(is_unknown.sum())), currency,
    )  # fmt: skip


def _read_states(states: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    days = ["opened_on", "expected_close_on", "told_on", "known_until"]
    dated = states.assign(**{name: as_days(states[name]) for name in days})
    known = dated[dated["told_on"] <= last]
    known = known.sort_values(["deal_id", "version", "told_on"], ignore_index=True)
    ends = known.groupby(["deal_id", "version"])["amount"].transform("last")
    return known.assign(amount=known["amount"].astype(float).fillna(ends.astype(float)))


def _state_on(known: pd.DataFrame, day: pd.Timestamp, limit: pd.Timestamp | None) -> pd.DataFrame:
    """Give each deal as it was believed on a day: its amount, and where it was.

    place: in the pipeline, beyond the day that ends it, won, or lost (gone from the source, too).
    """
    told = known[known["told_on"] <= day]
    state = told.drop_duplicates("deal_id", keep="last").set_index("deal_id")
    is_decided = state["outcome"] != OPEN
    is_gone = state["known_until"].notna() & (state["known_until"] <= day)
    place = pd.Series(AHEAD, index=state.index, dtype=object)
    if limit is not None:
        place = place.mask(~(state["expected_close_on"] <= limit), BEYOND)
    place = place.mask(is_gone, LOST)
    is_won = state["outcome"] == WON_OUTCOME
    place = place.mask(is_decided & is_won, WON).mask(is_decided & ~is_won, LOST)
    return state.assign(place=place)[["amount", "place", "expected_close_on", "opened_on"]]


def _measure_flows(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Give each deal's part in each flow; a row adds up from opening to closing amount."""
    pair = after.join(before, rsuffix="_before", how="left")
    was, now = pair["place_before"].fillna(GONE), pair["place"]
    open_before, decided = was.isin([AHEAD, BEYOND]), now.isin([WON, LOST])
    is_in = (was == AHEAD) | (now == AHEAD) | ((open_before | (was == GONE)) & decided)
    is_in &= ~was.isin([WON, LOST])
    pair, was, now = pair[is_in], was[is_in], now[is_in]
    amount, earlier = (pair[name].astype(float).fillna(0.0) for name in ("amount", "amount_before"))
    change = (amount - earlier).where(was != GONE, 0.0)
    flows = pd.DataFrame(
        {
            "amount_opening": earlier.where(was == AHEAD, 0.0),
            NEW: amount.where(was == GONE, 0.0),
            PULLED_IN: earlier.where(was == BEYOND, 0.0),
            GROWN: change.clip(lower=0.0),
            SHRUNK: change.clip(upper=0.0),
            PUSHED: -amount.where(now == BEYOND, 0.0),
            LOST: -amount.where(now == LOST, 0.0),
            WON: -amount.where(now == WON, 0.0),
            "amount_closing": amount.where(now == AHEAD, 0.0),
        }
    )
    return flows.rename_axis("deal_id").reset_index()


def _history_begins(known: pd.DataFrame) -> pd.Timestamp | None:
    """Find the first day on which a change of any deal was recorded; none where none was."""
    later = known.loc[known["version"] > 1, "told_on"]
    return None if later.empty else later.min()


def _lay_steps(flows: pd.DataFrame, days: PipelineDays, is_kept: bool) -> pd.DataFrame:
    if flows.empty:
        return pd.DataFrame(columns=list(STEP_COLUMNS))
    rows: list[tuple[str, str, float, str, int]] = []
    for name in FLOWS:
        is_blank = not is_kept and name in OF_HISTORY and not flows[name].any()
        is_blank |= days.due_by is None and name in (PULLED_IN, PUSHED)
        amount = float("nan") if is_blank else float(flows[name].sum())
        rows.append((name, translate(LABELS[name]), amount, "step", int((flows[name] != 0).sum())))
    ends = [
        (name, tell("Open on {day:day}", day=day), float(flows[f"amount_{name}"].sum()), "total",
         int((flows[f"amount_{name}"] > 0).sum()))
        for name, day in (("opening", days.opening_on), ("closing", days.closing_on))
    ]  # fmt: skip
    return pd.DataFrame([ends[0], *rows, ends[1]], columns=list(STEP_COLUMNS))


def _list_slipped(known: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """List open deals by how often a version moved the expected day to a later one."""
    expected = known.dropna(subset=["expected_close_on"])
    earlier = expected.groupby("deal_id")["expected_close_on"].shift(1)
    slips = (expected["expected_close_on"] > earlier).groupby(expected["deal_id"]).sum()
    firsts = expected.groupby("deal_id")["expected_close_on"].first()
    table = current.assign(
        slips_count=slips.reindex(current.index).fillna(0).astype(int),
        first_expected_on=firsts.reindex(current.index),
    )
    table = table[table["slips_count"] >= SLIPPED_TWICE].rename_axis("deal_id").reset_index()
    columns = ["deal_id", "slips_count", "first_expected_on", "expected_close_on", "amount"]
    order = ["slips_count", "deal_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)[columns]


def _list_overdue(current: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    late = current[current["expected_close_on"] <= last].rename_axis("deal_id").reset_index()
    late = late.assign(overdue_days=(last - late["expected_close_on"]).dt.days)
    columns = ["deal_id", "expected_close_on", "overdue_days", "amount"]
    order = ["amount", "deal_id"]
    return late.sort_values(order, ascending=[False, True], ignore_index=True)[columns]


def _write_note(
    flows: pd.DataFrame, kept_from: pd.Timestamp | None, first: pd.Timestamp, unknown_count: int
) -> str:
    if flows.empty:
        return tell("Not enough data: no deal was open or decided in these days.")
    said: list[str] = []
    if kept_from is None:
        said.append(
            tell(
                "No change of a deal has been recorded, so that amount and expected day of an "
                "earlier day are not known: what was pulled in, grown, shrunk or pushed out, and "
                "what slipped, cannot be told, and each deal counts with the amount of its last "
                "day. Later loads will record it."
            )
        )
    elif kept_from > first:
        said.append(
            tell(
                "Changes of deals are recorded from {day:day} on: what moved before is not seen.",
                day=kept_from,
            )
        )
    if unknown_count:
        said.append(
            tell(
                "{count:deal} {count:is|are} open without an amount or an expected day, and "
                "count as nothing.",
                count=unknown_count,
            )
        )
    return together(*said)
