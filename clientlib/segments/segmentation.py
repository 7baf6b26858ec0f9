"""Which clients belong together: value tier by life state, beside ABC and RFM."""

from dataclasses import dataclass

import pandas as pd

from clientlib.language import Sentence, jot, retell, tell, together
from clientlib.panels import add_names, check_columns, month_ends_of, rows_until
from clientlib.segments.life import judge_life_states
from clientlib.segments.rfm import RfmCuts, fit_rfm_cuts, score_rfm
from clientlib.segments.rules import AT_RISK, LOST, OTHERWISE, SEGMENTS, SLOWING, SegmentRules
from clientlib.segments.value import ValueCuts, classify_abc, cut_days, last_cuts, walk_tiers

ORDERS = "marts.client_orders"
ORDER_COLUMNS = (
    "client_id",
    "month_end",
    "orders_count",
    "order_days_count",
    "first_ordered_on",
    "last_ordered_on",
    "typical_gap_days",
    "revenue_amount",
    "orders_12m_count",
    "revenue_12m_amount",
    "revenue_previous_12m_amount",
)
CLIENT_COLUMNS = (
    "client_id",
    "name",
    "month_end",
    "segment",
    "value_tier",
    "life_state",
    "abc_class",
    "rfm_code",
    "rfm_total",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "revenue_12m_amount",
    "revenue_previous_12m_amount",
    "orders_12m_count",
    "last_ordered_on",
    "silence_days",
    "typical_gap_days",
    "gap_used_days",
    "has_own_rhythm",
    "action",
    "owner",
)
SEGMENT_COLUMNS = (
    "segment",
    "value_tier",
    "life_state",
    "clients_count",
    "clients_share",
    "revenue_12m_amount",
    "revenue_share",
    "revenue_previous_12m_amount",
    "own_rhythm_count",
    "action",
    "owner",
)
NOTHING = "Not enough data: no client had ordered by this day."


@dataclass(frozen=True)
class Segmentation:
    """The segments at one month end.

    Parameters
    ----------
    as_of : Timestamp
        The month end that the segments speak from.
    rules : SegmentRules
        The thresholds.
    value_cuts : ValueCuts or None
        Amounts that part the tiers, and the month end that froze them.
    rfm_cuts : RfmCuts or None
        Quintile cuts of the RFM scores, frozen likewise.
    clients : DataFrame, one row per client that ever ordered, highest revenue first
        Columns `CLIENT_COLUMNS`.
    segments : DataFrame, one row per segment that has clients, highest revenue first
        Columns `SEGMENT_COLUMNS`; shares are of all segmented clients and of their revenue.
    unsegmented : DataFrame
        client_id, name, reason: known clients without any order.
    rule, note, headline : str
        The life-state rule, what to be careful about, and the main finding, in sentences.
    """

    as_of: pd.Timestamp
    rules: SegmentRules
    value_cuts: ValueCuts | None
    rfm_cuts: RfmCuts | None
    clients: pd.DataFrame
    segments: pd.DataFrame
    unsegmented: pd.DataFrame
    rule: str
    note: str
    headline: str

    @property
    def revenue_message(self) -> str:
        """What the revenue by segment says, for the title of its chart."""
        top = self.segments.head(1)
        if not (top["revenue_share"] > 0).any():
            return tell("Revenue of the last 12 months by segment")
        return tell(
            "The segment {segment} holds {share:share} of the revenue of the last 12 months",
            segment=retell(top["segment"].iloc[0]),
            share=float(top["revenue_share"].iloc[0]),
        )


def segment_clients(
    orders_panel: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    clients: pd.DataFrame | None = None,
    rules: SegmentRules | None = None,
) -> Segmentation:
    """Give every client a segment with a name, an action and an owner.

    The segment is value tier (revenue of twelve months, ABC cuts frozen at the last year end,
    25 % margin to leave a tier, no fall while silent) by life state (silence in the client's
    own rhythm). ABC class and RFM scores stand beside it.

    Parameters
    ----------
    orders_panel : DataFrame
        marts.client_orders, all month ends: the earlier ones decide who stays in its tier.
    as_of : str or Timestamp
        Rows after it are not looked at; the last month end until then is segmented.
    clients : DataFrame, optional
        client_id and name; clients that the panel lacks are kept as unsegmented.
    rules : SegmentRules, optional
        Thresholds.

    Returns
    -------
    Segmentation
        With empty tables and a note where nobody has ordered.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.
    """
    limits = rules or SegmentRules()
    orders = read_orders(orders_panel, as_of)
    labelled = label_panel(orders, limits)
    ends = month_ends_of(labelled)
    last = ends[-1] if ends else pd.Timestamp(as_of)
    rows = labelled[labelled["month_end"] == last]
    known = rows[rows["life_state"].notna()]
    if known.empty:
        blank = pd.DataFrame(columns=list(CLIENT_COLUMNS))
        empty = (blank, blank.reindex(columns=list(SEGMENT_COLUMNS)), _never(rows, clients))
        nothing = tell(NOTHING)
        return Segmentation(last, limits, None, None, *empty, limits.say(), nothing, nothing)
    day = cut_days(ends, limits)[last]
    rfm_cuts = fit_rfm_cuts(labelled[labelled["month_end"] == day], day)
    table = _describe(known, rfm_cuts, clients, limits)
    segments = _sum_up(table)
    return Segmentation(
        as_of=last,
        rules=limits,
        value_cuts=last_cuts(orders, limits),
        rfm_cuts=rfm_cuts,
        clients=table,
        segments=segments,
        unsegmented=_never(rows, clients),
        rule=limits.say(),
        note=_note(table, rfm_cuts, last),
        headline=_headline(segments),
    )


