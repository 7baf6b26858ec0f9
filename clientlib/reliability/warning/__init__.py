"""Early warning: who will be lost, how long before it shows, and what the alerts are worth."""

from clientlib.reliability.events import LossRules
from clientlib.reliability.warning.alerting import EarlyWarning, warn_clients
from clientlib.reliability.warning.arrears import find_arrears, find_unprofitable
from clientlib.reliability.warning.backtest import Terms, WarningBacktest, backtest_warning
from clientlib.reliability.warning.book import OrderBook, read_book
from clientlib.reliability.warning.costs import CallCosts, CostCurve, weigh_costs
from clientlib.reliability.warning.counting import (
    AlertCount,
    count_alerts,
    set_threshold,
    usable_rows,
)
from clientlib.reliability.warning.hazard import SilenceModel, fit_silence_model
from clientlib.reliability.warning.losses import find_losses, follow_events, follow_silences
from clientlib.reliability.warning.panel import build_panel
from clientlib.reliability.warning.plain import score_plain_rules
from clientlib.reliability.warning.watching import WatchList, WatchRule, watch_clients

__all__ = [
    "AlertCount",
    "CallCosts",
    "CostCurve",
    "EarlyWarning",
    "LossRules",
    "OrderBook",
    "SilenceModel",
    "Terms",
    "WarningBacktest",
    "WatchList",
    "WatchRule",
    "backtest_warning",
    "build_panel",
    "count_alerts",
    "find_arrears",
    "find_losses",
    "find_unprofitable",
    "fit_silence_model",
    "follow_events",
    "follow_silences",
    "read_book",
    "score_plain_rules",
    "set_threshold",
    "usable_rows",
    "warn_clients",
    "watch_clients",
    "weigh_costs",
]
