import numpy as np
import pandas as pd
import pytest

from clientlib.reliability.warning import (
    Terms,
    build_panel,
    follow_silences,
    read_book,
    warn_clients,
)
from clientlib.reliability.warning.alerting import score_panels
from clientlib.reliability.warning.backtest import MODEL

AS_OF = "2024-08-31"
ENDS = list(pd.date_range("2023-03-31", "2024-12-31", freq="ME"))


@pytest.fixture(scope="module")
def warned(simulated_lines):
    return warn_clients(read_book(simulated_lines, as_of=AS_OF), ENDS)


def test_every_client_that_is_not_lost_is_scored_with_its_lead_and_money(warned):
    clients = warned.clients
    assert len(clients) > 150
    assert clients["client_id"].is_unique
    assert clients["probability_lost"].between(0, 1).all()
    lead = (clients["declared_on"] - warned.as_of).dt.days
    assert (lead == clients["lead_days"]).all()
    assert (lead > 0).all()
    stake = clients["probability_lost"] * clients["revenue_365d_amount"].clip(lower=0)
    assert clients["at_stake_amount"].tolist() == pytest.approx(stake.tolist())
    assert clients["at_stake_amount"].is_monotonic_decreasing


def test_watch_list_holds_clients_whose_score_passed_and_since_when(warned):
    listed, rule = warned.watched.clients, warned.watched.rule
    assert len(listed) > 0
    assert rule.leave_below <= rule.enter_above
    assert (listed["first_alert_on"] <= warned.as_of).all()
    entered = listed[listed["first_alert_on"] == warned.as_of]
    assert (entered["score"] > rule.enter_above).all()
    share = len(listed) / len(warned.clients)
    assert 0 < share < 0.6


def test_what_became_known_later_changes_no_warning(simulated_lines, warned):
    known = simulated_lines[simulated_lines["counted_on"] <= AS_OF]
    again = warn_clients(
        read_book(known, as_of=AS_OF), [end for end in ENDS if end <= pd.Timestamp(AS_OF)]
    )
    assert len(known) < len(simulated_lines)
    pd.testing.assert_frame_equal(again.clients, warned.clients)
    pd.testing.assert_frame_equal(again.watched.clients, warned.watched.clients)
    pd.testing.assert_frame_equal(again.tested.methods, warned.tested.methods)


def test_scores_of_a_panel_stay_what_they_were_a_quarter_later(simulated_lines):
    scored = []
    for as_of in ("2024-08-31", "2024-11-30"):
        ends = [end for end in ENDS if end <= pd.Timestamp(as_of)]
        book = read_book(simulated_lines, as_of=as_of)
        rows = follow_silences(build_panel(book, ends), book, as_of=as_of)
        table = score_panels(rows, ends[-7:], MODEL, Terms())
        scored.append(table.set_index(["client_id", "month_end"])["score"])
    both = scored[0].to_frame("then").join(scored[1].rename("now"), how="inner")
    assert len(both) > 400
    assert both["then"].tolist() == both["now"].tolist()


def test_a_book_of_ten_clients_gets_the_plain_rule_and_no_threshold(simulated_lines):
    few = simulated_lines[simulated_lines["client_id"] < "C-0010"]
    found = warn_clients(read_book(few, as_of=AS_OF), ENDS)
    assert found.tested.status == "not enough data"
    assert found.watched is None
    assert np.isfinite(found.clients["score"]).all()


@pytest.mark.parametrize("count", [0, 1])
def test_a_book_with_hardly_any_line_says_that_it_is_not_enough(simulated_lines, count):
    book = read_book(simulated_lines.head(count), as_of=AS_OF)
    found = warn_clients(book, ENDS)
    assert found.tested.status == "not enough data"
    assert len(found.clients) <= count
    assert found.watched is None
