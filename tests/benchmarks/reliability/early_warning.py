"""How early losses of clients are foretold, beside every plain rule, on months not seen before.

The order book is cut in the middle of its span: the model sees what was over by then, alerts
are counted from then on, on rows whose windows were over by the end whatever became of them.
``python tests/benchmarks/reliability/early_warning.py`` prints the table.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from order_books import read_cdnow, read_online_retail, simulate_sample

from clientlib.reliability.warning import (
    CallCosts,
    Terms,
    WarningBacktest,
    backtest_warning,
    build_panel,
    count_alerts,
    follow_silences,
    read_book,
    set_threshold,
    usable_rows,
    weigh_costs,
)
from clientlib.sample.world import managers_count

SEEDS = (1, 2, 3)
SAMPLE_CLIENTS = 600
NO_BAR = (float("nan"), float("nan"))
COLUMNS = ["measure", "protocol", "figure", "spread", "must", "aim"]


def cut_book(lines: pd.DataFrame, *, freq: str, terms: Terms | None = None) -> WarningBacktest:
    """Train in the first half of a book, count in the second.

    Parameters
    ----------
    lines : DataFrame
        As for `read_book`.
    freq : str
        "ME" for panels at month ends, "SME" for half months too.
    terms : Terms, optional
        Time to act, managers, seed.
    """
    first, last = lines["counted_on"].min(), lines["counted_on"].max()
    book = read_book(lines, as_of=last)
    ends = pd.date_range(first, last, freq=freq)
    middle = first + (last - first) / 2
    cut = ends[np.abs(ends - middle).argmin()]
    followed = follow_silences(build_panel(book, list(ends)), book, as_of=last)
    return backtest_warning(followed, trained_on=cut, as_of=last, terms=terms)


def measure() -> pd.DataFrame:
    """Measure all books.

    Returns
    -------
    DataFrame, one row per measure
        measure, protocol, figure, spread, must and aim (nan where none was set).
    """
    found = [
        *measure_book("Online Retail 2009-2010", read_online_retail(), freq="SME"),
        *measure_book("CDNOW", read_cdnow(), freq="SME", bars=False),
        *measure_samples(),
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def measure_book(
    name: str, lines: pd.DataFrame, *, freq: str, bars: bool = True
) -> list[tuple[object, ...]]:
    """Measure one book; the spread is a 90 % interval from samples of its clients."""
    tested = cut_book(lines, freq=freq)
    own, best, strict = pick(tested, "flagged_share")
    protocol = (
        f"{name}: trained until {tested.trained_on:%Y-%m-%d}, {tested.lost_count:,} lost and "
        f"{tested.healthy_count:,} healthy clients until {tested.as_of:%Y-%m-%d}"
    )
    must = (best["flagged_share"], 0.60) if bars else NO_BAR
    return [
        ("flagged >= 60 days before, 10 % false alarms", protocol, own["flagged_share"],
         interval(own, "flagged_share"), *must),
        (f"  best plain rule: {best['label']}", protocol, best["flagged_share"],
         interval(best, "flagged_share"), *NO_BAR),
        (f"  strict rule: {strict['label']}", protocol, strict["flagged_share"],
         interval(strict, "flagged_share"), *NO_BAR),
        ("mean over 5 to 20 % false alarms", protocol, own["mean_flagged_share"],
         f"rules at most {max_of(tested, 'mean_flagged_share'):.3f}", *NO_BAR),
        *slice_rows(tested, protocol, bars),
        *threshold_rows(tested, protocol),
    ]  # fmt: skip


def pick(tested: WarningBacktest, by: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Pick the model, the best plain rule and the best strict one."""
    table = tested.methods.set_index("method", drop=False)
    rules = table.drop("model").sort_values(by, ascending=False)
    return table.loc["model"], rules[~rules["is_strict"]].iloc[0], rules[rules["is_strict"]].iloc[0]


def slice_rows(tested: WarningBacktest, protocol: str, bars: bool) -> list[tuple[object, ...]]:
    """Tell how well clients without an obvious sign are ranked."""
    own, best, strict = pick(tested, "no_sign_auc")
    gain = own["no_sign_auc"] - best["no_sign_auc"]
    where = f"{protocol}; {tested.no_sign_rows:,} rows, {tested.no_sign_lost:,} of them lost"
    return [
        ("AUC, all rows", protocol, own["auc"], interval(own, "auc"), *NO_BAR),
        ("AUC, bought in the last 45 days", where, own["no_sign_auc"],
         interval(own, "no_sign_auc"), *NO_BAR),
        (f"  gain on {best['label']}", where, gain, f"{best['no_sign_auc']:.3f} there",
         *((0.15, 0.25) if bars else NO_BAR)),
        (f"  gain on the strict rule: {strict['label']}", where,
         own["no_sign_auc"] - strict["no_sign_auc"], f"{strict['no_sign_auc']:.3f} there",
         *NO_BAR),
    ]  # fmt: skip


