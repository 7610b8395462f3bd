"""A softmax whose log-sum-exp was not written down, as one formula of what it is taken of.

    ell = log(sum of e^(z_k)) + r
    p_i = e^(z_i - ell)                 =  e^(-r) / sum of e^(z_k - z_i)
    y_i = z_i - ell                     =  -r - log(sum of e^(z_k - z_i))

r is what rounding ell adds to it. On intervals z_i and ell would vary apart, and p_i exceed 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Add, Expr, S, Symbol, exp, log


@dataclass(frozen=True)
class Merged:
    """A formula without a stage before it.

    Attributes:
        stage: The entry of the stage, which is the logarithm of a sum of exponentials.
        stage_formula: How that is computed.
        error: What rounding adds to it.
        formula: The formula in what the stage is computed from, and in the error.
    """

    stage: Symbol
    stage_formula: Expr
    error: Symbol
    formula: Expr


def merged(formula: Expr, before: Callable[[Symbol], Expr | None]) -> Merged | None:
    """Return a formula that subtracts a log-sum-exp without it; None where there is none."""
    differences = [d for d in formula.atoms(Add) if any(_subtracted(d, before))]
    for difference in sorted(differences, key=str):
        stage, of = next(_subtracted(difference, before))
        error = Symbol(f"rounding error of {stage}", real=True)
        less = log(Add(*(exp(z - (difference + stage)) for z in _exponents(of))))
        return Merged(stage, of, error, formula.xreplace({difference: -error - less}))
    return None


def _subtracted(
    difference: Add, before: Callable[[Symbol], Expr | None]
) -> Iterator[tuple[Symbol, Expr]]:
    """Run over the log-sum-exps that a sum subtracts, with their formulas."""
    for term in difference.args:
        if term.is_Mul and len(term.args) == 2 and term.args[0] is S.NegativeOne:
            stage = term.args[1]
            of = before(stage) if stage.is_Symbol else None
            if of is not None and _exponents(of):
                yield stage, of


def _exponents(formula: Expr) -> list[Expr]:
    """Return the exponents of the logarithm of a sum of exponentials; of what is none, none."""
    powers = Add.make_args(formula.args[0]) if isinstance(formula, log) else ()
    listed = [power.args[0] for power in powers if isinstance(power, exp)]
    return listed if len(listed) == len(powers) else []
