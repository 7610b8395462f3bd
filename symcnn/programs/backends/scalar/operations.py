"""The number of operations in a formula of single floats."""

from __future__ import annotations

from itertools import accumulate

from sympy import Add, Expr, Mul, Piecewise, Pow, S
from sympy.core.relational import Relational
from sympy.printing.str import StrPrinter

from symcnn.equations import fraction_of
from symcnn.equations.functions import (
    Iverson,
    bounded,
    bounded_exp,
    maximum,
    sigmoid,
    softplus,
    uncancelled,
)
from symcnn.programs.backends.straight.functions import Argmax, Select

_OWN = {
    **{sigmoid: (5, 3), softplus: (6, 2), bounded_exp: (2, 1), bounded: (2, 1)},
    uncancelled: (0, 1),
}
"""The operations of what is written out, and how often it computes its argument."""

_IN_ORDER = StrPrinter()


def operations_of(value: Expr) -> int:
    """Count arithmetic operators, comparisons and calls; of two branches the longer one is run.

    >>> from sympy import symbols, tanh
    >>> a, b = symbols("a b", real=True)
    >>> operations_of(tanh(2 * a) - b / 3), operations_of(-a), operations_of(1 / (a * b))
    (4, 1, 2)
    """
    if value.is_Atom:
        return 0
    if isinstance(value, Relational):
        return 1 + sum(map(operations_of, value.args))
    if isinstance(value, Piecewise):
        return _of_cases(value)
    if value.as_coeff_Mul()[0].is_negative:  # -1 is an operation; other signs are the number's.
        return operations_of(-value) + _is_negated(value)
    inside: list[int] = [operations_of(part) for part in value.args]
    match value:
        case Add():
            first = _IN_ORDER._as_ordered_terms(value)[0]
            signs = sum(_is_negated(term) for term in value.args if term != first)
            return sum(inside) - signs + len(inside) - 1
        case Mul():
            return _of_product(value)
        case Pow():
            return _of_power(value)
        case Select():
            return max(inside) if len(inside) == 3 else sum(inside)
        case Argmax():
            return sum(inside) + max(len(inside) - 2, 1)  # The last term needs no comparison.
        case maximum():
            branch = max(inside) if len(inside) == 2 else 0
            return sum(inside) + branch + len(inside) - 1
        case Iverson():
            return sum(inside)
        case _:
            own, times = _OWN.get(value.func, (1, 1))
            return own + times * sum(inside)


def _of_product(value: Mul) -> int:
    """Count a product over a product; what is below is multiplied and divided by."""
    above, below = fraction_of(value)
    return max(len(above) - 1, 0) + len(below) + sum(map(operations_of, (*above, *below)))


def _of_power(value: Pow) -> int:
    if value.exp == -S.Half:
        return 2 + operations_of(value.base)
    return 1 + operations_of(value.base) + operations_of(value.exp)


def _of_cases(value: Piecewise) -> int:
    """Count the comparisons up to a case, and its value, where that is most."""
    compared = [sum(map(operations_of, c.atoms(Relational))) for _, c in value.args]
    return max(
        before + operations_of(case)
        for before, (case, _) in zip(accumulate(compared), value.args, strict=True)
    )


def _is_negated(value: Expr) -> bool:
    """Tell whether a sign is an operation: in -a it is, in -1/a it belongs to the number."""
    if value.is_Atom or value.as_coeff_Mul()[0] != -1:
        return False
    return any(factor.free_symbols for factor in fraction_of(value)[0])