def threshold_rows(tested: WarningBacktest, protocol: str) -> list[tuple[object, ...]]:
    """Tell what became of the threshold that was set on earlier panels, and what alerts cost."""
    usable = usable_rows(tested.rows)
    there = set_threshold(usable, usable["model"])
    lead = count_alerts(usable, usable["model"], there).clients
    days, standing = lead["lead_days"].dropna(), lead["standing_share"].mean()
    costs = weigh_costs(usable, usable["model"], CallCosts(call_amount=5.0))
    quartiles = f"quartiles {days.quantile(0.25):.0f} to {days.quantile(0.75):.0f} days"
    rows: list[tuple[object, ...]] = [
        ("lead of first alerts, median days", protocol, days.median(), quartiles, *NO_BAR),
        ("part of later panels at which an alert stands", protocol, standing, "", *NO_BAR),
        ("cost curve, 5 a call: best threshold", protocol, costs.best_threshold,
         f"{costs.best_low:.2f} to {costs.best_high:.2f}", *NO_BAR),
    ]  # fmt: skip
    if tested.count is None:
        return rows
    count, chosen = tested.count, f"by {tested.chosen}"
    return [
        ("threshold set earlier for 10 %: false alarms became", protocol,
         count.false_alarm_share, chosen, *NO_BAR),
        ("  flagged in time", protocol, count.flagged_share, chosen, *NO_BAR),
        ("  flagged in time, weighed by revenue", protocol, count.flagged_money_share, chosen,
         *NO_BAR),
        ("  alerts per healthy client-year", protocol, count.alerts_per_healthy_year, chosen,
         *NO_BAR),
        *rows,
    ]  # fmt: skip


def measure_samples() -> list[tuple[object, ...]]:
    """Measure the sample company; the spread is that of its seeds."""
    measures: dict[str, list[float]] = {}
    for seed in SEEDS:
        lines, truth = simulate_sample(seed, SAMPLE_CLIENTS)
        managers = managers_count(SAMPLE_CLIENTS)
        tested = cut_book(lines, freq="ME", terms=Terms(managers_count=managers))
        own, best, _ = pick(tested, "flagged_share")
        slice_own, slice_best, _ = pick(tested, "no_sign_auc")
        gain = slice_own["no_sign_auc"] - slice_best["no_sign_auc"]
        ours, theirs = days_after_leaving(tested, truth)
        for name, figure in {
            "flagged >= 60 days before, 10 % false alarms": own["flagged_share"],
            "  best plain rule": best["flagged_share"],
            "AUC, bought in the last 45 days": slice_own["no_sign_auc"],
            "  gain on the best plain rule": gain,
            "threshold set earlier for 10 %: false alarms became": became(
                tested, "false_alarm_share"
            ),
            "  alerts per healthy client-year": became(tested, "alerts_per_healthy_year"),
            "  alerts per manager-week": became(tested, "alerts_per_manager_week"),
            "median days from leaving to the first alert": ours,
            "  gap ratio, same clients": theirs,
        }.items():
            measures.setdefault(name, []).append(float(figure))
    protocol = f"sample company, 600 clients, month ends, seeds {SEEDS}, trained on half"
    return [
        (name, protocol, float(np.mean(values)), f"sd {np.std(values, ddof=1):.3f}", *NO_BAR)
        for name, values in measures.items()
    ]


def days_after_leaving(tested: WarningBacktest, truth: pd.DataFrame) -> tuple[float, float]:
    """Median days from the true day of leaving to the first alert, at 10 % false alarms.

    Of the model and of the gap ratio, for clients that left after the cut, were lost and were
    alerted by both; a negative figure is a warning before the client left.
    """
    usable = usable_rows(tested.rows)
    left = truth.dropna(subset="left_on").set_index("client_id")["left_on"]
    left = left[left >= tested.trained_on]
    first = {}
    for name in ("model", "gap_ratio"):
        threshold = set_threshold(usable, usable[name])
        clients = count_alerts(usable, usable[name], threshold).clients.set_index("client_id")
        first[name] = clients.loc[clients["is_lost"] == 1, "first_alert_on"]
    days = pd.DataFrame(first).dropna().sub(left, axis=0).dropna()
    return days["model"].dt.days.median(), days["gap_ratio"].dt.days.median()


def became(tested: WarningBacktest, name: str) -> float:
    """Read what the threshold that was set on earlier panels came to."""
    return float("nan") if tested.count is None else float(getattr(tested.count, name))


def interval(row: pd.Series, name: str) -> str:
    """Write the interval of a figure."""
    return f"{row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f}"


def max_of(tested: WarningBacktest, name: str) -> float:
    """Give the largest figure of all rules, strict ones included."""
    rules = tested.methods[tested.methods["method"] != "model"]
    return float(rules[name].max())


def main() -> None:
    """Print the table, book by book."""
    for protocol, rows in measure().groupby("protocol", sort=False):
        sys.stdout.write(f"\n{protocol}\n")
        table = rows.drop(columns="protocol").round(3)
        sys.stdout.write(table.to_string(index=False, na_rep="-") + "\n")


if __name__ == "__main__":
    main()
