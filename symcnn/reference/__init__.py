"""What an equation means, in the plainest way: what everything else is checked against."""

from symcnn.reference.choices import Choice as Choice
from symcnn.reference.choices import Kink as Kink
from symcnn.reference.exact_forward import Dual as Dual
from symcnn.reference.exact_forward import ExactForward as ExactForward
from symcnn.reference.exact_forward import exact_departure as exact_departure
from symcnn.reference.exact_forward import exact_derivatives as exact_derivatives
from symcnn.reference.exact_forward import exact_numbers as exact_numbers
from symcnn.reference.exact_forward import exact_value as exact_value
from symcnn.reference.forward import FLOATS as FLOATS
from symcnn.reference.forward import PERTURBED as PERTURBED
from symcnn.reference.forward import STEP as STEP
from symcnn.reference.forward import Forward as Forward
from symcnn.reference.forward import complex_step as complex_step
from symcnn.reference.forward import forward as forward
from symcnn.reference.interpreter import evaluate as evaluate
from symcnn.reference.local import LocalForward as LocalForward
from symcnn.reference.passes import HasEquations as HasEquations
from symcnn.reference.passes import Tie as Tie
