"""When each invoice will be paid: one hazard model for every horizon, checked on the past."""

from clientlib.reliability.timing.backtest import TimingBacktest, backtest_timing, judge_timing
from clientlib.reliability.timing.invoices import believed_on, join_outcomes
from clientlib.reliability.timing.model import TimingModel, fit_timing
from clientlib.reliability.timing.reasons import explain_late
from clientlib.reliability.timing.records import from_record, to_record
from clientlib.reliability.timing.rule import PlainTiming, fit_rule

__all__ = [
    "PlainTiming",
    "TimingBacktest",
    "TimingModel",
    "backtest_timing",
    "believed_on",
    "explain_late",
    "fit_rule",
    "fit_timing",
    "from_record",
    "join_outcomes",
    "judge_timing",
    "to_record",
]
