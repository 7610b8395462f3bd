r"""Named functions: each is its definition, and its derivative follows from that.

    sigmoid(z)       = 1 / (1 + exp(-z))            sigmoid' = sigmoid (1 - sigmoid)
    softplus(z)      = log(1 + exp(z))              softplus' = sigmoid
    normal_cdf(z)    = (1 + erf(z / sqrt(2))) / 2   normal_cdf' = exp(-z^2/2) / sqrt(2 pi)
    relu(z)          = z [z > 0]                    relu'    = [z > 0]
    [c1, c2, ...]    = 1 if all conditions hold, else 0   (Iverson bracket; constant
                       between its jumps, so its derivative is 0)
    maximum(a, b, …) = the largest argument; its partial with respect to one of them is the
                       bracket that says that this one is the first largest

They are ordinary SymPy functions, so ``subs``, ``diff``, ``evalf``, ``latex`` and
``lambdify`` work on every expression that holds them. ``Max(a, b).diff`` is never
used: SymPy gives Heaviside steps there, which count a tie twice.
"""

from symcnn.equations.functions.brackets import ComputedBase as ComputedBase
from symcnn.equations.functions.brackets import ComputedEntry as ComputedEntry
from symcnn.equations.functions.brackets import DefinedFunction as DefinedFunction
from symcnn.equations.functions.brackets import Iverson as Iverson
from symcnn.equations.functions.brackets import equal_share as equal_share
from symcnn.equations.functions.brackets import first_largest as first_largest
from symcnn.equations.functions.brackets import floor as floor
from symcnn.equations.functions.brackets import maximum as maximum
from symcnn.equations.functions.brackets import merged as merged
from symcnn.equations.functions.brackets import translated as translated
from symcnn.equations.functions.elementary import ELEMENTARY as ELEMENTARY
from symcnn.equations.functions.elementary import Elementary as Elementary
from symcnn.equations.functions.elementary import bounded as bounded
from symcnn.equations.functions.elementary import bounded_exp as bounded_exp
from symcnn.equations.functions.elementary import complement as complement
from symcnn.equations.functions.elementary import elu as elu
from symcnn.equations.functions.elementary import exponentials_less_one as exponentials_less_one
from symcnn.equations.functions.elementary import leaky_relu as leaky_relu
from symcnn.equations.functions.elementary import normal_cdf as normal_cdf
from symcnn.equations.functions.elementary import relu as relu
from symcnn.equations.functions.elementary import sigmoid as sigmoid
from symcnn.equations.functions.elementary import softplus as softplus
from symcnn.equations.functions.elementary import uncancelled as uncancelled
