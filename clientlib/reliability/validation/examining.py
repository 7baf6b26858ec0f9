"""One method held to every test: ranking, level, classes, drift, rivals, regions and sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.reliability.risks.scoring import WORTH_SAYING
from clientlib.reliability.validation.drift import (
    ALARM,
    STEADY,
    WATCH,
    compare_features,
    follow_drift,
    measure_stability,
)
from clientlib.reliability.validation.levels import (
    BrierJudged,
    draw_reliability,
    judge_brier,
    judge_classes,
    measure_line,
)
from clientlib.reliability.validation.measured import NOT_ENOUGH, OK, Measured, is_enough
from clientlib.reliability.validation.ranking import (
    AgainstDevelopment,
    compare_with_development,
    measure_auc,
    measure_ks,
)
from clientlib.reliability.validation.rivals import Contest, hold_contest
from clientlib.reliability.validation.slices import judge_slices
from clientlib.reliability.validation.subjects import MODEL, RULE, Subject

SLICES = ("region", "size_band")
SURE = 0.05
CHANCE = 0.5  # of the AUC of a method that ranks nobody
RANKS, RANKS_BY_CHANCE = "it ranks", "no better than chance"
AS_DEVELOPED, FALLEN = "as in development", "worse than in development"
RIGHT, TOO_LOW, TOO_HIGH = "no error found", "probabilities too low", "probabilities too high"
TOO_SPREAD, TOO_NARROW = "spread too far", "spread too little"
RELIABLE, RANKING_ONLY, UNRELIABLE = (
    "can be relied on",
    "only its ranking can be relied on",
    "cannot be relied on",
)
TOO_LITTLE = NOT_ENOUGH
IDLE = "moved, scores are not"
WORDS = (
    RANKS, RANKS_BY_CHANCE, AS_DEVELOPED, FALLEN, RIGHT, TOO_LOW, TOO_HIGH, TOO_SPREAD, TOO_NARROW,
    RELIABLE, RANKING_ONLY, UNRELIABLE, TOO_LITTLE, IDLE, STEADY, WATCH, ALARM,
)  # fmt: skip


@dataclass(frozen=True)
class Examined:
    """What the tests found of one method.

    Parameters
    ----------
    subject : Subject
        What was tested.
    auc, ks, intercept, slope : Measured
        Of all its predictions whose outcome is known, each made before its window.
    brier : BrierJudged
        With the band of a perfect model.
    against : AgainstDevelopment
        The last window against the earlier ones.
    curve : DataFrame
        From `draw_reliability`; empty without enough data.
    classes : DataFrame
        From `judge_classes`, the last row of all; also alarm: "probabilities too low" or "too
        high" where the chance of it is below 5 % divided by the number of classes tested (in the
        last row 5 %), "no error found", or "not enough data".
    stability : dict
        Of `measure_stability`: rows that it learnt from against today's.
    features : DataFrame
        From `compare_features`; also shift (log-odds, see `Subject`) and finding: the level, but
        "moved, scores are not" where an alarm shifts the scores by less than 0.05. Empty where
        the signs were not kept.
    contest : Contest
        The plain rule (champion) against the model.
    succession : Contest or None
        The model issued earlier (champion) against today's method; None without one.
    aged : AgainstDevelopment or None
        The model issued earlier: since its day against its test when it was made.
    slices : DataFrame
        From `judge_slices` for every region and size; also by.
    drift : DataFrame
        From `follow_drift`: since the model issued earlier, or since the rows learnt from.
    """

    subject: Subject
    auc: Measured
    ks: Measured
    intercept: Measured
    slope: Measured
    brier: BrierJudged
    against: AgainstDevelopment
    curve: pd.DataFrame
    classes: pd.DataFrame
    stability: dict[str, object]
    features: pd.DataFrame
    contest: Contest
    succession: Contest | None
    aged: AgainstDevelopment | None
    slices: pd.DataFrame
    drift: pd.DataFrame

    @property
    def measures(self) -> tuple[Measured, ...]:
        """The figures of its card: auc, ks, brier, intercept and slope."""
        return self.auc, self.ks, self.brier.brier, self.intercept, self.slope

    @property
    def event(self) -> str:
        """What is foretold."""
        return self.subject.event

    @property
    def has_data(self) -> bool:
        """Whether there were enough events, and others, to judge it."""
        return self.auc.status == OK

    @property
    def has_drifted(self) -> bool:
        """Whether its scores raise the alarm of drift."""
        return self.stability["level"] == ALARM

    @property
    def followed_on(self) -> pd.Timestamp:
        """Day of the model whose drift is followed: the one issued earlier, or today's."""
        followed = self.subject.followed
        return self.subject.as_of if followed is None else followed.issued_on

    @property
    def ranking(self) -> str:
        """Whether it ranks, in a word."""
        if not self.has_data:
            return TOO_LITTLE
        return RANKS if self.auc.low > CHANCE else RANKS_BY_CHANCE

    @property
    def development(self) -> str:
        """Whether it ranks as it did before, in a word."""
        if self.against.status != OK:
            return TOO_LITTLE
        return FALLEN if self.against.has_fallen else AS_DEVELOPED

    @property
    def level(self) -> str:
        """Whether its probabilities are right, in a word."""
        if not self.has_data:
            return TOO_LITTLE
        if self.classes.iloc[-1]["alarm"] in (TOO_LOW, TOO_HIGH):
            return str(self.classes.iloc[-1]["alarm"])
        if self.slope.high < 1:
            return TOO_SPREAD
        return TOO_NARROW if self.slope.low > 1 else RIGHT

    @property
    def verdict(self) -> str:
        """How far it can be relied on, in words."""
        if not self.has_data:
            return TOO_LITTLE
        if self.has_drifted or self.against.has_fallen or self.ranking == RANKS_BY_CHANCE:
            return UNRELIABLE
        return RELIABLE if self.level == RIGHT else RANKING_ONLY