def read_orders(orders_panel: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    """Check the panel of orders and keep what may be known on a day.

    Parameters
    ----------
    orders_panel : DataFrame
        marts.client_orders.
    as_of : str or Timestamp
        Later month ends are dropped.

    Returns
    -------
    DataFrame
        Sorted by month_end and client_id.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.
    """
    check_columns(orders_panel, ORDER_COLUMNS, name=ORDERS)
    return rows_until(orders_panel, as_of, name=ORDERS)


def label_panel(
    orders: pd.DataFrame, rules: SegmentRules, *, freeze_on: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Label every panel row, each by what was known at its month end.

    Parameters
    ----------
    orders : DataFrame
        As `read_orders` returns it.
    rules : SegmentRules
        Thresholds.
    freeze_on : Timestamp, optional
        Month ends after it keep the cuts of this one.

    Returns
    -------
    DataFrame
        The rows with silence_days, has_own_rhythm, gap_used_days, life_state, value_tier and
        segment.
    """
    rows = orders.join(judge_life_states(orders, rules))
    silent = rows["life_state"].isin([SLOWING, AT_RISK, LOST])
    tiers = walk_tiers(orders, rules, silent=silent, freeze_on=freeze_on)
    rows = rows.merge(tiers, on=["client_id", "month_end"], how="left", validate="one_to_one")
    keys = pd.Series(list(zip(rows["value_tier"], rows["life_state"], strict=True)), dtype=object)
    names = keys.map({key: name for key, (name, _, _) in SEGMENTS.items()}).astype(object)
    return rows.assign(segment=names.fillna(OTHERWISE[0]).where(rows["life_state"].notna()))


def _describe(
    rows: pd.DataFrame, cuts: RfmCuts, clients: pd.DataFrame | None, rules: SegmentRules
) -> pd.DataFrame:
    """Add the traditional labels, the action and its owner."""
    asks = {name: (action, owner) for name, action, owner in SEGMENTS.values()}
    found = [asks.get(name, OTHERWISE[1:]) for name in rows["segment"]]
    table = rows.join(score_rfm(rows, cuts)).assign(
        abc_class=classify_abc(rows["revenue_12m_amount"], cuts=rules.abc_cuts),
        action=[action for action, _ in found],
        owner=[owner for _, owner in found],
    )
    named = add_names(table, clients)[list(CLIENT_COLUMNS)]
    order = ["revenue_12m_amount", "client_id"]
    return named.sort_values(order, ascending=[False, True], ignore_index=True)


def _sum_up(table: pd.DataFrame) -> pd.DataFrame:
    segments = table.groupby("segment", sort=True, as_index=False).agg(
        value_tier=("value_tier", "first"),
        life_state=("life_state", "first"),
        clients_count=("client_id", "size"),
        revenue_12m_amount=("revenue_12m_amount", "sum"),
        revenue_previous_12m_amount=("revenue_previous_12m_amount", "sum"),
        own_rhythm_count=("has_own_rhythm", "sum"),
        action=("action", "first"),
        owner=("owner", "first"),
    )
    total = segments["revenue_12m_amount"].sum()
    segments["clients_share"] = segments["clients_count"] / len(table)
    segments["revenue_share"] = segments["revenue_12m_amount"] / (total if total else float("nan"))
    order = ["revenue_12m_amount", "segment"]
    ranked = segments.sort_values(order, ascending=[False, True], ignore_index=True)
    return ranked[list(SEGMENT_COLUMNS)]


def _never(rows: pd.DataFrame, clients: pd.DataFrame | None) -> pd.DataFrame:
    silent = rows.loc[rows["life_state"].isna(), "client_id"]
    why = dict.fromkeys(silent, jot("has never ordered"))
    if clients is not None:
        absent = clients.loc[~clients["client_id"].isin(rows["client_id"]), "client_id"]
        why |= dict.fromkeys(absent, jot("no event of this client was known by this day"))
    frame = pd.DataFrame({"client_id": list(why), "reason": list(why.values())}, dtype=object)
    return add_names(frame.sort_values("client_id", ignore_index=True), clients)


def _note(table: pd.DataFrame, cuts: RfmCuts, last: pd.Timestamp) -> str:
    without = int((~table["has_own_rhythm"].astype(bool)).sum())
    said: list[Sentence] = []
    if without:
        said.append(
            tell(
                "{without:count} of {all:count} clients have not enough orders for a rhythm of "
                "their own and are judged by the portfolio's median gap.",
                without=without,
                all=len(table),
            )
        )
    if cuts.fitted_on == last:
        said.append(
            tell("The cuts come from this month end: no year end has twelve months behind it.")
        )
    else:
        said.append(tell("The cuts were frozen on {day:iso}.", day=cuts.fitted_on))
    return together(*said, cuts.note)


def _headline(segments: pd.DataFrame) -> str:
    worrying = segments[segments["life_state"].isin([SLOWING, AT_RISK])]
    clients = int(segments["clients_count"].sum())
    share = worrying["revenue_12m_amount"].sum() / max(segments["revenue_12m_amount"].sum(), 1e-9)
    top = segments.iloc[0]
    silent = tell(
        "{silent:count} of {all:count} clients are silent for longer than their rhythm but not "
        "lost, with {share:share} of twelve months' revenue",
        silent=int(worrying["clients_count"].sum()),
        all=clients,
        share=float(share),
    )
    return tell("{silent}; {largest}.", silent=silent, largest=_say_largest(top))


def _say_largest(top: pd.Series) -> Sentence:
    said = {"segment": retell(top["segment"]), "count": int(top["clients_count"])}
    if not top["revenue_share"] > 0:
        return tell("the largest segment is {segment} ({count:count} clients)", **said)
    return tell(
        "the largest segment is {segment} ({count:count} clients, {share:share})",
        **said,
        share=float(top["revenue_share"]),
    )
