"""Further columns of the clients' cards, the products and the records of service.

They are drawn after the trade, so that they change nothing of it.
"""

import numpy as np
import pandas as pd

from clientlib.sample.names import CARRIER_NAMES
from clientlib.sample.people import CONTACT_CHANNELS
from clientlib.sample.plan import NEVER, known_where
from clientlib.sample.promises import carrier_odds
from clientlib.sample.rivals import RIVAL_IDS
from clientlib.sample.scene import Scene, added_days, days_of

NACE_CODES = {
    "construction": ("41.00", "42.11", "43.21"),
    "manufacturing": ("16.23", "25.11", "31.00"),
    "trade": ("46.74", "47.52"),
    "hospitality": ("55.10", "56.11"),
    "agriculture": ("01.11", "01.50"),
    "transport": ("49.41", "52.10"),
    "public services": ("84.11", "85.20"),
    "property care": ("81.10", "81.22"),
}
OUTLETS = {"small shop": 0.5, "chain": 0.3, "large retailer": 0.2}
KEY_ACCOUNT_SHARE = 0.08
OTHER_SUPPLIER_SHARE, PROSPECT_SUPPLIER_SHARE = 0.35, 0.85
REQUESTED_EARLIER_SHARE = 0.3
REMINDED_AFTER, REMINDED_SHARE = (7, 16), 0.85
BUYER_TOLD_SHARE, BUYER_AGREES_SHARE = 0.5, 0.6
SAME_EAN_SHARE = 0.7
REMEDIES = ("replacement", "repair", "apology", "price cut")


def fill_client_cards(scene: Scene) -> None:
    """Add to the clients what marketing and sales note.

    Parameters
    ----------
    scene : Scene
        The simulated trade; its clients get ``nace_code``, ``outlet_type``,
        ``preferred_channel``, ``has_consent``, ``is_key_account``, ``current_supplier_id``,
        ``potential_amount``, and hidden ``wallet_share`` (our part of what they buy).
    """
    draws, clients = scene.draws("cards"), scene.tables["clients"]
    count = len(clients)
    lots = draws.random(count)
    clients["nace_code"] = [
        NACE_CODES[kind][int(lot * len(NACE_CODES[kind]))]
        for kind, lot in zip(clients["industry"], lots, strict=True)
    ]
    outlets = draws.choice(list(OUTLETS), size=count, p=list(OUTLETS.values()))
    clients["outlet_type"] = known_where(outlets, clients["industry"] == "trade")
    clients["preferred_channel"] = draws.choice(
        list(CONTACT_CHANNELS), size=count, p=list(CONTACT_CHANNELS.values())
    )
    clients["has_consent"] = known_where(draws.random(count) < 0.7, draws.random(count) < 0.9)
    _draw_wallets(clients, draws)
    hours = np.where(np.arange(len(scene.tables["managers"])) % 4 == 3, 30.0, 40.0)
    scene.tables["managers"]["weekly_hours"] = hours


def _draw_wallets(clients: pd.DataFrame, draws: np.random.Generator) -> None:
    count = len(clients)
    spend = (clients["orders_per_year"] * clients["order_amount"]).to_numpy(dtype=np.float64)
    is_prospect = (clients["type"] == "prospect").to_numpy()
    share = draws.beta(2.5, 2.0, size=count).clip(0.08, 0.97)
    clients["wallet_share"] = np.where(is_prospect, 0.0, share).round(3)
    whole = np.where(is_prospect, clients["order_amount"] * 12, spend / share)
    told = np.maximum(np.round(whole * np.exp(draws.normal(0, 0.25, size=count)) / 500), 1) * 500
    clients["potential_amount"] = np.where(draws.random(count) < 0.8, told, np.nan)
    least = np.quantile(spend, 1 - KEY_ACCOUNT_SHARE)
    clients["is_key_account"] = known_where(spend >= least, np.ones(count))
    has_other = draws.random(count) < np.where(
        is_prospect, PROSPECT_SUPPLIER_SHARE, OTHER_SUPPLIER_SHARE
    )
    clients["current_supplier_id"] = known_where(draws.choice(RIVAL_IDS, size=count), has_other)


def fill_products(scene: Scene) -> None:
    """Give products their article numbers; true identical products of rivals share them.

    Parameters
    ----------
    scene : Scene
        The simulated trade; products and the rivals' products get ``ean``.
    """
    draws, products = scene.draws("service records"), scene.tables["products"]
    products["ean"] = [article_number(4_770_000_000_00 + 137 * n) for n in range(len(products))]
    offered = scene.tables["competitor_products"]
    count = len(offered)
    own = np.array([article_number(4_750_000_000_00 + 211 * n) for n in range(count)], dtype=object)
    ours = products["ean"].to_numpy()[offered["base"]]
    is_same = offered["is_true"].to_numpy(dtype=np.bool_) & (offered["kind"] == "identical")
    is_shown = draws.random(count) < SAME_EAN_SHARE
    offered["ean"] = known_where(np.where(is_same, ours, own), is_shown)
    fill_service(scene, draws)


