"""Fair comparison: a book's figures beside what all clients would give for the same mix."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom, poisson

from clientlib.errors import InputError
from clientlib.language import Claim, Sentence, jot, retell, tell, together
from clientlib.panels import as_days, check_columns

CLIENT_RATES, PORTFOLIO_RATES = "marts.client_rates", "marts.portfolio_rates"
RATE_COLUMNS = ("client_id", "month_end", "measure", "tier", "trials_count", "events_count")
PORTFOLIO_COLUMNS = ("month_end", "measure", "tier", "rate", "dispersion")
WHOLE = "all"
LEVELS = (0.95, 0.998)
LEAST_TRIALS = 20
COMPARED_COLUMNS = (
    "measure",
    "label",
    "clients_count",
    "trials_count",
    "events_count",
    "rate_share",
    "expected_share",
    "low_95_share",
    "high_95_share",
    "low_998_share",
    "high_998_share",
    "dispersion",
    "verdict",
)
MEASURES = {  # in the order of the table
    "late": "Deliveries not on time and in full",
    "complaints": "Complaints per order",
    "won": "Deals won of those won or lost",
    "repeat": "Clients that ordered again",
}
MORE_IS_BETTER = ("won", "repeat")
AS_EXPECTED, BETTER, WORSE = "as expected", "better than expected", "worse than expected"
MAYBE_BETTER, MAYBE_WORSE = "perhaps better", "perhaps worse"
TOO_FEW = "not enough data"
VERDICTS = (AS_EXPECTED, BETTER, WORSE, MAYBE_BETTER, MAYBE_WORSE, TOO_FEW)


@dataclass(frozen=True)
class FairComparison:
    """A book against what all clients together give for a book of its mix.

    Parameters
    ----------
    measures : DataFrame, one row per measure
        Columns `COMPARED_COLUMNS`: how often it could have happened and did in twelve months, the
        rate, the rate expected of the same mix of value tiers, and the funnel's limits around that
        within which a book of this size lies by chance with 95 % and with 99.8 %. ``dispersion``
        is what the variance of chance was multiplied by. Under ``least_trials`` the verdict is
        "not enough data", and the limits are left out.
    missing : str
        Why nothing is compared; empty where something is.
    note : str
        How the limits are made.
    """

    measures: pd.DataFrame
    missing: str
    note: str

    @property
    def headline(self) -> Sentence:
        """What lies outside of the funnel, or that nothing does."""
        surely = self.measures[self.measures["verdict"].isin([BETTER, WORSE])]
        judged = self.measures[self.measures["verdict"] != TOO_FEW]
        if self.measures.empty or judged.empty:
            return tell("No measure has enough cases to be compared.")
        if surely.empty:
            return tell(
                "None of {count:count} measures lies outside of what chance gives a book of this "
                "mix and size.",
                count=len(judged),
            )
        return together(*(_say_outside(row) for _, row in surely.iterrows()))


def compare_fairly(
    client_rates: pd.DataFrame,
    portfolio_rates: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    least_trials: int = LEAST_TRIALS,
) -> FairComparison:
    """Compare a book with all clients, by indirect standardisation over value tiers.

    A book of small clients is not held against the average of all: each of its tiers is expected
    to have the rate that this tier has with all clients together. The funnel's limits are exact
    binomial ones, and Poisson ones for complaints, of which an order can have several; where
    clients differ more than chance gives, their distance is multiplied by the root of the
    dispersion. Nobody is ranked, and no other book is seen.

    Parameters
    ----------
    client_rates : DataFrame
        marts.client_rates of the clients of the book.
    portfolio_rates : DataFrame
        marts.portfolio_rates.
    as_of : str or Timestamp
        Day of the comparison.
    least_trials : int
        Cases under which nothing is judged.

    Returns
    -------
    FairComparison
        Empty, with the reason, where no rates of all clients are told.

    Raises
    ------
    InputError
        A column is missing, or ``least_trials`` is under 1.

    References
    ----------
    Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine
    24 (2005).
    """
    check_columns(client_rates, RATE_COLUMNS, name=CLIENT_RATES)
    check_columns(portfolio_rates, PORTFOLIO_COLUMNS, name=PORTFOLIO_RATES)
    if least_trials < 1:
        raise InputError(f"least_trials is {least_trials}", hint="at least 1")
    own, whole = (_at(rates, as_of) for rates in (client_rates, portfolio_rates))
    if own.empty or whole.empty:
        return FairComparison(_lay_out([]), tell(_NOTHING), "")
    standard = _standardise(own, whole)
    rows = [
        _compare(measure, standard[standard["measure"] == measure], whole, least_trials)
        for measure in MEASURES
        if (standard["measure"] == measure).any()
    ]
    missing = "" if rows else tell(_NOTHING)
    return FairComparison(_lay_out(rows), missing, _write_note(least_trials) if rows else "")


_NOTHING = (
    "Not enough data: rates of all clients are told only where five or more stand behind them."
)


def limit_funnel(
    expected: float, trials: int, *, is_count: bool, level: float, dispersion: float = 1.0
) -> tuple[float, float]:
    """Give the limits within which a rate lies by chance.

    Parameters
    ----------
    expected : float
        Expected rate; for a share 0..1.
    trials : int
        How often it could have happened, at least 1.
    is_count : bool
        Whether it can happen more than once a trial (Poisson), or not (binomial).
    level : float, 0..1
        Part of the cases within both limits.
    dispersion : float, at least 1
        What the variance is multiplied by.

    Returns
    -------
    (float, float)
        The lower and the upper limit of the rate.
    """
    law = poisson(expected * trials) if is_count else binom(trials, expected)
    tail = (1 - level) / 2
    low, high = (_interpolate(law, part) / trials for part in (tail, 1 - tail))
    stretch = float(np.sqrt(dispersion))
    top = np.inf if is_count else 1.0
    return (
        max(0.0, expected - stretch * (expected - low)),
        float(min(top, expected + stretch * (high - expected))),
    )


def _interpolate(law: object, part: float) -> float:
    """Give a quantile between the whole numbers, so that limits of rates do not jump."""
    at = int(law.ppf(part))  # type: ignore[attr-defined]
    reached, before = law.cdf(at), law.cdf(at - 1)  # type: ignore[attr-defined]
    if reached <= before:
        return float(at)
    return float(max(0.0, at - (reached - part) / (reached - before)))


def _at(rates: pd.DataFrame, as_of: str | pd.Timestamp) -> pd.DataFrame:
    days = as_days(rates["month_end"])
    return rates[days == pd.Timestamp(as_of)]


def _standardise(own: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Expect of each client what its tier gives; the rate of all where tiers are not told."""
    tiers = whole.set_index(["measure", "tier"])["rate"]
    of_all = whole[whole["tier"] == WHOLE].set_index("measure")["rate"]
    keys = pd.MultiIndex.from_frame(own[["measure", "tier"]])
    rates = pd.Series(tiers.reindex(keys).to_numpy(float), index=own.index)
    expected = rates.fillna(own["measure"].map(of_all).astype(float))
    return own.assign(expected=expected * own["trials_count"]).dropna(subset=["expected"])


