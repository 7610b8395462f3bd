"""Evaluating a problem: in floating point, or exactly; and where rounding decides."""

from symcnn.evaluation.evaluate import evaluate
from symcnn.evaluation.exact import ExactEvaluation, floats, has_exact_ties, is_small, slack
from symcnn.evaluation.ties import NearTie, near_ties

__all__ = [
    "ExactEvaluation",
    "NearTie",
    "evaluate",
    "floats",
    "has_exact_ties",
    "is_small",
    "near_ties",
    "slack",
]
