"""Putting stages into each other: from a staged formula to a closed one.

The size of the result is known before it is made, by counting along the stages; the
count stops as soon as it is too large, so a refusal is quick however deep the network.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf

from sympy import Expr, Indexed, Mul, Pow, Symbol, log, preorder_traversal

from symcnn import limits
from symcnn.equations import Equation, LogSumExp, Sum
from symcnn.errors import TooLargeError

Definition = Callable[[Symbol], Expr | None]
Least = Callable[[Symbol, int], int]


class Expansion:
    """Replaces every symbol that has a formula by it, down to those that have none."""

    def __init__(self, formula: Definition, least: Least = lambda symbol, most: 1) -> None:
        """Take what gives a symbol's formula, or None for one that stays, and counts entries.

        Args:
            formula: Gives the formula of a symbol.
            least: Gives a number of nodes that a formula has at the least, without writing it;
                beyond the number that is asked for, any larger one.
        """
        self._formula, self._least = formula, least
        self._closed: dict[Symbol, Expr] = {}
        self._nodes: dict[Symbol, int] = {}

    def __call__(self, expression: Expr, most_nodes: int = limits.CLOSED_FORM_NODES) -> Expr:
        """Put every stage into an expression.

        Raises:
            TooLargeError: If the result would have more than ``most_nodes`` nodes.
        """
        if self.nodes(expression, most_nodes) > most_nodes:
            raise TooLargeError(
                f"the closed form would have more than the {most_nodes:,} operations and operands "
                "that are written out: use staged=True or the general form"
            )
        return self._put_in(expression)

    def nodes(self, expression: Expr, most: float = inf) -> int:
        """Return the size of an expression's closed form, without making it.

        Beyond ``most`` the count stops: the result is then any number larger than that.
        """
        parts = list(preorder_traversal(expression))
        total = len(parts)  # No stage is smaller than its symbol.
        for symbol in (part for part in parts if isinstance(part, Symbol)):
            if total > most:
                break
            total += self._symbol_nodes(symbol, most - total + 1) - 1
        return total

    def _put_in(self, expression: Expr) -> Expr:
        return expression.xreplace({s: self._entry(s) for s in expression.free_symbols})

    def _entry(self, symbol: Symbol) -> Expr:
        if symbol not in self._closed:
            formula = self._formula(symbol)
            self._closed[symbol] = symbol if formula is None else self._put_in(formula)
        return self._closed[symbol]

    def _symbol_nodes(self, symbol: Symbol, most: float) -> int:
        """Count the nodes of a closed form once; a count that was broken off is not kept."""
        if symbol in self._nodes:
            return self._nodes[symbol]
        if most < inf and (least := self._least(symbol, int(most) + 1)) > most:
            return least
        formula = self._formula(symbol)
        nodes = 1 if formula is None else self.nodes(formula, most)
        if nodes <= most:
            self._nodes[symbol] = nodes
        return nodes


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
