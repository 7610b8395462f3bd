"""What labels say of entries: their symbols and values, each printed once.

To a student they say no value that is to be found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Symbol

from symcnn.document.bindings import bound_alone, number_of, unbound
from symcnn.document.blocks import ROUNDED
from symcnn.document.context import Context
from symcnn.document.pictures.edges import Edge
from symcnn.writing.drawing.picture import Link
from symcnn.writing.formula import Formula, Fraction
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text
from symcnn.writing.lettering import signal_of
from symcnn.writing.printing.names import named


def others(what: str, number: int) -> str:
    """Return what is left of several: "the other samples", or "the other sample" of two."""
    return f"the other {what}" if number == 2 else f"the other {what}s"


class Texts:
    """The symbols and values of a problem's entries, as formulas and as words."""

    def __init__(self, context: Context, is_solved: bool = True) -> None:
        """Print nothing yet; later each entry's symbol and value once.

        Args:
            context: The derivation with its numbers.
            is_solved: Whether values are told that a student is to find.
        """
        self.context, self.is_solved = context, is_solved
        self.symbol: Callable[[Symbol], Formula] = cache(context.printed)
        self.value: Callable[[Symbol], Formula | None] = cache(self._value)

    @property
    def letter(self) -> Formula:
        """The letter of error signals."""
        return named(signal_of(self.context.derivation.network.letters))

    def _value(self, symbol: Symbol) -> Formula | None:
        """Return an entry's value: 1/3 for a third, ≈ 0.1 where it is rounded; None if untold."""
        if not self.is_solved and self.is_answer(symbol):
            return None
        numeral = self.context.numeral(symbol)
        bound = bound_alone((numeral.formula,))
        *sign, number = unbound(numeral.formula).parts
        made = numeral.formula if bound is None else unbound(numeral.formula)
        if isinstance(number, Fraction):
            made = row(*sign, number.above, "/", number.below)
        elif not numeral.exact:
            made = row(ROUNDED, made)
        return row(bound._replace(body=made, place="alone")) if bound else made

    def signal(self, symbol: Symbol) -> Symbol | None:
        """Return the error signal of an entry, if the loss depends on its tensor."""
        derivation = self.context.derivation
        tensor, position = derivation.entries.locate(symbol)
        known = tensor.name in derivation.adjoints and derivation.depends_on(tensor)
        return derivation.adjoints[tensor.name].symbol(position) if known else None

    def link(self, to: Symbol, start: Symbol | None, weight: Symbol | None) -> Link | None:
        """Return what an edge joins, where figures follow their numbers."""
        ends = (None if s is None else number_of(self.symbol(s)) for s in (to, start, weight))
        target, *others = ends
        return None if target is None else Link(target, *others)

    def is_answer(self, symbol: Symbol) -> bool:
        """Tell whether an entry's value is worked out, not given."""
        return not self.context.derivation.entries.locate(symbol)[0].is_given

    def in_words(self, symbol: Symbol) -> str:
        """Return an entry's symbol in words."""
        return text(self.symbol(symbol))

    def value_in_words(self, symbol: Symbol) -> str:
        """Return "= 0.2" or "≈ 0.123457"; nothing if the value is not told, or is to change."""
        value = None if self.context.bindings.may_change else self.value(symbol)
        words = "" if value is None else text(value)
        return words if not words or words.startswith("≈") else f"= {words}"

    def of_edge(self, edge: Edge) -> Formula | None:
        """Return what stands on an edge: its weight or its function."""
        return edge.function if edge.weight is None else self.symbol(edge.weight)
