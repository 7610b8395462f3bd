"""Programs: a derivation as a function of numbers, and the check of its gradients."""

from symcnn.backends.scalar.partials import scalar_text
from symcnn.programs.export import jax_module, numpy_module
from symcnn.programs.gradcheck import GradientCheck, gradcheck
from symcnn.programs.hessian import HessianVectorProduct, hessian_vector_product
from symcnn.programs.program import Program, lambdify
from symcnn.values.evaluation import Evaluation

__all__ = [
    "Evaluation",
    "GradientCheck",
    "HessianVectorProduct",
    "Program",
    "gradcheck",
    "hessian_vector_product",
    "jax_module",
    "lambdify",
    "numpy_module",
    "scalar_text",
]
