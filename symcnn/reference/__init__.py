"""What an equation means, in the plainest way: what everything else is checked against."""

from symcnn.reference.complex_numbers import FLOATS, STEP
from symcnn.reference.dual import EXACT, Dual
from symcnn.reference.exact_forward import ExactForward
from symcnn.reference.forward import Forward, complex_step, forward
from symcnn.reference.interpreter import evaluate
from symcnn.reference.passes import HasEquations, Tie

__all__ = [
    "EXACT",
    "FLOATS",
    "STEP",
    "Dual",
    "ExactForward",
    "Forward",
    "HasEquations",
    "Tie",
    "complex_step",
    "evaluate",
    "forward",
]
