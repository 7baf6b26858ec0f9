"""What contacts of a month led to: how many were followed by an order, beside what is usual."""

import pandas as pd

from clientlib.language import Sentence, tell
from clientlib.panels import as_days

CONTACT_COLUMNS = ("channel", "contacts_count", "clients_count", "followed_share")
CHANNELS = (  # as staging.interactions allows them
    "call",
    "e-mail",
    "meeting",
    "visit",
    "letter",
    "fax",
    "fair",
    "web",
    "other",
)
FOLLOW_DAYS = 30
LEAST_CONTACTS = 5


def follow_contacts(
    interactions: pd.DataFrame,
    order_days: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    follow_days: int = FOLLOW_DAYS,
) -> pd.DataFrame:
    """Follow the contacts that we began, until an order or the end of the time to wait for one.

    Looked at are the 30 days whose time to wait has just passed by the day of the analysis, so
    that each contact had the same chance.

    Parameters
    ----------
    interactions : DataFrame
        staging.interactions as of the day.
    order_days : DataFrame
        marts.order_days as of the day.
    as_of : str or Timestamp
        The day of the analysis.
    follow_days : int
        Days within which an order counts as having followed.

    Returns
    -------
    DataFrame, one row per channel, most contacts first
        Columns `CONTACT_COLUMNS`; under 5 contacts the share is null.
    """
    day = pd.Timestamp(as_of)
    last = day - pd.Timedelta(days=follow_days)
    happened = as_days(interactions["happened_on"])
    is_ours = ~interactions["is_inbound"].fillna(False).astype(bool)
    in_window = (happened > last - pd.Timedelta(days=30)) & (happened <= last)
    made = interactions[is_ours & in_window].dropna(subset=["client_id"])
    made = made.assign(happened_on=as_days(made["happened_on"])).sort_values("happened_on")
    orders = pd.DataFrame(
        {"client_id": order_days["client_id"], "ordered_on": as_days(order_days["ordered_on"])}
    )
    orders = orders[orders["ordered_on"] <= day].sort_values("ordered_on")
    joined = pd.merge_asof(
        made, orders, left_on="happened_on", right_on="ordered_on", by="client_id",
        direction="forward", allow_exact_matches=False, tolerance=pd.Timedelta(days=follow_days),
    )  # fmt: skip
    followed = joined.assign(is_followed=joined["ordered_on"].notna())
    table = followed.groupby("channel", as_index=False).agg(
        contacts_count=("interaction_id", "size"),
        clients_count=("client_id", "nunique"),
        followed_share=("is_followed", "mean"),
    )
    is_few = table["contacts_count"] < LEAST_CONTACTS
    table = table.assign(followed_share=table["followed_share"].mask(is_few).astype(float))
    order = ["contacts_count", "channel"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def say_contacts(
    contacts: pd.DataFrame, client_segments: pd.DataFrame, *, follow_days: int = FOLLOW_DAYS
) -> Sentence:
    """Say how many contacts were followed by an order, beside how many clients order anyway.

    Parameters
    ----------
    contacts : DataFrame
        From ``follow_contacts``.
    client_segments : DataFrame
        As issued by the report on segments.
    follow_days : int
        As there.

    Returns
    -------
    Sentence
        With the warning that orders may have come without the contact.
    """
    if contacts.empty:
        return tell("Not enough data: no contact of these days has been recorded.")
    recent = (client_segments["silence_days"] <= follow_days).mean()
    return tell(
        "{count:count} contacts were made by {channels:count} {channels:channel|channels}; within "
        "{days:count} {days:day|days} of any day {share:share} of the clients order anyway, so "
        "that an order after a contact need not come from it.",
        count=int(contacts["contacts_count"].sum()), channels=len(contacts), days=follow_days,
        share=float(recent),
    )  # fmt: skip
