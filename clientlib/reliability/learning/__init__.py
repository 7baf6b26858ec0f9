"""Models of what clients will do, of six kinds behind one interface, and why each score is so."""

from clientlib.reliability.learning.fitting import CrossFit, cross_fit, fit_model
from clientlib.reliability.learning.model import ReliabilityModel
from clientlib.reliability.learning.recipes import KINDS, Choices

__all__ = ["KINDS", "Choices", "CrossFit", "ReliabilityModel", "cross_fit", "fit_model"]
