"""Champion and challenger on the same frozen rows: who decides from now on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clientlib.language import jot
from clientlib.panels import check_columns
from clientlib.reliability.calibration import weigh_auc
from clientlib.reliability.validation.measured import (
    NOT_ENOUGH,
    OK,
    Floats,
    bootstrap_clients,
    is_enough,
    middle,
    read_judged,
)

SURE_ENOUGH = 0.95
CHAMPION, CHALLENGER = "champion", "challenger"
NOTES = {
    True: "The challenger takes over: on {rows:row} of {clients:client} its Brier score is smaller "
    "in {brier:share} of the samples ({needed:share} are needed), its AUC larger in {auc:share}.",
    False: "The challenger does not take over: on {rows:row} of {clients:client} its Brier score "
    "is smaller in {brier:share} of the samples ({needed:share} are needed), its AUC larger in "
    "{auc:share}.",
}


@dataclass(frozen=True)
class Contest:
    """Two models on one frozen panel.

    Parameters
    ----------
    status : str
        "ok" or "not enough data".
    decision : str
        Who decides from now on: "champion", unless the challenger is surely better.
    note : str
        Why, in a sentence that can be told again.
    measures : DataFrame, one row per measure
        measure (brier, auc), champion, challenger, gain (above 0: the challenger is better),
        gain_low, gain_high (90 %) and better_share (of the samples of clients, in how many
        the challenger is better).
    rows_count, clients_count : int
        Of the panel.
    """

    status: str
    decision: str
    note: str
    measures: pd.DataFrame
    rows_count: int
    clients_count: int


def hold_contest(panel: pd.DataFrame, *, seed: int = 0) -> Contest:
    """Compare two models by drawing clients again and again, the same for both.

    Parameters
    ----------
    panel : DataFrame, one row per prediction of a frozen panel
        client_id, happened, champion and challenger: the probabilities that both gave.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Contest
        The challenger takes over if its Brier score is better in 95 % of the samples and it
        does not rank worse in 95 % of them.

    Raises
    ------
    InputError
        A column is missing, or a probability or an outcome is out of range.
    """
    check_columns(panel, ("client_id", "happened", CHAMPION, CHALLENGER), name="panel")
    for name in (CHAMPION, CHALLENGER):
        read_judged(panel.assign(probability=panel[name]))
    rows = panel.sort_values("client_id", kind="stable", ignore_index=True)
    counts = (len(rows), int(rows["client_id"].nunique()))
    if not is_enough(rows):
        note = jot("Not enough data to compare both: the champion stays.")
        return Contest(NOT_ENOUGH, CHAMPION, note, pd.DataFrame(), *counts)
    measures = pd.DataFrame([_compare(rows, name, seed) for name in ("brier", "auc")])
    better = measures.set_index("measure")["better_share"]
    wins = better["brier"] >= SURE_ENOUGH and better["auc"] > 1 - SURE_ENOUGH
    note = jot(
        NOTES[wins],
        rows=counts[0],
        clients=counts[1],
        brier=better["brier"],
        needed=SURE_ENOUGH,
        auc=better["auc"],
    )
    return Contest(OK, CHALLENGER if wins else CHAMPION, note, measures, *counts)


def _compare(rows: pd.DataFrame, name: str, seed: int) -> dict[str, object]:
    happened = rows["happened"].to_numpy(dtype=np.float64)
    given = [rows[side].to_numpy(dtype=np.float64) for side in (CHAMPION, CHALLENGER)]

    def worth(p: Floats, weight: Floats) -> float:
        """Give a figure of which more is better."""
        if name == "auc":
            return weigh_auc(p, weight * happened, weight * (1 - happened))
        return -float(weight @ (p - happened) ** 2 / weight.sum())

    ones = np.ones(len(rows))
    ours, theirs = (worth(p, ones) for p in given)
    gains = bootstrap_clients(
        rows, lambda weight: worth(given[1], weight) - worth(given[0], weight), seed=seed
    )
    low, high = middle(gains)
    return {
        "measure": name,
        CHAMPION: abs(ours),
        CHALLENGER: abs(theirs),
        "gain": theirs - ours,
        "gain_low": low,
        "gain_high": high,
        "better_share": float((gains > 0).mean()),
    }
