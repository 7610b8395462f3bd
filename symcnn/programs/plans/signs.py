"""What a rectifier is applied to need not be kept for its derivative.

    a = max(0, z):    dL/dz = dL/da [z > 0] = dL/da [a > 0]

The result is there anyway, as the next equation reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sympy import Expr

from symcnn.equations import Equation, is_one_to_one
from symcnn.equations.functions import Iverson, relu


def signs(equations: Iterable[Equation]) -> dict[Expr, Expr]:
    """Return the brackets of what rectifiers are applied to, and those of their results."""
    every = list(equations)
    adding = Counter(equation.target.base for equation in every)
    rectified = (e for e in every if isinstance(e.value, relu) and adding[e.target.base] == 1)
    return {
        Iverson(e.value.args[0] > 0): Iverson(e.target > 0) for e in rectified if is_one_to_one(e)
    }