def _compare(
    measure: str, own: pd.DataFrame, whole: pd.DataFrame, least_trials: int
) -> tuple[object, ...]:
    trials, events = (int(own[name].sum()) for name in ("trials_count", "events_count"))
    rate, expected = events / trials, float(own["expected"].sum()) / trials
    spread = whole[(whole["measure"] == measure) & (whole["tier"] == WHOLE)]["dispersion"]
    dispersion = max(1.0, float(spread.iloc[0])) if len(spread.dropna()) else 1.0
    ends = [np.nan] * 4
    if trials >= least_trials:
        is_count = measure == "complaints"
        ends = [
            end
            for level in LEVELS
            for end in limit_funnel(
                expected, trials, is_count=is_count, level=level, dispersion=dispersion
            )
        ]
    verdict = _judge(rate, ends, is_good=measure in MORE_IS_BETTER)
    counts = (own["client_id"].nunique(), trials, events)
    return (measure, jot(MEASURES[measure]), *counts, rate, expected, *ends, dispersion, verdict)


def _judge(rate: float, ends: list[float], *, is_good: bool) -> str:
    low, high, lowest, highest = ends
    if np.isnan(low):
        return TOO_FEW
    if low <= rate <= high:
        return AS_EXPECTED
    is_better = (rate > high) == is_good
    if lowest <= rate <= highest:
        return MAYBE_BETTER if is_better else MAYBE_WORSE
    return BETTER if is_better else WORSE


def _lay_out(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COMPARED_COLUMNS))
    return table.astype({"verdict": str, "measure": str})


def _say_outside(row: pd.Series) -> Sentence:
    return tell(
        "{measure}: {rate:share1}, where {expected:share1} is expected of this mix.",
        measure=retell(str(row["label"])), rate=row["rate_share"], expected=row["expected_share"],
    ).resting_on(Claim.of_fact(row["rate_share"] - row["expected_share"]))  # fmt: skip


def _write_note(least_trials: int) -> str:
    return tell(
        "Expected is what all clients of the same value tiers give. By chance a book of this size "
        "lies within the 95 % limits in 19 of 20 cases, within the 99.8 % limits in 499 of 500; "
        "the limits are widened where clients differ more than chance gives. Under {count:count} "
        "cases nothing is judged.",
        count=least_trials,
    )
