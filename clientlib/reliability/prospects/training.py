"""Models of prospects, one per event and depth: fitted on windows that are over, tried later."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.panels import check_columns, month_ends_of
from clientlib.reliability.learning import fit_model
from clientlib.reliability.prospects.credibility import (
    USUAL_OUTCOMES,
    fit_prior_outcomes,
    mix,
    weigh_record,
)
from clientlib.reliability.prospects.depths import (
    DEPTHS,
    FEATURES,
    OWN,
    PLACE,
    count_outcomes,
    directions_of,
    find_evidence,
    is_young,
    join_places,
)
from clientlib.reliability.prospects.models import (
    EVERYBODY,
    NEW,
    NOBODY,
    DepthModel,
    EventModels,
    ProspectModels,
)
from clientlib.reliability.prospects.scorers import PlaceScorer, Scorer
from clientlib.reliability.risks.places import fit_place_prior
from clientlib.reliability.risks.targets import TARGETS
from clientlib.reliability.timing import TimingModel

KIND = "scorecard"
STEP_MONTHS = 3  # neighbouring months of a client say the same
MOST_ORIGINS = 4  # one horizon apart
FEWEST_EVENTS, FEWEST_CLIENTS = 10, 50
OLD_WEIGHT = 0.25  # of a row of an old client, where new ones alone are too few
SURE_ENOUGH, BOOTSTRAPS = 0.90, 500


def train_prospects(
    signs: pd.DataFrame,
    outcomes: pd.DataFrame,
    clients: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
    horizon_months: int,
    seed: int = 0,
    timing: TimingModel | None = None,
) -> ProspectModels:
    """Fit, for every event, a model per depth of evidence, and keep those that prove better.

    Learnt from are rows of clients in their first year, a quarter apart, whose window is over;
    where fewer than 10 of 50 such clients had the event, rows of older clients are added, each
    for a quarter of a row. Each depth is tried on clients that were new at earlier month ends,
    by what had been fitted until then, and is used only where it foretold them better than the
    depth above it. Where new clients had too few events to tell, all clients of those month ends
    are taken for the trial, scored as if only so much were known of them.

    Parameters
    ----------
    signs : DataFrame
        From `build_signs`, of all month ends.
    outcomes : DataFrame, same index
        From `add_targets`.
    clients : DataFrame, one row per client
        marts.clients: line of business, region and size as they are now.
    as_of : str or Timestamp
        Only windows that were over by then are learnt from.
    horizon_months : int
        Their length.
    seed : int
        Of folds and bootstraps.
    timing : TimingModel, optional
        Kept with the models, for first invoices.

    Returns
    -------
    ProspectModels
        Of all events; one that nobody could be fitted for says so.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(outcomes, ("outcome_on", *TARGETS), name="the outcomes of clients")
    rows = join_places(signs, clients)
    shown = pd.DataFrame({"is_young": is_young(rows), "outcomes_count": count_outcomes(rows)})
    day = pd.Timestamp(as_of)
    book = _Book(rows, outcomes, shown.join(find_evidence(rows)), horizon_months, seed)
    events = {event: _train(_Task(book, event), day) for event in TARGETS}
    return ProspectModels(day, horizon_months, seed, events, timing)


@dataclass(frozen=True)
class _Book:
    """All rows, what came of them, and what is known of each."""

    rows: pd.DataFrame
    outcomes: pd.DataFrame
    known: pd.DataFrame
    horizon_months: int
    seed: int