def examine(subject: Subject, clients: pd.DataFrame, *, seed: int) -> Examined:
    """Hold one method to every test.

    Parameters
    ----------
    subject : Subject
        From `gather_risks` or `gather_timing`.
    clients : DataFrame, one row per client
        client_id, region and size_band.
    seed : int
        Of bootstraps and simulations.

    Returns
    -------
    Examined
        Tests without enough data say so.
    """
    judged = subject.judged
    intercept, slope = measure_line(judged)
    latest = judged["origin_on"] == judged["origin_on"].max()
    return Examined(
        subject,
        auc=measure_auc(judged),
        ks=measure_ks(judged, seed=seed),
        intercept=intercept,
        slope=slope,
        brier=judge_brier(judged, seed=seed),
        against=compare_with_development(judged[latest], judged[~latest]),
        curve=draw_reliability(judged if is_enough(judged) else judged.head(0), seed=seed),
        classes=_alarm_classes(judge_classes(judged, subject.bounds)),
        stability=_measure_scores(subject, seed),
        features=_compare_signs(subject),
        contest=hold_contest(_pit(judged), seed=seed),
        succession=_succeed(subject, seed),
        aged=_age(subject),
        slices=_slice(judged, clients),
        drift=_follow(subject),
    )


def _alarm_classes(classes: pd.DataFrame) -> pd.DataFrame:
    """Say of each class what its test found, allowing for how many classes were tested."""
    tested = int((classes["status"] == OK).iloc[:-1].sum())
    limit = np.full(len(classes), SURE / max(tested, 1))
    limit[-1] = SURE
    alarm = np.select(
        [classes["status"] != OK, classes["p_value"] < limit, classes["p_value"] > 1 - limit],
        [TOO_LITTLE, TOO_LOW, TOO_HIGH],
        RIGHT,
    )
    return classes.assign(alarm=alarm)


def _measure_scores(subject: Subject, seed: int) -> dict[str, object]:
    tables = subject.developed, subject.now
    counts = [table["client_id"].nunique() for table in tables]
    return measure_stability(
        *(table["probability"].astype(float) for table in tables),
        clients_counts=(counts[0], counts[1]),
        seed=seed,
    )


def _compare_signs(subject: Subject) -> pd.DataFrame:
    """Tell drift that moves scores from drift that leaves them where they are."""
    found = compare_features(subject.developed, subject.now, subject.features)
    shift = found["feature"].map(subject.shifts).astype(float)
    is_idle = (found["level"] == ALARM) & (shift.abs() < WORTH_SAYING)
    return found.assign(shift=shift, finding=found["level"].mask(is_idle, IDLE))


def _pit(judged: pd.DataFrame) -> pd.DataFrame:
    """Let the plain rule defend its place against the model, on what both said on the day."""
    return judged.assign(champion=judged[RULE], challenger=judged[MODEL])


def _succeed(subject: Subject, seed: int) -> Contest | None:
    if subject.followed is None:
        return None
    return hold_contest(subject.followed.panel, seed=seed)


def _age(subject: Subject) -> AgainstDevelopment | None:
    if subject.followed is None:
        return None
    since = subject.followed.panel
    return compare_with_development(
        since.assign(probability=since["champion"]), subject.followed.tested
    )


def _slice(judged: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    rows = judged.merge(clients[["client_id", *SLICES]], on="client_id", how="left")
    tables = [judge_slices(rows, by).assign(by=by) for by in _known_slices(rows)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _known_slices(rows: pd.DataFrame) -> Sequence[str]:
    return [by for by in SLICES if rows[by].notna().any()]


def _follow(subject: Subject) -> pd.DataFrame:
    if subject.followed is not None:
        return follow_drift(subject.followed.learnt, subject.followed.scored)
    if subject.developed.empty or subject.scored.empty:
        return pd.DataFrame()
    return follow_drift(subject.developed, subject.scored)
