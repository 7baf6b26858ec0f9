"""What findings ask for: each rule on both sides of its limit."""

from dataclasses import replace

import pandas as pd
import pytest
from small_sales import drawn, month_ends

from clientlib import results
from clientlib.language import Kept, retell, speaking, translate
from clientlib.results.periods import Period

AS_OF = "2025-12-31"
RULES = results.ActionRules()
HEAD = "client_id product_id order_month quantity price"
SEGMENTS = """
    client_id  name   segment                value_tier  life_state  revenue_12m_amount  revenue_previous_12m_amount  action           owner
    C-1        Alpha  Core~accounts          large       active      900                 700                          Review~terms     head
    C-2        Beta   Core~accounts~at~risk  large       at~risk     80                  200                          Visit~them       head~of~sales
    C-3        Gamma  Small~at~risk          small       at~risk     20                  20                           Send~a~reminder  desk
    C-4        Delta  Former~clients         none        lost        0                   0                            Keep             desk
"""
SCORES = """
    client_id  name   grade               open_amount  money_at_risk_amount  probability_late  overdue_amount
    C-1        Alpha  worse~than~average  500          300                   0.6               100
    C-2        Beta   about~average       500          50                    0.1               0
    C-3        Gamma  worse~than~average  0            0                     0.7               0
"""


def spaced(text: str) -> pd.DataFrame:
    return drawn(text).map(
        lambda value: value.replace("~", " ") if isinstance(value, str) else value
    )


