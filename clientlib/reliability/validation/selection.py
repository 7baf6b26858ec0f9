"""Outcomes exist only for clients that were accepted: what that means for the figures."""

from dataclasses import dataclass

import pandas as pd

from clientlib.panels import check_columns
from clientlib.reliability.validation.drift import measure_stability

SELECTION_TEXT = (
    "Outcomes are known only of clients that we accepted. How those that we refused would have "
    "done nobody knows, so the figures hold for clients like the accepted ones, and are too good "
    "where the refusals were right. Labels of refused clients are neither guessed nor used. An "
    "unbiased source is a lane of clients accepted on prepayment, whatever their score."
)


@dataclass(frozen=True)
class Selection:
    """How far the accepted clients stand for all that asked.

    Parameters
    ----------
    accepted_count, refused_count : int
        Rows of each.
    beyond_share : float, 0..1
        Refused rows with a higher score than 95 % of the accepted: there the model has hardly
        any outcome to rest on. nan without refused rows.
    psi : float
        Distance of both distributions of scores; nan below 50 rows of either.
    note : str
        The text for the page.
    """

    accepted_count: int
    refused_count: int
    beyond_share: float
    psi: float
    note: str = SELECTION_TEXT


def keep_accepted(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows whose outcome may be used.

    Parameters
    ----------
    rows : DataFrame
        With is_accepted; further columns are kept.

    Returns
    -------
    DataFrame
        Accepted rows alone: a label that a refused row may carry is never looked at.

    Raises
    ------
    InputError
        The column is missing.
    """
    check_columns(rows, ("is_accepted",), name="rows")
    return rows[rows["is_accepted"].astype(bool)].reset_index(drop=True)


def describe_selection(rows: pd.DataFrame) -> Selection:
    """Tell how far refused clients lie from those whose outcomes are known.

    Parameters
    ----------
    rows : DataFrame, one row per decision
        probability and is_accepted; outcomes are not looked at.

    Returns
    -------
    Selection
        With the text that belongs on every page of outcomes.

    Raises
    ------
    InputError
        A column is missing.
    """
    check_columns(rows, ("probability", "is_accepted"), name="rows")
    is_accepted = rows["is_accepted"].astype(bool)
    accepted, refused = (rows.loc[part, "probability"] for part in (is_accepted, ~is_accepted))
    edge = accepted.quantile(0.95) if len(accepted) else float("nan")
    beyond = float((refused > edge).mean()) if len(refused) else float("nan")
    psi = float(str(measure_stability(accepted, refused)["psi"]))
    return Selection(len(accepted), len(refused), beyond, psi)
