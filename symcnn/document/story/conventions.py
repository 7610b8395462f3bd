"""What formulas take for granted: brackets, natural logarithms, no terms beyond a border."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sympy import Expr, Function, Mod, log

from symcnn.derivation import Derivation
from symcnn.derivation.general import General
from symcnn.derivation.statement import terms_of
from symcnn.document.blocks import Text
from symcnn.document.context import Context
from symcnn.document.facts.forms import reads_outside
from symcnn.document.words.table import filled
from symcnn.equations import Equation, LogSumExp, accesses
from symcnn.equations.functions import DefinedFunction, Iverson
from symcnn.writing.formula import Fenced, nodes

BRACKET = r"A bracket $\left[\cdot\right]$ is 1 where all conditions in it hold, and 0 elsewhere."
_DOWN = r"A number in $\lfloor\cdot\rfloor$ is rounded down to a whole number{more}."
_UP = r"A number in $\lceil\cdot\rceil$ is rounded up to a whole number."
_BOTH = r", one in $\lceil\cdot\rceil$ is rounded up"
_DOWN_TO, _UP_TO = r"\lfloor", r"\lceil"
_NATURAL = "Logarithms are natural."
_OUTSIDE = "Terms whose indices lie outside their tensor are omitted."


def brackets(derivation: Derivation) -> Text:
    """Say what a bracket is, if a document of the derivation may have any.

    Formulas have those of functions with kinks, and of maxima; theorems those of windows.
    """
    formulas = [part for step in derivation.steps for part in (step.source.value, step.local)]
    has_windows = any(stage.windows for stage in derivation.network.stages)
    has_any = has_windows or derivation.routings or any(f.has(Iverson) for f in formulas)
    return filled(BRACKET) if has_any else ()


def roundings(context: Context) -> Text:
    """Say what the signs of floors and ceilings mean, if a formula is printed with any."""
    signs = _rounded(context, chain(forward_forms(context), backward_forms(context)))
    if _DOWN_TO in signs:
        return filled(_DOWN.replace("{more}", _BOTH if _UP_TO in signs else ""))
    return filled(_UP) if _UP_TO in signs else ()


def rounds_forward(context: Context) -> bool:
    """Tell whether a formula of the forward pass has a floor or a ceiling."""
    return bool(_rounded(context, forward_forms(context)))


def forward_forms(context: Context) -> Iterator[General]:
    """Run over the formulas of the forward pass."""
    return (operation.general for operation in context.operations.values())


def backward_forms(context: Context) -> Iterator[General]:
    """Run over the formulas of the backward pass."""
    return (derivative.general for derivative in context.derivatives.values())


def _rounded(context: Context, formulas: Iterable[General]) -> set[str]:
    """Return the signs of floors and ceilings in formulas as they are printed."""
    base = context.style.index_base
    printed = (term for f in formulas for term in terms_of(f, context.printer, base))
    every = (node for term in printed for node in nodes(term))
    return {n.left for n in every if isinstance(n, Fenced) and n.left in (_DOWN_TO, _UP_TO)}


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


def is_about_divisors(bracket: Expr) -> bool:
    """Tell whether a bracket says that one number divides another."""
    return any(condition.has(Mod) and not accesses(condition) for condition in bracket.args)
