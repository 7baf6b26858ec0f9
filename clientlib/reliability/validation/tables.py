"""Tables of the page of validation, and the two that are issued."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from clientlib.language import jot, tell, translate
from clientlib.reliability.risks.wording import word_sign
from clientlib.reliability.validation.drift import ALARM, WATCH
from clientlib.reliability.validation.examining import RIGHT, TOO_HIGH, TOO_LOW, Examined
from clientlib.reliability.validation.measured import NOT_ENOUGH, OK
from clientlib.reliability.validation.page import Validation
from clientlib.reliability.validation.rivals import CHALLENGER, Contest
from clientlib.reliability.validation.slices import UNKNOWN
from clientlib.reliability.validation.subjects import EVENTS

RULE_RIVAL, EARLIER_RIVAL = "the plain rule", "the earlier model"
TAKES_OVER, STAYS = "surely better", "not surely better"
NO_CARD = "nothing was fitted"
# Columns that a reader is shown, also where there is no row.
STABILITIES = ("event", "name", "psi", "floor", "reference_count", "count", "level")
SIGNS = (*STABILITIES, "feature", "shift", "finding")
CLASSES = (
    "event", "name", "class_low", "class_high", "count", "events_count", "predicted_share",
    "observed_share", "p_value", "alarm",
)  # fmt: skip
SLICES = (
    "event", "name", "by", "slice", "count", "events_count", "predicted_share", "observed_share",
    "observed_low", "observed_high", "is_off", "auc", "auc_low", "auc_high", "status",
)  # fmt: skip
MONTHS = (
    "event", "name", "model_on", "month_end", "psi", "floor", "count", "level", "judged_count",
    "events_count", "auc", "auc_low", "auc_high", "bias",
)  # fmt: skip
DIMENSIONS = {"region": "region", "size_band": "size"}


def list_models(validation: Validation) -> pd.DataFrame:
    """Sum up every model in a row.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model
        event, name, method, verdict, ranking, development, level, rows_count and events_count of
        the test; auc, ks, brier, intercept and slope, each with _low and _high; auc_then,
        auc_then_low, auc_then_high, auc_now, auc_now_low, auc_now_high and auc_p_value of the
        comparison with development; brier_perfect with its band, and brier_base.
    """
    return pd.DataFrame([_sum_up(each) for each in validation.examined])


def list_cards(validation: Validation) -> pd.DataFrame:
    """Sum up the cards: until when each model may be used, and why.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model
        event, name, method, verdict, expires_on and reason ("nothing was fitted" without a
        card), owner, purpose, and rows_count, events_count and features_count of the training.
    """
    return pd.DataFrame([_sum_up_card(validation, each) for each in validation.examined])


def write_cards(validation: Validation) -> pd.DataFrame:
    """Lay out the cards one below the other.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per entry
        name, entry and value, in the language that is spoken.
    """
    tables = [
        card.to_table().assign(name=translate(card.name)) for card in validation.cards.values()
    ]
    columns = ["name", "entry", "value"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else _empty(columns)


def list_classes(validation: Validation) -> pd.DataFrame:
    """List the classes of all models with their tests, alarms first.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model and class
        event, name, bounds (in words, in the language that is spoken) and the columns of
        `Examined.classes`, without the row of all and classes without rows.
    """
    tables = [_name(each.classes.iloc[:-1], each) for each in validation.examined]
    rows = _stack(tables, CLASSES)
    rows = rows[rows["count"] > 0]
    bounds = [
        tell("{low:share1} to {high:share1}", low=low, high=high)
        for low, high in zip(rows["class_low"], rows["class_high"], strict=True)
    ]
    rows = rows.assign(bounds=bounds)
    order = rows["alarm"].map({TOO_LOW: 0, TOO_HIGH: 1, RIGHT: 2, NOT_ENOUGH: 3})
    return rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def list_stabilities(validation: Validation) -> pd.DataFrame:
    """List how far the scores of each model have moved since it was fitted.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per fitted model
        event, name, psi, floor, reference_count, count and level.
    """
    found = [each for each in validation.examined if each.subject.is_fitted]
    rows = [{"event": e.event, "name": EVENTS[e.event], **e.stability} for e in found]
    return pd.DataFrame(rows) if rows else _empty(STABILITIES)


def list_features(validation: Validation) -> pd.DataFrame:
    """List the signs, each in the model where its drift matters most, the largest shift first.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per sign
        event, name, sign (what it is, in words) and the columns of `Examined.features`: alarms
        that move scores first, then by PSI.
    """
    tables = [_name(each.features, each) for each in validation.examined if len(each.features)]
    rows = _stack(tables, SIGNS)
    rank = rows["finding"].map({"alarm": 0, "watch": 1}).fillna(2)
    ordered = rows.assign(rank=rank).sort_values(["rank", "psi"], ascending=[True, False])
    kept = ordered.drop_duplicates("feature").drop(columns="rank").reset_index(drop=True)
    return kept.assign(sign=[_describe(name) for name in kept["feature"]])


def list_contests(validation: Validation) -> pd.DataFrame:
    """List who stood against whom on which frozen panel.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per contest
        event, name, rivals, rows_count, clients_count, brier_champion, brier_challenger,
        brier_gain with its ends, auc_champion, auc_challenger, auc_gain with its ends, finding
        ("surely better" of the challenger, "not surely better", "not enough data") and method
        (which scores today).
    """
    rows = []
    for each in validation.examined:
        rows.append(_sum_up_contest(each, each.contest, RULE_RIVAL))
        if each.succession is not None:
            rows.append(_sum_up_contest(each, each.succession, EARLIER_RIVAL))
    return pd.DataFrame(rows)


def list_slices(validation: Validation) -> pd.DataFrame:
    """List regions and sizes, those where the level is off first.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model and slice
        event, name, by ("region" or "size") and the other columns of `Examined.slices`; also
        finding.
    """
    tables = [_name(each.slices, each) for each in validation.examined if len(each.slices)]
    rows = _stack(tables, SLICES)
    if rows.empty:
        return rows.assign(finding="")
    is_low = rows["predicted_share"] < rows["observed_share"]
    found = is_low.map({True: TOO_LOW, False: TOO_HIGH}).where(rows["is_off"], RIGHT)
    rows = rows.assign(finding=found.where(rows["status"] == OK, NOT_ENOUGH))
    order = rows["finding"].map({TOO_LOW: 0, TOO_HIGH: 0, RIGHT: 1, NOT_ENOUGH: 2})
    is_unknown = rows["slice"] == UNKNOWN  # the one name that is ours, among names from data
    named = rows.assign(
        by=rows["by"].map(DIMENSIONS), slice=rows["slice"].mask(is_unknown, jot("unknown"))
    )
    return named.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def list_drift(validation: Validation) -> pd.DataFrame:
    """List the months since training, model by model.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model and month end
        event, name (in the language that is spoken), model_on (day of the model that is
        followed) and the columns of `follow_drift`: alarms first, then what is to be watched,
        then months whose outcomes are known.
    """
    tables = [
        _name(each.drift, each).assign(model_on=each.followed_on)
        for each in validation.examined
        if len(each.drift)
    ]
    rows = _stack(tables, MONTHS)
    order = rows["level"].map({ALARM: 0, WATCH: 1}).fillna(rows["auc"].isna() + 2)
    told = rows.assign(name=rows["name"].map(translate))
    return told.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def list_months(validation: Validation) -> pd.DataFrame:
    """List the months since training of the models of clients, for a chart.

    Parameters
    ----------
    validation : Validation
        From `validate_models`.

    Returns
    -------
    DataFrame, one row per model and month end, by model and month
        As `list_drift`, with the PSI as drift. Invoices are tested by windows of a quarter, not
        by months.
    """
    of_clients = replace(
        validation,
        examined=tuple(each for each in validation.examined if not each.subject.is_about_invoices),
    )
    rows = list_drift(of_clients).assign(drift=lambda rows: rows["psi"])
    places = {each.event: place for place, each in enumerate(validation.examined)}
    if rows.empty:
        return rows
    rows = rows.assign(place=rows["event"].map(places))
    ordered = rows.sort_values(["place", "month_end"], ignore_index=True)
    return ordered.drop(columns="place")


def _sum_up(examined: Examined) -> dict[str, object]:
    then, now, brier = examined.against.then, examined.against.now, examined.brier
    figures = [(each.name, each) for each in examined.measures]
    spread = {
        name + end: value
        for name, each in [*figures, ("auc_then", then), ("auc_now", now)]
        for end, value in (("", each.value), ("_low", each.low), ("_high", each.high))
    }
    return {
        "event": examined.event,
        "name": EVENTS[examined.event],
        "method": examined.subject.method,
        "verdict": examined.verdict,
        "ranking": examined.ranking,
        "development": examined.development,
        "level": examined.level,
        "rows_count": examined.auc.rows_count,
        "events_count": examined.auc.events_count,
        **spread,
        "auc_p_value": examined.against.p_value,
        "brier_perfect": brier.perfect,
        "brier_perfect_low": brier.perfect_low,
        "brier_perfect_high": brier.perfect_high,
        "brier_base": brier.base_rate,
    }


def _sum_up_card(validation: Validation, examined: Examined) -> dict[str, object]:
    card, subject = validation.cards.get(examined.event), examined.subject
    return {
        "event": examined.event,
        "name": EVENTS[examined.event],
        "method": subject.method if subject.is_fitted else "",
        "verdict": examined.verdict,
        "expires_on": card.expiry.expires_on if card else pd.NaT,
        "reason": card.expiry.reason if card else NO_CARD,
        "owner": card.owner if card else "",
        "purpose": card.purpose if card else "",
        "rows_count": subject.rows_count,
        "events_count": subject.events_count,
        "features_count": len(card.features) if card else 0,
    }


def _sum_up_contest(examined: Examined, contest: Contest, rivals: str) -> dict[str, object]:
    finding = NOT_ENOUGH
    if contest.status == OK:
        finding = TAKES_OVER if contest.decision == CHALLENGER else STAYS
    return {
        "event": examined.event,
        "name": EVENTS[examined.event],
        "rivals": rivals,
        "rows_count": contest.rows_count,
        "clients_count": contest.clients_count,
        **dict.fromkeys(_contest_columns(), float("nan")),
        **dict(_spread_measures(contest)),
        "finding": finding,
        "method": examined.subject.method,
    }


def _contest_columns() -> list[str]:
    kinds = ("champion", "challenger", "gain", "gain_low", "gain_high")
    return [f"{measure}_{kind}" for measure in ("brier", "auc") for kind in kinds]


def _spread_measures(contest: Contest) -> Iterable[tuple[str, float]]:
    for row in contest.measures.to_dict("records"):
        for kind in ("champion", "challenger", "gain", "gain_low", "gain_high"):
            yield f"{row['measure']}_{kind}", float(row[kind])


def _describe(feature: str) -> str:
    return word_sign(feature)


def _name(rows: pd.DataFrame, examined: Examined) -> pd.DataFrame:
    return rows.assign(event=examined.event, name=EVENTS[examined.event])


def _stack(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if tables else _empty(columns)


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))
