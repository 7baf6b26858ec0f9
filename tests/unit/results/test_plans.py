"""Goals: which are taken, how much they cover, and the way from plan to actual."""

import numpy as np
import pandas as pd
import pytest
from small_sales import drawn, month_ends

from clientlib import results
from clientlib.results.parts import find_holders
from clientlib.results.periods import Period

SOLD = """
    client_id  product_id  order_month  quantity  price
    C-1        P-1         2025-01-31   10        10
    C-2        P-3         2025-01-31   5         10
    C-3        P-1         2025-01-31   5         10
    C-1        P-1         2025-02-28   9         10
    C-2        P-3         2025-02-28   6         10
"""
TARGETS = """
    target_id  month_end   manager_id  region  family  measure  target_value  is_spread
    T-1        2025-01-31  M-1         -       -       revenue  110           True
    T-1        2025-02-28  M-1         -       -       revenue  80            True
    T-2        2025-01-31  M-2         -       -       revenue  90            True
    T-2        2025-02-28  M-2         -       -       revenue  70            True
    T-3        2025-01-31  M-1         -       -       orders   5             True
"""
WINTER = Period("two months", pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-28"))
AS_OF = "2025-02-28"


@pytest.fixture
def lines(lines_of) -> pd.DataFrame:
    return lines_of(SOLD)


def plan_of(targets: str, lines: pd.DataFrame) -> results.Plan:
    return results.read_plan(drawn(targets), lines, as_of=AS_OF, currency="EUR")


def test_goals_of_managers_are_the_plan_where_they_cover_all_revenue(lines):
    plan = plan_of(TARGETS, lines)
    assert plan.grain == "manager_id"
    assert plan.months["plan_amount"].tolist() == [200, 150]
    assert plan.months["covered_share"].tolist() == [1, 1]
    assert plan.amount(WINTER) == 350
    assert "spread over its months by days" in plan.note


def test_goals_of_different_grains_are_never_added(lines):
    family = (
        "T-9 2025-01-31 - - tools revenue 500 False\nT-8 2025-01-31 - north tools revenue 9 False"
    )
    plan = plan_of(TARGETS + family, lines)
    assert plan.months["plan_amount"].tolist() == [200, 150]
    assert plan.note.endswith("1 goal for two parts at once is not used.")


def test_goal_of_the_whole_company_goes_before_all_parts(lines):
    plan = plan_of(
        TARGETS + "T-9 2025-01-31 - - - revenue 210 False\nT-9 2025-02-28 - - - revenue 140 False",
        lines,
    )
    assert (plan.grain, plan.amount(WINTER)) == ("whole", 350)


def test_goals_that_leave_out_a_manager_are_no_plan_of_the_total(lines):
    plan = plan_of("\n".join(line for line in TARGETS.splitlines() if "M-2" not in line), lines)
    assert plan.months["covered_share"].round(2).tolist() == [0.5, 0.6]
    assert np.isnan(plan.amount(WINTER))


def test_month_without_a_goal_leaves_the_period_without_a_plan(lines):
    plan = plan_of("\n".join(line for line in TARGETS.splitlines() if "02-28" not in line), lines)
    assert plan.amount(Period("January", WINTER.first_on, pd.Timestamp("2025-01-31"))) == 200
    assert np.isnan(plan.amount(WINTER))


def test_bridge_leads_from_the_goals_to_the_revenue(lines):
    names = pd.Series({"M-1": "Jonas", "M-2": "Ona"})
    found = results.bridge_plan(
        plan_of(TARGETS, lines), lines, WINTER, by="manager_id", names=names
    )
    steps = found.steps.set_index("label")["amount"]
    assert steps.to_dict() == {"Plan": 350, "Jonas": 0, "Ona": 0, "Actual": 350}


def test_gap_is_said_with_its_direction(lines):
    targets = TARGETS.replace("revenue  90 ", "revenue  130")
    found = results.bridge_plan(plan_of(targets, lines), lines, WINTER, by="manager_id")
    assert found.title == (
        "M-2 lies 40 EUR below the goal, the largest gap of 1 January 2025 to 28 February 2025"
    )
    assert found.title.claims[0].allows("below")
    assert (found.plan_amount, found.gap_amount) == (390, -40)


def test_part_without_a_goal_is_a_step_of_its_own(lines):
    only_one = "\n".join(line for line in TARGETS.splitlines() if "M-2" not in line)
    found = results.bridge_plan(plan_of(only_one, lines), lines, WINTER, by="manager_id")
    steps = found.steps.set_index("label")["amount"]
    assert steps.to_dict() == {"Plan": 190, "M-1": 0, "Without a goal": 160, "Actual": 350}


@pytest.mark.parametrize("seed", range(20))
def test_steps_add_up_with_any_goals(lines_of, seed):
    draws = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "manager_id": [f"M-{k}" for k in range(20)],
            "goal": draws.integers(0, 500, 20),
            "sold": draws.integers(0, 60, 20),
        }
    )
    lines = lines_of(SOLD).iloc[[0] * 20].reset_index(drop=True)
    lines = lines.assign(manager_id=rows["manager_id"], revenue_amount=rows["sold"] * 10.0)
    lines.loc[3, "manager_id"] = None
    goals = rows[draws.random(20) < 0.7]
    goals = goals.assign(target_id=goals["manager_id"], month_end=pd.Timestamp("2025-01-31"),
                         region=None, family=None, measure="revenue", is_spread=False)  # fmt: skip
    plan = results.read_plan(goals.rename(columns={"goal": "target_value"}), lines, as_of=AS_OF)
    january = Period("January", pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-31"))
    steps = results.bridge_plan(plan, lines, january, by="manager_id").steps
    inner = steps.loc[steps["kind"] == "step", "amount"].sum()
    assert len(steps) <= 12
    assert steps["amount"].iloc[0] + inner == pytest.approx(steps["amount"].iloc[-1])
    assert steps["amount"].iloc[-1] == pytest.approx(lines["revenue_amount"].sum())


def test_without_goals_there_is_no_plan_and_the_reader_is_told(lines):
    plan = results.read_plan(drawn(TARGETS).iloc[:0], lines, as_of=AS_OF)
    assert (plan.grain, plan.note) == ("", "No goal for revenue is known to this reader.")
    found = results.bridge_plan(plan, lines, WINTER, by="family")
    assert found.steps.empty
    assert found.title == "No goals by family cover 1 January 2025 to 28 February 2025."
    ends = month_ends("2025-01-31", AS_OF)
    days = pd.DataFrame(
        {
            "ordered_on": [pd.Timestamp("2025-01-05")],
            "counted_on": [pd.Timestamp("2025-01-05")],
            "revenue_amount": [5.0],
            "costed_revenue_amount": [5.0],
            "cost_amount": [2.0],
        }
    )
    measured = results.measure_result(days, ends, as_of=AS_OF, plan=plan)
    assert measured.months["revenue_plan_amount"].isna().all()
    assert plan.note in measured.note


@pytest.mark.parametrize(
    ("rows", "holder"),
    [
        pytest.param("C-1 2024-01-01 - M-2", "M-2", id="the assignment goes before the client"),
        pytest.param("C-1 2024-01-01 2024-12-31 M-2\nC-1 2025-01-01 - M-3", "M-3", id="the last"),
        pytest.param("C-1 2024-01-01 2024-12-31 M-2", None, id="all have ended: nobody"),
        pytest.param("C-1 2025-06-01 - M-2", "M-1", id="not begun yet"),
        pytest.param("C-2 2024-01-01 - M-3", "M-1", id="none of its own"),
    ],
)
def test_client_stands_under_the_manager_of_the_day(clients, rows, holder):
    assignments = drawn(f"client_id starts_on ends_on manager_id\n{rows}")
    found = find_holders(clients, assignments, as_of=pd.Timestamp("2025-02-28"))["C-1"]
    assert (None if pd.isna(found) else found) == holder
