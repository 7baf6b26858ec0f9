"""The page of the check: who is advised what, why, and how far the advice can be trusted."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clientlib.reliability.decisions import limits_on
from clientlib.reliability.learning.encoding import BASE
from clientlib.reliability.prospects.candidates import (
    LISTED,
    Candidates,
    choose_candidates,
    read_candidates,
)
from clientlib.reliability.prospects.first_invoices import INVOICE_COLUMNS, expect_first_invoices
from clientlib.reliability.prospects.issuing import (
    ISSUED_COLUMNS,
    REST,
    lay_out_scores,
    read_reasons,
)
from clientlib.reliability.prospects.listing import QUARANTINE_COLUMNS, Prospects
from clientlib.reliability.prospects.models import ProspectModels
from clientlib.reliability.prospects.records import MODEL_COLUMNS, TIMING, gather_models
from clientlib.reliability.prospects.terms import ADVICE, UNKNOWN, advise_terms
from clientlib.reliability.prospects.wording import NO, YES, word_part
from clientlib.reliability.risks.panels import read_risk_panels
from clientlib.reliability.risks.targets import DEFAULTS, TARGETS
from clientlib.reliability.risks.wording import EVENT_WORDS

ADVICE_COLUMNS = (
    "client_id", "name", "origin", "probability", "probability_low", "probability_high", "depth",
    "cases_count", "outcomes_count", "credibility", "points", "risk_class", "advice",
    "limit_amount", "limit_bound_by", "advised_payment_days", "deposit_share", "valid_until",
    "needs_approval", "net_amount", "net_low", "net_high", "raise_by", "raised_limit_amount",
    "against", "in_favour",
)  # fmt: skip


@dataclass(frozen=True)
class Grounds:
    """What the report on risks has issued, on which a check rests.

    Parameters
    ----------
    models : DataFrame
        ``prospect_models``; empty where they are not shown to the reader.
    scores : DataFrame
        ``prospect_scores``: used where there are no models.
    missing : str
        Why there are no scores; empty where there are.
    """

    models: pd.DataFrame
    scores: pd.DataFrame
    missing: str = ""


@dataclass(frozen=True)
class ProspectCheck:
    """What the check says.

    Parameters
    ----------
    advice : DataFrame, one row per candidate: the list, who needs care, then the best first
        Columns `ADVICE_COLUMNS` and those of `expect_first_invoices`; ``against`` and
        ``in_favour`` name the sign that raises, and lowers, the risk of default most.
    scores : DataFrame, one row per event and candidate
        As issued, of these candidates.
    reasons : DataFrame
        As `read_reasons`, of these candidates.
    depths : DataFrame, one row per event and depth
        What is used, and why; empty where models are not shown to the reader.
    quarantine : DataFrame
        Lines of the list that could not be used.
    horizon_months : int, in months
        Window of the scores.
    missing : str
        Why there are no scores; empty where there are.
    """

    advice: pd.DataFrame
    scores: pd.DataFrame
    reasons: pd.DataFrame
    depths: pd.DataFrame
    quarantine: pd.DataFrame
    horizon_months: int
    missing: str

    @property
    def is_one(self) -> bool:
        """Whether the page speaks of one candidate."""
        return len(self.advice) == 1

    @property
    def judged_count(self) -> int:
        """Candidates that have a probability of default."""
        return int(self.advice["probability"].notna().sum())

    @property
    def risks(self) -> pd.DataFrame:
        """All events side by side: name, and per event its probability with both ends."""
        wide = self.advice[["client_id", "name"]]
        for event in TARGETS:
            own = self.scores[self.scores["event"] == event]
            names = {"probability": event, "probability_low": f"{event}_low",
                     "probability_high": f"{event}_high"}  # fmt: skip
            part = own[["client_id", *names]].rename(columns=names)
            wide = wide.merge(part, on="client_id", how="left")
        return wide

    @property
    def made_of(self) -> pd.DataFrame:
        """What the probability of default of the first candidate is made of, strongest first."""
        first = self.advice["client_id"].head(1)
        own = self.reasons[self.reasons["client_id"].isin(first)]
        own = own[own["event"] == DEFAULTS].reset_index(drop=True)
        numbers = pd.to_numeric(own["value"], errors="coerce").astype(float)
        said = own["value"].where(numbers.isna() & own["value"].notna(), "").astype(str)
        words = own["sign"].map(word_part)
        return own.assign(words=words, number=numbers, said=said)

    def count(self, advice: str) -> int:
        """Count the candidates of one advice.

        Parameters
        ----------
        advice : str
            One of `terms.ADVICE`.

        Returns
        -------
        int
            How many.
        """
        return int((self.advice["advice"] == advice).sum())


def check_prospects(
    read: Callable[..., pd.DataFrame],
    grounds: Grounds,
    *,
    as_of: str | pd.Timestamp,
    listed: Prospects | None = None,
    prospect: str = "",
) -> ProspectCheck:
    """Check prospects and new clients by the models that the report on risks has issued.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``.
    grounds : Grounds
        Models, or scores where models are not shown.
    as_of : str or Timestamp
        The day of the check.
    listed : Prospects, optional
        From `read_prospects`.
    prospect : str
        Key or name of the one that the page is about; empty for all.

    Returns
    -------
    ProspectCheck
        Without probabilities, and saying why, where there are neither models nor scores.

    Raises
    ------
    InputError
        Nobody has that key or name.
    """
    everybody = read_candidates(read, read_risk_panels(read, as_of=as_of), listed)
    models = gather_models(grounds.models) if len(grounds.models) else None
    told = _score(models, everybody, grounds.scores)
    chosen = choose_candidates(everybody, prospect)
    own = told[told["client_id"].isin(chosen.facts["client_id"])].reset_index(drop=True)
    rows = advise_terms(
        own,
        chosen.facts,
        as_of=as_of,
        limits=limits_on(read("staging.approval_limits", as_of=as_of), as_of),
        usual_margin_share=float(everybody.facts["margin_share"].median()),
    )
    reasons = read_reasons(own)
    rows = rows.join(_first_invoices(models, rows, as_of)).join(_strongest(rows, reasons))
    return ProspectCheck(
        advice=_rank(rows),
        scores=own,
        reasons=reasons,
        depths=_depths(grounds.models),
        quarantine=_quarantine(listed),
        horizon_months=int(own["horizon_months"].max()) if len(own) else 0,
        missing=grounds.missing if own.empty else "",
    )


def _score(
    models: ProspectModels | None, candidates: Candidates, issued: pd.DataFrame
) -> pd.DataFrame:
    if models is not None:
        return lay_out_scores(models, candidates.signs)
    return issued.reindex(columns=list(ISSUED_COLUMNS)).fillna({"reasons": "[]"})


def _depths(models: pd.DataFrame) -> pd.DataFrame:
    rows = models.reindex(columns=list(MODEL_COLUMNS)).drop(columns="record")
    told = rows[rows["event"] != TIMING].reset_index(drop=True)
    used = told["is_used"].map({True: YES, False: NO})
    return told.assign(event=told["event"].map(EVENT_WORDS), is_used=used)


def _quarantine(listed: Prospects | None) -> pd.DataFrame:
    return pd.DataFrame(columns=list(QUARANTINE_COLUMNS)) if listed is None else listed.quarantine


def _first_invoices(
    models: ProspectModels | None, rows: pd.DataFrame, as_of: str | pd.Timestamp
) -> pd.DataFrame:
    new = rows[~(rows["outcomes_count"].astype(float) > 0)]
    timing = models.timing if models else None
    told = expect_first_invoices(timing, new, as_of=as_of)
    return told.reindex(rows.index)[list(INVOICE_COLUMNS)]


def _strongest(rows: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Name the sign that raises the risk of default most, and the one that lowers it most."""
    own = reasons[(reasons["event"] == DEFAULTS) & ~reasons["sign"].isin([BASE, REST])]
    named = own.assign(words=own["sign"].map(word_part))
    sides = {"against": named[named["effect"] > 0], "in_favour": named[named["effect"] < 0]}
    found = {
        side: rows["client_id"].map(
            part.drop_duplicates("client_id").set_index("client_id")["words"]
        )
        for side, part in sides.items()
    }
    return pd.DataFrame(found, index=rows.index).astype(object)


def _rank(rows: pd.DataFrame) -> pd.DataFrame:
    """Order: the list first, then who needs care, then by what is left of the margin."""
    care = {advice: -number for number, advice in enumerate(ADVICE) if advice != UNKNOWN}
    keyed = rows.assign(
        is_ours=rows["origin"] != LISTED,
        care=rows["advice"].map(care).fillna(1),
        needs_approval=rows["needs_approval"].map({True: YES, False: NO}),
    )
    order = ["is_ours", "care", "net_amount", "probability", "client_id"]
    ascending = [True, True, False, True, True]
    ranked = keyed.sort_values(order, ascending=ascending, kind="stable")
    return ranked[[*ADVICE_COLUMNS, *INVOICE_COLUMNS]].reset_index(drop=True)
