"""No sign of the warehouse's own panels is accused; what a list says today is."""

import pytest

from clientlib.reliability.leaks import Evidence, find_leaks
from clientlib.reliability.risks import (
    ATTRIBUTES,
    SIGNS,
    TARGETS,
    LossRules,
    add_targets,
    build_signs,
    read_risk_panels,
)
from clientlib.warehouse import open_warehouse


@pytest.fixture(scope="module")
def company(small_company):
    with open_warehouse(small_company.warehouse_folder) as warehouse:
        last, _ = warehouse.month_ends()[-1]
        panels = read_risk_panels(warehouse.read, as_of=last)
    outcomes = add_targets(panels, LossRules(), horizon_months=6)
    return build_signs(panels).join(outcomes), last


def search(company, features, **said):
    rows, last = company
    return find_leaks(rows, features, last_known_on=last, **said)


@pytest.mark.parametrize("event", TARGETS)
def test_signs_of_the_panels_are_no_suspects(company, event):
    found = search(company, [sign.name for sign in SIGNS], outcome=event)
    assert found["feature"].tolist() == []


def test_attributes_are_suspects_until_somebody_confirms_them(company):
    names = [sign.name for sign in ATTRIBUTES]
    found = search(company, names, evidence=Evidence(current=names))
    assert found["feature"].tolist() == names
    assert {*found["kind"]} == {"without history"}
