"""Where the evidence disagrees: what each side says, and how sure it is."""

import pandas as pd

from clientlib.language import jot
from clientlib.reliability.decisions.policy import CLASSES

CONFLICT_COLUMNS = ("client_id", "between", "first_says", "second_says", "how_sure", "amount")
BETWEEN = ("rating and payments", "rating and model", "rule and model", "manager and model")
SAYINGS = {
    "grade": "the bureau's grade is {grade}",
    "rule_class": "by the plain rule it is of class {grade}",
}
FAR_APART = 2  # classes
POOR_LATE_SHARE, GOOD_LATE_SHARE = 0.5, 0.15
FEWEST_INVOICES = 5
WELL_ABOVE, WELL_BELOW = 1.5, 0.67


def find_conflicts(clients: pd.DataFrame) -> pd.DataFrame:
    """List the clients of whom two sources say opposite things.

    ==================== ==============================================================
    rating and payments  a bureau's grade of A or B beside mostly late payments, or D or E
                         beside prompt ones
    rating and model     grade and class at least two apart
    rule and model       the plain rule and the model's class at least two apart
    manager and model    the limit that was granted is half more than the advised one, or
                         at most two thirds of it
    ==================== ==============================================================

    Parameters
    ----------
    clients : DataFrame, one row per client
        client_id, grade (bureau's, A to E), late_share (0..1), due_count, risk_class,
        rule_class, probability, probability_low, probability_high, credit_limit_amount
        (granted), limit_amount (advised), exposure_amount; null where not known.

    Returns
    -------
    DataFrame, most exposure first
        Columns `CONFLICT_COLUMNS`; the sayings are sentences in English that can be told again.
    """
    found = [
        _rating_and_payments(clients),
        _two_classes(clients, "grade", "rating and model"),
        _two_classes(clients, "rule_class", "rule and model"),
        _manager_and_model(clients),
    ]
    table = pd.concat(found, ignore_index=True)
    order = ["amount", "client_id", "between"]
    ranked = table.sort_values(order, ascending=[False, True, True], kind="stable")
    return ranked.reset_index(drop=True)[list(CONFLICT_COLUMNS)]


def _rating_and_payments(clients: pd.DataFrame) -> pd.DataFrame:
    late, known = clients["late_share"], clients["due_count"] >= FEWEST_INVOICES
    good, bad = clients["grade"].isin(["A", "B"]), clients["grade"].isin(["D", "E"])
    rows = clients[known & ((good & (late >= POOR_LATE_SHARE)) | (bad & (late <= GOOD_LATE_SHARE)))]
    return _lay_out(
        rows,
        "rating and payments",
        [jot(SAYINGS["grade"], grade=grade) for grade in rows["grade"]],
        [
            jot("{share:share} of {due:invoice} were paid late", share=share, due=due)
            for share, due in zip(rows["late_share"], rows["due_count"], strict=True)
        ],
        [jot("judged on {due:invoice}", due=due) for due in rows["due_count"]],
    )


def _two_classes(clients: pd.DataFrame, column: str, between: str) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(CLASSES)}
    gap = clients[column].map(place) - clients["risk_class"].map(place)
    rows = clients[gap.abs() >= FAR_APART]
    return _lay_out(
        rows,
        between,
        [jot(SAYINGS[column], grade=grade) for grade in rows[column]],
        [jot("the model's class is {grade}", grade=grade) for grade in rows["risk_class"]],
        _interval(rows),
    )


def _manager_and_model(clients: pd.DataFrame) -> pd.DataFrame:
    granted = clients["credit_limit_amount"].astype(float)
    advised = clients["limit_amount"].astype(float)
    rows = clients[(granted > WELL_ABOVE * advised) | (granted < WELL_BELOW * advised)]
    return _lay_out(
        rows,
        "manager and model",
        [jot("the contract grants {amount:short}", amount=a) for a in rows["credit_limit_amount"]],
        [jot("the advised limit is {amount:short}", amount=a) for a in rows["limit_amount"]],
        _interval(rows),
    )


def _interval(rows: pd.DataFrame) -> list[str]:
    columns = ["probability", "probability_low", "probability_high"]
    said = "default {p:share1}, 90 % interval {low:share1} to {high:share1}"
    return [
        jot(said, p=p, low=low, high=high) for p, low, high in rows[columns].itertuples(index=False)
    ]


def _lay_out(
    rows: pd.DataFrame, between: str, first: list[str], second: list[str], sure: list[str]
) -> pd.DataFrame:
    columns = {"first_says": first, "second_says": second, "how_sure": sure}
    said = {
        name: pd.Series(texts, index=rows.index, dtype=object) for name, texts in columns.items()
    }
    return pd.DataFrame(
        {
            "client_id": rows["client_id"],
            "between": between,
            **said,
            "amount": rows["exposure_amount"].astype(float),
        }
    )
