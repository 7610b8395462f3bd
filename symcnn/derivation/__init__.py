r"""Deriving: the chain rule in index form, and its general and by-hand readings.

What is returned is ordinary SymPy. Entries are real symbols, indices are integers from
0 on, and every function knows its derivative, its LaTeX and its NumPy code:

    >>> import pickle
    >>> import sympy
    >>> import symcnn as sc
    >>> layers = [sc.Dense(1, bias=False), sc.Sigmoid()]
    >>> d = sc.derive(sc.Network((2,), layers, sc.HalfSquaredError()))

Its free symbols are the entries of what is given, with assumptions to compute with:

    >>> slope = d.partial("dense1.weight", (0, 0))
    >>> t, w1, w2, x1, x2 = sorted(slope.free_symbols, key=str)
    >>> t, w1, w2, x1, x2, w1 == d.symbol("dense1.weight", (0, 0)), w1.is_real
    (t, w_1, w_2, x_1, x_2, True, True)
    >>> d.indices("dense1.weight")[1].is_nonnegative
    True

``latex`` reads as in a document, for closed, staged and general forms:

    >>> print(sympy.latex(d.partial("dense1.weight", (0, 0), staged=True)))
    \delta^{z} x_{1}
    >>> print(sympy.latex(d.value(d.symbol("dense1", (0,)))))
    w_{1} x_{1} + w_{2} x_{2}

``subs`` and ``diff`` work, so the derivative can be moved and derived again:

    >>> slope.subs({w1: 0, w2: 0})
    x_1*(1/2 - t)/4
    >>> slope.diff(t)
    -x_1*(1 - sigmoid(w_1*x_1 + w_2*x_2))*sigmoid(w_1*x_1 + w_2*x_2)

``lambdify`` gives a function of numbers or arrays:

    >>> f = sympy.lambdify([t, w1, w2, x1, x2], slope, "numpy")
    >>> round(float(f(1, 0.3, -0.1, 1, 2)), 12)
    -0.118458809236

``pickle`` and ``srepr`` bring the same expression back:

    >>> pickle.loads(pickle.dumps(slope)) == slope
    True
    >>> names = {**vars(sympy), "sigmoid": sc.sigmoid}
    >>> eval(sympy.srepr(slope), names) == slope
    True
"""

from symcnn.derivation.adjoint import Routing as Routing
from symcnn.derivation.adjoint import Step as Step
from symcnn.derivation.derivation import Chain as Chain
from symcnn.derivation.derivation import Derivation as Derivation
from symcnn.derivation.derivation import derive as derive
from symcnn.derivation.derivation import differentiate as differentiate
from symcnn.derivation.point import Point as Point
