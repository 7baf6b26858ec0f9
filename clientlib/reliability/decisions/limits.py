"""How much a client may owe, for how long, on what terms, and what would raise it."""

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.decisions.losses import LossShare
from clientlib.reliability.decisions.policy import CreditPolicy
from clientlib.reliability.decisions.scale import to_classes

LIMIT_COLUMNS = (
    "limit_need_amount",
    "limit_budget_amount",
    "limit_capacity_amount",
    "limit_amount",
    "limit_bound_by",
    "advised_payment_days",
    "deposit_share",
    "deposit_amount",
    "valid_until",
)
NEED, BUDGET, CAPACITY, CLASS, UNKNOWN = "need", "budget", "capacity", "class", "unknown"
BOUNDS = (NEED, BUDGET, CAPACITY, CLASS, UNKNOWN)
MARGIN_FOR_GROWTH = 1.25
MONTH_DAYS = 30.4375
LEAST_STEP = 100.0
DEPOSIT_STEP = 0.05


def advise_limits(
    clients: pd.DataFrame, *, as_of: str | pd.Timestamp, loss: LossShare, policy: CreditPolicy
) -> pd.DataFrame:
    """Advise a credit limit, days to pay and a deposit for every client.

    The limit is the least of three amounts, and says which bound it:

    * *need*: a usual month of invoicing, for the days until it pays, and a quarter more;
    * *budget*: so much that expected loss takes at most the policy's part of the margin that
      the client brings within the horizon, its probability taken at the upper end of the
      interval: who is less known gets less; what is secured comes on top;
    * *capacity*: the policy's part of the client's equity, where a statement is known.

    A client of class E pays before delivery. Amounts are rounded down to two digits.

    Parameters
    ----------
    clients : DataFrame
        probability and probability_high (of default, 0..1; null for no answer), month_amount
        (usual invoicing a month), pay_days (days from invoice to payment), margin_amount
        (margin within the horizon, null where not known), equity_amount and
        collateral_amount (null where not known), payment_days (agreed now, null for none).
    as_of : str or Timestamp
        Day from which the advice holds.
    loss : LossShare
        Part of an exposure that a default loses.
    policy : CreditPolicy
        Budget, capacity, terms and validity.

    Returns
    -------
    DataFrame, index as ``clients``
        Columns `LIMIT_COLUMNS`; amounts null and bound by "unknown" where no probability can be
        given.
    """
    grade = to_classes(clients["probability"], policy)
    parts = _bounds(clients, loss, policy)
    least = parts.min(axis=1)
    bound = _name_least(parts, least)
    limit = _round_down(least).mask(grade == "E", 0.0)
    bound = bound.mask(grade == "E", CLASS).where(grade.notna(), UNKNOWN)
    deposit = grade.map(dict(policy.deposit_shares)).astype(float)
    months = grade.map(dict(policy.months_valid))
    day = pd.Timestamp(as_of)
    until = [None if pd.isna(m) else day + pd.DateOffset(months=int(m)) for m in months]
    return pd.DataFrame(
        {
            "limit_need_amount": parts[NEED],
            "limit_budget_amount": parts[BUDGET],
            "limit_capacity_amount": parts[CAPACITY],
            "limit_amount": limit.where(grade.notna()),
            "limit_bound_by": bound,
            "advised_payment_days": _advise_days(clients, grade, policy),
            "deposit_share": deposit,
            "deposit_amount": deposit * clients["month_amount"].astype(float),
            "valid_until": pd.to_datetime(pd.Series(until, index=clients.index)),
        }
    )