def plain(text: str) -> str:
    """Write unbreakable and thin spaces as plain ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def segments() -> pd.DataFrame:
    return spaced(SEGMENTS)


def bridged(lines_of, rows: str) -> results.RevenueBridge:
    ends = month_ends("2024-01-31", AS_OF)
    return results.bridge_revenue(lines_of(f"{HEAD}\n{rows}"), ends, as_of=AS_OF, currency="EUR")


def test_action_says_who_does_what_by_when(segments):
    found = results.judge_segments(results.sum_segments(segments), currency="EUR", rules=RULES)
    assert plain(results.say_implication(found, as_of=AS_OF)) == (
        "Core accounts at risk: 1 client with 80 EUR in 12 months. Action for head of sales, "
        "by 7 January 2026: visit them."
    )


def test_segment_below_the_limit_asks_for_nothing(segments):
    strict = replace(RULES, at_risk_share=0.081)
    found = results.judge_segments(results.sum_segments(segments), currency="EUR", rules=strict)
    assert results.say_implication(found, as_of=AS_OF).endswith("no rule asks for an action.")
    at_limit = replace(RULES, at_risk_share=0.08)
    assert results.judge_segments(
        results.sum_segments(segments), currency="EUR", rules=at_limit
    ).decision


@pytest.mark.parametrize(
    ("price", "decision"),
    [
        pytest.param(9, "Review discounts in tools, where prices took 10 EUR", id="a tenth gone"),
        pytest.param(9.95, "", id="half a percent gone"),
        pytest.param(11, "", id="dearer than a year ago"),
    ],
)
def test_fallen_prices_ask_for_a_review_of_discounts(lines_of, price, decision):
    found = bridged(lines_of, f"C-1 P-1 2024-03-31 10 10\nC-1 P-1 2025-03-31 10 {price}")
    assert results.judge_price(found, rules=RULES).decision == decision


def test_lost_clients_are_asked_why_the_largest_first(lines_of, clients):
    rows = "C-1 P-1 2024-03-31 2 10\nC-2 P-1 2024-03-31 5 10\nC-3 P-1 2024-03-31 1 10\nC-3 P-1 2025-03-31 1 10"
    found = results.judge_lost(bridged(lines_of, rows), clients, rules=RULES)
    assert (
        plain(found.finding)
        == "2 clients of the year before bought nothing in these months: 70 EUR"
    )
    assert found.decision.startswith(
        "Ask the largest of them why, first Beta, which had bought for 50"
    )


def test_key_account_with_a_tenth_of_revenue_asks_for_a_yearly_plan(segments):
    accounts = results.list_key_accounts(segments, top_n=2, currency="EUR")
    assert (accounts.clients_count, accounts.largest_share, accounts.top_share) == (3, 0.9, 0.98)
    assert accounts.title == "Alpha is the largest client, with 900 EUR in 12 months"
    found = results.judge_accounts(accounts, rules=RULES)
    assert found.decision == "Agree a yearly plan with Alpha"
    assert results.judge_accounts(accounts, rules=replace(RULES, largest_share=0.91)).decision == ""


def test_clients_surely_late_are_settled_with_those_who_owe():
    found = results.judge_reliability(spaced(SCORES), currency="EUR", rules=RULES)
    assert plain(found.finding) == "350 of 1 000 EUR owed is late or may come late"
    assert plain(found.decision) == (
        "Settle terms with 1 client of the grade worse than average, first Alpha with 300 EUR at risk"
    )
    calm = replace(RULES, risk_share=0.36)
    assert results.judge_reliability(spaced(SCORES), currency="EUR", rules=calm).decision == ""


@pytest.mark.parametrize(
    ("verdict", "decision"),
    [("cheaper", "Review prices in tools against Rival"), ("no clear difference", "")],
)
def test_only_a_sure_index_asks_for_a_review_of_prices(verdict, decision):
    families = pd.DataFrame(
        {"name": ["Rival"], "family": ["tools"], "price_index": [92.0], "verdict": [verdict]}
    )
    assert results.judge_rivals(families).decision == decision


def test_deals_past_their_day_ask_for_a_new_one():
    overdue = pd.DataFrame({"deal_id": ["D-1"], "amount": [500.0]})
    assert results.judge_pipeline(overdue, currency="EUR").decision
    assert results.judge_pipeline(overdue.iloc[:0], currency="EUR").decision == ""


@pytest.mark.parametrize(("target", "is_asked"), [(110, True), (101, False), (90, False)])
def test_shortfall_of_the_plan_names_the_part_that_lacks_most(lines_of, target, is_asked):
    lines = lines_of(f"{HEAD}\nC-1 P-1 2025-01-31 10 10\nC-2 P-1 2025-01-31 1 10")
    goals = drawn(
        f"""
        target_id  month_end   manager_id  region  family  measure  target_value  is_spread
        T-1        2025-01-31  M-1         -       -       revenue  {target}      False
        """
    )
    plan = results.read_plan(goals, lines, as_of=AS_OF, currency="EUR")
    january = Period("January", pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-31"))
    none, found = (
        results.bridge_plan(plan, lines, january, by=by) for by in ("family", "manager_id")
    )
    judged = results.judge_plan(none, found, rules=RULES)
    assert ("Agree how the gap of M-1 (10 EUR)" in judged.decision) == is_asked


def test_decisions_are_listed_by_day_and_only_where_a_rule_fired(segments):
    accounts = results.judge_accounts(
        results.list_key_accounts(segments, currency="EUR"), rules=RULES
    )
    risk = results.judge_segments(results.sum_segments(segments), currency="EUR", rules=RULES)
    calm = results.judge_pipeline(pd.DataFrame({"deal_id": [], "amount": []}), currency="EUR")
    table = results.list_decisions([accounts, None, calm, risk], as_of=AS_OF)
    assert table["by_on"].tolist() == [pd.Timestamp("2026-01-07"), pd.Timestamp("2026-01-30")]
    assert table["decision"].tolist() == ["Visit them", "Agree a yearly plan with Alpha"]
    assert table["who"].tolist() == ["head of sales", "key-account manager"]
    assert results.say_decisions(table).startswith("2 decisions are asked for")


def test_what_is_issued_is_english_and_can_be_told_again(segments):
    with speaking("lt"):
        risk = results.judge_segments(results.sum_segments(segments), currency="EUR", rules=RULES)
        table = results.list_decisions([risk], as_of=AS_OF)
    (row,) = table.itertuples()
    assert plain(row.finding) == "Core accounts at risk: 1 client with 80 EUR in 12 months"
    assert isinstance(row.finding, Kept)
    assert [row.decision, row.who] == ["Visit them", "head of sales"]
    with speaking("lt"):
        assert translate("Core accounts at risk") in retell(row.finding)


def test_no_finding_makes_no_decision():
    table = results.list_decisions([None, None], as_of=AS_OF)
    assert table.empty
    assert results.say_decisions(table) == "No rule asks for a decision."


def test_missing_input_is_said_in_one_sentence(lines_of):
    missing = "Not enough data: no report has issued it."
    assert results.judge_reliability(pd.DataFrame(), currency="EUR", rules=RULES) is None
    assert results.judge_rivals(pd.DataFrame()) is None
    assert results.say_implication(None, as_of=AS_OF, missing=missing) == missing
    assert results.list_exposures(pd.DataFrame()).empty
    assert results.list_rivals(pd.DataFrame()).empty


def test_exposures_are_clients_that_owe_most_at_risk_first():
    found = results.list_exposures(spaced(SCORES))
    assert found["client_id"].tolist() == ["C-1", "C-2"]
    assert results.title_exposures(found, "EUR") == "Most money is at risk with Alpha: 300 EUR"


def test_segments_speak_of_the_clients_of_now(segments):
    summed = results.sum_segments(segments)
    assert summed["revenue_12m_amount"].tolist() == [900, 80, 20, 0]
    title = results.title_segments(summed, "EUR")
    assert title == "Clients now in Core accounts bring 900 EUR, 200 above their year before"
    assert title.claims[0].allows("above")


def test_flows_stand_in_the_order_of_tiers_with_newcomers_last():
    flows = drawn(
        """
        label_before          label_after  clients_count
        small                 large        2
        large                 large        5
        (not~yet~a~client)    small        3
        """
    )
    matrix = results.lay_out_flows(flows)
    assert list(matrix.index) == ["large", "small", "(not~yet~a~client)"]
    assert matrix["large"].tolist() == [5, 2, 0]
    assert results.title_flows(matrix) == "Of the clients that were large, 5 still are"
