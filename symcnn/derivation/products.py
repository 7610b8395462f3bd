"""What an equation's value is made of: products of entries, and what has no value everywhere."""

from __future__ import annotations

from fractions import Fraction

from sympy import Indexed, Mul, Pow, log

from symcnn.equations import Equation, LogSumExp, Sum

Factors = tuple[Fraction, list[Indexed]]
"""A number and the accesses that it is multiplied by."""


def factors_of(equation: Equation) -> Factors | None:
    """Return the factors of the value that is summed; None if it is no product of entries."""
    number, product = equation.value.as_coeff_Mul()
    if not (number.is_Rational and isinstance(equation.reduction, Sum)):
        return None
    reads: list[Indexed] = []
    for factor in Mul.make_args(product):
        base, power = factor.as_base_exp()
        if not (isinstance(base, Indexed) and power.is_Integer and power > 0):
            return None
        reads += [base] * int(power)
    return Fraction(int(number.p), int(number.q)), reads


def is_partial(equation: Equation) -> bool:
    """Tell whether a formula holds a logarithm, a quotient or a root."""
    value = equation.value
    powers = (power for power in value.atoms(Pow) if power.base.has(Indexed))
    if isinstance(equation.reduction, LogSumExp) or value.has(log):
        return True
    return any(not power.exp.is_nonnegative for power in powers)
