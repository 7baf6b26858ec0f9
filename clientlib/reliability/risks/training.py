"""Models of risks: fitted on windows that are over, judged on later ones beside plain rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clientlib.errors import InputError
from clientlib.language import jot
from clientlib.panels import month_ends_of
from clientlib.reliability.calibration import judge_probabilities
from clientlib.reliability.learning import ReliabilityModel, fit_model
from clientlib.reliability.risks.catalogue import BY_NAME
from clientlib.reliability.risks.choosing import FEWEST_EVENTS, choose_method
from clientlib.reliability.risks.targets import (
    CANCELS,
    CLAIMS,
    DEFAULTS,
    LEAVES,
    TARGETS,
    UNPROFITABLE,
)

KEYS = ["client_id", "month_end"]
OK, TOO_LITTLE = "ok", "not enough data"
STEP_MONTHS = 3  # months between training rows of one client: neighbouring months say the same
MOST_ORIGINS = 4
FEWEST_CLIENTS = 50
RULE = "rule"
RULE_KIND = "scorecard"  # of one sign: coarser bins would make the rule easier to beat
# By event: the single signs that a plain rule may be made of.
RULES: Mapping[str, tuple[str, ...]] = {
    DEFAULTS: ("late_share", "late_30_share", "overdue_30_share", "bureau_grade"),
    LEAVES: ("silence_gaps", "silence_days", "orders_12m"),
    CANCELS: ("cancelled_share", "orders_12m"),
    CLAIMS: ("complaints_per_order", "orders_12m"),
    UNPROFITABLE: ("margin_share", "order_size"),
}


@dataclass(frozen=True)
class RiskModel:
    """One event: the model and the plain rule that foretell it, and how both did later.

    Parameters
    ----------
    event : str
        One of `TARGETS`.
    horizon_months : int
        Length of the window.
    as_of : Timestamp
        Nothing later was used.
    status : str
        "ok", or "not enough data": then neither gives a probability.
    chosen : str
        "model" or "rule": which of the two scores clients.
    note : str
        Why, in a sentence that can be told again.
    model, rule : ReliabilityModel or None
        Fitted on all windows that were over; None without data.
    rule_sign : str
        The sign that the rule looks at: a scorecard of it alone.
    predictions : DataFrame, one row per client and origin
        origin_on, client_id, happened (0 or 1), model, rule, base (probabilities given at the
        origin by what was fitted on windows over by then).
    rows_count, events_count, clients_count : int
        What the model was fitted on.
    """

    event: str
    horizon_months: int
    as_of: pd.Timestamp
    status: str
    chosen: str
    note: str
    model: ReliabilityModel | None
    rule: ReliabilityModel | None
    rule_sign: str
    predictions: pd.DataFrame
    rows_count: int
    events_count: int
    clients_count: int

    @property
    def is_fitted(self) -> bool:
        """Whether clients can be scored."""
        return self.model is not None and self.rule is not None

    @property
    def fitted(self) -> tuple[ReliabilityModel, ReliabilityModel]:
        """The chosen method, and the rule.

        Raises
        ------
        InputError
            There were too few events to fit anything.
        """
        if self.model is None or self.rule is None:
            raise InputError(
                f"nothing was fitted for the event {self.event!r}",
                hint="look at is_fitted first, and show the note instead",
                example=str(self.note),
            )
        return (self.model if self.chosen == "model" else self.rule), self.rule

    def judge(self, method: str) -> dict[str, float]:
        """Judge one method on all origins together.

        Parameters
        ----------
        method : str
            model, rule or base.

        Returns
        -------
        dict of float
            As `judge_probabilities`; nan where nothing was foretold.
        """
        if self.predictions.empty:
            return dict.fromkeys(("auc", "brier", "log_loss", "bias"), float("nan"))
        ones = pd.Series(1.0, index=self.predictions.index)
        return judge_probabilities(self.predictions[method], self.predictions["happened"], ones)


@dataclass(frozen=True)
class Training:
    """How models are trained: which features count as known, which kind, which seed.

    Parameters
    ----------
    features : tuple of str
        Signs and attributes that models may use.
    kind : str
        Of model, as in ``learning.fit_model``; "auto" goes by the rows.
    pairs : int
        Most named pairs of a glass box.
    seed : int
        Of folds and bootstraps.
    haste : bool
        Fits glass boxes in a fraction of the time, as `learning.Choices` says: for five events
        about a hundred of them are fitted.
    """

    features: tuple[str, ...]
    kind: str = "auto"
    pairs: int = 10
    seed: int = 0
    haste: bool = True


def train_risks(
    signs: pd.DataFrame,
    outcomes: pd.DataFrame,
    training: Training,
    *,
    as_of: str | pd.Timestamp,
    horizon_months: int,
    events: Collection[str] = TARGETS,
) -> dict[str, RiskModel]:
    """Fit a model and a rule for every event, and test both on windows that came later.

    Parameters
    ----------
    signs : DataFrame
        From `build_signs`.
    outcomes : DataFrame, same index
        From `add_targets`.
    training : Training
        Features, kind and seed.
    as_of : str or Timestamp
        Only windows that were over by then are learnt from.
    horizon_months : int
        Their length.
    events : collection of str
        Which.

    Returns
    -------
    dict of str to RiskModel
        By event.
    """
    day = pd.Timestamp(as_of)
    return {
        event: _train(_Task(signs, outcomes, event, training, horizon_months), day)
        for event in events
    }


@dataclass(frozen=True)
class _Task:
    """One event to be learnt."""

    signs: pd.DataFrame
    outcomes: pd.DataFrame
    event: str
    training: Training
    horizon_months: int

    def rows_over(self, day: pd.Timestamp) -> pd.Index:
        """Rows whose window was over on a day, a quarter of a year apart."""
        judged = self.outcomes[self.event].notna() & (self.outcomes["outcome_on"] <= day)
        months = self.signs["month_end"].dt.month % STEP_MONTHS == day.month % STEP_MONTHS
        kept: pd.Index = self.signs.index[judged & months]
        return kept

    def fit(self, rows: pd.Index, features: tuple[str, ...], kind: str) -> ReliabilityModel:
        """Fit one model on rows, by clients held apart."""
        directions = {
            name: BY_NAME[name].direction
            for name in features
            if BY_NAME[name].direction and self.event == DEFAULTS
        }
        return fit_model(
            self.signs.loc[rows, list(features)],
            self.outcomes.loc[rows, self.event].rename(self.event),
            groups=self.signs.loc[rows, "client_id"],
            as_of=self.signs.loc[rows, "month_end"].max(),
            kind=kind,
            monotone=directions,
            pairs=self.training.pairs,
            seed=self.training.seed,
            haste=self.training.haste,
        )

    def fit_method(self, rows: pd.Index, method: str) -> ReliabilityModel:
        """Fit the model, or the rule of the sign that ranks best on these rows."""
        if method == RULE:
            return self.fit(rows, (_best_sign(self, rows),), RULE_KIND)
        return self.fit(rows, self.training.features, self.training.kind)

    def is_enough(self, rows: pd.Index) -> bool:
        """Tell whether rows hold enough clients with and without the event."""
        happened = self.outcomes.loc[rows, self.event] > 0
        clients = self.signs.loc[rows, "client_id"]
        with_event = clients[happened].nunique()
        return bool(with_event >= FEWEST_EVENTS and clients.nunique() >= FEWEST_CLIENTS)


def _train(task: _Task, as_of: pd.Timestamp) -> RiskModel:
    rows = task.rows_over(as_of)
    clients = task.signs.loc[rows, "client_id"]
    happened = task.outcomes.loc[rows, task.event] > 0
    fields = {
        "event": task.event,
        "horizon_months": task.horizon_months,
        "as_of": as_of,
        "rows_count": len(rows),
        "events_count": int(happened.sum()),
        "clients_count": int(clients.nunique()),
    }
    if not task.is_enough(rows):
        too_little = jot(
            "Not enough data: of {clients:count} clients {events:count} had the event in a window "
            "that is over; {least:count} of {least_clients:count} are needed.",
            clients=clients.nunique(),
            events=clients[happened].nunique(),
            least=FEWEST_EVENTS,
            least_clients=FEWEST_CLIENTS,
        )
        nothing = pd.DataFrame(columns=["origin_on", "client_id", "happened", *METHODS])
        return RiskModel(status=TOO_LITTLE, chosen="rule", note=too_little, model=None, rule=None,
                         rule_sign="", predictions=nothing, **fields)  # type: ignore[arg-type]  # fmt: skip
    predictions = _replay(task, as_of)
    chosen, note = choose_method(predictions, task.training.seed)
    sign = _best_sign(task, rows)
    return RiskModel(
        status=OK,
        chosen=chosen,
        note=note,
        model=task.fit(rows, task.training.features, task.training.kind),
        rule=task.fit(rows, (sign,), RULE_KIND),
        rule_sign=sign,
        predictions=predictions,
        **fields,  # type: ignore[arg-type]
    )


METHODS = ("model", "rule", "base")


def _replay(task: _Task, as_of: pd.Timestamp) -> pd.DataFrame:
    """Foretell, at earlier month ends one horizon apart, the windows that came after them."""
    found = [_foretell(task, origin) for origin in _origins(task, as_of)]
    tables = [table for table in found if table is not None]
    columns = ["origin_on", "client_id", "happened", *METHODS]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _origins(task: _Task, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    judged = task.outcomes["outcome_on"].notna() & (task.outcomes["outcome_on"] <= as_of)
    ends = month_ends_of(task.signs[judged])[:: -task.horizon_months]
    return ends[:MOST_ORIGINS][::-1]


def _foretell(task: _Task, origin: pd.Timestamp) -> pd.DataFrame | None:
    rows = task.rows_over(origin)
    now = task.signs.index[(task.signs["month_end"] == origin) & task.outcomes[task.event].notna()]
    if not len(now) or not task.is_enough(rows):
        return None
    model = task.fit(rows, task.training.features, task.training.kind)
    rule = task.fit(rows, (_best_sign(task, rows),), RULE_KIND)
    return pd.DataFrame(
        {
            "origin_on": origin,
            "client_id": task.signs.loc[now, "client_id"].to_numpy(),
            "happened": task.outcomes.loc[now, task.event].to_numpy(),
            "model": model.predict(task.signs.loc[now]).to_numpy(),
            "rule": rule.predict(task.signs.loc[now]).to_numpy(),
            "base": float(task.outcomes.loc[rows, task.event].mean()),
        }
    )


def _best_sign(task: _Task, rows: pd.Index) -> str:
    """Take the single sign that ranked best in training; the first of those that are level."""
    happened = task.outcomes.loc[rows, task.event]
    ones = pd.Series(1.0, index=rows)

    def ranking(name: str) -> float:
        """Distance of the area under the curve from chance."""
        values = task.signs.loc[rows, name].fillna(task.signs.loc[rows, name].median()).fillna(0.0)
        return abs(judge_probabilities(values, happened, ones)["auc"] - 0.5)

    return max(RULES[task.event], key=ranking)


def score_past(
    signs: pd.DataFrame,
    outcomes: pd.DataFrame,
    training: Training,
    model: RiskModel,
    month_ends: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Score the clients of past month ends by the chosen method, as it could have been fitted then.

    Parameters
    ----------
    signs, outcomes : DataFrame
        As in `train_risks`.
    training : Training
        As in `train_risks`.
    model : RiskModel
        Names event, horizon and the chosen method.
    month_ends : sequence of Timestamp, rising
        Which; the method is fitted anew at the last one, and at every third one before.

    Returns
    -------
    DataFrame, one row per client and month end
        client_id, month_end and score (probability, 0..1); month ends before anything could be
        fitted are left out.
    """
    task = _Task(signs, outcomes, model.event, training, model.horizon_months)
    first = (len(month_ends) - 1) % STEP_MONTHS
    scored = [pd.DataFrame(columns=[*KEYS, "score"])]
    for start in range(first, len(month_ends), STEP_MONTHS):
        rows = task.rows_over(month_ends[start])
        if not task.is_enough(rows):
            continue
        fitted = task.fit_method(rows, model.chosen)
        part = signs[signs["month_end"].isin(month_ends[start : start + STEP_MONTHS])]
        scored.append(part[KEYS].assign(score=fitted.predict(part)))
    return pd.concat(scored[1:] or scored, ignore_index=True)
