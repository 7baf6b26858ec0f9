"""What passed between us and our clients, by day: signs of trouble, and our own contacts."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clientlib.panels import as_days
from clientlib.reliability.portfolio.promises import US

COMPLAINT, LATE, UNANSWERED, BROKEN, HANDED = SIGNS = (
    "complaint",
    "late delivery",
    "contact without reply",
    "broken promise of ours",
    "new manager",
)
ANSWER_DAYS = 14  # an inbound contact without a reply for so long was left unanswered


@dataclass(frozen=True)
class Traces:
    """What is known by a day of every client's dealings with us.

    Parameters
    ----------
    signs : DataFrame, one row per sign
        client_id, sign (one of `SIGNS`), seen_on and settled_on (of complaints; null while open).
    contacts : DataFrame, one row per contact that we began
        client_id and happened_on.
    recorded : tuple of str
        The signs of which anything is recorded, of whatever client.
    """

    signs: pd.DataFrame
    contacts: pd.DataFrame
    recorded: tuple[str, ...]


def read_traces(read: Callable[..., pd.DataFrame], *, as_of: pd.Timestamp) -> Traces:
    """Read signs of trouble and our contacts from the tables that record them.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    as_of : Timestamp
        What happened, was settled or became known later is left out; so is what was corrected
        later, of which these tables keep only the last version.

    Returns
    -------
    Traces
        Of all clients.
    """
    merged = read("marts.client_ids").set_index("source_client_id")["client_id"]

    def known(name: str, day: str) -> pd.DataFrame:
        rows = _known(read(name), day, as_of)
        return rows.assign(client_id=rows["client_id"].replace(merged.to_dict()))

    talks = known("staging.interactions", "happened_on")
    is_inbound = talks["is_inbound"].astype("boolean").fillna(False).astype(bool)
    signs = {
        COMPLAINT: _complaints(known("staging.complaints", "opened_on"), as_of),
        LATE: _late_deliveries(read("marts.delivery_judgements"), as_of),
        UNANSWERED: _unanswered(talks[is_inbound], as_of),
        BROKEN: _broken(known("staging.obligations", "agreed_on"), as_of),
        HANDED: _handed(known("staging.assignments", "starts_on")),
    }
    found = pd.concat([rows.assign(sign=sign) for sign, rows in signs.items()], ignore_index=True)
    return Traces(
        signs=found[["client_id", "sign", "seen_on", "settled_on"]],
        contacts=talks.loc[~is_inbound, ["client_id", "happened_on"]].reset_index(drop=True),
        recorded=tuple(sign for sign, rows in signs.items() if len(rows)),
    )


def _known(rows: pd.DataFrame, day: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Keep what had happened and was known, of a client that is named."""
    happened = as_days(rows[day])
    is_known = (happened <= as_of) & ~(as_days(rows["known_on"]) > as_of)
    return rows.assign(**{day: happened})[is_known & rows["client_id"].notna()]


def _signs(rows: pd.DataFrame, seen_on: pd.Series, settled_on: pd.Series | None) -> pd.DataFrame:
    never = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    return pd.DataFrame(
        {
            "client_id": rows["client_id"].astype(object),
            "seen_on": seen_on.astype("datetime64[ns]"),
            "settled_on": never if settled_on is None else settled_on.astype("datetime64[ns]"),
        }
    )


def _complaints(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    closed = as_days(rows["closed_on"])
    return _signs(rows, rows["opened_on"], closed.where(closed <= as_of))


def _late_deliveries(judged: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    day = as_days(judged["judged_on"])
    is_late = judged["is_late"].astype("boolean").fillna(False).astype(bool) & (day <= as_of)
    rows = judged[is_late & judged["client_id"].notna()]
    return _signs(rows, day[rows.index], None)


def _unanswered(inbound: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Where replies are recorded at all: contacts of clients that had none in time."""
    replied = as_days(inbound["replied_on"])
    if replied.isna().all():
        return _signs(inbound.head(0), inbound["happened_on"].head(0), None)
    due = inbound["happened_on"] + pd.Timedelta(days=ANSWER_DAYS)
    is_left = (due < as_of) & ~(replied <= due)
    return _signs(inbound[is_left], due[is_left], None)


def _broken(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    due, done = as_days(rows["due_on"]), as_days(rows["done_on"])
    is_broken = (rows["owed_by"] == US) & (due < as_of) & ~(done <= due)
    return _signs(rows[is_broken], due[is_broken] + pd.Timedelta(days=1), None)


def _handed(assignments: pd.DataFrame) -> pd.DataFrame:
    """Every assignment of a client to another manager than before."""
    rows = assignments.sort_values(["client_id", "starts_on"])
    before = rows.groupby("client_id")["manager_id"].shift()
    is_new = before.notna() & (before != rows["manager_id"])
    return _signs(rows[is_new], rows.loc[is_new, "starts_on"], None)
