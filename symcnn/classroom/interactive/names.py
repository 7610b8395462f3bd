"""Entries and formulas in one line of text, as a page's script says them."""

from __future__ import annotations

from sympy import Expr, Symbol

from symcnn.derivation import Derivation
from symcnn.derivation.constants import constants
from symcnn.derivation.manner import manner_of
from symcnn.document.blocks import EQUAL, Side
from symcnn.document.facts.scope import FIRST, few
from symcnn.document.style import Style
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.collected import common_factor
from symcnn.writing.printing.manner import separator
from symcnn.writing.printing.mathematics import DOTS, MathPrinter
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.order import summands


class Names:
    """Prints in one line."""

    def __init__(self, derivation: Derivation, style: Style) -> None:
        """Take what the entries are of, and how they are printed."""
        known = constants(derivation.network, Numerals(style.digits, style.decimal))
        manner = manner_of(derivation, known, style.index_base, separator(style.decimal))
        self._printer = MathPrinter(manner=manner)

    def name(self, expression: Expr) -> str:
        """Name an entry, or write an expression of entries."""
        return _line(self._printer.tree(expression))

    def partial(self, entry: Symbol) -> str:
        """Write dL/dw."""
        return _line(self._printer.partial(self._printer.tree(entry)))

    def equation(self, left: str, formula: Expr) -> str:
        """Write an equation; a long sum is cut short."""
        terms = summands(formula)
        shown, factor = few(terms), common_factor(terms)
        made = self._printer.signed(shown, factor)
        dots = (DOTS,) if len(shown) < len(terms) else ()
        return f"{left} {_line(Side(EQUAL, (*made[:FIRST], *dots, *made[FIRST:])).formula)}"


def _line(formula: Formula) -> str:
    return text(formula).replace("-", "\N{MINUS SIGN}")
