"""Putting stages into each other: from a staged formula to a closed one.

The size of the result is known before it is made, by counting along the stages.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, Symbol, preorder_traversal

from symcnn.errors import TooLargeError

MOST_NODES = 20_000
"""A closed formula with more operations and operands than this is refused."""

Formula = Callable[[Symbol], Expr | None]


class Expansion:
    """Replaces every symbol that has a formula by it, down to those that have none."""

    def __init__(self, formula: Formula) -> None:
        """Take the function that gives a symbol's formula, or None for one that stays."""
        self._formula = formula
        self._closed: dict[Symbol, Expr] = {}
        self._nodes: dict[Symbol, int] = {}

    def __call__(self, expression: Expr, most_nodes: int = MOST_NODES) -> Expr:
        """Put every stage into an expression.

        Raises:
            TooLargeError: If the result would have more than ``most_nodes`` nodes.
        """
        nodes = self.nodes(expression)
        if nodes > most_nodes:
            raise TooLargeError(
                f"the closed form would hold {nodes:,} operations and operands, more than the "
                f"{most_nodes:,} that are written out: ask for staged=True or the general form"
            )
        return self._put_in(expression)

    def nodes(self, expression: Expr) -> int:
        """Return the size of an expression's closed form, without making it."""
        return sum(
            self._symbol_nodes(part) if isinstance(part, Symbol) else 1
            for part in preorder_traversal(expression)
        )

    def _put_in(self, expression: Expr) -> Expr:
        return expression.xreplace({s: self._entry(s) for s in expression.free_symbols})

    def _entry(self, symbol: Symbol) -> Expr:
        if symbol not in self._closed:
            formula = self._formula(symbol)
            self._closed[symbol] = symbol if formula is None else self._put_in(formula)
        return self._closed[symbol]

    def _symbol_nodes(self, symbol: Symbol) -> int:
        if symbol not in self._nodes:
            formula = self._formula(symbol)
            self._nodes[symbol] = 1 if formula is None else self.nodes(formula)
        return self._nodes[symbol]
