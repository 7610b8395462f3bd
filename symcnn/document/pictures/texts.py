"""What labels say of entries: their symbols and values, each printed once."""

from __future__ import annotations

import re

from sympy import Symbol

from symcnn.document.material import Material
from symcnn.formula.unicode import text

_FRACTION = re.compile(r"\\frac\{(\d+)\}\{(\d+)\}")


class Texts:
    """The symbols and values of a problem's entries, as LaTeX and as words."""

    def __init__(self, material: Material) -> None:
        """Print nothing yet."""
        self.material = material
        self._symbols: dict[Symbol, str] = {}
        self._values: dict[Symbol, str] = {}

    def symbol(self, symbol: Symbol) -> str:
        """Return an entry's symbol."""
        if symbol not in self._symbols:
            self._symbols[symbol] = self.material.printed(symbol)
        return self._symbols[symbol]

    def value(self, symbol: Symbol) -> str:
        r"""Return an entry's value: 1/3 for a third, \approx 0.1 where it is rounded."""
        if symbol not in self._values:
            numeral = self.material.numeral(symbol)
            latex = _FRACTION.sub(r"\1/\2", numeral.latex)
            self._values[symbol] = latex if numeral.exact else rf"\approx {latex}"
        return self._values[symbol]

    def is_answer(self, symbol: Symbol) -> bool:
        """Tell whether an entry's value is worked out, not given."""
        return not self.material.derivation.entries.locate(symbol)[0].is_given

    def in_words(self, symbol: Symbol) -> str:
        """Return an entry's symbol in words."""
        return text(self.symbol(symbol))

    def value_in_words(self, symbol: Symbol) -> str:
        """Return "= 0.2" or "≈ 0.123457"."""
        value = text(self.value(symbol))
        return value if value.startswith("≈") else f"= {value}"
