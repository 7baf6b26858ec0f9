"""Interactions: calls, mails, meetings of deals, of upkeep, of complaints and of campaigns."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import NEVER, Counts, Flags, Floats, known_where
from clientlib.sample.scene import Scene, added_days, days_between, days_of, numbered, stacked
from clientlib.sample.world import managers_count

# Contacts of a deal, mean by how it ends; open deals count as they will end.
DEAL_TALKS = {"won": 5.5, "lost": 3.8, "no_decision": 2.2}
CALLS_PER_YEAR = {"micro": 1.5, "small": 2.5, "medium": 5.0, "large": 9.0}
QUESTIONS_PER_ORDER = 0.06
CHANNELS = {"e-mail": 0.46, "call": 0.34, "web": 0.06, "visit": 0.08, "letter": 0.04, "fax": 0.02}
HOURS = np.arange(8, 18)
HOUR_ODDS = np.array([0.06, 0.12, 0.15, 0.14, 0.09, 0.07, 0.12, 0.12, 0.09, 0.04])
# Chance that a call for an appointment brings a meeting, by hour.
MEETING_SHARES = np.array([0.1, 0.14, 0.3, 0.28, 0.14, 0.1, 0.2, 0.2, 0.14, 0.1])
REACHED_SHARE, REACHED_SHARE_OTHER = 0.8, 0.5
NO_REPLY_SHARE = 0.05
REPLY_HOURS = (2.0, 14.0)
MINUTES = {"call": 7.0, "e-mail": 6.0, "web": 5.0, "meeting": 55.0, "visit": 70.0,
           "letter": 15.0, "fax": 8.0, "fair": 20.0}  # fmt: skip
DOCUMENT_SHARES = {"e-mail": 0.25, "letter": 1.0, "fax": 1.0}
NEXT_STEPS = ("send an offer", "call again", "visit", "send samples")


def draw_interactions(scene: Scene) -> pd.DataFrame:
    """Draw all contacts between us and the clients.

    Parameters
    ----------
    scene : Scene
        With ``contacts``, ``campaigns`` and ``touches``.

    Returns
    -------
    DataFrame, one row per interaction, by day
        The contract's columns of ``interactions``; hidden: ``client``, ``is_preferred`` (the
        channel is the one that the contact prefers).
    """
    draws = scene.draws("interactions")
    calls = _calls(scene, draws)
    parts = [_of_deals(scene, draws), calls, _meetings(scene, calls, draws),
             _questions(scene, draws), _of_complaints(scene), _of_touches(scene)]  # fmt: skip
    talks = stacked(parts)
    talks = talks[scene.plan.happened(days_of(talks, "happened_on"))]
    talks = talks.sort_values(["happened_on", "client", "topic"], kind="stable", ignore_index=True)
    talks["interaction_id"] = numbered("IN", len(talks), 6)
    talks["client_id"] = scene.ids(talks["client"].to_numpy())
    talks["manager_id"] = scene.managers_of(talks["client"].to_numpy())
    _draw_contacts(scene, talks, draws)
    _draw_hours(talks, draws)
    _draw_outcomes(talks, draws)
    _draw_replies(scene, talks, draws)
    _draw_rest(scene, talks, draws)
    return talks


def _channels(count: int, draws: np.random.Generator) -> Floats:
    return draws.choice(list(CHANNELS), size=count, p=list(CHANNELS.values()))


def _of_deals(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Open each deal with an inquiry of the client; the other talks follow until it ends."""
    deals = scene.tables["deals"]
    counts = 1 + draws.poisson(deals["end"].map(DEAL_TALKS).to_numpy(dtype=np.float64) - 1)
    place = np.repeat(np.arange(len(deals)), counts)
    is_first = np.diff(place, prepend=-1) > 0
    opened = days_of(deals, "opened_on")[place]
    ends = np.minimum(days_of(deals, "ends_on")[place], scene.plan.last_day)
    later = scene.plan.not_after(days_between(opened, ends, draws))
    talks = pd.DataFrame({"client": deals["client"].to_numpy()[place]})
    talks["deal_id"] = deals["deal_id"].to_numpy()[place]
    talks["happened_on"] = np.where(is_first, opened, np.maximum(later, opened))
    talks["is_inbound"] = is_first | (draws.random(len(place)) < 0.3)
    channels = _channels(len(place), draws)
    is_meeting = ~is_first & ~talks["is_inbound"].to_numpy() & (draws.random(len(place)) < 0.25)
    talks["channel"] = np.where(is_meeting, "meeting", channels)
    return talks.assign(topic=np.where(is_first, "inquiry", "offer"))


