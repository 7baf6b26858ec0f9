"""On what terms to trade: class, first limit, days, deposit, what it may bring, what raises it."""

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.decisions import (
    CreditPolicy,
    LossShare,
    advise_limits,
    cap_by_authority,
    estimate_loss_share,
    find_smallest_change,
    to_classes,
    to_points,
)
from clientlib.reliability.decisions.limits import BUDGET, CAPACITY, MONTH_DAYS
from clientlib.reliability.prospects.depths import PLACE
from clientlib.reliability.prospects.issuing import PROMPT, STATEMENT
from clientlib.reliability.risks.targets import DEFAULTS

USUAL_DAYS = 30.0
TRADE, EVIDENCE, ASK, PREPAY, WALK_AWAY, UNKNOWN = (
    "grant terms",
    "ask for its statement first",
    "ask for a deposit",
    "payment before delivery",
    "walk away",
    "not enough data",
)
ADVICE = (TRADE, EVIDENCE, ASK, PREPAY, WALK_AWAY, UNKNOWN)
CHANGES = (STATEMENT, PROMPT)


def advise_terms(
    scores: pd.DataFrame,
    facts: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    limits: pd.DataFrame,
    policy: CreditPolicy | None = None,
    usual_margin_share: float = float("nan"),
) -> pd.DataFrame:
    """Advise, for every candidate, whether to trade and on what terms.

    Parameters
    ----------
    scores : DataFrame
        From `lay_out_scores`; those of defaults count.
    facts : DataFrame, one row per candidate
        Of `Candidates`.
    as_of : str or Timestamp
        Day from which the advice holds.
    limits : DataFrame
        From `limits_on`: what managers may grant alone.
    policy : CreditPolicy, optional
        The company's; the plain one, if left out.
    usual_margin_share : float, 0..1
        Margin share of those whose own is not known; nan for unknown.

    Returns
    -------
    DataFrame, one row per candidate, in the order of ``facts``
        The facts with probability (of default) and its ends, depth, cases_count, outcomes_count,
        credibility; points, risk_class; the columns of `advise_limits` and of
        `cap_by_authority`; margin_amount, net_amount with net_low and net_high (margin within the
        horizon less expected loss, money); advice (one of `ADVICE`), raise_by (a sentence that
        can be told again, empty where nothing would raise the limit) and raised_limit_amount.
    """
    own = policy or CreditPolicy()
    loss = estimate_loss_share(pd.Series(dtype=float), own)
    rows = _join(scores, facts, usual_margin_share)
    given = _only_for_needs(advise_limits(rows, as_of=as_of, loss=loss, policy=own))
    found = rows.assign(
        points=to_points(rows["probability"], own),
        risk_class=to_classes(rows["probability"], own),
    ).join(given)
    found = found.join(cap_by_authority(found, limits)).join(_net(found, loss))
    raised = find_smallest_change(rows, _changed(rows), as_of=as_of, loss=loss, policy=own)
    return found.assign(
        advice=_choose(found),
        raise_by=[_say(*row) for row in raised[["raise_by", "raise_deposit_amount"]].to_numpy()],
        raised_limit_amount=raised["raised_limit_amount"],
    )


def _join(scores: pd.DataFrame, facts: pd.DataFrame, usual_margin_share: float) -> pd.DataFrame:
    own = scores[scores["event"] == DEFAULTS].drop(columns=["event", "reasons"])
    rows = facts.reset_index(drop=True).merge(own, on="client_id", how="left")
    share = rows["margin_share"].astype(float).fillna(usual_margin_share)
    return rows.assign(
        pay_days=rows["payment_days"].astype(float).fillna(USUAL_DAYS),
        margin_amount=rows["month_amount"].astype(float) * rows["horizon_months"] * share,
    )


def _only_for_needs(given: pd.DataFrame) -> pd.DataFrame:
    """Take back limits of those who have not said what they want to buy."""
    unknown = given["limit_need_amount"].isna()
    bound = given["limit_bound_by"].mask(unknown, "unknown")
    return given.assign(limit_amount=given["limit_amount"].mask(unknown), limit_bound_by=bound)


def _net(rows: pd.DataFrame, loss: LossShare) -> pd.DataFrame:
    """Margin within the horizon less what may be lost of what is usually owed."""
    owed = rows["month_amount"].astype(float) * rows["pay_days"] / MONTH_DAYS
    secured = rows["collateral_amount"].astype(float).fillna(0.0)
    bare = (owed - secured).clip(lower=0.0)
    margin = rows["margin_amount"]
    return pd.DataFrame(
        {
            "net_amount": margin - bare * loss.share * rows["probability"],
            "net_low": margin - bare * loss.high * rows["probability_high"],
            "net_high": margin - bare * loss.low * rows["probability_low"],
        }
    )


def _changed(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the rows as they would be scored with further evidence."""
    changed = {}
    for name in CHANGES:
        known = rows[rows[f"{name}_probability"].notna()]
        probability, high = known[f"{name}_probability"], known[f"{name}_high"]
        changed[name] = known.assign(probability=probability, probability_high=high)
    return changed


def _choose(rows: pd.DataFrame) -> pd.Series:
    """Say in a word what to do.

    Nothing is granted on a place alone where a statement would tell, nor where neither margin nor
    equity bears any limit.
    """
    advice = pd.Series(TRADE, index=rows.index, dtype=object)
    is_bare = (rows["depth"] == PLACE) & rows[f"{STATEMENT}_probability"].notna()
    advice = advice.mask(is_bare, EVIDENCE)
    advice = advice.mask(rows["deposit_share"] > 0, ASK)
    bears_none = (rows["limit_amount"] == 0) & rows["limit_bound_by"].isin([BUDGET, CAPACITY])
    advice = advice.mask(bears_none | (rows["risk_class"] == "E"), PREPAY)
    advice = advice.mask(rows["net_high"] < 0, WALK_AWAY)
    return advice.mask(rows["probability"].isna(), UNKNOWN)


def _say(name: str, deposit: float) -> str:
    if name == STATEMENT:
        return jot("its latest yearly statement, if it is like most")
    if name == PROMPT:
        return jot("three further invoices paid in time")
    if name == "deposit" and np.isfinite(deposit):
        return jot("security of {amount:short}", amount=float(deposit))
    return ""
