"""The panels behind the signs: read together, put onto the rows of clients and month ends."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clientlib.panels import as_days

KEYS = ["client_id", "month_end"]
PANELS = {
    "months": "marts.client_months",
    "punctuality": "marts.client_punctuality",
    "debts": "marts.client_debts",
    "orders": "marts.client_orders",
    "conduct": "marts.client_conduct",
    "standing": "marts.client_standing",
    "dealings": "marts.client_dealings",
}
RATIO_TABLES = ("marts.client_profit_ratios", "marts.client_balance_ratios")
STATEMENT = ["client_id", "ends_on", "version"]
RATIOS = (
    "equity_to_assets",
    "current_ratio",
    "net_profit_to_assets",
    "sales_growth",
    "receivable_days",
    "short_liability_days_of_sales",
    "cash_profit_to_liabilities",
    "log_assets",
)


@dataclass(frozen=True)
class RiskPanels:
    """What was known of every client at every month end.

    Parameters
    ----------
    rows : DataFrame, one row per client and month end
        The columns of the panels side by side, and the ratios of the latest statement; null
        where nothing was known of a subject.
    clients : DataFrame, one row per client
        marts.clients, as they are now: names, and attributes without a history.
    as_of : Timestamp
        Rows after it are not there.
    """

    rows: pd.DataFrame
    clients: pd.DataFrame
    as_of: pd.Timestamp


def read_risk_panels(read: Callable[..., pd.DataFrame], *, as_of: str | pd.Timestamp) -> RiskPanels:
    """Gather the panels of a warehouse.

    Parameters
    ----------
    read : callable
        ``Warehouse.read``: gives a table as it stood on a day.
    as_of : str or Timestamp
        Day of the analysis.

    Returns
    -------
    RiskPanels
        With all clients that had business with us by then.
    """
    panels = {name: read(table, as_of=as_of) for name, table in PANELS.items()}
    rows = panels.pop("months")
    for panel in panels.values():
        rows = rows.merge(panel, on=KEYS, how="left", validate="one_to_one")
    ratios = [read(table, as_of=as_of) for table in RATIO_TABLES]
    rows = _add_ratios(rows, ratios[0].merge(ratios[1], on=[*STATEMENT, "counted_on"]))
    rows["month_end"] = as_days(rows["month_end"])
    rows = rows.sort_values(KEYS, kind="stable", ignore_index=True)
    return RiskPanels(rows, read("marts.clients", as_of=as_of), pd.Timestamp(as_of))


def _add_ratios(rows: pd.DataFrame, ratios: pd.DataFrame) -> pd.DataFrame:
    """Put the ratios of each row's latest statement beside it."""
    told = ratios[[*STATEMENT, *RATIOS]].rename(
        columns={"ends_on": "statement_ends_on", "version": "statement_version"}
    )
    told["statement_ends_on"] = as_days(told["statement_ends_on"])
    rows = rows.assign(statement_ends_on=as_days(rows["statement_ends_on"]))
    key = ["client_id", "statement_ends_on", "statement_version"]
    told["statement_version"] = told["statement_version"].astype(float)
    rows["statement_version"] = rows["statement_version"].astype(float)
    return rows.merge(told, on=key, how="left", validate="many_to_one")
