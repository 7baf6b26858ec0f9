"""Obligations of both sides: what each side promised, and when it did it."""

import numpy as np
import pandas as pd

from clientlib.sample.names import CARRIER_NAMES
from clientlib.sample.plan import NEVER, Floats
from clientlib.sample.scene import Scene, added_days, days_of, numbered, stacked

OWN_LATE_SHARES = {"accounting": 0.12, "sales": 0.07}
PARTNER_ORDERS_SHARE = 0.5
LATE_DAYS_MEAN = 9.0


def draw_obligations(scene: Scene) -> pd.DataFrame:
    """Draw who owed what to whom by when, and when it was done.

    Parameters
    ----------
    scene : Scene
        With ``contracts``, ``complaints`` and the carriers of ``deliveries``.

    Returns
    -------
    DataFrame, one row per obligation, by day
        The contract's columns of ``obligations``; hidden: ``late_probability``. A client keeps
        its promises as it pays: with the chance of being late that its invoices had.
    """
    draws = scene.draws("obligations")
    parts = [
        _from_contracts(scene, draws),
        _from_carriers(scene, draws),
        _from_complaints(scene),
    ]
    owed = stacked(parts)
    owed = owed[scene.plan.happened(days_of(owed, "agreed_on"))]
    owed = owed.sort_values(["agreed_on", "owed_by", "client_id", "kind"], kind="stable")
    owed = owed.reset_index(drop=True)
    owed["obligation_id"] = numbered("OB", len(owed))
    owed["done_on"] = scene.within(days_of(owed, "done_on"))
    return owed


def _from_contracts(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    signed = scene.tables["contracts"].dropna(subset="signed_on").reset_index(drop=True)
    habit = scene.clients["late_probability"].to_numpy()[signed["client"]]
    agreed = days_of(signed, "signed_on")
    begins = np.maximum(days_of(signed, "starts_on"), agreed)
    plan_of_purchases = signed.assign(
        owed_by="client", owed_to="us", kind="plan of purchases", unit=None,
        due_on=added_days(begins, np.full(len(signed), 30)), late_probability=habit,
    )  # fmt: skip
    notice = signed.assign(
        owed_by="us", owed_to="client", kind="notice of prices", unit="sales",
        due_on=added_days(begins, np.full(len(signed), 60)),
        late_probability=OWN_LATE_SHARES["sales"],
    )  # fmt: skip
    bonus = signed.assign(
        owed_by="us", owed_to="client", kind="bonus", unit="accounting",
        due_on=added_days(days_of(signed, "ends_on"), np.full(len(signed), 30)),
        amount=(scene.yearly_spend[signed["client"]] * 0.01).round(0),
        late_probability=OWN_LATE_SHARES["accounting"],
    )  # fmt: skip
    owed = stacked([plan_of_purchases, notice, bonus])
    owed["agreed_on"] = days_of(owed, "signed_on")
    _draw_done(scene, owed, draws)
    ended = days_of(owed, "ended_on")
    owed["done_on"] = np.where(days_of(owed, "due_on") > ended, NEVER, owed["done_on"])
    columns = ["contract_id", "client_id", "owed_by", "owed_to", "unit", "kind", "amount"]
    kept = owed[~(days_of(owed, "due_on") > ended)]
    return kept[[*columns, "agreed_on", "due_on", "done_on", "late_probability"]]


def _draw_done(scene: Scene, owed: pd.DataFrame, draws: np.random.Generator) -> None:
    due, agreed = days_of(owed, "due_on"), days_of(owed, "agreed_on")
    is_late = draws.random(len(owed)) < owed["late_probability"].to_numpy(dtype=np.float64)
    late = scene.plan.after(added_days(due, 1 + draws.exponential(LATE_DAYS_MEAN, len(owed))), 0)
    early = scene.plan.not_after(added_days(due, -draws.exponential(6.0, len(owed))))
    owed["done_on"] = np.where(is_late, late, np.maximum(early, agreed))


def _from_carriers(scene: Scene, draws: np.random.Generator) -> pd.DataFrame:
    """Owe a part of the orders' deliveries to the carriers that brought them."""
    carriers = scene.tables["deliveries"].drop_duplicates("order_id").set_index("order_id")
    sales = scene.sales.dropna(subset="arrives_on")
    carrier = carriers["carrier"].reindex(sales["order_id"]).to_numpy()
    is_partner = np.isin(carrier, CARRIER_NAMES[1:])
    is_kept = is_partner & (draws.random(len(sales)) < PARTNER_ORDERS_SHARE)
    sent = sales[is_kept]
    owed = sent[["client_id", "order_id"]].assign(owed_by="partner", owed_to="us", unit="transport")
    owed["party"] = carrier[is_kept]
    owed["kind"], owed["agreed_on"] = "delivery", days_of(sent, "ordered_on")
    owed["due_on"], owed["done_on"] = days_of(sent, "promised_on"), days_of(sent, "arrives_on")
    return owed


def _from_complaints(scene: Scene) -> pd.DataFrame:
    """Owe each client who complained an answer within ten working days."""
    told = scene.tables["complaints"]
    owed = told[["client_id", "order_id", "unit"]].assign(owed_by="us", owed_to="client")
    owed["kind"], owed["agreed_on"] = "answer to a complaint", days_of(told, "opened_on")
    owed["due_on"] = scene.plan.after(days_of(told, "opened_on"), 10)
    owed["done_on"] = days_of(told, "closed_on")
    return owed


def carrier_odds(is_late: Floats) -> Floats:
    """Give the odds of each carrier for deliveries in time (0) and late (1), shape (n, 3).

    The third carrier is in late deliveries more often than in others, so that its share of
    late deliveries is about twice that of our own vans.
    """
    in_time, late = np.array([0.4, 0.35, 0.25]), np.array([0.26, 0.32, 0.42])
    return np.where(np.asarray(is_late)[:, None] > 0, late, in_time)