def find_smallest_change(
    clients: pd.DataFrame,
    changed: dict[str, pd.DataFrame],
    *,
    as_of: str | pd.Timestamp,
    loss: LossShare,
    policy: CreditPolicy,
) -> pd.DataFrame:
    """Say what would raise each limit, starting from what is easiest for the client.

    Parameters
    ----------
    clients : DataFrame
        As in `advise_limits`.
    changed : dict of str to DataFrame
        By change, the clients as they would be scored after it, easiest first; rows that the
        change does not concern are left out.
    as_of, loss, policy
        As in `advise_limits`.

    Returns
    -------
    DataFrame, index as ``clients``
        raise_by (the first change that gives a higher limit; "deposit" where security alone
        does; empty where the limit meets the need or nothing helps), raised_limit_amount, and
        raise_deposit_amount (security that would lift the limit to the need).
    """
    settings = {"as_of": as_of, "loss": loss, "policy": policy}
    now = advise_limits(clients, **settings)  # type: ignore[arg-type]
    raised = pd.DataFrame(
        {"raise_by": "", "raised_limit_amount": np.nan}, index=clients.index
    ).astype({"raise_by": object})
    wants = now["limit_amount"] < _round_down(now["limit_need_amount"])
    for name, rows in changed.items():
        after = advise_limits(rows, **settings)["limit_amount"]  # type: ignore[arg-type]
        higher = after.reindex(clients.index) > now["limit_amount"]
        takes = wants & higher & (raised["raise_by"] == "")
        raised.loc[takes, "raise_by"] = name
        raised.loc[takes, "raised_limit_amount"] = after.reindex(clients.index)[takes]
    gap = (now["limit_need_amount"] - now["limit_amount"]).where(wants)
    raised["raise_deposit_amount"] = _round_up(gap)
    by_deposit = wants & (raised["raise_by"] == "")
    raised.loc[by_deposit, "raise_by"] = "deposit"
    raised.loc[by_deposit, "raised_limit_amount"] = _round_down(now["limit_need_amount"])[
        by_deposit
    ]
    return raised


def say_change(name: str, amount: float) -> str:
    """Put a change that would raise a limit into words that can be told again.

    Parameters
    ----------
    name : str
        From `find_smallest_change`.
    amount : float, money
        Security that would be enough.

    Returns
    -------
    str
        A sentence in English; empty where there is no change to name.
    """
    return str(jot(CHANGES[name], amount=amount)) if name in CHANGES else ""


CHANGES = {
    "overdue": "pays what is overdue",
    "statement": "sends its latest yearly statement",
    "arrears": "settles its arrears of taxes",
    "promptness": "pays its next invoices in time for half a year",
    "deposit": "gives security of {amount:short}",
}


def _bounds(clients: pd.DataFrame, loss: LossShare, policy: CreditPolicy) -> pd.DataFrame:
    secured = clients["collateral_amount"].astype(float).fillna(0.0)
    days = clients["pay_days"].astype(float).clip(lower=1.0)
    need = clients["month_amount"].astype(float) * days / MONTH_DAYS * MARGIN_FOR_GROWTH
    bearable = policy.loss_budget_share * clients["margin_amount"].astype(float).clip(lower=0.0)
    lost_per_money = (loss.share * clients["probability_high"].astype(float)).clip(lower=1e-6)
    return pd.DataFrame(
        {
            NEED: need,
            BUDGET: bearable / lost_per_money + secured,
            CAPACITY: policy.equity_share * clients["equity_amount"].astype(float).clip(lower=0.0),
        }
    )


def _name_least(parts: pd.DataFrame, least: pd.Series) -> pd.Series:
    bound = pd.Series(UNKNOWN, index=parts.index, dtype=object)
    for name in (CAPACITY, BUDGET, NEED):  # where two are equal the gentler reason is given
        bound = bound.mask(parts[name] == least, name)
    return bound


def _advise_days(clients: pd.DataFrame, grade: pd.Series, policy: CreditPolicy) -> pd.Series:
    """Give at most what the class may have, and no more than was agreed."""
    most = grade.map(dict(policy.payment_days)).astype(float)
    agreed = clients["payment_days"].astype(float)
    return pd.concat([most, agreed], axis=1).min(axis=1).where(most.notna())


def _round_down(amount: pd.Series) -> pd.Series:
    step = _step(amount)
    return pd.Series(np.floor(amount / step + 1e-9) * step, index=amount.index)


def _round_up(amount: pd.Series) -> pd.Series:
    step = _step(amount)
    return pd.Series(np.ceil(amount / step - 1e-9) * step, index=amount.index)


def _step(amount: pd.Series) -> pd.Series:
    """Give the step that leaves an amount two digits."""
    digits = np.floor(np.log10(amount.clip(lower=1.0).astype(float))) - 1
    return pd.Series(np.maximum(10.0**digits, LEAST_STEP), index=amount.index)
