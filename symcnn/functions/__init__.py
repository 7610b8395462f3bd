r"""Named functions: each is its definition, and its derivative follows from that.

    sigmoid(z)       = 1 / (1 + exp(-z))            sigmoid' = sigmoid (1 - sigmoid)
    softplus(z)      = log(1 + exp(z))              softplus' = sigmoid
    normal_cdf(z)    = (1 + erf(z / sqrt(2))) / 2   normal_cdf' = exp(-z^2/2) / sqrt(2 pi)
    relu(z)          = z [z > 0]                    relu'    = [z > 0]
    [c1, c2, ...]    = 1 if all conditions hold, else 0   (Iverson bracket; constant
                       between its jumps, so its derivative is 0)
    maximum(a, b, …) = the largest argument; its partial by one of them is the
                       bracket that says that this one is the first largest

They are ordinary SymPy functions, so ``subs``, ``diff``, ``evalf``, ``latex`` and
``lambdify`` work on every expression that holds them. ``Max(a, b).diff`` is never
used: SymPy gives Heaviside steps there, which count a tie twice.
"""

from symcnn.functions.activations import elu, leaky_relu, normal_cdf, relu, sigmoid, softplus
from symcnn.functions.bounded import bounded_exp
from symcnn.functions.brackets import Iverson, equal_share, first_largest, maximum
from symcnn.functions.defined import DefinedFunction

__all__ = [
    "DefinedFunction",
    "Iverson",
    "bounded_exp",
    "elu",
    "equal_share",
    "first_largest",
    "leaky_relu",
    "maximum",
    "normal_cdf",
    "relu",
    "sigmoid",
    "softplus",
]
