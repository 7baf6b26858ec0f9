"""What to do about each client: class, expected loss, limit, terms, what would raise it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.panels import as_days
from clientlib.reliability.decisions import (
    CreditPolicy,
    LossShare,
    advise_limits,
    cap_by_authority,
    estimate_loss_share,
    expect_losses,
    find_conflicts,
    find_smallest_change,
    limits_on,
    say_change,
    to_classes,
    to_percentiles,
    to_points,
    weigh_orders,
)
from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.portfolio.orders import list_open_orders
from clientlib.reliability.portfolio.recoveries import find_recoveries
from clientlib.reliability.portfolio.states import COME, FORETOLD
from clientlib.reliability.prospects.depths import DEPTHS, PLACE, find_evidence
from clientlib.reliability.risks.scoring import interval_of
from clientlib.reliability.risks.targets import DEFAULTS, contribution, exposure

USUAL_TERMS_DAYS = 30.0
PROMPT_INVOICES = 6.0  # invoices of half a year, where the client gets one a month
ADVICE_COLUMNS = (
    "client_id",
    "manager_id",
    "probability",
    "probability_low",
    "probability_high",
    "points",
    "risk_class",
    "rule_class",
    "percentile",
    "grade",
    "due_count",
    "late_share",
    "depth",
    "exposure_amount",
    "open_amount",
    "overdue_amount",
    "open_orders_amount",
    "collateral_amount",
    "unsecured_amount",
    "expected_loss_amount",
    "expected_loss_low",
    "expected_loss_high",
    "contribution_12m_amount",
    "margin_amount",
    "worth_amount",
    "worth_low",
    "worth_high",
    "credit_limit_amount",
    "payment_days",
    "limit_amount",
    "limit_bound_by",
    "limit_need_amount",
    "limit_budget_amount",
    "limit_capacity_amount",
    "advised_payment_days",
    "deposit_share",
    "deposit_amount",
    "valid_until",
    "raise_by",
    "raise_words",
    "raised_limit_amount",
    "raise_deposit_amount",
    "granted_limit_amount",
    "granted_payment_days",
    "needs_approval",
    "approval_of",
)
ORDER_COLUMNS = (
    "order_id",
    "client_id",
    "ordered_on",
    "amount",
    "margin_amount",
    "probability",
    "expected_loss_amount",
    "net_amount",
    "is_worth",
)


@dataclass(frozen=True)
class Advice:
    """What is advised on a day.

    Parameters
    ----------
    clients : DataFrame, one row per client, most expected loss first
        Columns `ADVICE_COLUMNS`.
    orders : DataFrame, one row per open order, largest first
        Columns `ORDER_COLUMNS`.
    conflicts : DataFrame
        From `find_conflicts`.
    loss : LossShare
        Part of a defaulted exposure that is lost.
    """

    clients: pd.DataFrame
    orders: pd.DataFrame
    conflicts: pd.DataFrame
    loss: LossShare


def advise_clients(
    read: Callable[..., pd.DataFrame],
    assessment: Assessment,
    risks: pd.DataFrame,
    policy: CreditPolicy | None = None,
) -> Advice:
    """Turn probabilities of default into what to do.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    assessment : Assessment
        From `assess_clients`.
    risks : DataFrame
        From `describe_risks`.
    policy : CreditPolicy, optional
        The company's settings.

    Returns
    -------
    Advice
        Nothing is advised for clients whose probability cannot be given: amounts are null, and
        bound by "unknown".
    """
    terms, day = policy or CreditPolicy(), assessment.as_of
    recovered = find_recoveries(assessment.invoices, assessment.panels.rows, assessment.rules)
    loss = estimate_loss_share(recovered["recovered_share"], terms)
    clients = _gather(read, assessment, risks)
    changed = _change(assessment, clients)
    advice = clients.join(_grade(clients, terms)).join(expect_losses(clients, loss))
    advice = advice.join(_worth(advice))
    advice = advice.join(advise_limits(clients, as_of=day, loss=loss, policy=terms))
    raised = find_smallest_change(clients, changed, as_of=day, loss=loss, policy=terms)
    words = [
        say_change(name, amount)
        for name, amount in zip(raised["raise_by"], raised["raise_deposit_amount"], strict=True)
    ]
    advice = advice.join(raised.assign(raise_words=pd.Series(words, index=raised.index)))
    authority = limits_on(read("staging.approval_limits", as_of=day), day)
    advice = advice.join(cap_by_authority(advice, authority))
    order = ["expected_loss_amount", "client_id"]
    ranked = advice.sort_values(order, ascending=[False, True], na_position="last")
    return Advice(
        ranked.reset_index(drop=True)[list(ADVICE_COLUMNS)],
        _weigh_orders(read, assessment, clients, loss),
        find_conflicts(advice),
        loss,
    )


def _gather(
    read: Callable[..., pd.DataFrame], assessment: Assessment, risks: pd.DataFrame
) -> pd.DataFrame:
    """Put beside each client all that limits and losses rest on."""
    known, day = assessment.known, assessment.as_of
    owner = assessment.panels.clients.set_index("client_id")["manager_id"]
    told = risks[(risks["event"] == DEFAULTS)].set_index("client_id").reindex(known["client_id"])
    columns = ["probability", "probability_low", "probability_high", "rule_probability"]
    months = known["known_months"].clip(1, 12).astype(float)
    return known.assign(
        **{name: told[name].to_numpy(dtype=float) for name in columns},
        state=told["state"].to_numpy(),
        manager_id=known["client_id"].map(owner),
        exposure_amount=exposure(known),
        month_amount=known["invoiced_12m_amount"].astype(float).fillna(0.0) / months,
        pay_days=_pay_days(assessment),
        margin_amount=_margin(known, assessment.horizon_months),
        contribution_12m_amount=contribution(known, assessment.rules),
        equity_amount=_equity(read, known, day),
        depth=_depths(assessment),
    )


def _grade(clients: pd.DataFrame, policy: CreditPolicy) -> pd.DataFrame:
    probability = clients["probability"]
    is_foretold = clients["state"] == FORETOLD
    ranked = probability if is_foretold.any() else probability.where(is_foretold)
    return pd.DataFrame(
        {
            "points": to_points(probability.where(is_foretold), policy),
            "risk_class": to_classes(probability, policy),
            "rule_class": to_classes(clients["rule_probability"], policy),
            "percentile": to_percentiles(ranked),
        }
    )


def _worth(advice: pd.DataFrame) -> pd.DataFrame:
    """Set what a client brings within the horizon against what it may lose us."""
    ends = {"worth_amount": "amount", "worth_low": "high", "worth_high": "low"}
    margin = advice["margin_amount"]
    return pd.DataFrame(
        {name: margin - advice[f"expected_loss_{end}"] for name, end in ends.items()}
    )


def _pay_days(assessment: Assessment) -> pd.Series:
    """Days from invoice to payment: what was agreed, and what it is usually late."""
    known, now = assessment.known, assessment.now
    billed = assessment.invoices.groupby("client_id")["terms_days"].median()
    usual = billed.median() if len(billed) else USUAL_TERMS_DAYS
    agreed = known["payment_days"].astype(float)
    terms = agreed.fillna(known["client_id"].map(billed)).fillna(usual)
    return terms + now["late_days"].astype(float).clip(lower=0.0).fillna(0.0)


def _margin(known: pd.DataFrame, months: int) -> pd.Series:
    """Margin that a client brings within the horizon, if it goes on as in the last year."""
    costed = known["costed_revenue_12m_amount"].astype(float)
    margin = known["margin_12m_amount"].astype(float)
    share = margin / costed.where(costed > 0)
    common = margin.sum() / costed.sum() if costed.sum() > 0 else np.nan
    return share.fillna(common) * known["revenue_12m_amount"].astype(float) * months / 12


def _equity(read: Callable[..., pd.DataFrame], known: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Look up the equity of the statement that was the latest known on the day."""
    figures = read("marts.statement_figures", as_of=day)
    keys = ["client_id", "ends_on", "version"]
    told = figures.assign(
        ends_on=as_days(figures["ends_on"]), version=figures["version"].astype(float)
    )
    wanted = known[["client_id", "statement_ends_on", "statement_version"]].set_axis(keys, axis=1)
    wanted = wanted.assign(version=wanted["version"].astype(float))
    found = wanted.merge(told[[*keys, "equity"]], on=keys, how="left", validate="one_to_one")
    return found["equity"].astype(float).set_axis(known.index)


