"""Surveys: what clients say of us, as they were served, and of the rivals whom they met."""

import numpy as np
import pandas as pd

from clientlib.sample.plan import Counts, Floats, known_where
from clientlib.sample.rivals import RIVAL_IDS, STRENGTHS
from clientlib.sample.scene import Scene, days_of, numbered, stacked
from clientlib.sample.workdays import Days

ANSWERED_SHARE = 0.45
WAVE_MONTH = 11
BASE_SCORES = {"delivery": 8.8, "quality": 8.3, "service": 7.9, "price": 6.6, "range": 7.6}
LATE_EFFECT, COMPLAINT_EFFECT = -7.0, -1.6
RIVAL_PRICE_EFFECT, RIVAL_SERVICE_EFFECT = -12.0, -1.8
SCORE_SPREAD = 0.9
COMMENTS = {"delivery": "deliveries come late", "quality": "goods were damaged",
            "price": "others are cheaper", "service": "answers take long",
            "range": "some goods are missing"}  # fmt: skip


def draw_surveys(scene: Scene) -> pd.DataFrame:
    """Draw the answers of a wave each November.

    Parameters
    ----------
    scene : Scene
        With ``contacts``.

    Returns
    -------
    DataFrame, one row per answer, by day
        The contract's columns of ``surveys``. The score of delivery falls with the share of
        late deliveries in the client's last twelve months, that of quality with a complaint;
        a rival's score of price falls with its price level, that of service rises with its
        strength.
    """
    draws = scene.draws("surveys")
    waves = _list_waves(scene)
    parts = [_draw_wave(scene, day, draws) for day in waves]
    answers = stacked(parts)
    answers = answers.sort_values(["answered_on", "client"], kind="stable", ignore_index=True)
    answers["answer_id"] = numbered("A", len(answers))
    answers["client_id"] = scene.ids(answers["client"].to_numpy())
    firsts = scene.tables["contacts"].drop_duplicates("client").set_index("client")["contact_id"]
    answers["contact_id"] = firsts.reindex(answers["client"]).to_numpy()
    raw = answers["mean_score"] + draws.normal(0, SCORE_SPREAD, size=len(answers))
    answers["score"] = np.clip(np.round(raw), 0, 10)
    is_said = (answers["score"] <= 5) & answers["aspect"].isin(list(COMMENTS))
    answers["comment"] = known_where(answers["aspect"].map(COMMENTS), is_said)
    return answers


def _list_waves(scene: Scene) -> Days:
    days = [np.datetime64(f"{year}-{WAVE_MONTH}-03", "D") for year in scene.plan.years]
    plan = scene.plan
    held = [d for d in days if plan.first_day + 90 <= d <= plan.last_day - 25]
    return np.array(held, dtype="datetime64[D]") if held else np.full(1, plan.last_day - 60)


def _draw_wave(scene: Scene, day: np.datetime64, draws: np.random.Generator) -> pd.DataFrame:
    sales = scene.sales
    ordered = days_of(sales, "ordered_on")
    recent = sales[(ordered < day) & (ordered >= day - 365)]
    buyers = np.unique(recent["client"].to_numpy())
    buyers = buyers[scene.with_us_until[buyers] >= day]
    client = buyers[draws.random(len(buyers)) < ANSWERED_SHARE]
    days: Days = scene.plan.after(
        np.full(len(client), day), draws.integers(0, 15, size=len(client))
    )
    of_us = _scores_of_us(scene, client, recent, day)
    of_rivals = _scores_of_rivals(scene, client, day)
    answers = stacked([of_us, of_rivals])
    answers["answered_on"] = days[np.searchsorted(client, answers["client"].to_numpy())]
    return answers


def _scores_of_us(
    scene: Scene, client: Counts, recent: pd.DataFrame, day: np.datetime64
) -> pd.DataFrame:
    served = recent[days_of(recent, "arrives_on") < day]
    is_late = pd.Series(days_of(served, "arrives_on") > days_of(served, "promised_on"))
    late = is_late.groupby(served["client"].to_numpy()).mean().reindex(client).fillna(0.0)
    told = scene.tables["complaints"]
    opened = days_of(told, "opened_on")
    complained = np.isin(client, told["client"].to_numpy()[(opened < day) & (opened > day - 365)])
    means = {aspect: np.full(len(client), base) for aspect, base in BASE_SCORES.items()}
    means["delivery"] = means["delivery"] + LATE_EFFECT * late.to_numpy()
    means["quality"] = means["quality"] + COMPLAINT_EFFECT * complained
    means["recommendation"] = np.mean(list(means.values()), axis=0)
    return stacked([_answers(client, aspect, mean, None) for aspect, mean in means.items()])


def _scores_of_rivals(scene: Scene, client: Counts, day: np.datetime64) -> pd.DataFrame:
    """Rate the rivals whom the client had in a deal until then."""
    deals = scene.tables["deals"]
    before = deals[days_of(deals, "opened_on") < day]
    met = before.groupby("client")["present"].agg(np.bitwise_or.reduce).reindex(client).fillna(0)
    parts = []
    for rival, name in enumerate(RIVAL_IDS):
        known = client[(met.to_numpy(dtype=np.int64) >> rival & 1) == 1]
        level = float(scene.rivalry.levels[rival].mean())
        price = BASE_SCORES["price"] + RIVAL_PRICE_EFFECT * level
        service = BASE_SCORES["service"] - 0.8 + RIVAL_SERVICE_EFFECT * float(STRENGTHS[rival])
        for aspect, mean in (("price", price), ("service", service)):
            parts.append(_answers(known, aspect, np.full(len(known), mean), name))
    return stacked(parts)


def _answers(client: Counts, aspect: str, mean: Floats, rival: str | None) -> pd.DataFrame:
    answers = pd.DataFrame({"client": client, "aspect": aspect, "mean_score": mean})
    return answers.assign(competitor_id=pd.Series([rival] * len(client), dtype=object))
