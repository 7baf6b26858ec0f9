"""The watch list: who enters it, who may leave, since when, and what people decided."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.errors import InputError
from clientlib.panels import as_days, check_columns

WATCHED, SNOOZED = "watched", "snoozed"
Flags = npt.NDArray[np.bool_]
DECISION_COLUMNS = ("client_id", "decided_on", "owner_id", "snoozed_until")
LIST_COLUMNS = (
    "client_id",
    "status",
    "first_alert_on",
    "score",
    "panels_count",
    "calm_count",
    "owner_id",
    "snoozed_until",
)


@dataclass(frozen=True)
class WatchRule:
    """When a client enters the watch list, and when it may leave.

    Parameters
    ----------
    enter_above : float
        A client enters at the first panel with a score above it.
    leave_below : float
        It leaves after ``calm_panels`` panels in a row with a score below it; between the two
        nothing changes, so that a score that trembles does not ring twice.
    calm_panels : int
        Panels that it takes to leave.
    """

    enter_above: float
    leave_below: float
    calm_panels: int = 2


@dataclass(frozen=True)
class WatchList:
    """The watch list of a day, and how it came about.

    Parameters
    ----------
    as_of : Timestamp
        The last panel.
    rule : WatchRule
        Entry and exit.
    clients : DataFrame, one row per client on the list, highest score first
        client_id, status ("watched" or "snoozed"), first_alert_on (of this time on the list),
        score, panels_count (on the list), calm_count (of those in a row, up to now, below
        ``leave_below``), owner_id and snoozed_until (null where nobody decided).
    changes : DataFrame, one row per entry or exit
        client_id, month_end, change ("entered", "left", or "lost" where the client was lost or
        gone from the panel) and first_alert_on.
    """

    as_of: pd.Timestamp
    rule: WatchRule
    clients: pd.DataFrame
    changes: pd.DataFrame


def watch_clients(
    scores: pd.DataFrame,
    rule: WatchRule,
    *,
    as_of: str | pd.Timestamp,
    decisions: pd.DataFrame | None = None,
) -> WatchList:
    """Keep the watch list panel after panel, and lay people's decisions over it.

    Parameters
    ----------
    scores : DataFrame, one row per client_id and month_end
        With score; rows after ``as_of`` are not looked at. A client without a row at a panel
        is no longer looked at and leaves the list.
    rule : WatchRule
        Entry and exit.
    as_of : str or Timestamp
        The day of the list.
    decisions : DataFrame, optional
        client_id, decided_on, owner_id and snoozed_until (either may be null); of each client
        the latest owner and the latest snooze decided by ``as_of`` hold. A snoozed client
        stays on the list, but asks for nothing until the day after ``snoozed_until``.

    Returns
    -------
    WatchList
        Empty tables without rows.

    Raises
    ------
    InputError
        ``leave_below`` lies above ``enter_above``, or a column is missing.
    """
    check_columns(scores, ("client_id", "month_end", "score"), name="scores")
    if rule.leave_below > rule.enter_above:
        raise InputError(
            "a client would leave the watch list at a score at which it enters",
            example=f"leave_below {rule.leave_below}, enter_above {rule.enter_above}",
            hint="leave_below must not be above enter_above",
        )
    day = pd.Timestamp(as_of)
    rows = scores[as_days(scores["month_end"]) <= day]
    table = rows.pivot(index="client_id", columns="month_end", values="score").sort_index(axis=1)
    state = _State.start(len(table))
    changes = [state.step(table[end], rule) for end in table.columns]
    listed = _describe(table, state)
    return WatchList(
        as_of=day,
        rule=rule,
        clients=add_decisions(listed, decisions, as_of=day)[list(LIST_COLUMNS)],
        changes=pd.concat(changes, ignore_index=True) if changes else _no_changes(),
    )


@dataclass
class _State:
    """Who is on the list while panels go by."""

    is_on: Flags
    since: npt.NDArray[np.datetime64]
    panels: npt.NDArray[np.int64]
    calm: npt.NDArray[np.int64]

    @classmethod
    def start(cls, count: int) -> "_State":
        """Nobody is on the list."""
        zeros = np.zeros(count, dtype=np.int64)
        nowhere = np.full(count, np.datetime64("NaT"), dtype="datetime64[ns]")
        return cls(zeros.astype(bool), nowhere, zeros, zeros.copy())

    def step(self, score: pd.Series, rule: WatchRule) -> pd.DataFrame:
        """Move on by one panel, and tell who entered and who left."""
        values, end = score.to_numpy(dtype=np.float64), pd.Timestamp(str(score.name))
        before, since = self.is_on, self.since.copy()
        self.calm = np.where(before & (values < rule.leave_below), self.calm + 1, 0)
        is_gone = before & np.isnan(values)
        leaves = before & (self.calm >= rule.calm_panels)
        enters = ~before & (values > rule.enter_above)
        self.is_on = (before & ~is_gone & ~leaves) | enters
        self.since = np.where(enters, np.datetime64(end, "ns"), since)
        self.panels = np.where(enters, 1, np.where(self.is_on, self.panels + 1, 0))
        parts = ((enters, "entered", self.since), (leaves, "left", since), (is_gone, "lost", since))
        return pd.concat(
            [
                pd.DataFrame(
                    {
                        "client_id": score.index[flags],
                        "month_end": end,
                        "change": change,
                        "first_alert_on": days[flags],
                    }
                )
                for flags, change, days in parts
            ],
            ignore_index=True,
        )


def _describe(table: pd.DataFrame, state: _State) -> pd.DataFrame:
    last = table.iloc[:, -1].to_numpy() if table.shape[1] else np.zeros(0)
    listed = pd.DataFrame(
        {
            "client_id": table.index,
            "first_alert_on": state.since,
            "score": last,
            "panels_count": state.panels,
            "calm_count": state.calm,
        }
    )[state.is_on]
    return listed.sort_values(["score", "client_id"], ascending=[False, True], ignore_index=True)


def add_decisions(
    listed: pd.DataFrame, decisions: pd.DataFrame | None, *, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    """Lay over a watch list who sees to each client, and whom to leave alone until when.

    Parameters
    ----------
    listed : DataFrame
        With client_id.
    decisions : DataFrame or None
        As in `watch_clients`.
    as_of : str or Timestamp
        Decisions of later days are not looked at.

    Returns
    -------
    DataFrame, rows as ``listed``
        With status ("watched" or "snoozed"), owner_id and snoozed_until (null where nobody
        decided).

    Raises
    ------
    InputError
        A column is missing.
    """
    if decisions is None:
        decisions = pd.DataFrame(columns=list(DECISION_COLUMNS))
    check_columns(decisions, DECISION_COLUMNS, name="decisions")
    day = pd.Timestamp(as_of)
    known = decisions[as_days(decisions["decided_on"]) <= day].sort_values("decided_on")
    owner = known.dropna(subset="owner_id").groupby("client_id")["owner_id"].last()
    snooze = known.dropna(subset="snoozed_until").groupby("client_id")["snoozed_until"].last()
    until = as_days(listed["client_id"].map(snooze))
    is_snoozed = until >= day
    return listed.assign(
        status=np.where(is_snoozed, SNOOZED, WATCHED),
        owner_id=listed["client_id"].map(owner),
        snoozed_until=until.where(is_snoozed),
    )


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=["client_id", "month_end", "change", "first_alert_on"])
