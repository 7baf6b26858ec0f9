"""What is true of the tables around the trade: effects, shares and the rows they concern."""

import numpy as np
import pandas as pd

from clientlib.sample import (
    offers,
    people,
    programmes,
    promises,
    reach,
    statements,
    supply,
    talks,
    terms,
    voice,
)
from clientlib.sample.goals import TARGET_SPREAD, TARGET_STRETCH
from clientlib.sample.names import CARRIER_NAMES
from clientlib.sample.world import manager_id

Tables = dict[str, pd.DataFrame]


def describe_relations(tables: Tables) -> dict[str, object]:
    """Gather what is planted around the trade, by subject.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The company's tables with their hidden columns.

    Returns
    -------
    dict
        Numbers, texts and lists of keys.
    """
    return {
        "people": {
            "handed_over_share": people.HANDED_OVER_SHARE,
            "consent_share": people.CONSENT_SHARE,
            "training_effect": 0.0,
        },
        "terms": _terms(tables),
        "programmes": _programmes(tables),
        "offers": _offers(tables),
        "reach": _reach(tables["touches"]),
        "talks": _talks(len(tables["managers"])),
        "surveys": {
            "base_scores": voice.BASE_SCORES,
            "late_effect": voice.LATE_EFFECT,
            "complaint_effect": voice.COMPLAINT_EFFECT,
            "rival_price_effect": voice.RIVAL_PRICE_EFFECT,
            "rival_service_effect": voice.RIVAL_SERVICE_EFFECT,
            "spread": voice.SCORE_SPREAD,
        },
        "supply": _supply(),
        "bureau": _bureau(tables),
        "facts": _keys(tables["competitor_facts"], "is_true", False, ["fact_id"]),
        "targets": {"stretch": TARGET_STRETCH, "spread": TARGET_SPREAD},
    }


def _terms(tables: Tables) -> dict[str, object]:
    breaches = tables["client_prices"].query("is_breach")
    return {
        "clause_share": terms.CLAUSE_SHARE,
        "clause_share_of_referrers": terms.CLAUSE_SHARE_OF_REFERRERS,
        "unsigned_share": terms.UNSIGNED_SHARE,
        "late_signature_share": terms.LATE_SIGNATURE_SHARE,
        "own_late_shares": promises.OWN_LATE_SHARES,
        "beyond_authority": sorted({str(name) for name in breaches["client_id"]}),
    }


def _programmes(tables: Tables) -> dict[str, object]:
    keys = ["programme_id", "client_id"]
    return {
        "joined_share": programmes.JOINED_SHARE,
        "order_lift": 0.0,
        **_keys(tables["programme_members"], "is_eligible", False, keys),
    }


def _offers(tables: Tables) -> dict[str, object]:
    return {
        "gap_won": offers.GAP_WON,
        "gap_lost": offers.GAP_LOST,
        "revision_step": offers.REVISION_STEP,
        "unmet_themes": offers.UNMET_THEMES,
        "needs_met_by": tables["needs"]["met_by"].value_counts().sort_index().to_dict(),
    }


def _reach(touches: pd.DataFrame) -> dict[str, object]:
    """Expect the lift from the usual shares of the audience; see ``reach``."""
    tried = touches[touches["kind"].isin(reach.HELD_OUT_KINDS)]
    usual = tried["usual_share"].to_numpy(dtype=np.float64)
    lift = (usual * (1 - usual)).mean() * reach.TILT / (1 - reach.HELD_OUT_SHARE)
    return {
        "held_out_share": reach.HELD_OUT_SHARE,
        "held_out_kinds": list(reach.HELD_OUT_KINDS),
        "window_days": reach.WINDOW_DAYS,
        "expected_lift": round(float(lift), 4),
    }


def _talks(managers: int) -> dict[str, object]:
    hours = np.linspace(*talks.REPLY_HOURS, managers)
    return {
        "reply_hours": {manager_id(n): round(float(mean), 2) for n, mean in enumerate(hours)},
        "no_reply_share": talks.NO_REPLY_SHARE,
        "meeting_shares": {
            str(hour): float(share)
            for hour, share in zip(talks.HOURS, talks.MEETING_SHARES, strict=True)
        },
        "reached_share": talks.REACHED_SHARE,
        "reached_share_other": talks.REACHED_SHARE_OTHER,
        "deal_talks": talks.DEAL_TALKS,
    }


def _supply() -> dict[str, object]:
    odds = promises.carrier_odds(np.array([0.0, 1.0]))
    return {
        "stock_out_base": supply.STOCK_OUT_BASE,
        "stock_out_late": supply.STOCK_OUT_LATE,
        "late_picking_share": supply.LATE_PICKING_SHARE,
        "papers_late_share": supply.PAPERS_LATE_SHARE,
        "returned_share": supply.RETURNED_SHARE,
        "carriers_in_time": dict(zip(CARRIER_NAMES, odds[0].tolist(), strict=True)),
        "carriers_late": dict(zip(CARRIER_NAMES, odds[1].tolist(), strict=True)),
    }


def _bureau(tables: Tables) -> dict[str, object]:
    made = tables["client_financials"]
    days = made["ends_on"].dt.date.astype(str)
    kept = made.assign(ends_on=days)[["client_id", "ends_on", "weakness"]]
    return {
        "bad_events": {kind: odds[0] for kind, odds in statements.BAD_EVENTS.items()},
        "weakness": [list(row) for row in kept.itertuples(index=False)],
    }


def _keys(rows: pd.DataFrame, flag: str, value: bool, keys: list[str]) -> dict[str, object]:
    chosen = rows[rows[flag].astype(bool) == value]
    return {f"not_{flag.removeprefix('is_')}": chosen[keys].to_numpy().tolist()}
