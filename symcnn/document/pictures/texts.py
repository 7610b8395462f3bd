"""What labels say of entries: their symbols and values, each printed once."""

from __future__ import annotations

from sympy import Symbol

from symcnn.document.context import Context
from symcnn.formula import Fraction
from symcnn.formula import Row as Formula
from symcnn.formula.build import row
from symcnn.formula.unicode import text


class Texts:
    """The symbols and values of a problem's entries, as formulas and as words."""

    def __init__(self, context: Context) -> None:
        """Print nothing yet."""
        self.context = context
        self._symbols: dict[Symbol, Formula] = {}
        self._values: dict[Symbol, Formula] = {}

    def symbol(self, symbol: Symbol) -> Formula:
        """Return an entry's symbol."""
        if symbol not in self._symbols:
            self._symbols[symbol] = self.context.printed(symbol)
        return self._symbols[symbol]

    def value(self, symbol: Symbol) -> Formula:
        """Return an entry's value: 1/3 for a third, ≈ 0.1 where it is rounded."""
        if symbol not in self._values:
            numeral = self.context.numeral(symbol)
            *sign, number = numeral.formula.parts
            if isinstance(number, Fraction):
                self._values[symbol] = row(*sign, number.above, "/", number.below)
            else:
                self._values[symbol] = numeral.formula if numeral.exact else numeral.side.formula
        return self._values[symbol]

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
