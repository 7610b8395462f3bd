"""Numbers: the derivation as a NumPy program, and an independent check of it."""

from symcnn.numeric.evaluation import Evaluation
from symcnn.numeric.export import jax_module, numpy_module
from symcnn.numeric.forward import Forward, complex_step, forward
from symcnn.numeric.gradcheck import GradientCheck, gradcheck
from symcnn.numeric.hessian import HessianVectorProduct, hessian_vector_product
from symcnn.numeric.program import Program, lambdify
from symcnn.numeric.scalar.text import scalar_text

__all__ = [
    "Evaluation",
    "Forward",
    "GradientCheck",
    "HessianVectorProduct",
    "Program",
    "complex_step",
    "forward",
    "gradcheck",
    "hessian_vector_product",
    "jax_module",
    "lambdify",
    "numpy_module",
    "scalar_text",
]
