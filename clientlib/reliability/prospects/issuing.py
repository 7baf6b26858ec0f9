"""What a report issues of prospects: scores with their reasons, and what would change them."""

import json

import numpy as np
import pandas as pd

from clientlib.reliability.learning.encoding import BASE
from clientlib.reliability.prospects.depths import (
    OWN,
    PAPERS,
    STATEMENTS,
    count_outcomes,
    find_evidence,
)
from clientlib.reliability.prospects.models import ProspectModels
from clientlib.reliability.prospects.scoring import (
    SCORE_COLUMNS,
    WORTH_SAYING,
    explain_prospects,
    score_prospects,
)
from clientlib.reliability.risks.targets import DEFAULTS

REST = "the rest"
PROMPT_INVOICES = 3
STATEMENT, PROMPT = "statement", "prompt"
CHANGE_COLUMNS = ("statement_probability", "statement_high", "prompt_probability", "prompt_high")
ISSUED_COLUMNS = (*SCORE_COLUMNS, *CHANGE_COLUMNS, "horizon_months", "reasons")
EFFECT_COLUMNS = ("event", "client_id", "sign", "value", "effect")
GOOD_RECORD = ("late_share", "late_30_share", "late_days", "late_6m_change", "overdue_share",
               "overdue_30_share", "overdue_months")  # fmt: skip


def lay_out_scores(models: ProspectModels, prospects: pd.DataFrame) -> pd.DataFrame:
    """Score prospects, and keep with each score why, and what evidence would change it.

    What is issued so is all that a reader's edition needs: there the portfolio, towards which
    signs are steadied, is not known.

    Parameters
    ----------
    models : ProspectModels
        From `train_prospects` or `gather_models`.
    prospects : DataFrame, one row per prospect
        As for `score_prospects`.

    Returns
    -------
    DataFrame, one row per event and prospect
        The columns of `score_prospects`; of defaults also probability and upper end after a
        usual statement (``statement_``) and after three further invoices paid in time
        (``prompt_``), null where that would tell nothing; horizon_months; and ``reasons``: JSON of
        [sign, value, effect in log-odds], strongest first, with ``base`` and "the rest", which
        add up to the log-odds.
    """
    rows = prospects.reset_index(drop=True)
    scores = score_prospects(models, rows)
    keys = ["event", "client_id"]
    table = scores.merge(_write_reasons(models, rows), on=keys, how="left")
    for name, changed in _change(models, rows).items():
        after = score_prospects(models, changed)
        after = after[after["event"] == DEFAULTS].set_index("client_id")
        of_event = table["client_id"].where(table["event"] == DEFAULTS)
        table[f"{name}_probability"] = of_event.map(after["probability"])
        table[f"{name}_high"] = of_event.map(after["probability_high"])
    table["horizon_months"] = models.horizon_months
    return table.reindex(columns=list(ISSUED_COLUMNS)).fillna({"reasons": "[]"})


def read_reasons(scores: pd.DataFrame) -> pd.DataFrame:
    """Read the reasons of issued scores back.

    Parameters
    ----------
    scores : DataFrame
        From `lay_out_scores`.

    Returns
    -------
    DataFrame, one row per event, prospect and reason, strongest first
        event, client_id, sign, value, effect.
    """
    rows = [
        (event, client, *reason)
        for event, client, text in scores[["event", "client_id", "reasons"]].itertuples(index=False)
        for reason in json.loads(text)
    ]
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def _write_reasons(models: ProspectModels, rows: pd.DataFrame) -> pd.DataFrame:
    reasons = explain_prospects(models, rows)
    is_said = (reasons["effect"].abs() >= WORTH_SAYING) | (reasons["sign"] == BASE)
    keys = ["event", "client_id"]
    rest = reasons[~is_said].groupby(keys, sort=False)["effect"].sum().reset_index()
    parts = [reasons[is_said], rest.assign(sign=REST, value=None)]
    said = pd.concat([part for part in parts if len(part)] or [reasons])
    told = [
        (*key, json.dumps([_write(*row) for row in part[["sign", "value", "effect"]].to_numpy()]))
        for key, part in said.groupby(keys, sort=False)
    ]
    return pd.DataFrame(told, columns=[*keys, "reasons"])


def _write(sign: str, value: object, effect: float) -> list[object]:
    is_known = value is not None and not pd.isna(value)  # type: ignore[call-overload]
    plain = value if isinstance(value, str) else float(str(value)) if is_known else None
    return [sign, plain, float(effect)]


def _change(models: ProspectModels, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the prospects as they would be scored with further evidence, where it would count."""
    event = models.events[DEFAULTS]
    changed = {}
    if event.used(STATEMENTS):
        changed[STATEMENT] = _with_statement(rows)
    if event.used(OWN):
        changed[PROMPT] = _with_prompt_invoices(rows)
    return changed


def _with_statement(rows: pd.DataFrame) -> pd.DataFrame:
    """Give those without a statement that of the median of those with one."""
    has_none = ~find_evidence(rows)[STATEMENTS]
    usual = rows[list(PAPERS)].median()
    bare = rows[has_none]
    return bare.assign(**{name: bare[name].fillna(usual[name]) for name in PAPERS})


def _with_prompt_invoices(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each three more invoices that were paid in time: its record moves by their weight."""
    count = count_outcomes(rows)
    part = count / (count + PROMPT_INVOICES)
    good = rows[list(GOOD_RECORD)].quantile(0.25).fillna(0.0)
    after = {name: part * rows[name].fillna(good[name]) + (1 - part) * good[name]
             for name in GOOD_RECORD}  # fmt: skip
    return rows.assign(evidence=np.log1p(count + PROMPT_INVOICES), **after)
