"""What a client may do within one horizon: not pay, leave, cancel, claim, cost more than bring."""

from clientlib.reliability.events import LossRules
from clientlib.reliability.risks.catalogue import ATTRIBUTES, BY_NAME, SIGNS, Sign
from clientlib.reliability.risks.panels import RiskPanels, read_risk_panels
from clientlib.reliability.risks.signs import build_signs
from clientlib.reliability.risks.targets import TARGETS, add_targets

__all__ = [
    "ATTRIBUTES",
    "BY_NAME",
    "SIGNS",
    "TARGETS",
    "LossRules",
    "RiskPanels",
    "Sign",
    "add_targets",
    "build_signs",
    "read_risk_panels",
]