@dataclass(frozen=True)
class _Task:
    """One event to be learnt."""

    book: _Book
    event: str

    def happened(self, rows: pd.Index) -> pd.Series:
        """Whether the event came."""
        came: pd.Series = self.book.outcomes.loc[rows, self.event]
        return came.rename(self.event)

    def clients(self, rows: pd.Index) -> pd.Series:
        """Whose rows these are."""
        ids: pd.Series = self.book.rows.loc[rows, "client_id"]
        return ids

    def count(self, rows: pd.Index) -> tuple[int, int]:
        """Count clients, and those with the event."""
        clients = self.clients(rows)
        return clients.nunique(), clients[self.happened(rows) > 0].nunique()

    def is_enough(self, rows: pd.Index) -> bool:
        """Tell whether rows hold enough clients with and without the event."""
        clients, events = self.count(rows)
        return events >= FEWEST_EVENTS and clients >= FEWEST_CLIENTS and clients > events

    def rows_over(self, day: pd.Timestamp, depth: str) -> pd.Index:
        """Rows with evidence whose window was over on a day, a quarter of a year apart."""
        outcomes, ends = self.book.outcomes, self.book.rows["month_end"]
        judged = outcomes[self.event].notna() & (outcomes["outcome_on"] <= day)
        steps = ends.dt.month % STEP_MONTHS == day.month % STEP_MONTHS
        kept: pd.Index = ends.index[judged & steps & self.book.known[depth]]
        return kept

    def lessons(self, day: pd.Timestamp, depth: str) -> tuple[pd.Index, pd.Series]:
        """Choose the rows that teach, and what each counts for."""
        rows = self.rows_over(day, depth)
        young = self.book.known.loc[rows, "is_young"]
        if self.is_enough(rows[young]):
            return rows[young], pd.Series(1.0, index=rows[young])
        return rows, pd.Series(np.where(young, 1.0, OLD_WEIGHT), index=rows)

    def fit(self, depth: str, rows: pd.Index, weights: pd.Series) -> Scorer:
        """Fit one depth."""
        taught = self.book.rows.loc[rows]
        if depth == PLACE:
            repeats = taught.groupby("client_id")["client_id"].transform("size")
            prior = fit_place_prior(taught, self.happened(rows), weights=weights / repeats)
            return PlaceScorer(prior)
        features = list(FEATURES[depth])
        return fit_model(
            taught[features],
            self.happened(rows),
            groups=taught["client_id"],
            weights=weights,
            as_of=taught["month_end"].max(),
            kind=KIND,
            monotone=directions_of(features, self.event),
            seed=self.book.seed,
        )


def _train(task: _Task, as_of: pd.Timestamp) -> EventModels:
    past, tried_on = _choose_trial(_replay(task, as_of))
    models: dict[str, DepthModel] = {}
    current = past.get(PLACE, pd.Series(dtype=float))
    for depth in DEPTHS:
        model = _fit_depth(task, depth, as_of)
        if model.scorer is not None and depth != PLACE:
            score, k = _combine(past, depth, current)
            model = _try(model, past, current, score, seed=task.book.seed)
            model = replace(model, prior_outcomes=k, tried_on=tried_on)
            if model.is_used:
                current = score.fillna(current)
        models[depth] = replace(model, tested=_tested(past, depth, current))
    return EventModels(task.event, models)


def _fit_depth(task: _Task, depth: str, as_of: pd.Timestamp) -> DepthModel:
    rows, weights = task.lessons(as_of, depth)
    clients, events = task.count(rows)
    if not task.is_enough(rows):
        said = jot(
            "Not enough data: of {clients:count} clients with such evidence {events:count} had the "
            "event in a window that is over; {least:count} of {least_clients:count} are needed.",
            clients=clients, events=events, least=FEWEST_EVENTS, least_clients=FEWEST_CLIENTS,
        )  # fmt: skip
        return DepthModel(task.event, depth, False, said, None, clients, events)
    return DepthModel(
        event=task.event,
        depth=depth,
        is_used=depth == PLACE,
        note=jot(
            "The share among {clients:count} clients, by industry, region and size, each steadied.",
            clients=clients,
        ),
        scorer=task.fit(depth, rows, weights),
        clients_count=clients,
        events_count=events,
        taught_by=NEW if task.book.known.loc[rows, "is_young"].all() else EVERYBODY,
    )


