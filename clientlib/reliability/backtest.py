"""Three ways to foretell late payment, judged on later months: portfolio, plain rule, model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import retell, tell
from clientlib.panels import month_ends_of, nearest_month_end
from clientlib.pooling import fit_share_prior
from clientlib.reliability.calibration import (
    draw_curve,
    fit_calibration_line,
    fit_evidence_worth,
    judge_probabilities,
)
from clientlib.reliability.history import add_outcomes, read_history
from clientlib.reliability.model import fit_late_model

METHODS = {"portfolio": "portfolio rate", "rule": "steadied late share", "model": "logistic model"}
CHOICES = ("rule", "model")
MOST_ORIGINS = 8
FEWEST_ORIGINS = 3
FEWEST_INVOICES = 200
SURE_ENOUGH = 0.90
CHOICE_REPEATS = 500
WORTH_UNTESTED = 0.25


@dataclass(frozen=True)
class Backtest:
    """How three methods did on months that they had not seen.

    Parameters
    ----------
    as_of : Timestamp
        Nothing known later was used.
    horizon_days : int
        Length of the windows in which outcomes were counted.
    status : str
        "ok", or "not enough data" where too few origins or invoices could be judged.
    chosen : str
        "model" or "rule": the method that scores clients.
    note : str
        Why, in a sentence.
    methods : DataFrame, one row per method
        method, label, auc, brier, log_loss, bias, over all origins, every invoice once.
    origins : DataFrame, one row per origin and method
        origin_on, method, label, clients_count, invoices_count and the same measures.
    predictions : DataFrame, one row per client and origin
        origin_on, client_id, due, late, evidence, portfolio, rule, model.
    curve : DataFrame
        Reliability curve of the chosen method, see `draw_curve`; empty without origins.
    intercept, slope : float
        Calibration line of the chosen method in log-odds; 0 and 1 are perfect; nan without
        origins.
    evidence_worth : float, 0..1
        What a past invoice was worth as evidence for the next window, see
        `fit_evidence_worth`; 0.25 where it could not be tested.
    seed : int
        Of the simulations.
    """

    as_of: pd.Timestamp
    horizon_days: int
    status: str
    chosen: str
    note: str
    methods: pd.DataFrame
    origins: pd.DataFrame
    predictions: pd.DataFrame
    curve: pd.DataFrame
    intercept: float
    slope: float
    evidence_worth: float
    seed: int

    @property
    def calibration_note(self) -> str:
        """What the reliability curve says of the chosen method's level, in a sentence."""
        if self.curve.empty:
            return tell("Not enough data to say whether the probabilities are right.")
        observed = self.curve["observed_share"]
        inside = observed.between(self.curve["band_low"], self.curve["band_high"]).sum()
        return tell(
            "{inside:count} of {groups:count} groups of like predictions lie inside the band that "
            "a perfect model would show; the slope is {slope:number2}, where 1 is right.",
            inside=int(inside),
            groups=len(self.curve),
            slope=self.slope,
        )

    @property
    def curve_message(self) -> str:
        """What became of the most doubtful invoices, for the title of the curve."""
        if self.curve.empty:
            return tell("Predicted and observed shares of late invoices")
        worst = self.curve.iloc[-1]
        return tell(
            "Of the invoices thought most likely to be late, {observed:share} were late and "
            "{predicted:share} were predicted",
            observed=float(worst["observed_share"]),
            predicted=float(worst["predicted_share"]),
        )

    @property
    def chosen_name(self) -> str:
        """The chosen method in a word of the language that is spoken."""
        return retell(self.chosen)

    def measure(self, name: str, method: str | None = None) -> float:
        """Read one measure off the table of methods.

        Parameters
        ----------
        name : str
            auc, brier, log_loss or bias.
        method : str, optional
            portfolio, rule or model; the chosen one if left out.

        Returns
        -------
        float
            nan where there was nothing to judge.
        """
        row = self.methods.loc[self.methods["method"] == (method or self.chosen), name]
        return float(row.iloc[0]) if len(row) else float("nan")


def backtest(
    panel: pd.DataFrame, *, as_of: str | pd.Timestamp, horizon_days: int = 90, seed: int = 0
) -> Backtest:
    """Replay the past: at earlier month ends, foretell the next window and count what came.

    At every origin all three methods see only what was known that day; the model learns from
    windows that were over by then. Origins lie one horizon apart, so that no invoice is
    judged twice, and at most 8 are used. The model is chosen only where its Brier score beats
    the plain rule's in 90 % of bootstrap samples of clients; otherwise the rule is.

    Parameters
    ----------
    panel : DataFrame
        marts.client_punctuality.
    as_of : str or Timestamp
        Rows after it are not looked at.
    horizon_days : int, in days
        Length of the window.
    seed : int
        Of the bootstrap and of the curve's band.

    Returns
    -------
    Backtest
        With status "not enough data", and the rule chosen, below 3 usable origins or 200
        judged invoices.

    Raises
    ------
    InputError
        A column is missing, or a client stands twice at one month end.

    References
    ----------
    Rolling origins: Tashman, International Journal of Forecasting 16, 2000.
    """
    rows = add_outcomes(read_history(panel, as_of), horizon_days)
    predictions = _replay(rows, _origins(rows, horizon_days))
    status, chosen, note = _choose(predictions, seed)
    day = pd.Timestamp(as_of)
    fields = (day, horizon_days, status, chosen, note, *_tables(predictions))
    if predictions.empty:
        nan = float("nan")
        return Backtest(*fields, draw_curve(predictions, seed=seed), nan, nan, WORTH_UNTESTED, seed)
    p, late, due = predictions[chosen], predictions["late"], predictions["due"]
    worth = fit_evidence_worth(p, late, due, predictions["evidence"])
    weight = predictions["evidence"] * worth
    judged = pd.DataFrame({"probability": p, "late": late, "due": due, "weight": weight})
    line = fit_calibration_line(p, late, due)
    trusted = worth if status == "ok" else min(worth, WORTH_UNTESTED)
    return Backtest(*fields, draw_curve(judged, seed=seed), *line, trusted, seed)


