"""Stabilise: formulas are put in where something cancels that floats would not survive.

    a = exp(x - ell),  L = -t log a:      log a  is  x - ell, whatever underflows in a
    a = sigma(z):                         log a  is  -softplus(-z),
                                          log(1 - a)  is  -softplus(z)
    delta_a = -t/a,  delta_x = delta_a a: the product  is  -t, also where a is 0

What is left of 1/a, because delta_a itself is asked for, is exp(ell - x) or
1 + exp(-z), which ``bounded_exp`` keeps within the range of floats.

These are identities on equations; nothing here knows a layer or a loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Add, Expr, Indexed, Integer, Pow, exp
from sympy.codegen.cfunctions import log1p

from symcnn.equations import Equation, Group, accesses
from symcnn.equations.formulas import Formulas
from symcnn.equations.functions import bounded_exp, sigmoid
from symcnn.equations.logarithms import inside, rewritten, with_logarithms, without_logarithms
from symcnn.equations.shifting import Shifts
from symcnn.programs.plans.exponentials import with_exponentials
from symcnn.programs.plans.pairs import Pairs
from symcnn.programs.plans.saturation import Saturation


def stabilised(
    forward: Iterable[Group], backward: Iterable[Group], *, saturated: bool = False
) -> tuple[list[Group], list[Group]]:
    """Return the groups of both passes in a form that is right for large numbers too.

    Args:
        forward: The forward pass.
        backward: What comes after it.
        saturated: Whether to keep the digits of what is far smaller than what it is computed
            from, as 1 - a where a is almost 1: it takes further functions of what is there.
    """
    formulas = Formulas()
    made = without_logarithms(forward, formulas), _without_quotients(backward, formulas)
    saturated = saturated or any(map(_is_of_what_is_left, made[0]))
    shifts = Shifts(saturated=saturated)
    if saturated:
        made = _saturated(*made, formulas)
    forward, backward = map(shifts.applied, made)
    return with_exponentials(forward), with_exponentials(backward)


def _is_of_what_is_left(group: Group) -> bool:
    """Tell whether a tensor is made of log(1 - exp(z)), which is infinite where that is rounded."""
    return any(equation.value.has(log1p) for equation in group[1])


def _saturated(
    forward: Sequence[Group], backward: Sequence[Group], formulas: Formulas
) -> tuple[list[Group], list[Group]]:
    saturation = Saturation(forward, formulas)
    backward = Pairs(forward, formulas).applied(backward)
    made = saturation.applied(forward), saturation.applied(backward)
    return saturation.with_gaps(made[0]), made[1]


def _without_quotients(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    """Cancel what can be, and write the reciprocals that are left by what is inside."""
    made: list[Group] = []
    for tensor, equations in groups:
        cancelled = [_cancelled(equation, formulas) for equation in equations]
        formulas.learn([_deep(equation, formulas) for equation in cancelled])
        written = (_with_reciprocals(with_logarithms(e, formulas), formulas) for e in cancelled)
        made.append((tensor, tuple(written)))
    return made


def _with_reciprocals(equation: Equation, formulas: Formulas) -> Equation:
    if not _divisors(equation.value):
        return equation
    return rewritten(equation, formulas, Pow, lambda part: _reciprocal(part, formulas))


def _reciprocal(power: Expr, formulas: Formulas) -> Expr | None:
    """Return a^-n or (1 - a)^-n by what is inside of a."""
    base, exponent = power.args
    if not _is_divisor(power):
        return None
    formula, complement = inside(base, formulas)
    if isinstance(formula, exp) and not complement:
        return bounded_exp(exponent * formula.args[0])
    if isinstance(formula, sigmoid):
        z = formula.args[0] if complement else -formula.args[0]
        return (1 + bounded_exp(z)) ** -exponent
    return None


def _cancelled(equation: Equation, formulas: Formulas) -> Equation:
    """Put every adjoint in whose divisors cancel in the product."""
    for read in accesses(equation.value):
        if not _divisors(formulas.general(read.base)):
            continue
        formula, rest = formulas.of(read), equation.value / read
        if formula is None or rest.has(read):
            continue
        value = Add(*(formulas.original(part) * rest for part in _addends(formula)))
        if len(_divisors(value)) < len(_divisors(formula)):
            return _cancelled(replace(equation, value=value), formulas)
    return equation


def _deep(equation: Equation, formulas: Formulas) -> Equation:
    """Return the equation of a copied adjoint with the formula of the original."""
    value = equation.value
    formula = formulas.of(value) if isinstance(value, Indexed) else None
    return equation if formula is None else replace(equation, value=formulas.original(formula))


def _addends(formula: Expr) -> Sequence[Expr]:
    number, rest = formula.as_coeff_Mul()
    return [number * part for part in Add.make_args(rest)]


def _divisors(value: Expr) -> set[Expr]:
    return {power.base for power in value.atoms(Pow) if _is_divisor(power)}


def _is_divisor(power: Expr) -> bool:
    whole = isinstance(power.exp, Integer) and power.exp < 0
    return bool(whole and power.base.has(Indexed))
