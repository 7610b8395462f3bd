"""Logarithms of what can underflow, by what is inside of them.

    a = exp(x - ell),  L = -t log a:      log a  is  x - ell, whatever underflows in a
    a = sigma(z):                         log a  is  -softplus(-z),
                                          log(1 - a)  is  -softplus(z)
    a = exp(z):                           log(1 - a)  is  -log(1 + exp(z) / (1 - exp(z)))

These are identities on equations; nothing here knows a layer or a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sympy import Expr, Indexed, exp, log
from sympy.codegen.cfunctions import expm1, log1p

from symcnn.equations.equation import Equation, Group, is_maximum
from symcnn.equations.formulas import Formulas
from symcnn.equations.functions import sigmoid, softplus, uncancelled


def without_logarithms(groups: Iterable[Group], formulas: Formulas) -> list[Group]:
    """Return a forward pass without logarithms of what can underflow; learn its formulas."""
    made: list[Group] = []
    for tensor, equations in groups:
        made.append((tensor, tuple(with_logarithms(e, formulas) for e in equations)))
        formulas.learn(equations)
    return made


def with_logarithms(equation: Equation, formulas: Formulas) -> Equation:
    """Return an equation without logarithms of what can underflow."""
    if is_maximum(equation) or not equation.value.has(log):
        return equation
    return rewritten(equation, formulas, log, lambda part: _logarithm(part.args[0], formulas))


def rewritten(
    equation: Equation, formulas: Formulas, kind: type, rule: Callable[[Expr], Expr | None]
) -> Equation:
    """Return the equation with a rule for some of its parts; as it is where none applies."""
    original = formulas.without_copies(equation)
    found = {part: rule(part) for part in original.value.atoms(kind)}
    known = {part: value for part, value in found.items() if value is not None}
    return replace(original, value=original.value.xreplace(known)) if known else equation


def _logarithm(argument: Expr, formulas: Formulas) -> Expr | None:
    """Return log(a) or log(1 - a) by what is inside of a."""
    formula, complement = inside(argument, formulas)
    if isinstance(formula, exp):
        (z,) = formula.args
        return -log1p(-exp(z) / expm1(z)) if complement else z
    if isinstance(formula, sigmoid):
        return -softplus(formula.args[0] if complement else -formula.args[0])
    return None


def inside(argument: Expr, formulas: Formulas) -> tuple[Expr | None, bool]:
    """Return the formula of the entry a in an expression a or 1 - a, and whether it is 1 - a."""
    argument = argument.replace(uncancelled, lambda z: z)
    complement = not isinstance(argument, Indexed)
    read = 1 - argument if complement else argument
    return formulas.made(read) if isinstance(read, Indexed) else None, complement
