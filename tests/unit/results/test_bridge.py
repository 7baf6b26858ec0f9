"""The bridge from last year's revenue to this year's."""

import numpy as np
import pandas as pd
import pytest
from small_sales import month_ends, sales

from clientlib import results
from clientlib.results.effects import EFFECTS

AS_OF = "2025-12-31"
TWO_YEARS = month_ends("2024-01-31", AS_OF)
HEAD = "client_id product_id order_month quantity price"


def bridge(lines: pd.DataFrame, ends: pd.DataFrame = TWO_YEARS) -> results.RevenueBridge:
    return results.bridge_revenue(lines, ends, as_of=AS_OF, currency="EUR")


def effects(found: results.RevenueBridge) -> dict[str, float]:
    """Give the effects that are not zero."""
    sums = {name: round(found.effect(name), 6) for name in EFFECTS}
    return {name: amount for name, amount in sums.items() if amount}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            "C-1 P-1 2024-03-31 5 10\nC-1 P-1 2025-03-31 5 12", {"price": 10},
            id="the same quantity at another price",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 10 10\nC-1 P-1 2025-03-31 20 12", {"price": 30, "volume": 110},
            id="both changed: 2 x 15 is price, 10 x 11 volume, and nothing is left over",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 10 10\nC-1 P-2 2024-03-31 10 20\n"
            "C-1 P-1 2025-03-31 5 10\nC-1 P-2 2025-03-31 15 20", {"mix": 50},
            id="as many units, five of them dearer ones",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 10 10\nC-1 P-3 2024-03-31 10 1\n"
            "C-1 P-1 2025-03-31 5 10\nC-1 P-3 2025-03-31 15 1", {"volume": -45},
            id="pieces and metres are not added up: -50 and +5, no mix",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 10 10\nC-2 P-1 2024-03-31 1 7\nC-2 P-1 2025-03-31 1 7",
            {"lost_clients": -100}, id="a client that bought nothing since, with all it bought",
        ),
        pytest.param(
            "C-1 P-1 2025-03-31 10 10\nC-1 P-new 2025-03-31 1 7\nC-2 P-1 2024-03-31 1 7\n"
            "C-2 P-1 2025-03-31 1 7",
            {"new_clients": 107}, id="a new client's new products are the new client's",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 1 7\nC-1 P-1 2025-03-31 1 7\nC-1 P-new 2025-03-31 3 50",
            {"new_products": 150}, id="a product launched since, bought by a kept client",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 1 7\nC-1 P-1 2025-03-31 1 7\nC-1 P-old 2024-03-31 3 50",
            {"dropped_products": -150}, id="a product that ended",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 1 10\nC-1 P-1 2025-03-31 1 10\nC-1 P-2 2025-03-31 2 10\n"
            "C-2 P-2 2024-03-31 1 10\nC-2 P-2 2025-03-31 1 10",
            {"volume": 20}, id="a product that others bought before is not new",
        ),
        pytest.param(
            "C-1 P-1 2024-03-31 5 10\nC-1 P-1 2025-03-31 5 10\nC-1 P-1 2025-04-30 -1 10",
            {"credits": -10}, id="a credit note changes neither quantity nor price",
        ),
    ],
)  # fmt: skip
def test_change_is_split_as_by_hand(lines_of, rows, expected):
    assert effects(bridge(lines_of(f"{HEAD}\n{rows}"))) == expected


def test_product_on_offer_before_both_periods_is_not_new_because_nobody_here_bought_it(lines_of):
    rows = "C-1 P-1 2024-03-31 1 7\nC-1 P-1 2025-03-31 1 7\nC-1 P-2 2025-03-31 3 7"
    assert effects(bridge(lines_of(f"{HEAD}\n{rows}"))) == {"volume": 21}


def test_orders_outside_of_both_periods_and_facts_known_later_do_not_count(products, clients):
    rows = pd.DataFrame(
        {
            "client_id": "C-1",
            "product_id": "P-1",
            "order_month": pd.to_datetime(["2023-12-31", "2024-03-31", "2025-03-31", "2025-03-31"]),
            "quantity": [99, 5, 5, 7],
            "price": 10,
            "known_on": pd.to_datetime(["2023-12-31", "2024-03-31", "2025-03-31", "2026-01-02"]),
        }
    )
    lines = results.join_parts(sales(rows), products, clients, as_of=AS_OF)
    found = bridge(lines)
    assert (found.before_amount, found.after_amount, effects(found)) == (50, 50, {})


def company(seed: int, products: pd.DataFrame) -> pd.DataFrame:
    """Draw sales of any kind: free goods, credits, single periods, quantities of nothing."""
    draws = np.random.default_rng(seed)
    count = int(draws.integers(1, 120))
    months = pd.date_range("2024-01-31", AS_OF, freq="ME")
    rows = pd.DataFrame(
        {
            "client_id": draws.choice(["C-1", "C-2", "C-3", "C-4", ""], count),
            "product_id": draws.choice([*products["product_id"], "P-unknown"], count),
            "order_month": draws.choice(months, count),
            "quantity": draws.integers(-3, 12, count),
            "price": draws.choice([0.0, 0.37, 9.99, 10.0, 2500.5], count),
        }
    )
    table = sales(rows)
    odd = draws.random(count) < 0.05
    table.loc[odd, "quantity"] = 0.0  # money without units, as a fee is booked
    return table


