"""Model and plain rules of early warning on months that none of them has seen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from clientlib.language import jot
from clientlib.reliability.calibration import weigh_auc
from clientlib.reliability.warning.counting import (
    FALSE_ALARM_SHARE,
    FEWEST_CLIENTS,
    LEAST_LEAD_DAYS,
    AlertCount,
    best_scores,
    count_alerts,
    flagged_of,
    set_threshold,
    usable_rows,
)
from clientlib.reliability.warning.hazard import SilenceModel, fit_silence_model
from clientlib.reliability.warning.plain import PLAIN_RULES, STRICT_RULES, score_plain_rules

Floats = npt.NDArray[np.float64]

MODEL = "model"
LABELS = {MODEL: "model of silence", **PLAIN_RULES, **STRICT_RULES}
NO_SIGN_DAYS = 45
REPEATS = 300
SURE_ENOUGH = 0.90
LEVEL = 0.90
# Methods are chosen by the mean over these, which chance moves less than one of them.
CHOICE_SHARES = np.array([0.05, 0.075, 0.10, 0.125, 0.15, 0.175, 0.20])


@dataclass(frozen=True)
class Terms:
    """On what terms alerts are compared.

    Parameters
    ----------
    least_lead_days : int, in days
        Time that an alert must leave before the loss is declared.
    false_alarm_share : float, 0..1
        Healthy clients that may be alarmed.
    no_sign_days : int, in days
        A client that ordered within so many days shows no obvious sign.
    managers_count : int, optional
        Managers who get the alerts.
    seed : int
        Of the bootstrap and of the model.
    """

    least_lead_days: int = LEAST_LEAD_DAYS
    false_alarm_share: float = FALSE_ALARM_SHARE
    no_sign_days: int = NO_SIGN_DAYS
    managers_count: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class WarningBacktest:
    """How a model and the plain rules warned of losses that came later.

    Parameters
    ----------
    trained_on, as_of : Timestamp
        The model saw nothing after the first; losses were counted until the second.
    status : str
        "ok", or "not enough data" below 30 lost or 30 healthy clients, or without a model.
    chosen : str
        The method that raises alerts: "model", or the best plain rule.
    note : str
        Why, in a sentence.
    methods : DataFrame, one row per method, best first
        method, label, is_strict, auc (all rows whose windows were over), no_sign_auc (of those,
        clients that ordered lately), flagged_share (of lost clients, in time, when exactly
        the allowed share of healthy clients is alarmed), each with _low and _high (90 %
        bootstrap of clients), mean_flagged_share (over 5 to 20 % of false alarms), and
        gains_share: part of the samples in which the model's mean is larger.
    threshold : float
        Of the chosen method, set on earlier panels; nan where these had no healthy clients.
    count : AlertCount or None
        What that threshold came to in the test.
    lost_count, healthy_count, no_sign_rows, no_sign_lost : int
        Clients, and rows of the slice without an obvious sign.
    rows : DataFrame
        Tested rows with a column for each method.
    model : SilenceModel or None
        As it was fitted for the test.
    """

    trained_on: pd.Timestamp
    as_of: pd.Timestamp
    status: str
    chosen: str
    note: str
    methods: pd.DataFrame
    threshold: float
    count: AlertCount | None
    lost_count: int
    healthy_count: int
    no_sign_rows: int
    no_sign_lost: int
    rows: pd.DataFrame
    model: SilenceModel | None


def backtest_warning(
    followed: pd.DataFrame,
    *,
    trained_on: str | pd.Timestamp,
    as_of: str | pd.Timestamp,
    terms: Terms | None = None,
) -> WarningBacktest:
    """Fit the model at a day in the past, and count what it and the plain rules warned of since.

    Parameters
    ----------
    followed : DataFrame
        From `follow_silences` as of ``as_of``: the panels before ``trained_on`` train the model
        and set the threshold, those from then on test it.
    trained_on : str or Timestamp
        The training cut.
    as_of : str or Timestamp
        Losses are counted until then.
    terms : Terms, optional
        Time to act, share of false alarms, seed.

    Returns
    -------
    WarningBacktest
        The model is chosen only if, over 5 to 20 % of false alarms, it flags more lost clients
        than every plain rule in 90 % of bootstrap samples of clients, and than each of the
        strict rules in at least 10 %.
    """
    deal, cut = terms or Terms(), pd.Timestamp(trained_on)
    model = fit_silence_model(followed, cut, seed=deal.seed)
    is_test = followed["is_over"] & (followed["month_end"] >= cut)
    rows = _score(followed[is_test], model)
    usable = usable_rows(rows, least_lead_days=deal.least_lead_days)
    lost, healthy = _count_fates(usable)
    methods = [name for name in LABELS if name in rows.columns]
    slice_ = rows[rows["silence_days"] <= deal.no_sign_days]
    table = _compare(rows, usable, slice_, methods, deal)
    status, chosen, note = _choose(table, lost, healthy, model)
    earlier = _score(_calm_rows(followed, cut, deal), model)
    threshold = _earlier_threshold(earlier, chosen, deal)
    return WarningBacktest(
        trained_on=cut,
        as_of=pd.Timestamp(as_of),
        status=status,
        chosen=chosen,
        note=note,
        methods=table,
        threshold=threshold,
        count=_count(usable, chosen, threshold, deal),
        lost_count=lost,
        healthy_count=healthy,
        no_sign_rows=len(slice_),
        no_sign_lost=int(slice_["is_lost"].sum()),
        rows=rows,
        model=model,
    )


def _score(rows: pd.DataFrame, model: SilenceModel | None) -> pd.DataFrame:
    scored = rows.join(score_plain_rules(rows))
    return scored if model is None else scored.assign(**{MODEL: model.predict(rows)})


def _count_fates(usable: pd.DataFrame) -> tuple[int, int]:
    fate = usable.groupby("client_id")["is_lost"].max()
    return int((fate == 1).sum()), int((fate == 0).sum())


def _compare(
    rows: pd.DataFrame,
    usable: pd.DataFrame,
    no_sign: pd.DataFrame,
    methods: list[str],
    terms: Terms,
) -> pd.DataFrame:
    """Measure all methods on the same bootstrap samples of clients, the first being all of them."""
    samples = _draw_samples(rows["client_id"], terms.seed)
    shares = np.append(CHOICE_SHARES, terms.false_alarm_share)
    found = {name: _flagged(usable, usable[name], samples, shares) for name in methods}
    flagged = {name: values[:, -1] for name, values in found.items()}
    means = {name: values[:, :-1].mean(axis=1) for name, values in found.items()}
    auc = {name: _aucs(rows, rows[name], samples) for name in methods}
    lately = {name: _aucs(no_sign, no_sign[name], samples) for name in methods}
    table = pd.DataFrame(
        {
            "method": methods,
            "label": [LABELS[name] for name in methods],
            "is_strict": [name in STRICT_RULES for name in methods],
            **_spread("auc", auc),
            **_spread("no_sign_auc", lately),
            **_spread("flagged_share", flagged),
        }
    )
    table["mean_flagged_share"] = [float(values[0]) for values in means.values()]
    own = means.get(MODEL, np.full(REPEATS + 1, np.nan))
    table["gains_share"] = [float((own[1:] > means[name][1:]).mean()) for name in methods]
    return table.sort_values("mean_flagged_share", ascending=False, ignore_index=True)


def _draw_samples(client_id: pd.Series, seed: int) -> pd.DataFrame:
    """Weights of clients: once each, then as often as a bootstrap draws them."""
    clients = pd.Index(client_id.unique()).sort_values()
    if not len(clients):
        return pd.DataFrame(np.ones((0, REPEATS + 1)), index=clients)
    random = np.random.default_rng(seed)
    draws = random.multinomial(len(clients), np.full(len(clients), 1 / len(clients)), size=REPEATS)
    return pd.DataFrame(np.vstack([np.ones((1, len(clients))), draws]).T, index=clients)


def _flagged(
    usable: pd.DataFrame, score: pd.Series, samples: pd.DataFrame, shares: Floats
) -> Floats:
    """Shares of lost clients flagged, one row per sample, one column per share of alarms."""
    best = best_scores(usable, score)
    values, is_lost = best["best_score"].to_numpy(), best["is_lost"].to_numpy() == 1
    counts = samples.reindex(best.index).to_numpy().astype(np.int64)
    return np.array(
        [flagged_of(np.repeat(values, n), np.repeat(is_lost, n), shares) for n in counts.T]
    )


def _aucs(rows: pd.DataFrame, score: pd.Series, samples: pd.DataFrame) -> Floats:
    weights = samples.reindex(rows["client_id"]).to_numpy()
    is_lost, values = rows["is_lost"].to_numpy(), score.to_numpy(dtype=np.float64)
    return np.array([weigh_auc(values, w * is_lost, w * (1 - is_lost)) for w in weights.T])


def _spread(name: str, found: Mapping[str, Floats]) -> dict[str, list[float]]:
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    ends = [_tails(values[1:], tails) for values in found.values()]
    return {
        name: [float(values[0]) for values in found.values()],
        f"{name}_low": [low for low, _ in ends],
        f"{name}_high": [high for _, high in ends],
    }


def _tails(values: Floats, tails: list[float]) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, tails)
    return float(low), float(high)


def _choose(
    table: pd.DataFrame, lost: int, healthy: int, model: SilenceModel | None
) -> tuple[str, str, str]:
    rules = table[table["method"] != MODEL]
    if model is None or min(lost, healthy) < FEWEST_CLIENTS:
        too_little = jot(
            "Not enough data to test a model: {lost:count} lost and {healthy:count} healthy "
            "clients, {least:count} of each are needed. The plain rule is used: days since the "
            "last order over the usual gap.",
            lost=lost,
            healthy=healthy,
            least=FEWEST_CLIENTS,
        )
        return "not enough data", "gap_ratio", too_little
    needed = np.where(rules["is_strict"], 1 - SURE_ENOUGH, SURE_ENOUGH)
    best = rules.iloc[0]
    shares = {
        "own": float(table.loc[table["method"] == MODEL, "mean_flagged_share"].iloc[0]),
        "lost": lost,
        "best": float(best["mean_flagged_share"]),
    }
    if (rules["gains_share"] >= needed).all():
        wins = jot(
            "The model is used: with 5 to 20 % of false alarms it warned in time of {own:share} "
            "of {lost:count} lost clients, the best plain rule of {best:share}.",
            **shares,
        )
        return "ok", MODEL, wins
    loses = jot(
        "The model is not used: with 5 to 20 % of false alarms it warned in time of {own:share} "
        "of {lost:count} lost clients, the best plain rule of {best:share}; that rule is used.",
        **shares,
    )
    return "ok", str(best["method"]), loses


def _calm_rows(followed: pd.DataFrame, cut: pd.Timestamp, terms: Terms) -> pd.DataFrame:
    """Rows before the cut that tell what healthy clients look like.

    Those whose windows were over by the cut, where there are enough; else those whose silence
    had ended in an order by then.
    """
    before = followed[followed["month_end"] < cut]
    has_ordered = (before["ordered_next_on"] <= cut) & (
        before["ordered_next_on"] <= before["declared_on"]
    )
    known = before.assign(
        is_over=before["declared_on"] <= cut,
        is_lost=np.where(has_ordered, 0.0, np.where(before["declared_on"] <= cut, 1.0, np.nan)),
    )
    usable = usable_rows(known, least_lead_days=terms.least_lead_days)
    if _count_fates(usable)[1] >= FEWEST_CLIENTS:
        return usable
    ended = known[has_ordered].assign(is_over=True)
    return usable_rows(ended, least_lead_days=terms.least_lead_days)


def _earlier_threshold(earlier: pd.DataFrame, chosen: str, terms: Terms) -> float:
    if chosen not in earlier.columns or _count_fates(earlier)[1] < FEWEST_CLIENTS:
        return float("nan")
    return set_threshold(earlier, earlier[chosen], false_alarm_share=terms.false_alarm_share)


def _count(usable: pd.DataFrame, chosen: str, threshold: float, terms: Terms) -> AlertCount | None:
    if not np.isfinite(threshold) or usable.empty:
        return None
    return count_alerts(usable, usable[chosen], threshold, managers_count=terms.managers_count)