def _calls(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Draw our calls to ask for an appointment, more to larger clients."""
    clients = scene.clients
    years = np.maximum((scene.with_us_until - scene.with_us_from).astype(int), 0) / 365.25
    rate = clients["size_band"].map(CALLS_PER_YEAR).to_numpy(dtype=np.float64)
    client = np.repeat(np.arange(len(clients)), draws.poisson(rate * years))
    days = days_between(scene.with_us_from[client], scene.with_us_until[client], draws)
    talks = pd.DataFrame({"client": client, "happened_on": scene.plan.after(days, 0)})
    talks["hour"] = draws.choice(HOURS, size=len(client), p=HOUR_ODDS / HOUR_ODDS.sum())
    chance = MEETING_SHARES[talks["hour"].to_numpy() - HOURS[0]]
    is_agreed = draws.random(len(client)) < chance
    talks["outcome"] = np.where(is_agreed, "meeting agreed", "no meeting")
    return talks.assign(is_inbound=False, channel="call", topic="appointment")


def _meetings(scene: Scene, calls: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    agreed = calls[calls["outcome"] == "meeting agreed"]
    days = scene.plan.after(days_of(agreed, "happened_on"), draws.integers(2, 9, size=len(agreed)))
    meetings = pd.DataFrame({"client": agreed["client"].to_numpy(), "happened_on": days})
    return meetings.assign(is_inbound=False, channel="meeting", topic="review", outcome="held")


def _questions(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Draw clients' questions about orders, some days after them."""
    sales = scene.sales
    asked = sales[draws.random(len(sales)) < QUESTIONS_PER_ORDER]
    days = scene.plan.after(days_of(asked, "ordered_on"), draws.integers(0, 6, size=len(asked)))
    talks = pd.DataFrame({"client": asked["client"].to_numpy(), "happened_on": days})
    talks["channel"] = _channels(len(asked), draws)
    talks["topic"] = draws.choice(["order", "invoice", "contract", "goods"], size=len(asked))
    return talks.assign(is_inbound=True)


def _of_complaints(scene: Scene) -> pd.DataFrame:
    told = scene.tables["complaints"]
    talks = pd.DataFrame({"client": told["client"], "happened_on": told["opened_on"]})
    talks["replied_on"] = told["replied_on"]
    return talks.assign(channel="call", topic="complaint", is_inbound=True)


def _of_touches(scene: Scene) -> pd.DataFrame:
    """Talks at fairs, and the clients' answers to campaigns."""
    columns = ["client", "campaign_id", "kind", "touched_on", "responded_on"]
    touches = scene.tables["touches"][columns]
    fairs = touches[touches["kind"] == "exhibition"].rename(columns={"touched_on": "happened_on"})
    fairs = fairs.assign(channel="fair", topic="goods", is_inbound=False)
    answers = touches.dropna(subset="responded_on").rename(columns={"responded_on": "happened_on"})
    answers = answers.assign(channel="e-mail", topic="campaign", is_inbound=True)
    kept = ["client", "campaign_id", "happened_on", "channel", "topic", "is_inbound"]
    return stacked([fairs[kept], answers[kept]])


def _draw_contacts(scene: Scene, talks: pd.DataFrame, draws: np.random.Generator) -> None:
    """Choose a contact whom we knew that day; the first contact of a client is always there."""
    people = scene.tables["contacts"]
    owner, client = people["client"].to_numpy(), talks["client"].to_numpy()
    first: Counts = np.searchsorted(owner, np.arange(len(scene.clients)))
    count = np.bincount(owner, minlength=len(scene.clients))
    place = first[client] + (draws.random(len(talks)) * count[client]).astype(np.int64)
    day = days_of(talks, "happened_on")
    gone = days_of(people, "left_on")[place]
    is_there = (days_of(people, "added_on")[place] <= day) & ~(gone <= day)
    place = np.where(is_there, place, first[client])
    talks["contact_id"] = people["contact_id"].to_numpy()[place]
    wish = people["channel"].to_numpy()[place]
    takes_wish = (draws.random(len(talks)) < 0.35) & ~_is_fixed(talks)
    talks["channel"] = np.where(takes_wish, wish, talks["channel"])
    talks["is_preferred"] = talks["channel"].to_numpy() == wish


def _is_fixed(talks: pd.DataFrame) -> Flags:
    is_kept = talks["channel"].isin(["meeting", "fair"]) | talks["topic"].isin(
        ["appointment", "complaint", "campaign"]
    )
    return is_kept.to_numpy(dtype=np.bool_)


def _draw_hours(talks: pd.DataFrame, draws: np.random.Generator) -> None:
    hours = draws.choice(HOURS, size=len(talks), p=HOUR_ODDS / HOUR_ODDS.sum())
    has_hour = talks["channel"].isin(["call", "meeting", "visit", "e-mail", "web"]).to_numpy()
    given = talks["hour"].to_numpy(dtype=np.float64)
    talks["hour"] = np.where(np.isnan(given), np.where(has_hour, hours, np.nan), given)
    mean = talks["channel"].map(MINUTES).to_numpy(dtype=np.float64)
    talks["minutes"] = np.maximum(np.round(draws.gamma(2.5, mean / 2.5)), 1.0)


def _draw_outcomes(talks: pd.DataFrame, draws: np.random.Generator) -> None:
    """Our mails, calls and letters are answered more often on the channel of the contact's wish."""
    share = np.where(talks["is_preferred"], REACHED_SHARE, REACHED_SHARE_OTHER)
    is_asked = ~talks["is_inbound"].to_numpy(dtype=np.bool_) & talks["outcome"].isna().to_numpy()
    is_asked &= ~talks["channel"].isin(["meeting", "fair", "visit"]).to_numpy()
    reached = np.where(draws.random(len(talks)) < share, "answered", "no answer")
    talks["outcome"] = known_where(
        np.where(is_asked, reached, talks["outcome"]), is_asked | talks["outcome"].notna()
    )


def _draw_replies(scene: Scene, talks: pd.DataFrame, draws: np.random.Generator) -> None:
    mean = reply_hours(scene)[[int(name[2:]) - 1 for name in talks["manager_id"]]]
    hours = draws.exponential(mean)
    replies = talks["is_inbound"].to_numpy(dtype=np.bool_) & (
        draws.random(len(talks)) >= NO_REPLY_SHARE
    )
    is_given = talks["topic"].to_numpy() == "complaint"
    day = scene.plan.after(days_of(talks, "happened_on"), (hours // 8).astype(np.int64))
    shown = np.where(is_given, days_of(talks, "replied_on"), day).astype("datetime64[D]")
    is_known = (replies | is_given) & scene.plan.happened(shown)
    talks["replied_on"] = np.where(is_known, shown, NEVER)
    talks["reply_hours"] = np.where(is_known & ~is_given, hours.round(1), np.nan)


def reply_hours(scene: Scene) -> Floats:
    """Give the mean working hours until each manager's first reply, shape (n_managers,).

    Managers are spread evenly between a quick and a slow end, in the order of their keys.
    """
    return np.linspace(*REPLY_HOURS, managers_count(scene.plan.clients_count))


def _draw_rest(scene: Scene, talks: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(talks)
    has_paper = draws.random(count) < talks["channel"].map(DOCUMENT_SHARES).fillna(0.0).to_numpy()
    talks["document_id"] = known_where(numbered("DOC", count, 6), has_paper)
    has_next = ~talks["is_inbound"].to_numpy(dtype=np.bool_) & (draws.random(count) < 0.3)
    talks["next_step"] = known_where(draws.choice(NEXT_STEPS, size=count), has_next)
    due = added_days(days_of(talks, "happened_on"), draws.integers(2, 30, size=count))
    talks["next_due_on"] = np.where(has_next, scene.plan.after(due, 0), NEVER)
