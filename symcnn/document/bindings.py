"""What figures stand for: the expressions that a page evaluates anew when a number is changed.

A document of numbers that stay as they are has figures and names that stand for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from sympy import Expr, Function, Symbol

from symcnn.writing.formula import Bound, Formula
from symcnn.writing.formula.build import NAME, braced, row
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numeral

IsEntry = Callable[[Symbol], bool]
"""Tells whether a symbol is an entry of the network, or the derivative with respect to one."""


class Lead(Function):  # type: ignore[misc]  # SymPy is untyped
    """Lead(t_0, t_1, ...): the largest number less the second largest one."""


class Winner(Function):  # type: ignore[misc]  # SymPy is untyped
    """Winner(p, t_0, t_1, ...): which of the numbers t_0, t_1, ... the maximum p is."""


class Order(Function):  # type: ignore[misc]  # SymPy is untyped
    """Order(s, t): whether s is less than t, or not."""


AFTER_THE_STEP = Symbol("loss after one step")
"""The loss with the updated weights, which no entry of the network is."""


class Fixed:
    """Figures of numbers that stay as they are."""

    may_change: ClassVar[bool] = False
    """Whether numbers are changed later: then a document says nothing that holds at these alone."""

    def bound(self, numeral: Numeral, expression: Expr) -> Numeral:
        """Return the figure of an expression of entries."""
        return numeral

    def printer(self, is_entry: IsEntry, manner: Manner) -> MathPrinter:
        """Return what prints formulas with the names of entries."""
        return MathPrinter(manner=manner)


FIXED = Fixed()
"""The figures of documents that nobody changes."""


@dataclass(frozen=True)
class Bindings(Fixed):
    """Expressions of entries, each with its number.

    Attributes:
        keys: Their numbers, in the order in which they were met first.
    """

    may_change: ClassVar[bool] = True
    keys: dict[Expr, int] = field(default_factory=dict)

    def key(self, expression: Expr) -> int:
        """Return the number of an expression."""
        return self.keys.setdefault(expression, len(self.keys))

    def bound(self, numeral: Numeral, expression: Expr) -> Numeral:
        """Return a figure that follows what it stands for; one of a constant stays as it is."""
        if not expression.free_symbols:
            return numeral
        return replace(numeral, formula=row(Bound(numeral.formula, self.key(expression))))

    def printer(self, is_entry: IsEntry, manner: Manner) -> MathPrinter:
        """Return what prints formulas in which the names of entries are bound to them."""
        return BindingPrinter(self, is_entry, manner)


class BindingPrinter(MathPrinter):
    """Prints formulas in which the names of entries are bound to them."""

    def __init__(self, bindings: Bindings, is_entry: IsEntry, manner: Manner) -> None:
        """Take where bindings are written down, what entries are, and how to print."""
        super().__init__(manner=manner)
        self._bindings, self._is_entry = bindings, is_entry

    def _print_Symbol(self, expr: Symbol) -> Formula:
        name = super()._print_Symbol(expr)
        if not self._is_entry(expr):
            return name
        return row(Bound(braced(name), self._bindings.key(expr), NAME))


def bound_alone(terms: tuple[Formula, ...]) -> Bound | None:
    """Return the one figure that a side consists of, if it follows what it stands for."""
    found = terms[0].parts if len(terms) == 1 else ()
    return found[0] if len(found) == 1 and isinstance(found[0], Bound) else None


def number_of(name: Formula | None) -> int | None:
    """Return the number of what a name stands for, if it is bound to it."""
    bound = None if name is None else bound_alone((name,))
    return bound.key if bound else None


def unbound(figure: Formula) -> Formula:
    """Return a figure as it is printed."""
    bound = bound_alone((figure,))
    return row(bound.body) if bound else figure
