"""Functions of exact numbers in forms that do not cancel, and the slopes of a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from sympy import Dummy, Expr, exp, sqrt
from sympy.codegen.cfunctions import log1p

from symcnn.equations.functions import ELEMENTARY, DefinedFunction, normal_cdf, softplus
from symcnn.equations.functions.elementary import Z
from symcnn.reference.enclosures import Number, Precision, functions

Written = tuple[Dummy, Expr]
"""A function's argument, and an expression of it."""


ANALYTIC: Mapping[str, tuple[Callable[[Number, Precision], Number], Written]] = {
    name: (getattr(functions, name), (Z, row.slope))
    for name, row in ELEMENTARY.items()
    if row.slope is not None
}
"""Functions with their slopes."""

WRITTEN: Mapping[str, Written] = {
    name: (Z, row.written) for name, row in ELEMENTARY.items() if row.written is not None
}
"""Functions by what they are made of, from which their slopes follow."""


@cache
def definition(function: type[DefinedFunction]) -> Written:
    """Return a function of symcnn by what it is made of; nothing cancels."""
    if function is softplus:
        return Z, log1p(exp(Z))
    if function is normal_cdf:
        return Z, ELEMENTARY["erfc"].function(-Z / sqrt(2)) / 2
    return Z, function.definition(Z)
