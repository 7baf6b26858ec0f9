"""One chart of every kind, small enough to be checked by eye."""

import pandas as pd

from clientlib import figures
from clientlib.language import Claim, tell

NAMES = ["UAB Žuvėdra", "=cmd|' /C calc'!A0", "Ąžuolas & <b>sons</b>"]


def draw_gallery(names=NAMES):
    """Draw a chart of each kind that can be native.

    Parameters
    ----------
    names : list of str
        Three names of clients.

    Returns
    -------
    dict of str to Figure
        By kind.
    """
    first, second, third = names
    clients = pd.DataFrame(
        {
            "name": names,
            "revenue_amount": [3000.0, 2000.0, 1000.0],
            "low": [2500.0, 1500.0, 800.0],
            "high": [3600.0, 2600.0, 1300.0],
            "late_share": [0.1, 0.2, 0.4],
        }
    )
    periods = pd.DataFrame(
        {
            "month": ["April", "May", "June"],
            "actual": [90.0, 104.0, None],
            "before": [80.0, 99.0, 95.0],
            "plan": [100.0, 100.0, 100.0],
            "forecast": [None, None, 97.0],
            "low": [None, None, 90.0],
            "high": [None, None, 105.0],
        }
    )
    steps = pd.DataFrame(
        {
            "step": ["last year", first, second, third, "this year"],
            "amount": [100.0, -120.0, 30.0, 40.0, 50.0],
            "kind": ["total", "step", "step", "step", "total"],
        }
    )
    days = pd.to_datetime(["2025-01-31", "2025-02-28", "2025-03-31"])
    lines = pd.DataFrame(
        {
            "month": [*days, *days],
            "late_share": [0.1, 0.2, 0.3, 0.3, 0.3, 0.1],
            "who": [first] * 3 + [second] * 3,
        }
    )
    months = pd.DataFrame(
        {
            "who": [first, first, second, second],
            "month": ["May", "June", "May", "June"],
            "revenue": [10.0, 30.0, 5.0, None],
            "before": [12.0, 20.0, 6.0, 4.0],
        }
    )
    moves = pd.DataFrame([[5, 1], [2, 7]], index=[first, second], columns=["large", "small"])
    curve = pd.DataFrame(
        {
            "predicted_share": [0.1, 0.5],
            "observed_share": [0.12, 0.45],
            "band_low": [0.05, 0.4],
            "band_high": [0.15, 0.6],
            "count": [100, 80],
        }
    )
    events = pd.DataFrame({"on": days, "kind": ["order", "visit", "order"], "what": names})
    stages = pd.DataFrame({"stage": names, "deals_count": [40, 10, 5]})
    brings = tell("The largest brings {share:share} of the revenue", share=0.5)
    return {
        "bars": figures.draw_bars(
            clients, label="name", value="revenue_amount", title=brings, unit="EUR"
        ),
        "bars with ends": figures.draw_bars(
            clients, label="name", value="revenue_amount", low="low", high="high",
            title=brings, unit="EUR",
        ),
        "intervals": figures.draw_intervals(
            clients, label="name", estimate="revenue_amount", low="low", high="high",
            title=brings, unit="EUR", reference=1400.0, reference_label="half",
        ),
        "periods": figures.draw_periods(
            periods, period="month", actual="actual", previous="before", plan="plan",
            forecast="forecast", low="low", high="high", unit="EUR",
            title=tell("May was {over:count} above the plan", over=4.0).resting_on(
                Claim.of_fact(4.0)
            ),
        ),
        "structure": figures.draw_structure(
            clients, label="name", actual="revenue_amount", previous="low", unit="EUR", title=brings
        ),
        "multiples": figures.draw_multiples(
            months, panel="who", period="month", actual="revenue", previous="before", unit="EUR",
            title=tell("{name} reaches {most:count}", name=first, most=30.0),
        ),
        "bridge": figures.draw_bridge(
            steps, label="step", amount="amount", kind="kind", unit="EUR",
            title=tell("One client cost {lost:count}", lost=120.0),
        ),
        "funnel": figures.draw_funnel(
            stages, label="stage", count="deals_count", unit="deals",
            title=tell("{won:count} deals were won", won=5),
        ),
        "lines": figures.draw_lines(
            lines, x="month", y="late_share", series="who", unit="%",
            title=tell("At most {share:share} are late", share=0.3),
        ),
        "points": figures.draw_points(
            clients, label="name", x="revenue_amount", y="late_share", units=("EUR", "%"),
            title=tell("{clients:client} are compared", clients=3),
        ),
        "timeline": figures.draw_timeline(
            events, day="on", lane="kind", label="what",
            title=tell("There were {events:count} events", events=3),
        ),
        "reliability_curve": figures.draw_reliability_curve(
            curve, title=tell("{groups:count} groups are judged", groups=2)
        ),
        "matrix": figures.draw_matrix(
            moves, title=tell("{stayed:count} clients stayed large", stayed=5), unit="clients"
        ),
    }  # fmt: skip
