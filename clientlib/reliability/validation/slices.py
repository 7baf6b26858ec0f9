"""Does the model hold for every region and size: figures by slice, with counts and intervals."""

import pandas as pd

from clientlib.panels import check_columns
from clientlib.pooling import interval_of_share
from clientlib.reliability.validation.measured import (
    LEVEL,
    NOT_ENOUGH,
    OK,
    design_effect,
    is_enough,
    read_judged,
)
from clientlib.reliability.validation.ranking import measure_auc

UNKNOWN = "unknown"


def judge_slices(judged: pd.DataFrame, by: str) -> pd.DataFrame:
    """Judge a model slice by slice.

    Parameters
    ----------
    judged : DataFrame
        client_id, probability, happened and the column ``by``; unknown values are a slice.
    by : str
        Such as region or size_band.

    Returns
    -------
    DataFrame, one row per slice, the largest first
        slice, count, clients_count, events_count, predicted_share, observed_share,
        observed_low, observed_high (90 %, Jeffreys, of counts divided by
        the design effect: rows of one client are alike), is_off (the predicted share lies outside
        of them), auc, auc_low, auc_high and status: "not enough data" below 20 events or 20
        others, and then neither AUC nor verdict.

    Raises
    ------
    InputError
        A column is missing, or as in `read_judged`.
    """
    check_columns(judged, (by,), name="judged predictions")
    rows = read_judged(judged)
    names = rows[by].astype(object).where(rows[by].notna(), UNKNOWN)
    table = pd.DataFrame(
        [{"slice": name, **_judge(part)} for name, part in rows.groupby(names, sort=True)]
    )
    return table.sort_values(["count", "slice"], ascending=[False, True], ignore_index=True)


def _judge(rows: pd.DataFrame) -> dict[str, object]:
    enough, count, events = is_enough(rows), len(rows), int(rows["happened"].sum())
    predicted = float(rows["probability"].mean())
    alike = design_effect(rows)
    ends = interval_of_share(events / alike, count / alike, level=LEVEL)
    low, high = (float(end) for end in ends)
    auc = measure_auc(rows)
    return {
        "count": count,
        "clients_count": auc.clients_count,
        "events_count": events,
        "predicted_share": predicted,
        "observed_share": events / count,
        "observed_low": low,
        "observed_high": high,
        "is_off": enough and not low <= predicted <= high,
        "auc": auc.value,
        "auc_low": auc.low,
        "auc_high": auc.high,
        "status": OK if enough else NOT_ENOUGH,
    }
