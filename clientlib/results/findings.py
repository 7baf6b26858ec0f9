"""What each exhibit of a review means: its finding, and the rule that asks for an action."""

import pandas as pd

from clientlib.language import jot
from clientlib.results.accounts import KeyAccounts
from clientlib.results.actions import (
    CREDIT,
    HEAD,
    KEY_ACCOUNTS,
    MANAGER,
    MONTH_DAYS,
    PRICING,
    WEEK_DAYS,
    ActionRules,
    Implication,
)
from clientlib.results.bridge import RevenueBridge
from clientlib.results.plans import PlanBridge

AT_RISK_STATES = ("slowing", "at risk")
WORSE, CHEAPER = "worse than average", "cheaper"


def judge_plan(*bridges: PlanBridge, rules: ActionRules) -> Implication | None:
    """Judge what parts lack to their goals.

    Parameters
    ----------
    *bridges : PlanBridge
        From ``bridge_plan``; the first that has goals is judged.
    rules : ActionRules
        ``plan_gap_share``.

    Returns
    -------
    Implication or None
        None where there is no plan.
    """
    bridge = next((each for each in bridges if len(each.steps)), None)
    if bridge is None:
        return None
    gap, plan = bridge.gap_amount, bridge.plan_amount
    values = {"gap": abs(gap), "plan": plan, "currency": bridge.currency}
    if gap >= 0:
        return Implication(jot("{gap:short} {currency} over goals of {plan:short}", **values))
    finding = jot("{gap:short} {currency} short of goals of {plan:short}", **values)
    if -gap < rules.plan_gap_share * plan:
        return Implication(finding)
    planned = bridge.parts.dropna(subset=["plan_amount"])
    worst = planned.loc[planned["gap_amount"].idxmin()]
    return Implication(
        finding,
        jot(
            "Agree how the gap of {part} ({short:short} {currency}) is closed, or set the goal "
            "anew",
            part=worst["label"], short=-float(worst["gap_amount"]), currency=bridge.currency,
        ),
        HEAD, MONTH_DAYS,
        jot("Shortfall of {share:share} of the plan or more", share=rules.plan_gap_share),
    )  # fmt: skip


def judge_price(bridge: RevenueBridge, *, rules: ActionRules) -> Implication | None:
    """Judge what prices did to revenue.

    Parameters
    ----------
    bridge : RevenueBridge
        From ``bridge_revenue``.
    rules : ActionRules
        ``price_share``.

    Returns
    -------
    Implication or None
        None where there is no bridge.
    """
    if bridge.steps.empty:
        return None
    price = bridge.effect("price")
    share = abs(price) / (bridge.before_amount or 1.0)
    values = {"price": abs(price), "currency": bridge.currency, "share": share}
    if price >= 0:
        return Implication(
            jot("Prices brought {price:short} {currency}, {share:share1} of revenue", **values)
        )
    finding = jot("Prices took {price:short} {currency}, {share:share1} of revenue", **values)
    if share < rules.price_share:
        return Implication(finding)
    families = bridge.by("family")
    worst = families.loc[families["price"].idxmin()]
    return Implication(
        finding,
        jot(
            "Review discounts in {family}, where prices took {amount:short} {currency}",
            family=worst["label"], amount=-float(worst["price"]), currency=bridge.currency,
        ),
        PRICING, MONTH_DAYS,
        jot("Price took {share:share} of revenue or more", share=rules.price_share),
    )  # fmt: skip


def judge_lost(
    bridge: RevenueBridge, clients: pd.DataFrame, *, rules: ActionRules
) -> Implication | None:
    """Judge what clients took with them that bought nothing any more.

    Parameters
    ----------
    bridge : RevenueBridge
        From ``bridge_revenue``.
    clients : DataFrame
        client_id, name.
    rules : ActionRules
        ``lost_share``.

    Returns
    -------
    Implication or None
        None where there is no bridge.
    """
    if bridge.steps.empty:
        return None
    lost = -bridge.lines.groupby("client_id")["lost_clients"].sum()
    lost = lost[lost > 0].sort_values(ascending=False, kind="stable")
    values = {"count": len(lost), "amount": float(lost.sum()), "currency": bridge.currency}
    finding = jot(
        "{count:client} of the year before bought nothing in these months: {amount:short} "
        "{currency}",
        **values,
    )
    if lost.sum() < rules.lost_share * bridge.before_amount or lost.empty:
        return Implication(finding)
    names = clients.set_index("client_id")["name"]
    first = names.get(lost.index[0], lost.index[0])
    return Implication(
        finding,
        jot(
            "Ask the largest of them why, first {name}, which had bought for {amount:short} "
            "{currency}", name=first, amount=float(lost.iloc[0]), currency=bridge.currency,
        ),
        HEAD, MONTH_DAYS,
        jot("Lost clients held {share:share} of revenue or more", share=rules.lost_share),
    )  # fmt: skip


