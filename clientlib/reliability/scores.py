"""Which clients will pay late: a probability each, how sure it is, on what it rests, and why."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from clientlib.language import jot, retell, tell
from clientlib.panels import add_names, month_ends_of
from clientlib.pooling import SharePrior, fit_share_prior
from clientlib.reliability.backtest import Backtest, backtest
from clientlib.reliability.history import add_outcomes, read_history
from clientlib.reliability.model import LateModel, fit_late_model
from clientlib.reliability.reasons import describe_reasons, explain_by_rule

BETTER, AVERAGE, WORSE = "better than average", "about average", "worse than average"
TOO_LITTLE = "not enough data"
HALF_YEAR_DAYS = 182.5
THINNEST_WEIGHT = 0.5
# Days beyond terms and index, as read off the published scale of D&B's PAYDEX.
INDEX_DAYS = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0)
INDEX_POINTS = (80.0, 70.0, 50.0, 40.0, 30.0, 20.0)
SCORE_COLUMNS = (
    "client_id",
    "name",
    "month_end",
    "grade",
    "probability_late",
    "probability_low",
    "probability_high",
    "due_count",
    "late_count",
    "late_share",
    "open_amount",
    "overdue_count",
    "overdue_amount",
    "money_at_risk_amount",
    "expected_due_count",
    "expected_late_count",
    "payment_index",
    "method",
    "reason_1",
    "reason_2",
    "reason_3",
    "unscored_reason",
)
NOTHING_DUE = "Not enough data: no invoice of any client had fallen due by this day."
WATCH_RULE = (
    "A client enters the watch list when its whole 90 % interval lies above the portfolio's late "
    "share and it owes money; it leaves when its interval reaches down to the portfolio's share, "
    "or when nothing is owed."
)


@dataclass(frozen=True)
class ReliabilityScores:
    """The answer for all clients, with the test that it rests on.

    Parameters
    ----------
    as_of : Timestamp
        The month end that the scores speak from.
    horizon_days, min_invoices, seed : int
        The arguments.
    status, note : str
        "ok" or "not enough data", and how the method was chosen, in a sentence.
    headline : str
        The main finding in one sentence, or why there is none.
    portfolio_share : float, 0..1
        Late share of all judged invoices; nan where none has been judged.
    clients : DataFrame, one row per client, highest money at risk first
        Columns `SCORE_COLUMNS`. Unscored clients come last, with unscored_reason.
    grades : DataFrame, one row per grade, best first
        grade, clients_count, open_amount, overdue_amount, money_at_risk_amount,
        expected_late_count.
    contributions : DataFrame, index client_id
        base and one column a feature, in log-odds: each row adds up to the log-odds of
        probability_late. Clients scored by the rule have own_history only.
    watch_list : DataFrame
        The rows of ``clients`` that meet ``watch_rule``.
    watch_rule : str
        Entry and exit, in a sentence.
    model : LateModel or None
        The fitted model; None where the rule is used.
    backtest : Backtest
        The test on later months.
    """

    as_of: pd.Timestamp
    horizon_days: int
    min_invoices: int
    seed: int
    status: str
    note: str
    headline: str
    portfolio_share: float
    clients: pd.DataFrame
    grades: pd.DataFrame
    contributions: pd.DataFrame
    watch_list: pd.DataFrame
    watch_rule: str
    model: LateModel | None
    backtest: Backtest

    @property
    def money_at_risk_amount(self) -> float:
        """Money at risk of all clients together."""
        return float(self.clients["money_at_risk_amount"].sum())

    @property
    def watch_message(self) -> str:
        """Who stands first on the watch list, for the title of its chart."""
        if self.watch_list.empty:
            return tell("Probability that an invoice is paid late, clients on the watch list")
        first = self.watch_list.iloc[0]
        return tell(
            "Most money is at risk with {name}, whose next invoices will be late with a "
            "probability of {share:share}",
            name=first["name"],
            share=float(first["probability_late"]),
        )

    @property
    def grades_message(self) -> str:
        """Where most of the money at risk lies, for the title of its chart."""
        total = float(self.grades["money_at_risk_amount"].sum())
        if not total > 0:
            return tell("Money at risk by grade of reliability")
        top = self.grades.loc[self.grades["money_at_risk_amount"].idxmax()]
        return tell(
            "{share:share} of the money at risk is owed by clients of the grade: {grade}",
            share=float(top["money_at_risk_amount"]) / total,
            grade=retell(str(top["grade"])),
        )


def score_clients(
    panel: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    horizon_days: int = 90,
    min_invoices: int = 5,
    clients: pd.DataFrame | None = None,
    seed: int = 0,
) -> ReliabilityScores:
    """Estimate for every client the probability that an invoice due soon is paid late.

    The plain rule (steadied late share) or the logistic model, whichever the back-test
    chose; clients with fewer than ``min_invoices`` judged invoices always get the rule and
    the grade "not enough data". The 90 % interval is that of a beta distribution around the
    probability: its weight is the client's evidence times what evidence was worth in the
    back-test, thinned by the uncertainty of the model's weights.

    Parameters
    ----------
    panel : DataFrame
        marts.client_punctuality; of rows after ``as_of`` nothing is used.
    as_of : str or Timestamp
        The day of the analysis; the last month end until then is scored.
    horizon_days : int, in days
        How far ahead.
    min_invoices : int
        Judged invoices below which a client gets no grade.
    clients : DataFrame, optional
        client_id and name; clients that the panel lacks are kept as unscored.
    seed : int
        Of the simulations.

    Returns
    -------
    ReliabilityScores
        With no scored client and a note where no invoice has ever fallen due.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.
    """
    history = read_history(panel, as_of)
    ends = month_ends_of(history)
    last = ends[-1] if ends else pd.Timestamp(as_of)
    now = history[history["month_end"] == last].set_index("client_id", drop=False)
    now = now.rename_axis(None)
    test = backtest(history, as_of=as_of, horizon_days=horizon_days, seed=seed)
    unscored = _arrange(_unscored(now, now.iloc[:0], clients), clients)
    empty = ReliabilityScores(
        as_of=last,
        horizon_days=horizon_days,
        min_invoices=min_invoices,
        seed=seed,
        status=test.status,
        note=test.note,
        headline=tell(NOTHING_DUE),
        portfolio_share=float("nan"),
        clients=unscored,
        grades=_sum_up(unscored),
        contributions=pd.DataFrame(),
        watch_list=_arrange(now.iloc[:0], None),
        watch_rule=tell(WATCH_RULE),
        model=None,
        backtest=test,
    )
    if not now["due_count"].sum() > 0:
        return replace(empty, status=TOO_LITTLE, note=tell(NOTHING_DUE))
    return _fill(empty, history, now, clients)


def payment_index(mean_days_late: pd.Series) -> pd.Series:
    """Translate days late into the payment index that credit controllers read.

    Parameters
    ----------
    mean_days_late : Series of float, in days
        Average days after the due date over settled invoices, those in time as 0.

    Returns
    -------
    Series of float, 20..80
        80 = prompt, 70 = 15 days late, 50 = 30, 40 = 60, 30 = 90, 20 = 120 or more, straight
        lines between; null where the days are. Not weighted by money, unlike the original.

    References
    ----------
    The scale of D&B's PAYDEX, as published by Dun & Bradstreet.
    """
    points = np.interp(mean_days_late.to_numpy(dtype=np.float64), INDEX_DAYS, INDEX_POINTS)
    index = pd.Series(points, index=mean_days_late.index, name="payment_index")
    return index.where(mean_days_late.notna())


def _fill(
    empty: ReliabilityScores,
    history: pd.DataFrame,
    now: pd.DataFrame,
    clients: pd.DataFrame | None,
) -> ReliabilityScores:
    """Score the clients by the method that the back-test chose."""
    model, test = None, empty.backtest
    if test.chosen == "model":
        rows = add_outcomes(history, empty.horizon_days)
        model = fit_late_model(rows, now, empty.as_of)
    prior = fit_share_prior(now["late_count"], now["due_count"])
    known = now[(now["due_count"] > 0) | (now["open_count"] > 0)]
    worth, least = test.evidence_worth, empty.min_invoices
    scored, contributions = _score(known, prior, model, worth, least)
    scored = scored.join(describe_reasons(known, contributions, prior))
    scored = _add_money(scored, known, empty.horizon_days)
    scored["grade"] = _grade(scored, prior.share, least)
    table = _arrange(pd.concat([scored, _unscored(now, known, clients)]), clients)
    watch = table[(table["grade"] == WORSE) & (table["open_amount"] > 0)].reset_index(drop=True)
    return replace(
        empty,
        headline=_headline(table, watch, prior, empty.horizon_days),
        portfolio_share=prior.share,
        clients=table,
        grades=_sum_up(table),
        contributions=contributions,
        watch_list=watch,
        model=model,
    )


def _score(
    rows: pd.DataFrame,
    prior: SharePrior,
    model: LateModel | None,
    worth: float,
    min_invoices: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give probability, interval, method and contributions to each row."""
    by_rule = explain_by_rule(rows, prior)
    enough = (rows["due_count"] >= min_invoices) & (model is not None)
    probability = prior.steady(rows["late_count"], rows["due_count"])
    variance = pd.Series(0.0, index=rows.index)
    contributions = by_rule
    if model is not None:
        explained = model.explain(rows).where(enough, by_rule.reindex(columns=["base"]))
        own = explained["own_history"].where(enough, by_rule["own_history"])
        contributions = explained.assign(own_history=own).fillna(0.0)
        probability = model.predict(rows).where(enough, probability)
        variance = model.log_odds_variance(rows).where(enough, variance)
    weight = _evidence_weight(probability, worth * (prior.weight + rows["due_count"]), variance)
    low, high = _beta_interval(probability, weight)
    method = pd.Series(np.where(enough, "model", "rule"), index=rows.index)
    columns = {"probability_late": probability, "probability_low": low, "probability_high": high}
    return pd.DataFrame({**columns, "method": method}), contributions


