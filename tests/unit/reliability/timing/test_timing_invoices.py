import pandas as pd
import pytest
from invoice_books import make_histories

from clientlib.errors import InputError
from clientlib.reliability.timing import believed_on, join_outcomes

DATES = ["issued_on", "due_on", "paid_on", "known_on"]


def drawn(rows):
    columns = ["invoice_id", "client_id", "issued_on", "due_on", "paid_on", "sent_by"]
    table = pd.DataFrame(rows, columns=columns).assign(amount=10.0)
    table["known_on"] = table["issued_on"]
    return table.assign(**{name: pd.to_datetime(table[name]) for name in DATES})


@pytest.fixture(scope="module")
def marts():
    return make_histories(
        drawn(
            [
                ("I-1", "C-1", "2025-01-01", "2025-01-31", "2025-02-10", "paper"),
                ("I-2", "C-1", "2025-02-01", "2025-03-03", "2025-03-01", "paper"),
                ("I-3", "C-1", "2025-03-01", "2025-03-31", None, "electronic"),
            ]
        )
    )


def test_payment_that_is_not_known_yet_leaves_the_invoice_open(marts):
    rows = join_outcomes(*marts, "2025-02-09").set_index("invoice_id")
    assert list(rows.index) == ["I-1", "I-2"]
    assert rows["paid_days"].isna().all()
    assert rows.loc["I-1", "open_days"] == 9


def test_days_are_counted_from_the_due_day(marts):
    rows = join_outcomes(*marts, "2025-03-05").set_index("invoice_id")
    assert rows["paid_days"].tolist()[:2] == [10, -2]
    assert pd.isna(rows.loc["I-3", "paid_days"])


@pytest.mark.parametrize("day", ["2025-02-09", "2025-02-10", "2025-02-28", "2025-03-01"])
def test_looking_back_is_like_having_looked_then(marts, day):
    then, back = join_outcomes(*marts, day), believed_on(
        join_outcomes(*marts, "2025-04-30"), pd.Timestamp(day)
    )  # fmt: skip
    pd.testing.assert_frame_equal(back, then)


def test_share_of_earlier_invoices_that_were_sent_alike(marts):
    rows = join_outcomes(*marts, "2025-04-30").set_index("invoice_id")
    assert pd.isna(rows.loc["I-1", "sent_alike_share"])
    assert rows["sent_alike_share"].tolist()[1:] == [1.0, 0.0]


def test_an_invoice_that_stands_twice_is_refused(marts):
    histories, outcomes = marts
    with pytest.raises(InputError, match="holds an invoice twice"):
        join_outcomes(pd.concat([histories, histories.head(1)]), outcomes, "2025-04-30")