def article_number(digits: int) -> str:
    """Write the first twelve digits of an EAN with its check digit.

    Parameters
    ----------
    digits : int
        Twelve digits.

    Returns
    -------
    str
        Thirteen digits.
    """
    text = f"{digits:012d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text))
    return f"{text}{-total % 10}"


def fill_service(scene: Scene, draws: np.random.Generator) -> None:
    """Add to orders, deliveries, invoices, complaints and deals what the systems note beside.

    Parameters
    ----------
    scene : Scene
        The simulated trade.
    draws : numpy.random.Generator
        Stream to draw from.
    """
    _request_days(scene, draws)
    _name_carriers(scene, draws)
    _remind(scene, draws)
    _answer_complaints(scene, draws)
    _ask_buyers(scene, draws)


def _request_days(scene: Scene, draws: np.random.Generator) -> None:
    orders = scene.tables["orders"]
    promised, ordered = days_of(orders, "promised_on"), days_of(orders, "ordered_on")
    is_known = ~np.isnat(promised)
    is_earlier = (draws.random(len(orders)) < REQUESTED_EARLIER_SHARE) & is_known
    steps = np.where(is_earlier, draws.integers(1, 4, size=len(orders)), 0)
    moved = scene.plan.after(np.where(is_known, promised, ordered), -steps)
    orders["requested_on"] = np.where(is_known, np.maximum(moved, ordered), NEVER)


def _name_carriers(scene: Scene, draws: np.random.Generator) -> None:
    sent, orders = scene.tables["deliveries"], scene.tables["orders"].set_index("order_id")
    owner = sent["order_id"].drop_duplicates().to_numpy()
    facts = orders[["arrives_on", "promised_on"]].reindex(owner)
    is_late = days_of(facts, "arrives_on") > days_of(facts, "promised_on")
    steps = np.cumsum(carrier_odds(is_late.astype(np.float64)), axis=1)
    place = (draws.random(len(owner))[:, None] > steps).sum(axis=1)
    names = pd.Series(np.array(CARRIER_NAMES, dtype=object)[np.minimum(place, 2)], index=owner)
    sent["carrier"] = names.reindex(sent["order_id"]).to_numpy()


def _remind(scene: Scene, draws: np.random.Generator) -> None:
    invoices = scene.tables["invoices"]
    due, settles = days_of(invoices, "due_on"), days_of(invoices, "settles_on")
    wait = draws.integers(*REMINDED_AFTER, size=len(invoices))
    day = scene.plan.after(added_days(due, wait), 0)
    is_open = ~(settles <= day) & (invoices["amount"] > 0).to_numpy()
    is_sent = is_open & (draws.random(len(invoices)) < REMINDED_SHARE) & scene.plan.happened(day)
    invoices["reminded_on"] = np.where(is_sent, day, NEVER)


def _answer_complaints(scene: Scene, draws: np.random.Generator) -> None:
    told = scene.tables["complaints"]
    count, opened = len(told), days_of(told, "opened_on")
    closed = days_of(told, "closed_on")
    reply = scene.plan.after(opened, draws.integers(0, 4, size=count))
    reply = np.where(np.isnat(closed), reply, np.minimum(reply, closed))
    told["replied_on"] = scene.within(reply)
    remedy = np.where(told["is_credited"], "credit note", draws.choice(REMEDIES, size=count))
    told["remedy"] = known_where(remedy, ~np.isnat(closed))
    length = np.where(np.isnat(closed), 0, (closed - opened).astype(int))
    score = np.clip(np.round(8.6 - 0.16 * length + draws.normal(0, 1.2, size=count)), 0, 10)
    is_asked = ~np.isnat(closed) & (draws.random(count) < 0.6)
    told["satisfaction_score"] = np.where(is_asked, score, np.nan)


def _ask_buyers(scene: Scene, draws: np.random.Generator) -> None:
    """Buyers agree with the seller in six of ten cases; else they name price where we were dear."""
    deals = scene.tables["deals"]
    count = len(deals)
    agrees = draws.random(count) < BUYER_AGREES_SHARE
    other = np.where(deals["price_gap"] < 0, "price", "delivery time")
    said = np.where(agrees & deals["lost_reason"].notna(), deals["lost_reason"], other)
    is_told = (deals["outcome"] == "lost").to_numpy() & (draws.random(count) < BUYER_TOLD_SHARE)
    deals["buyer_reason"] = known_where(said, is_told)
