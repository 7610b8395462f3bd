r"""Means in theorems: with letters for the numbers of their terms, 1/(N_r N_g).

A mean over a window may be written as a sum of shares, sum of x[2r + u] / 2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import prod

from sympy import Expr, S, Symbol

from symcnn.derivation import Derivation
from symcnn.document.theorems.letters import size_of
from symcnn.equations import SUM, Equation, Mean
from symcnn.writing.lettering import taken_letters


def terms_of_mean(equation: Equation) -> int:
    """Return the number of terms of a mean; 0 for what is none."""
    if isinstance(equation.reduction, Mean):
        return int(equation.terms_of_entry)
    share, read = equation.value.as_coeff_Mul()
    terms = prod(loop.size for loop in equation.reduced)
    return terms if terms > 1 and read.is_Indexed and share * terms == 1 else 0


def number_of_terms(derivation: Derivation, mean: Equation) -> Expr:
    """Return the number of terms of a mean, in letters."""
    taken = taken_letters(derivation.network)
    return prod((size_of(loop.symbol, taken) for loop in mean.reduced), start=S.One)


def counts(sources: Sequence[Equation], taken: Collection[str]) -> dict[Symbol, int]:
    """Return how many entries each mean is taken over, loop by loop."""
    means = filter(terms_of_mean, sources)
    return {size_of(x.symbol, taken): x.size for source in means for x in source.reduced}


def as_sum(derivation: Derivation, equation: Equation) -> Equation:
    """Return a mean as the sum of shares; of another equation itself."""
    if not (terms := terms_of_mean(equation)):
        return equation
    share = 1 if isinstance(equation.reduction, Mean) else terms
    value = share * equation.value / number_of_terms(derivation, equation)
    return replace(equation, value=value, reduction=SUM)
