"""Numbers: the derivation as a NumPy program, and an independent check of it."""

from symcnn.numeric.evaluation import Evaluation
from symcnn.numeric.export import numpy_module
from symcnn.numeric.forward import Forward, complex_step, forward
from symcnn.numeric.gradcheck import GradientCheck, gradcheck
from symcnn.numeric.program import Program, lambdify

__all__ = [
    "Evaluation",
    "Forward",
    "GradientCheck",
    "Program",
    "complex_step",
    "forward",
    "gradcheck",
    "lambdify",
    "numpy_module",
]
