"""Puts together what surrounds the trade: each table from its subject, with its recording days."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.sample import (
    cards,
    goals,
    offers,
    people,
    programmes,
    promises,
    reach,
    rival_facts,
    statements,
    supply,
    talks,
    terms,
    voice,
)
from clientlib.sample.scene import Scene, days_of


@dataclass(frozen=True)
class Told:
    """From which day a row could be entered, and the row that had to be there before.

    Parameters
    ----------
    day : str
        Column of the day from which the row could be entered.
    parent, key : str, optional
        Table of the row it belongs to, and the column that holds its key.
    """

    day: str
    parent: str | None = None
    key: str | None = None


# Each table with its source of rows, in an order in which each finds what it needs.
TABLES = {
    "contacts": people.draw_contacts,
    "assignments": people.draw_assignments,
    "contracts": terms.draw_contracts,
    "referrals": people.draw_referrals,
    "obligations": promises.draw_obligations,
    "client_prices": terms.draw_client_prices,
    "approval_limits": terms.list_limits,
    "programmes": programmes.list_programmes,
    "programme_members": programmes.draw_members,
    "quotes": offers.draw_quotes,
    "needs": offers.draw_needs,
    "campaigns": reach.draw_campaigns,
    "touches": reach.draw_touches,
    "interactions": talks.draw_interactions,
    "surveys": voice.draw_surveys,
    "product_costs": supply.list_costs,
    "price_list": supply.list_prices,
    "stock": supply.draw_stock,
    "returns": supply.draw_returns,
    "handoffs": supply.draw_handoffs,
    "competitor_facts": rival_facts.draw_facts,
    "client_financials": statements.draw_statements,
    "registry_events": statements.draw_registry,
    "targets": goals.draw_targets,
    "trainings": goals.draw_trainings,
    "incidents": goals.draw_incidents,
}
ENTRIES = {
    "contacts": Told("added_on", "clients", "client_id"),
    "assignments": Told("starts_on", "clients", "client_id"),
    "contracts": Told("told_on", "clients", "client_id"),
    "referrals": Told("referred_on", "clients", "client_id"),
    "obligations": Told("agreed_on", "contracts", "contract_id"),
    "client_prices": Told("told_on", "clients", "client_id"),
    "approval_limits": Told("told_on"),
    "programmes": Told("told_on"),
    "programme_members": Told("joined_on", "programmes", "programme_id"),
    "quotes": Told("sent_on", "deals", "deal_id"),
    "needs": Told("stated_on", "clients", "client_id"),
    "campaigns": Told("told_on"),
    "touches": Told("touched_on", "campaigns", "campaign_id"),
    "interactions": Told("happened_on", "clients", "client_id"),
    "surveys": Told("answered_on", "clients", "client_id"),
    "product_costs": Told("told_on"),
    "price_list": Told("told_on"),
    "stock": Told("counted_on"),
    "returns": Told("returned_on", "complaints", "complaint_id"),
    "handoffs": Told("handed_on", "orders", "order_id"),
    "competitor_facts": Told("observed_on"),
    "client_financials": Told("published_on"),
    "registry_events": Told("published_on"),
    "targets": Told("set_on"),
    "trainings": Told("held_on"),
    "incidents": Told("happened_on"),
}


def add_relations(scene: Scene) -> None:
    """Draw every table around the trade, and further columns of the tables that are there.

    Parameters
    ----------
    scene : Scene
        The simulated trade, recorded; its ``tables`` grow by those of ``TABLES``.
    """
    cards.fill_client_cards(scene)
    cards.fill_products(scene)
    entry = scene.draws("relation entry")
    for table, draw in TABLES.items():
        rows = draw(scene)
        rows["known_on"] = _entered(scene, rows, ENTRIES[table], entry)
        scene.tables[table] = rows


def _entered(scene: Scene, rows: pd.DataFrame, told: Told, draws: np.random.Generator) -> pd.Series:
    entered = scene.plan.entered(days_of(rows, told.day), draws)
    if told.parent is not None and told.key is not None:
        parents = scene.tables[told.parent]
        known = parents.set_index(told.key)["known_on"].reindex(rows[told.key])
        entered = np.fmax(entered, known.to_numpy(dtype="datetime64[D]"))
    return pd.Series(entered, index=rows.index)
