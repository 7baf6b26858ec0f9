"""Which clients will pay late in the next days, how sure that is, and on what it rests."""

from clientlib.reliability.backtest import Backtest, backtest
from clientlib.reliability.calibration import draw_curve, judge_probabilities
from clientlib.reliability.history import steady_late_share
from clientlib.reliability.model import LateModel, fit_late_model
from clientlib.reliability.scores import ReliabilityScores, payment_index, score_clients

__all__ = [
    "Backtest",
    "LateModel",
    "ReliabilityScores",
    "backtest",
    "draw_curve",
    "fit_late_model",
    "judge_probabilities",
    "payment_index",
    "score_clients",
    "steady_late_share",
]
