"""Which labelling tells most about the revenue to come: ABC, RFM, or tier by life state."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import retell, tell
from clientlib.panels import month_ends_of, nearest_month_end
from clientlib.segments.rfm import fit_rfm_cuts, score_rfm
from clientlib.segments.rules import SegmentRules
from clientlib.segments.segmentation import label_panel, read_orders
from clientlib.segments.value import classify_abc, cut_days

LABELLINGS = {
    "abc_class": "ABC class",
    "rfm_total": "RFM total (3 to 15)",
    "segment": "value tier x life state",
}
MOST_ORIGINS = 4
FEWEST_ORIGINS = 2
FEWEST_CLIENTS = 30
MONTHS_OF_HISTORY = 12


@dataclass(frozen=True)
class LabelWorth:
    """What labels of earlier month ends told about the revenue that followed.

    Parameters
    ----------
    status : str
        "ok" or "not enough data".
    best : str
        The labelling with the highest explained_share; empty without enough data, or where none
        explains more than the mean does.
    labellings : DataFrame, one row per labelling, best first
        labelling, name, labels_count, origins_count, clients_count, eta_squared (part of the
        variance between labels, 0..1), explained_share (part of the variance explained by
        means that were learnt at the origin before; can be negative), best_count (origins at
        which it explained most).
    origins : DataFrame, one row per origin and labelling
        origin_on and the same measures.
    note : str
        The finding in a sentence, or why there is none.
    """

    status: str
    best: str
    labellings: pd.DataFrame
    origins: pd.DataFrame
    note: str

    @property
    def best_name(self) -> str:
        """The best labelling in words; empty without enough data."""
        return retell(LABELLINGS.get(self.best, ""))


def compare_labellings(
    orders_panel: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    months: int = 3,
    rules: SegmentRules | None = None,
) -> LabelWorth:
    """Test at earlier month ends how well each labelling foretold the next months' revenue.

    Labels are those of the day; the outcome is log(1 + revenue) of the following months, which
    were over by ``as_of``. More labels always explain more of what they were fitted to, so the
    best one is chosen by means learnt one origin earlier.

    Parameters
    ----------
    orders_panel : DataFrame
        marts.client_orders, all month ends.
    as_of : str or Timestamp
        Rows after it are not looked at.
    months : int
        Length of the outcome window, and the distance between origins.
    rules : SegmentRules, optional
        Thresholds.

    Returns
    -------
    LabelWorth
        With status "not enough data" below 2 origins with 30 clients and a year of history.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.

    References
    ----------
    Eta squared: Fisher, Statistical Methods for Research Workers, 1925.
    """
    limits = rules or SegmentRules()
    orders = read_orders(orders_panel, as_of)
    ends = month_ends_of(orders)
    windows = _windows(ends, months)
    labelled = label_panel(orders, limits)
    days = cut_days(ends, limits)
    tables = {day: _origin(labelled, day, windows[day], days[day], limits) for day in windows}
    judged = [
        row
        for before, after in zip(list(windows), list(windows)[1:], strict=False)
        if min(len(tables[before]), len(tables[after])) >= FEWEST_CLIENTS
        for row in _judge(tables[before], tables[after], after)
    ]
    columns = ["origin_on", "labelling", "labels_count", "clients_count"]
    origins = pd.DataFrame(judged, columns=[*columns, "eta_squared", "explained_share"])
    return _sum_up(origins, months)


def _windows(ends: Sequence[pd.Timestamp], months: int) -> dict[pd.Timestamp, pd.Timestamp]:
    """Map origins, oldest first, to the closed month end at which their window is over."""
    closed = [end for end in ends if end.is_month_end]
    ripe = closed[0] + pd.DateOffset(months=MONTHS_OF_HISTORY - 1) if closed else None
    found: dict[pd.Timestamp, pd.Timestamp] = {}
    over = closed[-1] if closed else None
    while over is not None and len(found) <= MOST_ORIGINS:
        start = nearest_month_end(closed, over - pd.DateOffset(months=months), within_days=5)
        if start is None or ripe is None or start < ripe:
            break
        found[start] = over
        over = start
    return dict(sorted(found.items()))


def _origin(
    labelled: pd.DataFrame,
    day: pd.Timestamp,
    over: pd.Timestamp,
    cut_day: pd.Timestamp,
    rules: SegmentRules,
) -> pd.DataFrame:
    """Lay the labels of one day beside what came."""
    rows = labelled[(labelled["month_end"] == day) & labelled["life_state"].notna()]
    rows = rows.set_index("client_id")
    later = labelled[labelled["month_end"] == over].set_index("client_id")["revenue_amount"]
    came = (later.reindex(rows.index) - rows["revenue_amount"]).clip(lower=0.0).astype(float)
    cuts = fit_rfm_cuts(labelled[labelled["month_end"] == cut_day], cut_day)
    return pd.DataFrame(
        {
            "abc_class": classify_abc(rows["revenue_12m_amount"], cuts=rules.abc_cuts),
            "rfm_total": score_rfm(rows, cuts)["rfm_total"].astype("int64"),
            "segment": rows["segment"],
            "outcome": np.log1p(came),
        }
    ).dropna()


def _judge(before: pd.DataFrame, after: pd.DataFrame, day: pd.Timestamp) -> list[dict[str, object]]:
    outcome = after["outcome"]
    scatter = float(((outcome - outcome.mean()) ** 2).sum())
    rows: list[dict[str, object]] = []
    for name in LABELLINGS:
        inside = outcome - outcome.groupby(after[name]).transform("mean")
        learnt = before.groupby(name)["outcome"].mean()
        missed = outcome - after[name].map(learnt).astype(float).fillna(before["outcome"].mean())
        rows.append(
            {
                "origin_on": day,
                "labelling": name,
                "labels_count": int(after[name].nunique()),
                "clients_count": len(after),
                "eta_squared": 1 - float((inside**2).sum()) / scatter if scatter else 0.0,
                "explained_share": 1 - float((missed**2).sum()) / scatter if scatter else 0.0,
            }
        )
    return rows


def _sum_up(origins: pd.DataFrame, months: int) -> LabelWorth:
    count = origins["origin_on"].nunique()
    best = origins.groupby("origin_on")["explained_share"].transform("max")
    table = (
        origins.assign(is_best=origins["explained_share"] == best)
        .groupby("labelling", sort=True, as_index=False)
        .agg(
            labels_count=("labels_count", "max"),
            origins_count=("origin_on", "size"),
            clients_count=("clients_count", "max"),
            eta_squared=("eta_squared", "mean"),
            explained_share=("explained_share", "mean"),
            best_count=("is_best", "sum"),
        )
    )
    table.insert(1, "name", table["labelling"].map(LABELLINGS))
    order = ["explained_share", "labelling"]
    table = table.sort_values(order, ascending=[False, True], ignore_index=True)
    if count < FEWEST_ORIGINS:
        note = tell(
            "Not enough data: {count:count} earlier month ends with a year of history, "
            "{clients:count} clients and {months:count} months after them; {least:count} are "
            "needed.",
            count=count,
            clients=FEWEST_CLIENTS,
            months=months,
            least=FEWEST_ORIGINS,
        )
        return LabelWorth("not enough data", "", table, origins, note)
    top = table.iloc[0]
    if not top["explained_share"] > 0:
        note = tell(
            "No labelling foretold revenue of the next {months:count} months better than its mean.",
            months=months,
        )
        return LabelWorth("ok", "", table, origins, note)
    note = tell(
        "{name} foretold revenue of the next {months:count} months best: it explains "
        "{share:share} of the variance of its logarithm and was best at {best:count} of "
        "{count:count} earlier month ends.",
        name=retell(top["name"]),
        months=months,
        share=float(top["explained_share"]),
        best=int(top["best_count"]),
        count=count,
    )
    return LabelWorth("ok", str(top["labelling"]), table, origins, note)
