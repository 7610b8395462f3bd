"""Programs: a derivation as a function of numbers, and the check of its gradients."""

from symcnn.backends.scalar.partials import scalar_text
from symcnn.programs.export import exported
from symcnn.programs.gradcheck import GradientCheck, gradcheck
from symcnn.programs.hessian import HessianVectorProduct, hessian_vector_product
from symcnn.programs.lambdify import lambdify
from symcnn.programs.program import Program
from symcnn.values.evaluation import Evaluation

__all__ = [
    "Evaluation",
    "GradientCheck",
    "HessianVectorProduct",
    "Program",
    "exported",
    "gradcheck",
    "hessian_vector_product",
    "lambdify",
    "scalar_text",
]