def judge_segments(
    segments: pd.DataFrame, *, currency: str, rules: ActionRules
) -> Implication | None:
    """Judge how much revenue lies with segments that slow or are at risk.

    Parameters
    ----------
    segments : DataFrame
        From ``sum_segments``; its actions and owners are those of the report on segments.
    currency : str
        Of the amounts.
    rules : ActionRules
        ``at_risk_share``.

    Returns
    -------
    Implication or None
        None where there are no segments.
    """
    if segments.empty:
        return None
    risky = segments[segments["life_state"].isin(AT_RISK_STATES)]
    if risky.empty:
        return Implication(jot("No segment is slowing or at risk"))
    worst = risky.iloc[0]
    finding = jot(
        "{segment}: {count:client} with {amount:short} {currency} in 12 months",
        segment=jot(str(worst["segment"])), count=int(worst["clients_count"]),
        amount=float(worst["revenue_12m_amount"]), currency=currency,
    )  # fmt: skip
    total = float(segments["revenue_12m_amount"].sum())
    if float(worst["revenue_12m_amount"]) < rules.at_risk_share * total:
        return Implication(finding)
    days = WEEK_DAYS if worst["value_tier"] == "large" else MONTH_DAYS
    rule = jot(
        "A segment that slows or is at risk holds {share:share} of revenue or more",
        share=rules.at_risk_share,
    )
    decision = jot(str(worst["action"]))
    return Implication(finding, decision, str(worst["owner"]), days, rule)


def judge_accounts(accounts: KeyAccounts, *, rules: ActionRules) -> Implication | None:
    """Judge how far revenue hangs on one client.

    Parameters
    ----------
    accounts : KeyAccounts
        From ``list_key_accounts``.
    rules : ActionRules
        ``largest_share``.

    Returns
    -------
    Implication or None
        None where nobody has revenue.
    """
    if accounts.top.empty:
        return None
    first = accounts.top.iloc[0]
    finding = jot(
        "Without {name}, {share:share} of revenue would go; the {count:count} largest hold "
        "{top:share}",
        name=first["name"], share=accounts.largest_share, count=len(accounts.top),
        top=accounts.top_share,
    )  # fmt: skip
    if accounts.largest_share < rules.largest_share:
        return Implication(finding)
    rule = jot("One client holds {share:share} of revenue or more", share=rules.largest_share)
    decision = jot("Agree a yearly plan with {name}", name=first["name"])
    return Implication(finding, decision, KEY_ACCOUNTS, MONTH_DAYS, rule)


def judge_reliability(
    scores: pd.DataFrame, *, currency: str, rules: ActionRules
) -> Implication | None:
    """Judge how much of what is owed may come late.

    Parameters
    ----------
    scores : DataFrame
        As issued by the report on reliability: client_id, name, grade, open_amount,
        money_at_risk_amount.
    currency : str
        Of the amounts.
    rules : ActionRules
        ``risk_share``.

    Returns
    -------
    Implication or None
        None where nobody is scored.
    """
    if scores.empty:
        return None
    owed, risk = (float(scores[name].sum()) for name in ("open_amount", "money_at_risk_amount"))
    finding = jot(
        "{risk:short} of {owed:short} {currency} owed is late or may come late",
        risk=risk, owed=owed, currency=currency,
    )  # fmt: skip
    worse = scores[(scores["grade"] == WORSE) & (scores["open_amount"] > 0)]
    if risk < rules.risk_share * owed or worse.empty:
        return Implication(finding)
    order = ["money_at_risk_amount", "client_id"]
    first = worse.sort_values(order, ascending=[False, True]).iloc[0]
    return Implication(
        finding,
        jot(
            "Settle terms with {count:client} of the grade {grade}, first {name} with "
            "{amount:short} {currency} at risk",
            count=len(worse), grade=jot(WORSE), name=first["name"],
            amount=float(first["money_at_risk_amount"]), currency=currency,
        ),
        CREDIT, WEEK_DAYS,
        jot("{share:share} or more of what is owed is at risk", share=rules.risk_share),
    )  # fmt: skip


def judge_rivals(families: pd.DataFrame) -> Implication | None:
    """Judge where a competitor's price surely lies under ours.

    Parameters
    ----------
    families : DataFrame
        As issued by the report on competitors: name, family, price_index, verdict.

    Returns
    -------
    Implication or None
        None where there is no index.
    """
    known = families.dropna(subset=["price_index"]) if len(families) else families
    if known.empty:
        return None
    cheaper = known[known["verdict"] == CHEAPER]
    if cheaper.empty:
        return Implication(
            jot("No competitor is surely under our price in any of {total:count} "
                 "comparisons of families", total=len(known))
        )  # fmt: skip
    first = cheaper.sort_values(["price_index", "name"]).iloc[0]
    return Implication(
        jot(
            "Competitors are surely under our price in {count:count} of {total:count} comparisons "
            "of families, most of all {name} in {family} (index {index:number1})",
            count=len(cheaper), total=len(known), name=first["name"], family=first["family"],
            index=float(first["price_index"]),
        ),
        jot("Review prices in {family} against {name}", family=first["family"],
             name=first["name"]),
        PRICING, MONTH_DAYS,
        jot("The whole 90 % interval of a family's index lies under 100"),
    )  # fmt: skip


def judge_pipeline(overdue: pd.DataFrame, *, currency: str) -> Implication:
    """Judge open deals whose expected day has passed.

    Parameters
    ----------
    overdue : DataFrame
        deal_id, amount, of open deals that were expected to close by the day of the analysis.
    currency : str
        Of the amounts.

    Returns
    -------
    Implication
        The rule fires from one deal on.
    """
    if overdue.empty:
        return Implication(jot("No open deal is past the day on which it was to close"))
    return Implication(
        jot(
            "{count:deal} worth {amount:short} {currency} {count:is|are} open past the expected "
            "day", count=len(overdue), amount=float(overdue["amount"].sum()), currency=currency,
        ),
        jot("Ask each client for a new day, or close the deal"),
        MANAGER, WEEK_DAYS,
        jot("An open deal is past its expected day"),
    )  # fmt: skip
