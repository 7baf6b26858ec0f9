"""What is true of the sample company, as one JSON document that only tests read."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from clientlib.sample import complaints, deals, deliveries, habits, money, rivals, service
from clientlib.sample.assortment import FAMILY_NAMES
from clientlib.sample.company import Company
from clientlib.sample.faults import REPEATS_KEY
from clientlib.sample.mess import MessCounts
from clientlib.sample.relation_truth import describe_relations
from clientlib.sample.world import TYPES

CLIENT_TRUTH = (
    "client_id", "type", "orders_per_year", "order_amount", "gap_shape", "peak_month",
    "active_from", "fades_from", "left_on", "left_because", "habit", "term_days",
    "discount_share", "late_probability", "worsens_on", "late_probability_after",
    "late_days_mean", "late_days_sd", "early_days_mean", "unpaid_from", "unpaid_share",
    "wallet_share",
)  # fmt: skip
DEAL_TRUTH = ("deal_id", "price_gap", "win_probability", "end", "ends_on", "won_by_id")
MATCH_TRUTH = ("product_id", "competitor_id", "competitor_product_id", "is_true", "offset")


def describe_truth(company: Company, mess: Mapping[str, MessCounts]) -> dict[str, object]:
    """Gather the truth.

    Parameters
    ----------
    company : Company
        From ``simulate_company``.
    mess : mapping of str to MessCounts
        From ``write_exports``, by canonical table.

    Returns
    -------
    dict
        Ready for JSON: days as ISO texts, null where there is no value.
    """
    plan = company.plan
    return {
        "seed": plan.seed,
        "clients_count": plan.clients_count,
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "vat_share": money.VAT_SHARE,
        "client_types": {name: asdict(kind) for name, kind in TYPES.items()},
        "habits": {name: asdict(habit) for name, habit in habits.HABITS.items()},
        "clients": _clients(company),
        "twins": _records(company.twins, tuple(company.twins.columns)),
        "service": _service(company),
        "deals": _deals(company),
        "rivals": _rivals(company),
        **describe_relations(company.tables),
        "mess": {table: _mess(counts) for table, counts in mess.items()},
    }


def write_truth(path: Path, company: Company, mess: Mapping[str, MessCounts]) -> None:
    """Write the truth to a JSON file, outside of the folder with the exports.

    Parameters
    ----------
    path : Path
        File to write; its folder is made where it does not exist.
    company, mess
        As for ``describe_truth``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(describe_truth(company, mess), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _clients(company: Company) -> list[dict[str, object]]:
    clients = company.tables["clients"]
    spread = np.sqrt(clients["late_days_mean"] ** 2 / habits.LATE_DAYS_SHAPE)
    clients = clients[~clients["is_twin"].astype(bool)].assign(late_days_sd=spread.round(2))
    return _records(clients, CLIENT_TRUTH)


def _service(company: Company) -> dict[str, object]:
    orders = company.tables["orders"]
    served = orders[orders["arrives_on"].notna() & ~orders["is_credit"].astype(bool)]
    return {
        "late_base": service.LATE_BASE,
        "late_abroad": service.LATE_ABROAD,
        "late_autumn": service.LATE_AUTUMN,
        "expected_late_share": round(float(served["late_probability"].mean()), 5),
        "cancelled_share": service.CANCELLED_SHARE,
        "back_order_share": deliveries.BACK_ORDER_SHARE,
        "complaint_probability": service.COMPLAINT_PROBABILITY,
        "complaint_factor_late": service.COMPLAINT_FACTOR_LATE,
        "leave_probability": service.LEAVE_PROBABILITY,
        "disputed_share": complaints.DISPUTED_SHARE,
        "credited_share": complaints.CREDITED_SHARE,
        "part_payment_share": money.PART_PAYMENT_SHARE,
    }


def _deals(company: Company) -> dict[str, object]:
    known = company.tables["deals"]
    winners = np.array([*rivals.RIVAL_IDS, None], dtype=object)[known["rival"].to_numpy()]
    return {
        "base_log_odds": deals.BASE_LOG_ODDS,
        "price_effect": deals.PRICE_EFFECT,
        "known_client_effect": deals.KNOWN_CLIENT_EFFECT,
        "manager_spread": deals.MANAGER_SPREAD,
        "no_decision_share": deals.NO_DECISION_SHARE,
        "rival_told_share": deals.RIVAL_TOLD_SHARE,
        "list": _records(known.assign(won_by_id=winners), DEAL_TRUTH),
    }


def _rivals(company: Company) -> dict[str, object]:
    levels = pd.DataFrame(company.rivalry.levels, rivals.RIVAL_IDS, FAMILY_NAMES)
    return {
        "strengths": dict(zip(rivals.RIVAL_IDS, rivals.STRENGTHS.tolist(), strict=True)),
        "presences": dict(zip(rivals.RIVAL_IDS, rivals.PRESENCES.tolist(), strict=True)),
        "levels": {rival: levels.loc[rival].to_dict() for rival in rivals.RIVAL_IDS},
        "price_cut": {
            "competitor_id": rivals.RIVAL_IDS[rivals.CUT_RIVAL],
            "family": rivals.CUT_FAMILY,
            "from": str(company.rivalry.cut_on),
            "level_change": rivals.CUT_LEVEL,
        },
        "product_spread": rivals.PRODUCT_SPREAD,
        "observation_spread": rivals.OBSERVATION_SPREAD,
        "list_discount": rivals.LIST_DISCOUNT,
        "false_match_level": rivals.FALSE_LEVEL,
        "our_net_shares": company.net_shares.round(5).to_dict(),
        "matches": _records(company.tables["product_matches"], MATCH_TRUTH),
    }


def _mess(counts: MessCounts) -> dict[str, object]:
    told: dict[str, object] = asdict(counts)
    bad = sum(counts.quarantine.values())
    told["quarantined"] = bad
    told["repeated_keys"] = counts.quarantine.get(REPEATS_KEY, 0)
    told["good"] = counts.rows - counts.same - bad
    return told


def _records(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, object]]:
    texts = {column: _plain(frame[column]) for column in columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*texts.values(), strict=True)]


def _plain(values: pd.Series) -> list[object]:
    if pd.api.types.is_datetime64_any_dtype(values):
        return [None if pd.isna(day) else day.date().isoformat() for day in values]
    return [None if pd.isna(value) else value for value in values.tolist()]
