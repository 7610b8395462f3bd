"""What labels say of entries: their symbols and values, each printed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Symbol

from symcnn.document.context import Context
from symcnn.formula import Fraction
from symcnn.formula import Row as Formula
from symcnn.formula.build import row
from symcnn.formula.unicode import text


class Texts:
    """The symbols and values of a problem's entries, as formulas and as words."""

    def __init__(self, context: Context) -> None:
        """Print nothing yet; later each entry's symbol and value once."""
        self.context = context
        self.symbol: Callable[[Symbol], Formula] = cache(context.printed)
        self.value: Callable[[Symbol], Formula] = cache(self._value)

    def _value(self, symbol: Symbol) -> Formula:
        """Return an entry's value: 1/3 for a third, ≈ 0.1 where it is rounded."""
        numeral = self.context.numeral(symbol)
        *sign, number = numeral.formula.parts
        if isinstance(number, Fraction):
            return row(*sign, number.above, "/", number.below)
        return numeral.formula if numeral.exact else numeral.side.formula

    def signal(self, symbol: Symbol) -> Symbol | None:
        """Return the error signal of an entry, if the loss depends on its tensor."""
        derivation = self.context.derivation
        tensor, position = derivation.entries.locate(symbol)
        known = tensor.name in derivation.adjoints and derivation.depends_on(tensor)
        return derivation.adjoints[tensor.name].symbol(position) if known else None

    def is_answer(self, symbol: Symbol) -> bool:
        """Tell whether an entry's value is worked out, not given."""
        return not self.context.derivation.entries.locate(symbol)[0].is_given

    def in_words(self, symbol: Symbol) -> str:
        """Return an entry's symbol in words."""
        return text(self.symbol(symbol))

    def value_in_words(self, symbol: Symbol) -> str:
        """Return "= 0.2" or "≈ 0.123457"."""
        value = text(self.value(symbol))
        return value if value.startswith("≈") else f"= {value}"
