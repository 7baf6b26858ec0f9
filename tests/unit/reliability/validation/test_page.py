"""Verdicts of the page on made predictions: what must ring rings, and what must not does not."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from clientlib.language import speaking
from clientlib.reliability import validation
from clientlib.reliability.learning import fit_model
from clientlib.reliability.risks import RiskPanels
from clientlib.reliability.risks.training import STEP_MONTHS, RiskModel
from clientlib.reliability.validation.examining import examine
from clientlib.reliability.validation.measured import design_effect
from clientlib.reliability.validation.page import Validation, validate_models
from clientlib.reliability.validation.subjects import Issued, Subject, gather_risks, gather_timing

AS_OF = pd.Timestamp("2025-12-31")
ORIGINS = pd.to_datetime(["2024-12-31", "2025-06-30"])
CLIENTS = pd.DataFrame(
    {"client_id": range(3000), "region": ["north", "south", None] * 1000, "size_band": "small"}
)


@pytest.fixture
def subject(simulated):
    def make(count=1200, *, shift=0.0, stretch=1.0, moved=0.0, event="leaves", method="model"):
        rows = simulated(count, shift=shift, stretch=stretch)
        random = np.random.default_rng(9)
        predictions = rows.assign(
            origin_on=np.where(np.arange(count) < count / 2, *ORIGINS),
            model=rows["probability"],
            rule=float(rows["happened"].mean()),
        )
        seen = pd.DataFrame(
            {"client_id": np.arange(count), "silence_days": random.normal(90, 20, count)}
        ).assign(probability=rows["probability"])
        log_odds = np.log(seen["probability"] / (1 - seen["probability"])) + moved
        now = seen.assign(
            silence_days=seen["silence_days"] + 20 * moved, probability=1 / (1 + np.exp(-log_odds))
        )
        return Subject(
            event,
            AS_OF,
            method,
            is_fitted=True,
            predictions=predictions[["origin_on", "client_id", "happened", "model", "rule"]],
            developed=seen,
            now=now,
            scored=now.assign(month_end=AS_OF, happened=np.nan),
            features=("silence_days",),
            shifts=pd.Series({"silence_days": moved}),
            bounds=(0.1, 0.2, 0.3, 0.5),
            rows_count=count,
            events_count=int(rows["happened"].sum()),
        )

    return make


def judge(*subjects):
    found = tuple(examine(each, CLIENTS, seed=1) for each in subjects)
    return Validation(AS_OF, found, {})


def test_right_probabilities_of_a_steady_company_can_be_relied_on(subject):
    found = examine(subject(), CLIENTS, seed=1)
    assert (found.ranking, found.development) == ("it ranks", "as in development")
    assert (found.level, found.verdict) == ("no error found", "can be relied on")
    assert found.brier.is_inside
    assert found.stability["level"] == "steady"
    assert found.features["finding"].tolist() == ["steady"]
    assert found.contest.decision == "challenger"
    assert found.classes["alarm"].unique().tolist() == ["no error found"]


@pytest.mark.parametrize(
    ("told", "level"),
    [
        pytest.param({"shift": -0.7}, "probabilities too low", id="told half as often as it comes"),
        pytest.param({"shift": 0.7}, "probabilities too high", id="told twice as often"),
        pytest.param({"shift": 0.72, "stretch": 2.0}, "spread too far", id="log-odds doubled"),
        pytest.param({"shift": -0.19, "stretch": 0.6}, "spread too little", id="log-odds shrunk"),
    ],
)
def test_probabilities_that_are_off_leave_the_ranking_alone(subject, told, level):
    found = examine(subject(2000, **told), CLIENTS, seed=1)
    assert (found.level, found.verdict) == (level, "only its ranking can be relied on")


def test_drifted_scores_ring_and_end_the_reliance(subject):
    found = examine(subject(moved=1.0), CLIENTS, seed=1)
    assert found.stability["level"] == "alarm"
    assert found.verdict == "cannot be relied on"
    assert found.features.loc[0, ["finding", "shift"]].tolist() == ["alarm", 1.0]
    said = validation.say_stability(judge(subject(moved=1.0), subject()))
    assert said.startswith("The scores of 1 of 2 models raise the alarm")
    assert "1 has moved as far and moves scores" in said


def test_sign_that_moved_without_moving_scores_is_told_apart(subject):
    made = replace(subject(moved=1.0), shifts=pd.Series({"silence_days": 0.01}))
    found = examine(made, CLIENTS, seed=1)
    assert found.features["level"].tolist() == ["alarm"]
    assert found.features["finding"].tolist() == ["moved, scores are not"]


def test_model_that_ranks_worse_in_the_last_window_is_not_relied_on(subject):
    made = subject(2000)
    rows = made.predictions
    last = rows["origin_on"] == ORIGINS[1]
    mixed = rows["model"].where(~last, rows["model"].sample(frac=1, random_state=3).to_numpy())
    found = examine(replace(made, predictions=rows.assign(model=mixed)), CLIENTS, seed=1)
    assert (found.development, found.verdict) == (
        "worse than in development",
        "cannot be relied on",
    )


def test_too_few_events_give_no_verdict_anywhere(subject):
    found = judge(subject(40))
    models = validation.list_models(found).iloc[0]
    assert models[["verdict", "ranking", "development", "level"]].unique().tolist() == [
        "not enough data"
    ]
    assert np.isnan(models["auc"])
    assert validation.list_curves(found) == []
    assert validation.list_contests(found)["finding"].tolist() == ["not enough data"]
    assert set(validation.list_slices(found)["finding"]) == {"not enough data"}
    assert validation.say_ranking(found) == "Not enough data to say whether the models rank."


@pytest.mark.parametrize(
    "name",
    [
        "list_classes",
        "list_stabilities",
        "list_features",
        "list_slices",
        "list_drift",
        "list_months",
    ],
)
def test_tables_without_rows_have_the_columns_that_are_shown(subject, name):
    bare = replace(
        subject(),
        is_fitted=False,
        predictions=subject().predictions.head(0),
        developed=subject().developed.head(0),
        scored=subject().scored.head(0),
        features=(),
    )
    full, empty = (getattr(validation, name)(judge(each)) for each in (subject(), bare))
    assert len(full) > 0 == len(empty)
    assert set(full.columns) - set(empty.columns) <= {"status", "design_effect", "clients_count",
                                                      "is_too_low", "is_too_high"}  # fmt: skip


def test_rule_in_use_is_what_is_tested(subject):
    found = examine(subject(method="rule"), CLIENTS, seed=1)
    assert found.auc.value == 0.5  # it says the same of everybody
    assert found.ranking == "no better than chance"


def test_alarms_of_classes_allow_for_the_number_of_classes(subject):
    found = examine(subject(1200), CLIENTS, seed=1).classes
    assert found["class_low"].tolist() == [0.0, 0.1, 0.2, 0.3, 0.5, 0.0]
    low = replace(subject(1200, shift=-0.7), bounds=(0.3,))
    rows = examine(low, CLIENTS, seed=1).classes
    assert rows["alarm"].unique().tolist() == ["probabilities too low"]
    assert (rows["p_value"] < 0.05 / 2).all()


def test_rows_of_one_client_weigh_as_one():
    alike = pd.DataFrame(
        {"client_id": [1, 1, 2, 2], "probability": 0.5, "happened": [1.0, 1.0, 0.0, 0.0]}
    )
    assert design_effect(alike) == pytest.approx(2.0)  # (1 + 1) ** 2 over 1 + 1
    assert design_effect(alike.assign(client_id=[1, 2, 3, 4])) == 1.0
    assert design_effect(alike.assign(client_id=[1, 2, 1, 2])) == 1.0, "opposites do not narrow"


def test_repeated_rows_raise_no_alarm_of_classes(subject):
    made = replace(subject(300, shift=-0.35), bounds=(0.3,))
    once = examine(made, CLIENTS, seed=1)
    eight = examine(replace(made, predictions=pd.concat([made.predictions] * 8)), CLIENTS, seed=1)
    last = [each.classes.iloc[-1] for each in (once, eight)]
    assert last[1]["design_effect"] == pytest.approx(8.0, rel=0.01)
    assert last[1]["p_value"] == pytest.approx(last[0]["p_value"], abs=0.01)


def test_slices_name_region_and_size_with_their_counts(subject):
    rows = validation.list_slices(judge(subject(1200)))
    assert rows.groupby("by")["count"].sum().to_dict() == {"region": 1200, "size": 1200}
    assert set(rows["slice"]) == {"north", "south", "unknown", "small"}
    assert (rows["observed_low"] <= rows["observed_share"]).all()


def test_title_of_a_curve_tells_its_last_group(subject):
    (curve,) = validation.list_curves(judge(subject()))
    last = curve.rows.iloc[-1]
    told = {each.name: each.value for each in curve.title.told}
    assert told == {"observed": last["observed_share"], "predicted": last["predicted_share"]}
    assert curve.title.startswith("Client lost: ")


def test_at_most_six_curves_those_with_the_most_events(subject):
    names = ("defaults", "leaves", "cancels", "claims", "unprofitable", "late_0", "late_30")
    made = [subject(1200 - 100 * place, event=name) for place, name in enumerate(names)]
    found = validation.list_curves(judge(*made))
    assert len(found) == 6
    assert not any(curve.title.startswith("Invoice over 30") for curve in found)


# The whole way, from an assessment whose models were fitted on made signs.


def assess(*, chosen="model", months=24, clients=200):
    random = np.random.default_rng(4)
    ends = pd.date_range(end=AS_OF, periods=months, freq="ME")
    use = np.tile(random.gamma(2.0, 0.5, clients), months)
    signs = pd.DataFrame(
        {
            "client_id": [f"C-{k}" for k in range(clients)] * months,
            "month_end": np.repeat(ends, clients),
            "limit_use": use,
            "late_share": random.random(clients * months),
        }
    )
    happened = (random.random(len(signs)) < 0.05 + 0.25 * np.minimum(use, 2)).astype(float)
    outcome_on = signs["month_end"] + pd.offsets.MonthEnd(6)
    is_over = outcome_on <= AS_OF
    outcomes = pd.DataFrame(
        {"outcome_on": outcome_on.where(is_over), "leaves": np.where(is_over, happened, np.nan)}
    )
    learnt = is_over & (signs["month_end"].dt.month % STEP_MONTHS == 0)
    fitted = [
        fit_model(signs.loc[learnt, [name]], outcomes.loc[learnt, "leaves"],
                  groups=signs.loc[learnt, "client_id"], kind="rules")
        for name in ("limit_use", "late_share")
    ]  # fmt: skip
    told = signs["month_end"].isin(ORIGINS)
    predictions = pd.DataFrame(
        {
            "origin_on": signs["month_end"],
            "client_id": signs["client_id"],
            "happened": happened,
            "model": fitted[0].predict(signs),
            "rule": fitted[1].predict(signs),
            "base": 0.3,
        }
    )[told].reset_index(drop=True)
    model = RiskModel(
        "leaves", 6, AS_OF, "ok", chosen, "because", *fitted, "late_share", predictions,
        int(learnt.sum()), int(happened[learnt].sum()), clients,
    )  # fmt: skip
    rows = signs[["client_id", "month_end"]].assign(
        orders_12m_count=3.0, invoiced_12m_amount=1.0, known_months=24.0, last_ordered_on=AS_OF,
        order_days_count=1.0, typical_gap_days=30.0, open_amount=0.0, open_orders_amount=0.0,
        overdue_60_amount=0.0,
    )  # fmt: skip
    cards = pd.DataFrame({"client_id": signs["client_id"].unique(), "region": "north"})
    panels = RiskPanels(rows, cards.assign(size_band="small"), AS_OF)
    return SimpleNamespace(
        as_of=AS_OF, horizon_months=6, panels=panels, signs=signs, outcomes=outcomes,
        models={"leaves": model}, timing=None, timing_tested=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def assessed():
    return assess()


@pytest.fixture(scope="module")
def validated(assessed):
    return validate_models(assessed, seed=1)


def issue(assessed, as_of, *, tested=400):
    model = assessed.models["leaves"]
    rows = model.predictions.head(tested)
    developed = rows.assign(probability=rows["model"])[["client_id", "probability", "happened"]]
    return Issued(model.model.to_record(), pd.Timestamp(as_of), developed)


def test_reference_rows_are_those_that_were_learnt_from(assessed):
    (found,) = gather_risks(assessed)
    assert len(found.developed) == found.rows_count == assessed.models["leaves"].rows_count > 0
    assert found.developed["month_end"].max() == pd.Timestamp("2025-06-30")
    assert found.scored["month_end"].min() == pd.Timestamp("2025-07-31")
    assert found.now["month_end"].unique() == [AS_OF]


def test_clients_that_are_not_asked_are_not_drift(assessed):
    rows = assessed.panels.rows.copy()
    rows.loc[rows["client_id"] < "C-15", "orders_12m_count"] = 0.0
    changed = SimpleNamespace(**{**vars(assessed), "panels": replace(assessed.panels, rows=rows)})
    (found,) = gather_risks(changed)
    assert 0 < len(found.now) < 200
    assert found.now["client_id"].min() >= "C-15"


def test_events_without_a_model_and_without_invoices_say_so(validated):
    models = validation.list_models(validated).set_index("event")["verdict"]
    assert models.index.tolist() == ["leaves", "late_0", "late_30"]
    assert models[["late_0", "late_30"]].tolist() == ["not enough data"] * 2
    cards = validation.list_cards(validated).set_index("event")
    assert cards.loc["late_0", "reason"] == "nothing was fitted"
    assert pd.isna(cards.loc["late_0", "expires_on"])
    assert set(validated.cards) == {"leaves"}


def test_card_expires_a_year_after_its_data(validated):
    card = validated.cards["leaves"]
    assert card.expiry.expires_on == pd.Timestamp("2026-12-31")
    assert (card.owner, card.features) == ("head of sales", ("limit_use",))
    issued = validation.issue_cards(validated)
    assert issued["event"].is_unique
    assert issued.loc[0, ["reason", "status"]].tolist() == ["12\u00a0months after its data", "ok"]


def test_card_and_reason_come_in_the_language_that_is_spoken(validated):
    with speaking("lt"):
        said = validation.write_cards(validated)
    english = validation.write_cards(validated)
    words = english["entry"].tolist()
    assert words[:4] == ["purpose", "owner", "data", "as of"]
    assert len(said) == len(english)
    assert not set(said["entry"]) & set(words)
    same = said["value"] == english["value"]
    assert set(english.loc[same, "entry"]) <= {"as of", "features"}, "days and names of columns"


def test_untested_model_expires_after_three_months(assessed):
    model = replace(
        assessed.models["leaves"], predictions=assessed.models["leaves"].predictions[:0]
    )
    bare = SimpleNamespace(**{**vars(assessed), "models": {"leaves": model}})
    found = validate_models(bare)
    assert found.cards["leaves"].expiry.expires_on == pd.Timestamp("2026-03-31")
    assert "0 events in 0 rows" in found.cards["leaves"].limits[1].replace("\u00a0", " ")
    assert validation.say_headline(found).startswith("Of 3 models 0 can be relied on")


def test_earlier_model_is_judged_only_on_windows_that_began_since(assessed):
    (found,) = gather_risks(assessed, [issue(assessed, "2025-06-30")])
    assert len(found.followed.panel) == 200  # the origin of June alone
    assert found.followed.scored["month_end"].min() == pd.Timestamp("2025-06-30")
    assert found.followed.learnt["month_end"].max() == pd.Timestamp("2024-12-31")
    known = found.followed.scored.dropna(subset="happened")
    assert known["month_end"].unique().tolist() == [pd.Timestamp("2025-06-30")]


def test_latest_earlier_model_with_a_window_since_is_taken(assessed):
    days = ("2024-06-30", "2024-12-31", "2025-09-30")
    (found,) = gather_risks(assessed, [issue(assessed, day) for day in days])
    assert found.followed.issued_on == pd.Timestamp("2024-12-31")
    (young,) = gather_risks(assessed, [issue(assessed, days[-1])])
    assert young.followed.issued_on == pd.Timestamp("2025-09-30")
    assert young.followed.panel.empty


def test_same_model_does_not_take_over_from_itself(assessed):
    found = validate_models(assessed, earlier=[issue(assessed, "2024-12-31")])
    contests = validation.list_contests(found).set_index("rivals")
    today = contests.loc["the earlier model"]
    assert (today["rows_count"], today["finding"]) == (400, "not surely better")
    assert today["brier_gain"] == 0.0
    assert "1 have enough events since: 0 of them rank worse" in validation.say_contests(found)[-1]
    assert validation.list_drift(found)["model_on"].unique() == [pd.Timestamp("2024-12-31")]


def test_invoices_are_judged_by_how_long_they_have_been_due(assessed):
    rows = pd.DataFrame(
        {
            "invoice_id": ["late", "paid early", "not yet due", "over 30"],
            "client_id": ["C-1", "C-1", "C-2", "C-2"],
            "paid_days": [5.0, -3.0, -4.0, np.nan],
            "open_days": [20.0, 20.0, -1.0, 31.0],
            "starts_on": pd.Timestamp("2025-10-01"),
            "late_0": 0.4,
            "late_30": 0.1,
        }
    )
    said = pd.concat([rows.assign(method="model"), rows.assign(method="rule", late_0=0.5)])
    tested = SimpleNamespace(predictions=said, chosen="model")
    late, over_30 = gather_timing(SimpleNamespace(as_of=AS_OF, timing=None, timing_tested=tested))
    by_client = late.predictions.sort_values(["client_id", "happened"])["happened"]
    assert by_client.tolist()[:3] == [0.0, 1.0, 1.0]
    assert by_client.isna().sum() == 1, "paid before it was due, and not due yet: not judged"
    assert over_30.predictions["happened"].dropna().tolist() == [1.0]
    assert (late.predictions["rule"].unique(), late.judged["probability"].unique()) == (0.5, 0.4)
