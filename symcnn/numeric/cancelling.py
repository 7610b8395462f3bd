"""Putting formulas in where something cancels that floats would not survive.

    a = exp(x - ell),  L = -t log a:      log a  is  x - ell, whatever underflows in a
    a = sigma(z):                         log a  is  -softplus(-z),
                                          log(1 - a)  is  -softplus(z)
    delta_a = -t/a,  delta_x = delta_a a: the product  is  -t, also where a is 0

What is left of 1/a, because delta_a itself is asked for, is exp(ell - x) or
1 + exp(-z), which ``bounded_exp`` keeps within the range of floats.

These are identities on equations; nothing here knows a layer or a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sympy import Add, Expr, Indexed, Integer, Pow, exp, log

from symcnn.derivation.adjoint import is_maximum
from symcnn.equations import Equation, accesses
from symcnn.functions import sigmoid, softplus
from symcnn.numeric.formulas import Formulas
from symcnn.numeric.printing import bounded_exp
from symcnn.numeric.stages import Group


def stable(forward: Iterable[Group], backward: Iterable[Group]) -> tuple[list[Group], list[Group]]:
    """Return the groups of both passes in a form that is right for large numbers too."""
    formulas = Formulas()
    return without_logarithms(forward, formulas), _without_quotients(backward, formulas)


def without_logarithms(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    """Return a forward pass without logarithms of what can underflow; learn its formulas."""
    made: list[Group] = []
    for tensor, equations in groups:
        made.append((tensor, tuple(_with_logarithms(e, formulas) for e in equations)))
        formulas.learn(equations)
    return made


def _without_quotients(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    made: list[Group] = []
    for tensor, equations in groups:
        cancelled = [_cancelled(equation, formulas) for equation in equations]
        formulas.learn([_deep(equation, formulas) for equation in cancelled])
        made.append((tensor, tuple(_with_reciprocals(e, formulas) for e in cancelled)))
    return made


def _with_logarithms(equation: Equation, formulas: Formulas) -> Equation:
    if is_maximum(equation) or not equation.value.has(log):
        return equation
    return _rewritten(equation, formulas, log, lambda part: _logarithm(part.args[0], formulas))


def _with_reciprocals(equation: Equation, formulas: Formulas) -> Equation:
    if not _divisors(equation.value):
        return equation
    return _rewritten(equation, formulas, Pow, lambda part: _reciprocal(part, formulas))


def _rewritten(
    equation: Equation, formulas: Formulas, kind: type, rule: Callable[[Expr], Expr | None]
) -> Equation:
    """Return the equation with a rule for some of its parts; as it is where none applies."""
    apart = formulas.without_copies(equation)
    found = {part: rule(part) for part in apart.value.atoms(kind)}
    known = {part: value for part, value in found.items() if value is not None}
    return replace(apart, value=apart.value.xreplace(known)) if known else equation


def _logarithm(argument: Expr, formulas: Formulas) -> Expr | None:
    """Return log(a) or log(1 - a) by what is inside of a."""
    inside, complement = _inside(argument, formulas)
    if isinstance(inside, exp) and not complement:
        return inside.args[0]
    if isinstance(inside, sigmoid):
        return -softplus(inside.args[0] if complement else -inside.args[0])
    return None


def _reciprocal(power: Expr, formulas: Formulas) -> Expr | None:
    """Return a^-n or (1 - a)^-n by what is inside of a."""
    base, exponent = power.args
    if not _is_divisor(power):
        return None
    inside, complement = _inside(base, formulas)
    if isinstance(inside, exp) and not complement:
        return bounded_exp(exponent * inside.args[0])
    if isinstance(inside, sigmoid):
        z = inside.args[0] if complement else -inside.args[0]
        return (1 + bounded_exp(z)) ** -exponent
    return None


def _inside(argument: Expr, formulas: Formulas) -> tuple[Expr | None, bool]:
    """Return the formula of the entry a in an expression a or 1 - a, and whether it is 1 - a."""
    complement = not isinstance(argument, Indexed)
    read = 1 - argument if complement else argument
    return formulas.made(read) if isinstance(read, Indexed) else None, complement


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
