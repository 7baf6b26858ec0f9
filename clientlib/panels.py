"""Reading panels: one row per entity and month end, which knows nothing that happened later."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from clientlib.errors import InputError

# Half a month and a day: no day lies further from the nearest month end.
NEAREST_DAYS = 16


def check_columns(table: pd.DataFrame, columns: Sequence[str], *, name: str) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    table : DataFrame
        The table as it was handed over.
    columns : sequence of str
        The columns that must be there; further ones are left alone.
    name : str
        How the message calls the table, such as ``marts.client_orders``.

    Raises
    ------
    InputError
        A column is missing.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(
            f"{name} lacks columns that this analysis reads",
            rows=f"{len(missing)} of {len(columns)} columns are missing",
            example=missing[0],
            hint=f"read {name} from a warehouse that was built by this version",
        )


def as_days(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Read days, where they are not read yet: Pandas would look through all of them again.

    Parameters
    ----------
    values : Series
        Days or moments, as such or as texts.

    Returns
    -------
    Series of datetime64
        The same, without a copy where they are such already.
    """
    return values if is_datetime64_any_dtype(values) else pd.to_datetime(values)


def rows_until(panel: pd.DataFrame, as_of: str | pd.Timestamp, *, name: str) -> pd.DataFrame:
    """Keep the rows of a panel of clients that may be known on a day, in a stated order.

    Parameters
    ----------
    panel : DataFrame, one row per client_id and month_end
        With at least these two columns.
    as_of : str or Timestamp
        The day of the analysis; later month ends are dropped before anything is computed.
    name : str
        How an error calls the panel.

    Returns
    -------
    DataFrame
        Sorted by month_end and client_id, with a fresh index.

    Raises
    ------
    InputError
        A client stands twice at one month end.
    """
    days = as_days(panel["month_end"])
    known = panel.assign(month_end=days)[days <= pd.Timestamp(as_of)]
    repeats = known[known.duplicated(["client_id", "month_end"])]
    if len(repeats):
        first = repeats.iloc[0]
        raise InputError(
            f"{name} must have one row per client_id, month_end",
            rows=f"{len(repeats)} of {len(known)} rows repeat a key",
            example=f"client_id {first['client_id']!r}, month_end {first['month_end']:%Y-%m-%d}",
            hint="join the panel to other tables after the analysis, not before",
        )
    return known.sort_values(["month_end", "client_id"], ignore_index=True)


def month_ends_of(panel: pd.DataFrame) -> list[pd.Timestamp]:
    """List the month ends of a panel, oldest first.

    Parameters
    ----------
    panel : DataFrame
        With a column month_end of dates.

    Returns
    -------
    list of Timestamp
        Each month end once.
    """
    return [pd.Timestamp(day) for day in sorted(panel["month_end"].unique())]


def nearest_month_end(
    month_ends: Sequence[pd.Timestamp], day: pd.Timestamp, *, within_days: int = NEAREST_DAYS
) -> pd.Timestamp | None:
    """Find the month end of a panel that lies nearest to a day.

    Parameters
    ----------
    month_ends : sequence of Timestamp
        The month ends to choose from; the earlier wins a tie.
    day : Timestamp
        The day that is wanted.
    within_days : int, in days
        A month end further away does not count.

    Returns
    -------
    Timestamp or None
        None where no month end is near enough.
    """
    near = [end for end in month_ends if abs((end - day).days) <= within_days]
    return min(near, key=lambda end: (abs((end - day).days), end)) if near else None


def add_names(rows: pd.DataFrame, clients: pd.DataFrame | None) -> pd.DataFrame:
    """Put each client's name beside its key.

    Parameters
    ----------
    rows : DataFrame
        With a column client_id.
    clients : DataFrame or None
        With client_id and name; a client that is not in it, and every client where there is
        no such table, goes by its key.

    Returns
    -------
    DataFrame
        The same rows in the same order, ``name`` after ``client_id``.
    """
    named = rows.drop(columns="name", errors="ignore")
    names = pd.Series(dtype=object) if clients is None else clients.set_index("client_id")["name"]
    keys = named["client_id"]
    named.insert(list(named.columns).index("client_id") + 1, "name", keys.map(names).fillna(keys))
    return named