def _origins(rows: pd.DataFrame, horizon_days: int) -> list[pd.Timestamp]:
    """Walk back from the last window that is over, one horizon at a time."""
    usable = month_ends_of(rows[rows["outcome_on"].notna()])
    origins = usable[-1:]
    while origins and len(origins) < MOST_ORIGINS:
        earlier = [end for end in usable if end < origins[-1]]
        before = nearest_month_end(earlier, origins[-1] - pd.Timedelta(days=horizon_days))
        if before is None:
            break
        origins.append(before)
    return origins[::-1]


def _replay(rows: pd.DataFrame, origins: Sequence[pd.Timestamp]) -> pd.DataFrame:
    columns = ["origin_on", "client_id", "due", "late", "evidence", *METHODS]
    found = [_foretell(rows, origin) for origin in origins]
    tables = [table for table in found if table is not None]
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]


def _foretell(rows: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame | None:
    """Let the methods speak at one origin; None where the model had too little to learn from."""
    now = rows[rows["month_end"] == origin]
    judged = now[now["outcome_due_count"] > 0]
    model = fit_late_model(rows, now, origin) if len(judged) else None
    if model is None:
        return None
    prior = fit_share_prior(now["late_count"], now["due_count"])
    return pd.DataFrame(
        {
            "origin_on": origin,
            "client_id": judged["client_id"],
            "due": judged["outcome_due_count"],
            "late": judged["outcome_late_count"],
            "evidence": judged["due_count"] + prior.weight,
            "portfolio": prior.share,
            "rule": prior.steady(judged["late_count"], judged["due_count"]),
            "model": model.predict(judged),
        }
    )


def _choose(predictions: pd.DataFrame, seed: int) -> tuple[str, str, str]:
    origins, invoices = predictions["origin_on"].nunique(), float(predictions["due"].sum())
    tested = {"origins": origins, "invoices": invoices}
    if origins < FEWEST_ORIGINS or invoices < FEWEST_INVOICES:
        note = tell(
            "Not enough data to test a model: {origins:count} past origins with "
            "{invoices:count} judged invoices, {least_origins:count} and {least_invoices:count} "
            "are needed. The plain rule is used.",
            **tested,
            least_origins=FEWEST_ORIGINS,
            least_invoices=FEWEST_INVOICES,
        )
        return "not enough data", "rule", note
    sure = _surely_better(predictions, seed)
    if sure >= SURE_ENOUGH:
        note = tell(
            "The model had smaller errors than the plain rule on {invoices:count} invoices of "
            "{origins:count} past origins; the model is used.",
            **tested,
        )
        return "ok", "model", note
    note = tell(
        "The model was not clearly better than the plain rule on {invoices:count} invoices of "
        "{origins:count} past origins (better in {sure:share} of bootstrap samples, "
        "{least:share} are needed); the plain rule is used.",
        **tested,
        sure=sure,
        least=SURE_ENOUGH,
    )
    return "ok", "rule", note


def _surely_better(predictions: pd.DataFrame, seed: int) -> float:
    """Share of client bootstraps in which the model's Brier score is below the rule's."""
    late, due = predictions["late"], predictions["due"]

    def loss(p: pd.Series) -> pd.Series:
        """Brier loss of each row, summed over its invoices."""
        return late * (1 - p) ** 2 + (due - late) * p**2

    gain = (loss(predictions["rule"]) - loss(predictions["model"])).astype(float)
    by_client = gain.groupby(predictions["client_id"]).sum().to_numpy()
    random = np.random.default_rng(seed)
    chances = np.full(len(by_client), 1 / len(by_client))
    draws = (random.multinomial(len(by_client), chances) for _ in range(CHOICE_REPEATS))
    return float(np.mean([drawn @ by_client > 0 for drawn in draws]))


def _tables(predictions: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    measures = ["auc", "brier", "log_loss", "bias"]
    methods = pd.DataFrame(
        [_judge(predictions, method) for method in METHODS if len(predictions)],
        columns=["method", "label", *measures],
    )
    origins = pd.DataFrame(
        [
            {"origin_on": origin, **_size(rows), **_judge(rows, method)}
            for origin, rows in predictions.groupby("origin_on", sort=True)
            for method in METHODS
        ],
        columns=["origin_on", "method", "label", "clients_count", "invoices_count", *measures],
    )
    return methods, origins, predictions


def _judge(predictions: pd.DataFrame, method: str) -> dict[str, object]:
    judged = judge_probabilities(predictions[method], predictions["late"], predictions["due"])
    return {"method": method, "label": METHODS[method], **judged}


def _size(predictions: pd.DataFrame) -> dict[str, int]:
    return {"clients_count": len(predictions), "invoices_count": int(predictions["due"].sum())}
