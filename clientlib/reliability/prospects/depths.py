"""How much is known of a prospect: four depths, the signs of each, and whose rows teach them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from clientlib.panels import check_columns
from clientlib.reliability.risks.catalogue import BY_NAME, SIGNS
from clientlib.reliability.risks.places import LEVELS
from clientlib.reliability.risks.targets import DEFAULTS

PLACE, STATEMENTS, DEALINGS, OWN = "place", "statements", "dealings", "own history"
DEPTHS = (PLACE, STATEMENTS, DEALINGS, OWN)
NOT_ENOUGH = "not enough data"
YOUNG_MONTHS = 12  # known for so long at most: new
UNSEEN_MONTHS = 6  # who stands in the panel's first months may have been a client long before

_OF_SUBJECT = {
    subject: tuple(sign.name for sign in SIGNS if sign.subject == subject)
    for subject in {sign.subject for sign in SIGNS}
}
PAPERS = _OF_SUBJECT["registers"] + _OF_SUBJECT["statements"]
IN_THE_DEAL = (*_OF_SUBJECT["dealings"], "payment_days", "is_secured")
RECORD = (
    *_OF_SUBJECT["payments"],
    *_OF_SUBJECT["orders"],
    *_OF_SUBJECT["claims"],
    "limit_use",
)
FEATURES = {
    PLACE: LEVELS,
    STATEMENTS: (*LEVELS, *PAPERS),
    DEALINGS: (*LEVELS, *PAPERS, *IN_THE_DEAL),
    OWN: RECORD,
}
KEYS = ("client_id", "month_end")
NEEDED = (*KEYS, *PAPERS, *IN_THE_DEAL, *RECORD, "dealings_count")


def count_outcomes(rows: pd.DataFrame) -> pd.Series:
    """Count the invoices of each row that have been judged.

    Parameters
    ----------
    rows : DataFrame
        Of `build_signs`: the sign ``evidence`` is log(1 + n).

    Returns
    -------
    Series of float, index as ``rows``
        Whole numbers; 0 where nothing is known.
    """
    counts = np.expm1(rows["evidence"].astype(float).fillna(0.0).clip(lower=0.0))
    return pd.Series(np.rint(counts), index=rows.index, name="outcomes_count")


def find_evidence(rows: pd.DataFrame) -> pd.DataFrame:
    """Tell of what depth there is evidence.

    Parameters
    ----------
    rows : DataFrame
        Of `build_signs`, with ``dealings_count``.

    Returns
    -------
    DataFrame of bool, index as ``rows``
        A column per depth: place always; statements where a ratio or a grade is known; dealings
        where there was a quote, a contact or a promise; own history from one judged invoice.
    """
    papers = rows[[*_OF_SUBJECT["statements"], "bureau_grade"]].notna().any(axis=1)
    return pd.DataFrame(
        {
            PLACE: True,
            STATEMENTS: papers,
            DEALINGS: rows["dealings_count"].astype(float).fillna(0.0) > 0,
            OWN: count_outcomes(rows) > 0,
        },
        index=rows.index,
    )


def join_places(signs: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Put line of business, region and size beside the signs, as the list of clients has them.

    Parameters
    ----------
    signs : DataFrame
        From `build_signs`.
    clients : DataFrame, one row per client
        client_id and the attributes.

    Returns
    -------
    DataFrame, index as ``signs``
        With the columns of `LEVELS`.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(signs, NEEDED, name="the signs of clients")
    check_columns(clients, ("client_id", *LEVELS), name="marts.clients")
    by_client = clients.drop_duplicates("client_id").set_index("client_id")
    told = {level: signs["client_id"].map(by_client[level]).astype(object) for level in LEVELS}
    return signs.assign(**told)


def is_young(signs: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows are of clients in their first year.

    Parameters
    ----------
    signs : DataFrame
        From `build_signs`, of all month ends: who stands in the first six months of the panel may
        have been a client long before our history begins, and is never young.

    Returns
    -------
    Series of bool, index as ``signs``
        At most 12 months since the first business.
    """
    ends = signs["month_end"]
    seen_from = ends.min() + pd.offsets.MonthEnd(UNSEEN_MONTHS)
    joined = ends.groupby(signs["client_id"]).transform("min")
    first_year = signs["known_months"].astype(float) <= YOUNG_MONTHS
    young: pd.Series[bool] = first_year & (joined >= seen_from)
    return young


def directions_of(features: Sequence[str], event: str) -> dict[str, int]:
    """Give the directions that the catalogue states; they are those of not being paid.

    Parameters
    ----------
    features : sequence of str
        Signs and attributes.
    event : str
        One of `TARGETS`; of others than defaults no direction is known.

    Returns
    -------
    dict of str to int
        1 where the risk may only rise, -1 where it may only fall.
    """
    if event != DEFAULTS:
        return {}
    return {name: BY_NAME[name].direction for name in features if BY_NAME[name].direction}
