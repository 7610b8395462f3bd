"""Derivatives with respect to entries whose index is counted row by row: x_{C s + m}.

    y_{G m + s} = x_{C s + m}        dL/dx_{C s + m} = delta_{G m + s}

in place of quotients and remainders of one index, dL/dx_q = delta_{G (q mod C) + floor(q/C)}.
"""

from __future__ import annotations

from sympy import Mod, Sum, floor

from symcnn.derivation.derived import adding
from symcnn.derivation.general import General, equations_form
from symcnn.document.facts.derivative import Derivative


def by_digits(derivative: Derivative) -> General:
    """Return a derivative: of what is only moved with several letters in an index of the entry."""
    made, derivation = derivative.general, derivative.derivation
    if not made.right.has(floor, Mod):
        return made
    own = equations_form(adding(derivation, derivative.tensor.name), made.left, made.right)
    return made if own.right.has(floor, Mod, Sum) else own
