"""Programs: a derivation as a function of numbers, and the check of its gradients."""

from symcnn.backends.scalar.partials import scalar_text as scalar_text
from symcnn.programs.export import exported as exported
from symcnn.programs.gradcheck import GradientCheck as GradientCheck
from symcnn.programs.gradcheck import gradcheck as gradcheck
from symcnn.programs.hessian import HessianVectorProduct as HessianVectorProduct
from symcnn.programs.hessian import hessian_vector_product as hessian_vector_product
from symcnn.programs.lambdify import lambdify as lambdify
from symcnn.programs.program import Program as Program
from symcnn.values.evaluation import Evaluation as Evaluation
