"""People at the clients, who held which client when, and who sent whom to us."""

import numpy as np
import pandas as pd

from clientlib.sample.names import GIVEN_NAMES, invent_stems
from clientlib.sample.plan import NEVER, known_where
from clientlib.sample.scene import Scene, added_days, days_between, days_of, numbered, stacked
from clientlib.sample.workdays import Days
from clientlib.sample.world import manager_id, managers_count

ROLES = {"buyer": 0.42, "director": 0.22, "bookkeeper": 0.16, "site manager": 0.2}
CONTACT_CHANNELS = {"e-mail": 0.5, "call": 0.32, "visit": 0.12, "letter": 0.06}
MORE_CONTACTS = {"micro": 0.3, "small": 0.7, "medium": 1.5, "large": 2.6}
CONTACTS_LEAVE_SHARE = 0.18
CONSENT_ASKED_SHARE, CONSENT_SHARE = 0.88, 0.72
HANDED_OVER_SHARE = 0.35
HANDOVER_REASONS = ("new territory", "even out the load", "long absence")
REWARD_AMOUNTS = (50.0, 100.0, 150.0)


def draw_contacts(scene: Scene) -> pd.DataFrame:
    """Draw the people whom we know at each client; the first is there from the first contact.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per contact, by client
        The contract's columns of ``contacts``; hidden: ``client``. A first contact never
        leaves.
    """
    draws, clients = scene.draws("contacts"), scene.clients
    more = draws.poisson(clients["size_band"].map(MORE_CONTACTS).to_numpy(dtype=np.float64))
    client = np.repeat(np.arange(len(clients)), 1 + more)
    count = len(client)
    is_first = np.diff(client, prepend=-1) > 0
    stems = np.array(invent_stems(600, draws), dtype=object)
    people = pd.DataFrame({"contact_id": numbered("CT", count), "client": client})
    people["client_id"] = scene.ids(client)
    people["name"] = draws.choice(GIVEN_NAMES, size=count) + " " + draws.choice(stems, size=count)
    people["role"] = draws.choice(list(ROLES), size=count, p=list(ROLES.values()))
    people["language"] = clients["language"].to_numpy()[client]
    people["channel"] = draws.choice(
        list(CONTACT_CHANNELS), size=count, p=list(CONTACT_CHANNELS.values())
    )
    has_consent = draws.random(count) < CONSENT_SHARE
    people["has_consent"] = known_where(has_consent, draws.random(count) < CONSENT_ASKED_SHARE)
    first = days_of(clients, "first_contact_on")[client]
    later = scene.plan.not_after(days_between(first, scene.with_us_until[client], draws))
    people["added_on"] = np.where(is_first, first, np.maximum(later, first))
    leaves = days_between(days_of(people, "added_on"), scene.with_us_until[client], draws)
    is_gone = ~is_first & (draws.random(count) < CONTACTS_LEAVE_SHARE)
    people["left_on"] = np.where(is_gone, leaves, NEVER)
    return people


def draw_assignments(scene: Scene) -> pd.DataFrame:
    """Draw who held each client from when on; the last holder is the client's manager.

    A client that was handed over had no order and no deal before, so that every order and deal
    names the manager who held its client that day.

    Parameters
    ----------
    scene : Scene
        The simulated trade.

    Returns
    -------
    DataFrame, one row per client and manager, by client
        The contract's columns of ``assignments``; clients entered twice have their own.
    """
    draws, clients = scene.draws("assignments"), scene.tables["clients"]
    contact, count = days_of(clients, "first_contact_on"), len(clients)
    latest = np.minimum(_first_trade(scene), scene.plan.last_day)
    handed = scene.plan.not_after(days_between(added_days(contact, np.ones(count)), latest, draws))
    is_handed = (draws.random(count) < HANDED_OVER_SHARE) & (handed > contact)
    before = _other_managers(clients["manager_id"], scene.plan.clients_count, draws)
    now = pd.DataFrame({"client_id": clients["client_id"], "manager_id": clients["manager_id"]})
    now["starts_on"], now["ends_on"] = np.where(is_handed, handed, contact), NEVER
    reasons = draws.choice(HANDOVER_REASONS, size=count)
    now["reason"] = np.where(is_handed, reasons, "new client")
    first = now.assign(manager_id=before, starts_on=contact, reason="new client")
    first["ends_on"] = added_days(handed, np.full(count, -1))
    held = stacked([first[is_handed], now])
    return held.sort_values(["client_id", "starts_on"], kind="stable", ignore_index=True)


def _first_trade(scene: Scene) -> Days:
    """Day of each client's first order or deal; far ahead where there is none."""
    ids = scene.tables["clients"]["client_id"]
    orders = scene.tables["orders"].groupby("client_id")["ordered_on"].min().reindex(ids)
    deals = scene.tables["deals"].groupby("client_id")["opened_on"].min().reindex(ids)
    found = np.fmin(orders.to_numpy(dtype="datetime64[D]"), deals.to_numpy(dtype="datetime64[D]"))
    return np.where(np.isnat(found), np.datetime64("2999-01-01", "D"), found)


def _other_managers(managers: pd.Series, clients: int, draws: np.random.Generator) -> list[str]:
    count = managers_count(clients)
    steps = draws.integers(1, count, size=len(managers))
    return [
        manager_id((int(name[2:]) - 1 + int(step)) % count)
        for name, step in zip(managers, steps, strict=True)
    ]


def draw_referrals(scene: Scene) -> pd.DataFrame:
    """Write down who sent whom: the clients that name a client who sent them.

    Parameters
    ----------
    scene : Scene
        With ``contracts``: a referral uses the clause of a contract that was signed before.

    Returns
    -------
    DataFrame, one row per client that was sent
        The contract's columns of ``referrals``.
    """
    draws, clients = scene.draws("referrals"), scene.clients
    sent = clients.dropna(subset="referred_by_id").sort_values("first_contact_on", kind="stable")
    referrals = pd.DataFrame(
        {
            "referral_id": numbered("RF", len(sent), 4),
            "client_id": sent["client_id"].to_numpy(),
            "referred_by_id": sent["referred_by_id"].to_numpy(),
            "referred_on": days_of(sent, "first_contact_on"),
        }
    )
    clauses = scene.tables["contracts"].query("has_referral_clause").dropna(subset="signed_on")
    known = clauses.drop_duplicates("client_id").set_index("client_id")
    found = known[["contract_id", "signed_on"]].reindex(referrals["referred_by_id"])
    is_by_clause = days_of(found, "signed_on") <= days_of(referrals, "referred_on")
    referrals["contract_id"] = known_where(found["contract_id"], is_by_clause)
    rewards = draws.choice(REWARD_AMOUNTS, size=len(referrals))
    referrals["reward_amount"] = np.where(is_by_clause, rewards, np.nan)
    return referrals
