"""What early warnings were worth on the past: methods, lead times, cost of calls, in tables."""

from dataclasses import asdict

import numpy as np
import pandas as pd

from clientlib.language import Sentence, retell, tell
from clientlib.reliability.warning import CallCosts, EarlyWarning, usable_rows, weigh_costs

METHOD_COLUMNS = (
    "label",
    "flagged_share",
    "flagged_share_low",
    "flagged_share_high",
    "auc",
    "auc_low",
    "auc_high",
    "no_sign_auc",
    "no_sign_auc_low",
    "no_sign_auc_high",
)
COUNT_COLUMNS = (
    "note",
    "lost_count",
    "healthy_count",
    "flagged_share",
    "flagged_money_share",
    "false_alarm_share",
    "alerts_per_healthy_year",
    "alerts_per_manager_week",
    "precision",
    "median_lead_days",
    "best_called_share",
    "best_gain_amount",
    "call_amount",
    "saved_share",
    "margin_share",
)
LEAD_COLUMNS = ("from_days", "until_days", "clients_count")
COST_COLUMNS = (
    "called_count",
    "called_share",
    "flagged_share",
    "cost_amount",
    "saved_amount",
    "gain_amount",
)
LEAD_ENDS = (60, 90, 120, 180, 270, 365)
MOST_LEAD = 100_000


def lay_out_warning(
    warned: EarlyWarning, costs: CallCosts | None = None
) -> dict[str, pd.DataFrame]:
    """Lay the test of early warning out, by the names that its tables are issued under.

    Parameters
    ----------
    warned : EarlyWarning
        From `warn_clients`.
    costs : CallCosts, optional
        What a call costs and keeps: assumptions, told beside the curve.

    Returns
    -------
    dict of str to DataFrame
        warning_methods (each method's share of lost clients flagged in time at 10 % false alarms
        and AUC, with 90 % intervals), warning_counts (one row: what the chosen alerts came to,
        each client counted once), warning_leads (first alerts by days before the declared loss)
        and warning_costs (the gain of calling so many of the clients).
    """
    tested, assumed = warned.tested, costs or CallCosts()
    curve = _weigh(warned, assumed)
    return {
        "warning_methods": tested.methods.reindex(columns=list(METHOD_COLUMNS)),
        "warning_counts": _count(warned, assumed, curve),
        "warning_leads": _leads(warned),
        "warning_costs": curve.reindex(columns=list(COST_COLUMNS)),
    }


def say_warning(counts: pd.DataFrame, currency: str) -> list[Sentence | str]:
    """Say what early warnings came to on the past.

    Parameters
    ----------
    counts : DataFrame
        Issued warning_counts; empty where it is not shown.
    currency : str
        Of all money.

    Returns
    -------
    list of str
        How the method was chosen, what its alerts came to, and what calls are worth; empty where
        nothing is known.
    """
    if counts.empty:
        return []
    row = counts.iloc[0]
    said: list[Sentence | str] = [retell(str(row["note"]))]
    if pd.notna(row["flagged_share"]):
        said.append(
            tell(
                "At the threshold set before the test {flagged:share} of {lost:count} lost clients "
                "were warned of in time ({money:share} of their revenue), {lead:count} days before "
                "the loss in the middle; {false:share} of {healthy:count} healthy clients were "
                "alarmed too. Of all alerts {right:share} were right.",
                flagged=float(row["flagged_share"]), lost=int(row["lost_count"]),
                money=float(row["flagged_money_share"]), lead=float(row["median_lead_days"]),
                false=float(row["false_alarm_share"]), healthy=int(row["healthy_count"]),
                right=float(row["precision"]),
            )
        )  # fmt: skip
    if pd.notna(row["alerts_per_manager_week"]):
        said.append(
            tell(
                "That is {week:number2} alerts per manager and week.",
                week=float(row["alerts_per_manager_week"]),
            )
        )
    if pd.notna(row["best_gain_amount"]):
        said.append(
            tell(
                "If a call costs {call:count} {currency} and keeps {saved:share} of lost clients "
                "for a year at a margin of {margin:share}, it pays to call {called:share} of the "
                "clients: {gain:short} {currency}. These three are assumptions.",
                call=float(row["call_amount"]), saved=float(row["saved_share"]),
                margin=float(row["margin_share"]), called=float(row["best_called_share"]),
                gain=float(row["best_gain_amount"]), currency=currency,
            )
        )  # fmt: skip
    return said


def title_costs(counts: pd.DataFrame, currency: str) -> Sentence:
    """Say where calls pay most, for the title of the chart.

    Parameters
    ----------
    counts : DataFrame
        Issued warning_counts.
    currency : str
        Of all money.

    Returns
    -------
    Sentence
        Without figures where nothing is known.
    """
    if counts.empty or pd.isna(counts["best_gain_amount"].iloc[0]):
        return tell("What calls would gain")
    row = counts.iloc[0]
    return tell(
        "Calls would gain at most {gain:short} {currency}",
        gain=float(row["best_gain_amount"]),
        currency=currency,
    )


def _weigh(warned: EarlyWarning, costs: CallCosts) -> pd.DataFrame:
    rows = warned.tested.rows
    if warned.tested.chosen not in rows:
        return pd.DataFrame(columns=list(COST_COLUMNS))
    usable = usable_rows(rows)
    curve = weigh_costs(usable, usable[warned.tested.chosen], costs).curve
    if curve.empty:
        return curve
    called = (curve["called_share"] * usable["client_id"].nunique()).round().astype("int64")
    return curve.assign(called_count=called).sort_values("called_count", ignore_index=True)


def _count(warned: EarlyWarning, costs: CallCosts, curve: pd.DataFrame) -> pd.DataFrame:
    tested, count = warned.tested, warned.tested.count
    row: dict[str, object] = {
        "note": str(tested.note),
        "lost_count": tested.lost_count,
        "healthy_count": tested.healthy_count,
        **asdict(costs),
    }
    if count is not None:
        lead = count.clients.loc[count.clients["is_lost"] == 1, "lead_days"].dropna()
        names = [name for name in COUNT_COLUMNS if hasattr(count, name)]
        row |= {name: getattr(count, name) for name in names}
        row["median_lead_days"] = float(lead.median()) if len(lead) else np.nan
    if len(curve):
        best = curve.loc[curve["gain_amount"].idxmax()]
        row |= {"best_called_share": best["called_share"], "best_gain_amount": best["gain_amount"]}
    return pd.DataFrame([row]).reindex(columns=list(COUNT_COLUMNS))


def _leads(warned: EarlyWarning) -> pd.DataFrame:
    """Count the lost clients by how long before the declared loss their first alert came."""
    count = warned.tested.count
    if count is None:
        return pd.DataFrame(columns=list(LEAD_COLUMNS))
    lead = count.clients.loc[count.clients["is_lost"] == 1, "lead_days"].dropna()
    edges = (0, *LEAD_ENDS, MOST_LEAD)
    counted, _ = np.histogram(lead.to_numpy(dtype=float), bins=edges)
    until = pd.array([*LEAD_ENDS, None], dtype="Int64")
    return pd.DataFrame({"from_days": edges[:-1], "until_days": until, "clients_count": counted})
