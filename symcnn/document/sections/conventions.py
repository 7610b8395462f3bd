"""What formulas take for granted: brackets, natural logarithms, no terms beyond a border."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sympy import Expr, Function, Mod, ceiling, floor, log

from symcnn.derivation import Derivation
from symcnn.derivation.determined import determining
from symcnn.derivation.general import backward_form, forward_form
from symcnn.document.blocks import Text
from symcnn.document.sections.settings import windows
from symcnn.document.sections.words import filled
from symcnn.equations import Equation, LogSumExp, accesses, grouped
from symcnn.functions import DefinedFunction, Iverson

BRACKET = r"A bracket $\left[\cdot\right]$ is 1 where all conditions in it hold, and 0 elsewhere."
_DOWN = r"A number in $\lfloor\cdot\rfloor$ is rounded down to a whole number{more}."
_UP = r"A number in $\lceil\cdot\rceil$ is rounded up to a whole number."
_BOTH = r", one in $\lceil\cdot\rceil$ is rounded up"
_NATURAL = "Logarithms are natural."
_OUTSIDE = "Terms whose indices lie outside their tensor are omitted."


def brackets(derivation: Derivation) -> Text:
    """Say what a bracket is, if a document of the derivation may have any.

    Formulas have those of functions with kinks, and of maxima; theorems those of windows.
    """
    formulas = [part for step in derivation.steps for part in (step.source.value, step.local)]
    has_windows = any(map(windows, derivation.network.stages))
    has_any = has_windows or derivation.routings or any(f.has(Iverson) for f in formulas)
    return filled(BRACKET) if has_any else ()


def roundings(derivation: Derivation) -> Text:
    """Say what the signs of floors and ceilings mean, if a formula of the derivation has any."""
    every = grouped(derivation.network.equations)
    forward = (forward_form(derivation, equations).right for _, equations in every)
    backward = (backward_form(derivation, name).right for name in derivation.adjoints)
    formulas = [*chain(forward, backward)]
    down, up = (any(formula.has(sign) for formula in formulas) for sign in (floor, ceiling))
    if down:
        return filled(_DOWN.replace("{more}", _BOTH if up else ""))
    return filled(_UP) if up else ()


def logarithms(equations: Iterable[Equation]) -> Text:
    """Say which logarithms are meant, if formulas have any."""
    return (_NATURAL,) if any(map(_has_logarithm, equations)) else ()


def outside(equations: Iterable[Equation]) -> Text:
    """Say what happens where an index leaves the tensor that is read, if one does."""
    return (_OUTSIDE,) if any(map(reads_outside, equations)) else ()


def _has_logarithm(equation: Equation) -> bool:
    """Tell whether log(...) is printed: functions without a letter are written out."""
    functions = equation.value.atoms(Function)
    defined = [f for f in functions if isinstance(f, DefinedFunction) and not f.called]
    written = [*functions, *(f.definition(*f.args) for f in defined)]
    return isinstance(equation.reduction, LogSumExp) or any(part.has(log) for part in written)


def reads_outside(equation: Equation) -> bool:
    """Tell whether an index of what is read can leave its tensor."""
    read = {index for access in accesses(equation.value) for index in access.indices}
    quotients = determining(equation)
    return any(g.expression in read and g not in quotients for g in equation.guards)


def is_about_divisors(bracket: Expr) -> bool:
    """Tell whether a bracket says that one number divides another."""
    return any(condition.has(Mod) and not accesses(condition) for condition in bracket.args)
