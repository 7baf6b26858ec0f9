"""Amounts that balance to the cent, and the order in which faults are mended."""

import pandas as pd
import pytest

from clientlib.quality import judge_balances, rank_issues

AS_OF = "2025-06-30"


def orders_of(count=40, ratio=1.21, **changes):
    """Draw orders of 100.00 in one line, billed at one ratio; the last one as stated."""
    orders = pd.DataFrame(
        {
            "order_id": [f"O-{number:02d}" for number in range(count)],
            "client_id": "C-1",
            "ordered_on": pd.Timestamp("2025-03-01"),
            "status": "delivered",
            "lines_count": 1,
            "ordered_amount": 100.0,
            "invoices_count": 1,
            "invoiced_amount": 100.0 * ratio,
        }
    )
    for name, value in changes.items():
        orders.loc[count - 1, name] = value
    return orders


def invoices_of(amount=121.0, paid_amount=121.0):
    return pd.DataFrame(
        {
            "invoice_id": ["I-1"],
            "client_id": ["C-1"],
            "issued_on": [pd.Timestamp("2025-03-02")],
            "amount": [amount],
            "payments_count": [1],
            "paid_amount": [paid_amount],
        }
    )


def judge(orders, invoices=None):
    return judge_balances(orders, invoices_of() if invoices is None else invoices, as_of=AS_OF)


def test_usual_ratio_is_found_and_not_assumed():
    assert judge(orders_of()).ratios["ratio"].tolist() == [1.21]
    assert judge(orders_of(ratio=1.0)).ratios["ratio"].tolist() == [1.0]


def test_two_rates_of_vat_are_both_usual():
    domestic, abroad = orders_of(40), orders_of(20, ratio=1.0)
    abroad["order_id"] = "A-" + abroad["order_id"]
    found = judge(pd.concat([domestic, abroad], ignore_index=True))
    assert found.ratios["ratio"].tolist() == [1.21, 1.0]
    assert (found.billed_count, found.balanced_count) == (60, 60)


@pytest.mark.parametrize(
    ("changes", "kind", "amount"),
    [
        pytest.param({"invoiced_amount": 131.0}, "billed too much", 10.0, id="ten too much"),
        pytest.param({"invoiced_amount": 111.0}, "billed too little", 10.0, id="ten too little"),
        pytest.param({"ordered_amount": 0.0, "lines_count": 0}, "billed without lines", 121.0,
                     id="cancelled and billed all the same"),
        pytest.param({"invoices_count": 0, "invoiced_amount": 0.0}, "delivered, not billed", 121.0,
                     id="goods left and no invoice followed"),
    ],
)  # fmt: skip
def test_order_whose_invoices_come_to_something_else_is_told_with_its_money(changes, kind, amount):
    found = judge(orders_of(**changes))
    assert found.documents["document_id"].tolist() == ["O-39"]
    assert found.kinds["kind"].tolist() == [kind]
    assert found.issues["amount"].tolist() == pytest.approx([amount])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"invoiced_amount": 121.01}, id="a cent is rounding"),
        pytest.param({"invoiced_amount": 121.03, "lines_count": 4}, id="half a cent a line too"),
        pytest.param({"status": "open", "invoices_count": 0, "invoiced_amount": 0.0},
                     id="not delivered yet"),
        pytest.param({"ordered_on": pd.Timestamp("2025-07-01"), "invoiced_amount": 5.0},
                     id="not known on the day"),
    ],
)  # fmt: skip
def test_order_balances(changes):
    assert judge(orders_of(**changes)).documents.empty


def test_two_cents_on_one_line_are_no_rounding():
    assert len(judge(orders_of(invoiced_amount=121.02)).documents) == 1


def test_few_billed_orders_have_no_usual_ratio():
    found = judge(orders_of(29, invoiced_amount=131.0))
    assert found.ratios.empty
    assert found.documents.empty
    assert "Not enough data" in found.note


@pytest.mark.parametrize(
    ("amount", "paid_amount", "excess"),
    [
        pytest.param(121.0, 150.0, [29.0], id="paid more than it comes to"),
        pytest.param(121.0, 121.01, [], id="a cent is rounding"),
        pytest.param(121.0, 20.0, [], id="still owed: no fault of the data"),
        pytest.param(-121.0, 0.0, [], id="a credit that was set off"),
    ],
)
def test_invoice_paid_beyond_its_amount_is_told(amount, paid_amount, excess):
    found = judge(orders_of(), invoices_of(amount, paid_amount))
    assert found.documents["difference_amount"].tolist() == pytest.approx(excess)


def test_dearest_issue_is_mended_first_and_unknown_money_last():
    found = judge(orders_of(invoiced_amount=131.0), invoices_of(121.0, 150.0))
    unknown = judge(orders_of(invoiced_amount=111.0))
    unknown.issues["amount"] = float("nan")
    mending = rank_issues(unknown, found, currency="EUR")
    assert mending.issues["issue"].tolist() == [
        "paid too much",
        "billed too much",
        "billed too little",
    ]
    assert mending.issues["rank"].tolist() == [1, 2, 3]
    assert "invoices, paid too much in 1 row (29 EUR touched)" in mending.headline
    assert len(mending.priced) == 2


def test_nothing_found_is_said():
    mending = rank_issues(judge(orders_of()), currency="EUR")
    assert mending.issues.empty
    assert mending.priced.empty
    assert "no fault was found" in mending.headline