def _replay(task: _Task, as_of: pd.Timestamp) -> pd.DataFrame:
    """Foretell, at earlier month ends, the windows that came after them."""
    found = [_foretell(task, origin) for origin in _origins(task, as_of)]
    tables = [table for table in found if table is not None]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _origins(task: _Task, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    judged = task.book.outcomes["outcome_on"] <= as_of
    ends = month_ends_of(task.book.rows[judged])[:: -task.book.horizon_months]
    return ends[:MOST_ORIGINS][::-1]


def _foretell(task: _Task, origin: pd.Timestamp) -> pd.DataFrame | None:
    book = task.book
    asked = (book.rows["month_end"] == origin) & book.outcomes[task.event].notna()
    now = book.rows.index[asked]
    scores: dict[str, pd.Series] = {}
    for depth in DEPTHS:
        rows, weights = task.lessons(origin, depth)
        known = now[book.known.loc[now, depth]]
        if len(known) and task.is_enough(rows):
            scorer = task.fit(depth, rows, weights)
            scores[depth] = scorer.log_odds(book.rows.loc[known]).reindex(now)
    if PLACE not in scores:
        return None
    told = pd.DataFrame(scores, index=now).reindex(columns=list(DEPTHS))
    facts = book.known.loc[now, ["is_young", "outcomes_count"]]
    return told.join(facts).assign(
        origin_on=origin,
        over_on=book.outcomes.loc[now, "outcome_on"],
        client_id=task.clients(now),
        happened=task.happened(now),
    )


def _choose_trial(past: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Take clients that were new then; all of them where new ones had too few events."""
    if past.empty:
        return past, NOBODY
    young = past[past["is_young"]]
    with_event = young.loc[young["happened"] > 0, "client_id"].nunique()
    if with_event >= FEWEST_EVENTS:
        return young.reset_index(drop=True), NEW
    return past, EVERYBODY


def _combine(past: pd.DataFrame, depth: str, current: pd.Series) -> tuple[pd.Series, float]:
    """Give what a depth would have said, and, of own history, the k that it would have used."""
    if past.empty:
        return pd.Series(dtype=float), USUAL_OUTCOMES if depth == OWN else float("nan")
    if depth != OWN:
        return past[depth], float("nan")
    score = pd.Series(np.nan, index=past.index)
    for origin in past["origin_on"].unique():
        over, now = past["over_on"] <= origin, past["origin_on"] == origin
        weight = weigh_record(past.loc[now, "outcomes_count"], _fit_k(past[over], current[over]))
        score[now] = mix(current[now], past.loc[now, OWN], weight)
    return score.where(past[OWN].notna()), _fit_k(past, current)


def _fit_k(past: pd.DataFrame, current: pd.Series) -> float:
    if past.empty:
        return USUAL_OUTCOMES
    repeats = past.groupby("client_id")["client_id"].transform("size")
    return fit_prior_outcomes(
        current, past[OWN], past["outcomes_count"], past["happened"], weights=1.0 / repeats
    )


def _try(
    model: DepthModel,
    past: pd.DataFrame,
    current: pd.Series,
    score: pd.Series,
    *,
    seed: int,
) -> DepthModel:
    """Use a depth only where it foretold what came better than the one above it."""
    known = score.notna() & current.notna()
    tried = past[known] if len(past) else past
    happened = tried["happened"] if len(tried) else pd.Series(dtype=float)
    with_event = tried.loc[happened > 0, "client_id"].nunique() if len(tried) else 0
    if with_event < FEWEST_EVENTS:
        said = jot(
            "Not used, not enough data to test it: {events:count} clients with the event at past "
            "month ends, {least:count} are needed.",
            events=with_event, least=FEWEST_EVENTS,
        )  # fmt: skip
        return replace(model, note=said)
    gain = _loss(current[known], happened) - _loss(score[known], happened)
    sure = _share_above_zero(gain.groupby(tried["client_id"]).sum().to_numpy(), seed)
    clients = tried["client_id"].nunique()
    note = _say_trial(sure, events=int(happened.sum()), clients=clients)
    return replace(model, is_used=sure >= SURE_ENOUGH, note=note)


def _say_trial(sure: float, *, events: int, clients: int) -> str:
    if sure >= SURE_ENOUGH:
        return jot(
            "Used: with it {events:count} events of {clients:count} clients were foretold better "
            "than without it, in {sure:share} of bootstrap samples.",
            events=events, clients=clients, sure=sure,
        )  # fmt: skip
    return jot(
        "Not used: with it {events:count} events of {clients:count} clients were not clearly "
        "foretold better than without it (in {sure:share} of bootstrap samples, {least:share} are "
        "needed).",
        events=events, clients=clients, sure=sure, least=SURE_ENOUGH,
    )  # fmt: skip


def _loss(log_odds: pd.Series, happened: pd.Series) -> pd.Series:
    """Log loss of each row."""
    signs = 2.0 * happened - 1.0
    return pd.Series(np.logaddexp(0.0, -signs * log_odds), index=log_odds.index)


def _share_above_zero(gain: np.ndarray, seed: int) -> float:
    """Share of client bootstraps in which the sum is above zero."""
    random = np.random.default_rng(seed)
    draws = random.multinomial(len(gain), np.full(len(gain), 1 / len(gain)), BOOTSTRAPS)
    return float(np.mean(draws @ gain > 0))


def _tested(past: pd.DataFrame, depth: str, current: pd.Series) -> pd.DataFrame:
    """Keep what was foretold at a depth, without saying of whom."""
    if past.empty:
        return pd.DataFrame({"client_id": [], "probability": []})
    known = past[depth].notna() & current.notna()
    codes = pd.factorize(past.loc[known, "client_id"])[0]
    probability = 1.0 / (1.0 + np.exp(-current[known]))
    return pd.DataFrame({"client_id": codes, "probability": probability.to_numpy(float)})