@pytest.mark.parametrize("seed", range(60))
def test_effects_add_up_at_every_level_and_price_is_of_what_was_bought_twice(
    products, clients, seed
):
    lines = results.join_parts(company(seed, products), products, clients, as_of=AS_OF)
    found = bridge(lines)
    scale = float(lines["revenue_amount"].abs().sum()) or 1.0
    assert found.after_amount - found.before_amount == pytest.approx(
        sum(found.effect(name) for name in EFFECTS), abs=1e-9 * scale
    )
    assert found.before_amount + found.after_amount == pytest.approx(
        float(lines["revenue_amount"].sum()), abs=1e-9 * scale
    )
    for part in ("family", "manager_id", "region", "client_id", "product_id"):
        parts = found.by(part)
        change = parts[list(EFFECTS)].sum(axis=1)
        assert np.allclose(change, parts["change_amount"], atol=1e-9 * scale)
        for name in EFFECTS:
            assert parts[name].sum() == pytest.approx(found.effect(name), abs=1e-9 * scale)
    once = found.lines[["quantity_before", "quantity_after"]].min(axis=1) <= 0
    assert (found.lines.loc[once, "price"] == 0).all()
    apart = found.lines[["lost_clients", "new_clients", "dropped_products", "new_products"]]
    is_apart = (apart != 0).any(axis=1)
    assert (apart != 0).sum(axis=1).max() <= 1
    assert (found.lines.loc[is_apart, ["price", "volume"]] == 0).all(axis=None)
    assert np.allclose(found.lines.loc[is_apart, "mix"], 0.0)


def test_property_test_meets_every_effect(products, clients):
    met = set()
    for seed in range(60):
        lines = results.join_parts(company(seed, products), products, clients, as_of=AS_OF)
        met |= set(effects(bridge(lines)))
    assert met == set(EFFECTS)


@pytest.mark.parametrize("seed", range(10))
def test_way_back_has_the_same_effects_with_the_other_sign(products, clients, seed):
    """Midpoint weights favour neither year; without launches, whose days do not turn round."""
    plain = products.assign(launched_on=pd.NaT, ended_on=pd.NaT)
    there = company(seed, products)
    back = there.assign(
        order_month=there["order_month"].map(
            lambda month: month + pd.DateOffset(years=1 if month.year == 2024 else -1)
        ) + pd.offsets.MonthEnd(0),
        last_counted_on=pd.Timestamp(AS_OF),
    )  # fmt: skip
    forth, again = (
        bridge(results.join_parts(rows, plain, clients, as_of=AS_OF)) for rows in (there, back)
    )
    pairs = {
        "price": "price", "volume": "volume", "mix": "mix", "credits": "credits",
        "lost_clients": "new_clients", "dropped_products": "new_products",
    }  # fmt: skip
    for name, other in pairs.items():
        assert forth.effect(name) == pytest.approx(-again.effect(other), abs=1e-6)


def test_reader_s_clients_alone_give_a_bridge_that_adds_up_to_their_revenue(products, clients):
    rows = company(3, products)
    own = rows[rows["client_id"].isin(["C-2", "C-3"])]
    found = bridge(results.join_parts(own, products, clients, as_of=AS_OF))
    total = own["revenue_amount"].sum()
    assert found.before_amount + found.after_amount == pytest.approx(total)
    assert set(found.by("manager_id")["part"]) == {"M-2"}


def test_title_names_the_largest_step_with_its_own_amount(lines_of):
    rows = "C-1 P-1 2024-03-31 10 10\nC-2 P-1 2024-03-31 1 7\nC-2 P-1 2025-03-31 1 9"
    found = bridge(lines_of(f"{HEAD}\n{rows}"))
    assert found.title == ("From 107 to 9 EUR; the largest step is Lost clients, which took 100")
    assert {told.value for told in found.title.told} <= set(found.steps["amount"].abs())


def test_three_months_of_history_give_no_bridge_but_the_reason(lines_of):
    lines = lines_of(f"{HEAD}\nC-1 P-1 2025-11-30 5 10")
    found = bridge(lines, month_ends("2025-10-31", AS_OF))
    assert found.steps.empty
    assert np.isnan(found.after_amount)
    assert found.missing == (
        "Not enough data: the bridge compares 1 January 2024 to 31 December 2024 with "
        "1 January 2025 to 31 December 2025, and the history begins on 1 October 2025."
    )
    assert found.by("family").empty


def test_open_month_is_left_out_of_both_periods(lines_of):
    rows = "C-1 P-1 2024-03-31 1 7\nC-1 P-1 2025-03-31 1 7\nC-1 P-1 2026-01-31 9 7"
    ends = month_ends("2023-01-31", "2026-01-31", open_until="2026-01-15")
    lines = lines_of(f"{HEAD}\n{rows}", as_of="2026-01-31")
    found = results.bridge_revenue(lines, ends, as_of="2026-01-15")
    assert (found.after.first_on, found.after.last_on) == (
        pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31"),
    )  # fmt: skip
    assert found.after_amount == 7