def _evidence_weight(p: pd.Series, weight: pd.Series, variance: pd.Series) -> pd.Series:
    """Thin the beta weight until it also holds the variance of the log-odds."""
    spread = p * (1 - p)
    total = spread / (weight + 1) + spread**2 * variance
    return (spread / total - 1).clip(lower=THINNEST_WEIGHT)


def _beta_interval(p: pd.Series, weight: pd.Series) -> tuple[pd.Series, pd.Series]:
    inside = p.clip(1e-4, 1 - 1e-4)
    low, high = (
        pd.Series(betaincinv(weight * inside, weight * (1 - inside), tail), index=p.index)
        for tail in (0.05, 0.95)
    )
    return low.clip(upper=p), high.clip(lower=p)


def _grade(scored: pd.DataFrame, portfolio: float, min_invoices: int) -> pd.Series:
    grade = pd.Series(AVERAGE, index=scored.index, dtype=object)
    grade = grade.mask(scored["probability_high"] < portfolio, BETTER)
    grade = grade.mask(scored["probability_low"] > portfolio, WORSE)
    return grade.mask(scored["due_count"] < min_invoices, TOO_LITTLE)


def _add_money(scored: pd.DataFrame, rows: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Add amounts: what is overdue is late already, the rest is so with its probability."""
    kept = ["client_id", "month_end", "due_count", "late_count", "open_amount", "overdue_count"]
    p = scored["probability_late"]
    overdue = rows["overdue_amount"].fillna(0.0)
    not_yet = (rows["open_amount"].fillna(0.0) - overdue).clip(lower=0.0)
    expected_due = rows["due_6m_count"] * horizon_days / HALF_YEAR_DAYS
    settled = rows["settled_count"].where(rows["settled_count"] > 0)
    return scored.join(rows[kept]).assign(
        overdue_amount=overdue,
        late_share=rows["late_count"] / rows["due_count"].where(rows["due_count"] > 0),
        money_at_risk_amount=overdue + not_yet * p,
        expected_due_count=expected_due,
        expected_late_count=expected_due * p,
        payment_index=payment_index(rows["late_days_total"].astype(float) / settled),
        unscored_reason="",
    )


def _unscored(now: pd.DataFrame, known: pd.DataFrame, clients: pd.DataFrame | None) -> pd.DataFrame:
    """Keep the clients of whom nothing can be said, with the reason."""
    silent = now[~now.index.isin(known.index)]
    why = dict.fromkeys(silent["client_id"], jot("no invoice has fallen due and none is open"))
    if clients is not None:
        absent = clients.loc[~clients["client_id"].isin(now["client_id"]), "client_id"]
        why |= dict.fromkeys(absent, jot("no event of this client was known by this day"))
    frame = pd.DataFrame({"client_id": list(why), "unscored_reason": list(why.values())})
    counts = ["due_count", "late_count", "overdue_count"]
    return frame.assign(grade=TOO_LITTLE, **dict.fromkeys(counts, 0)).set_index(frame["client_id"])


def _arrange(rows: pd.DataFrame, clients: pd.DataFrame | None) -> pd.DataFrame:
    order = ["money_at_risk_amount", "probability_late", "client_id"]
    columns = list(SCORE_COLUMNS)
    ranked = rows.reset_index(drop=True).reindex(columns=columns)
    ranked = ranked.sort_values(order, ascending=[False, False, True], na_position="last")
    named = add_names(ranked.reset_index(drop=True), clients)[columns]
    words = ["method", "reason_1", "reason_2", "reason_3", "unscored_reason"]
    return named.assign(**{word: named[word].astype(object).fillna("") for word in words})


def _sum_up(table: pd.DataFrame) -> pd.DataFrame:
    amounts = ["open_amount", "overdue_amount", "money_at_risk_amount", "expected_late_count"]
    by_grade = table.assign(clients_count=1).groupby("grade")[["clients_count", *amounts]].sum()
    order = [grade for grade in (BETTER, AVERAGE, WORSE, TOO_LITTLE) if grade in by_grade.index]
    return by_grade.loc[order].astype(dict.fromkeys(amounts, float)).reset_index()


def _headline(
    table: pd.DataFrame, watch: pd.DataFrame, prior: SharePrior, horizon_days: int
) -> str:
    worse, graded = int((table["grade"] == WORSE).sum()), int((table["grade"] != TOO_LITTLE).sum())
    if not graded:
        return tell("Not enough data: no client has had enough invoices judged to be graded.")
    said = {"graded": graded, "all_share": prior.share, "days": horizon_days}
    if not worse:
        return tell(
            "No client of {graded:count} graded can be said to pay late more often than the "
            "portfolio ({all_share:share1} of invoices) in the next {days:count} days.",
            **said,
        )
    share = watch["money_at_risk_amount"].sum() / max(table["money_at_risk_amount"].sum(), 1e-9)
    return tell(
        "{worse:count} of {graded:count} graded clients are expected to pay late more often than "
        "the portfolio ({all_share:share1} of invoices) in the next {days:count} days; "
        "{owing:count} of them owe money now and hold {share:share} of the money at risk.",
        **said,
        worse=worse,
        owing=len(watch),
        share=float(share),
    )
