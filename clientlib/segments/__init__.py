"""Which clients belong together, how they move, and how far we hang on few of them."""

from clientlib.segments.concentration import Concentration, measure_concentration
from clientlib.segments.migration import Migration, compare_segments
from clientlib.segments.rfm import RfmCuts, fit_rfm_cuts, score_rfm
from clientlib.segments.rules import SegmentRules
from clientlib.segments.segmentation import Segmentation, segment_clients
from clientlib.segments.value import ValueCuts, classify_abc, fit_value_cuts
from clientlib.segments.worth import LabelWorth, compare_labellings

__all__ = [
    "Concentration",
    "LabelWorth",
    "Migration",
    "RfmCuts",
    "SegmentRules",
    "Segmentation",
    "ValueCuts",
    "classify_abc",
    "compare_labellings",
    "compare_segments",
    "fit_rfm_cuts",
    "fit_value_cuts",
    "measure_concentration",
    "score_rfm",
    "segment_clients",
]