def _depths(assessment: Assessment) -> pd.Series:
    """Name the deepest evidence that there is of each client."""
    has = find_evidence(assessment.now)
    depth = pd.Series(PLACE, index=has.index, dtype=object)
    for name in DEPTHS:
        depth = depth.mask(has[name], name)
    return depth


def _change(assessment: Assessment, clients: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Score the clients as they would be after each thing that they could do."""
    model = assessment.models[DEFAULTS]
    if not model.is_fitted:
        return {}
    now = assessment.now
    overdue = ["overdue_share", "overdue_30_share", "overdue_months"]
    count = pd.Series(np.expm1(now["evidence"].astype(float)), index=now.index)
    prompt = {
        name: now[name] * count / (count + PROMPT_INVOICES)
        for name in ("late_share", "late_30_share", "late_days")
    }
    changes: dict[str, tuple[pd.DataFrame, pd.Series[bool]]] = {
        "overdue": (now.assign(**dict.fromkeys(overdue, 0.0)), now["overdue_share"] > 0),
        "arrears": (now.assign(open_arrears=0.0), now["open_arrears"] > 0),
        "promptness": (now.assign(**prompt), count > 0),
    }
    return {
        name: _rescore(assessment, clients, signs[concerned.to_numpy()])
        for name, (signs, concerned) in changes.items()
    }


def _rescore(assessment: Assessment, clients: pd.DataFrame, signs: pd.DataFrame) -> pd.DataFrame:
    """Give changed clients the probability that they would have; never more than they have now."""
    model = assessment.models[DEFAULTS]
    rows = clients.loc[signs.index]
    probability = model.fitted[0].predict(signs)
    _, high = interval_of(probability, model.predictions, model.chosen)
    foretold = rows["state"].isin([FORETOLD, COME])
    better = {"probability": probability, "probability_high": high}
    return rows[foretold].assign(
        **{name: np.minimum(values, rows[name])[foretold] for name, values in better.items()}
    )


def _weigh_orders(
    read: Callable[..., pd.DataFrame],
    assessment: Assessment,
    clients: pd.DataFrame,
    loss: LossShare,
) -> pd.DataFrame:
    """Set what each open order may lose against what it brings."""
    lines = read("marts.line_facts", as_of=assessment.as_of)
    closed = read("marts.order_closings", as_of=assessment.as_of)
    orders = list_open_orders(lines, closed, as_of=assessment.as_of)
    weighed = weigh_orders(orders, clients.set_index("client_id"), loss)
    ranked = weighed.sort_values(["amount", "order_id"], ascending=[False, True])
    return ranked.reset_index(drop=True)[list(ORDER_COLUMNS)]
