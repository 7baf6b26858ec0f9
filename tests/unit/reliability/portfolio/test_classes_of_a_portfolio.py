"""Expected loss by class: its table and its title, also where nothing is lost or known."""

from dataclasses import fields

import pandas as pd
import pytest

from clientlib.reliability.portfolio import Overview


def overview(losses):
    clients = pd.DataFrame(
        {
            "risk_class": ["A", None],
            "exposure_amount": [500.0, 100.0],
            "expected_loss_amount": losses,
        }
    )
    others = dict.fromkeys((field.name for field in fields(Overview)), None)
    return Overview(**{**others, "clients": clients, "currency": "EUR", "missing": ""})


@pytest.mark.parametrize("losses", [[0.0, None], [30.0, None], [30.0, 10.0]])
def test_the_title_tells_a_figure_that_stands_in_the_chart(losses):
    view = overview(losses)
    column = view.classes["expected_loss_amount"]
    (told,) = view.classes_message.told
    shown = [column.sum(), *(column / column.sum() if column.sum() else [])]
    assert told.value in shown


def test_clients_without_a_class_stand_last_and_are_not_called_safe():
    assert overview([30.0, None]).classes["risk_class"].tolist() == ["A", "not enough data"]


def test_nothing_is_drawn_where_no_expected_loss_is_known():
    assert overview([None, None]).classes.empty
