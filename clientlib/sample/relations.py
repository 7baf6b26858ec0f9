"""Puts together what surrounds the trade: each table from its subject, with its recording days."""

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
from clientlib.sample.entry import Entry, entered_on
from clientlib.sample.scene import Scene

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
    "contacts": Entry("added_on", "clients", "client_id"),
    "assignments": Entry("starts_on", "clients", "client_id"),
    "contracts": Entry("told_on", "clients", "client_id"),
    "referrals": Entry("referred_on", "clients", "client_id"),
    "obligations": Entry("agreed_on", "contracts", "contract_id"),
    "client_prices": Entry("told_on", "clients", "client_id"),
    "approval_limits": Entry("told_on"),
    "programmes": Entry("told_on"),
    "programme_members": Entry("joined_on", "programmes", "programme_id"),
    "quotes": Entry("sent_on", "deals", "deal_id"),
    "needs": Entry("stated_on", "clients", "client_id"),
    "campaigns": Entry("told_on"),
    "touches": Entry("touched_on", "campaigns", "campaign_id"),
    "interactions": Entry("happened_on", "clients", "client_id"),
    "surveys": Entry("answered_on", "clients", "client_id"),
    "product_costs": Entry("told_on"),
    "price_list": Entry("told_on"),
    "stock": Entry("counted_on"),
    "returns": Entry("returned_on", "complaints", "complaint_id"),
    "handoffs": Entry("handed_on", "orders", "order_id"),
    "competitor_facts": Entry("observed_on"),
    "client_financials": Entry("published_on"),
    "registry_events": Entry("published_on"),
    "targets": Entry("set_on"),
    "trainings": Entry("held_on"),
    "incidents": Entry("happened_on"),
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
    draws = scene.draws("relation entry")
    for table, draw in TABLES.items():
        rows = draw(scene)
        rows["known_on"] = entered_on(scene.plan, scene.tables, rows, ENTRIES[table], draws)
        scene.tables[table] = rows
