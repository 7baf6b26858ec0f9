"""Models and scores of prospects and new clients, as they are issued with those of all others."""

import pandas as pd

from clientlib.reliability.portfolio.assessing import Assessment
from clientlib.reliability.prospects import lay_out_models, lay_out_scores, train_prospects


def score_newcomers(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Train the models of prospects, and score everybody by what is known of him.

    Parameters
    ----------
    assessment : Assessment
        From `assess_clients`; its seed is used.

    Returns
    -------
    dict of str to DataFrame
        prospect_models (for lists of prospects, without any client) and prospect_scores, by the
        names that they are issued under.
    """
    models = train_prospects(
        assessment.signs,
        assessment.outcomes,
        assessment.panels.clients,
        as_of=assessment.as_of,
        horizon_months=assessment.horizon_months,
        seed=assessment.training.seed,
        timing=assessment.timing,
    )
    return {
        "prospect_models": lay_out_models(models),
        "prospect_scores": lay_out_scores(models, assessment.now),
    }
