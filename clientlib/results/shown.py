"""What other reports have issued, as a review shows it: with columns even where it is missing."""

import pandas as pd

from clientlib.language import Sentence, tell

EXPOSURE_COLUMNS = (
    "client_id",
    "name",
    "grade",
    "probability_late",
    "open_amount",
    "overdue_amount",
    "money_at_risk_amount",
)
INDEX_COLUMNS = ("name", "price_index", "price_index_low", "price_index_high", "verdict")


def list_exposures(scores: pd.DataFrame, *, top_n: int = 10) -> pd.DataFrame:
    """List the clients with most money at risk.

    Parameters
    ----------
    scores : DataFrame
        ``client_reliability`` as issued; may be empty and without columns.
    top_n : int
        How many are listed.

    Returns
    -------
    DataFrame, most money at risk first
        Columns `EXPOSURE_COLUMNS`; only clients that owe money.
    """
    rows = _with_columns(scores, EXPOSURE_COLUMNS)
    owing = rows[rows["open_amount"] > 0]
    order = ["money_at_risk_amount", "client_id"]
    return owing.sort_values(order, ascending=[False, True], ignore_index=True).head(top_n)


def title_exposures(exposures: pd.DataFrame, currency: str) -> Sentence:
    """Say who has most money at risk.

    Parameters
    ----------
    exposures : DataFrame
        From ``list_exposures``.
    currency : str
        Of the amounts.

    Returns
    -------
    Sentence
        For the chart.
    """
    if exposures.empty:
        return tell("Money at risk by client")
    first = exposures.iloc[0]
    return tell(
        "Most money is at risk with {name}: {amount:short} {currency}",
        name=first["name"], amount=first["money_at_risk_amount"], currency=currency,
    )  # fmt: skip


def list_rivals(indices: pd.DataFrame) -> pd.DataFrame:
    """List competitors with a price index, the lowest first.

    Parameters
    ----------
    indices : DataFrame
        ``competitor_price_index`` as issued; may be empty and without columns.

    Returns
    -------
    DataFrame
        Columns `INDEX_COLUMNS`.
    """
    rows = _with_columns(indices, INDEX_COLUMNS).dropna(subset=["price_index"])
    return rows.sort_values(["price_index", "name"], ignore_index=True)


def title_rivals(rivals: pd.DataFrame) -> Sentence:
    """Say who has the lowest prices.

    Parameters
    ----------
    rivals : DataFrame
        From ``list_rivals``.

    Returns
    -------
    Sentence
        For the chart.
    """
    if rivals.empty:
        return tell("Price level of competitors (100 = our price)")
    first = rivals.iloc[0]
    return tell(
        "The lowest price index is that of {name}, {index:number1} (100 = our price)",
        name=first["name"], index=first["price_index"],
    )  # fmt: skip


def _with_columns(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = table.reindex(columns=list(columns))
    amounts = [name for name in columns if name.endswith(("_amount", "_late", "_low", "_high"))]
    numbers = [name for name in (*amounts, "price_index") if name in rows]
    return rows.astype(dict.fromkeys(numbers, float))
