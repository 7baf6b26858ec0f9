import numpy as np
import pandas as pd
import pytest

from clientlib.errors import InputError
from clientlib.reliability.learning import fit_model
from clientlib.reliability.learning.points import Scale, list_points


def test_points_worked_by_hand():
    odds = pd.Series([1 / 50, 1 / 100, 1 / 25])
    points = Scale().to_points(np.log(odds))
    assert points.tolist() == pytest.approx([600, 620, 580])


def test_points_of_a_card_add_up_to_the_score(applications):
    rows, happened, _ = applications
    model = fit_model(rows, happened, kind="scorecard", seed=2)
    card = list_points(model)
    industry = card[card["feature"] == "industry"].set_index("value")["points"]
    assert list(industry.index) == ["missing", "food", "steel", "wood", "other"]
    assert industry["wood"] < industry["steel"]
    swapped = rows.head(1).assign(industry=["wood"]), rows.head(1).assign(industry=["steel"])
    wood, steel = (Scale().to_points(model.log_odds(row)).iloc[0] for row in swapped)
    assert steel - wood == pytest.approx(industry["steel"] - industry["wood"])


def test_bins_are_told_in_words(applications):
    rows, happened, _ = applications
    card = list_points(fit_model(rows, happened, kind="rules", monotone={"days_late": 1}))
    days = card[card["feature"] == "days_late"]
    assert days["value"].iloc[0] == "missing"
    assert days["value"].iloc[1].startswith("below ")
    assert days["value"].iloc[-1].startswith("from ")
    assert (np.diff(days["points"].iloc[1:]) < 0).all()


def test_trees_have_no_card(applications):
    rows, happened, _ = applications
    with pytest.raises(InputError, match="cannot be listed"):
        list_points(fit_model(rows, happened, kind="boosted"))


def test_scale_without_sense_is_refused():
    with pytest.raises(InputError, match="above 0"):
        Scale(doubling_points=0.0)
