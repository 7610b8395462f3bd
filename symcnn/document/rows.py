"""Making rows: symbol = formula = numbers = value, with the claim they stand for."""

from __future__ import annotations

from sympy import Expr, Symbol

from symcnn.derivation.sums import written_out
from symcnn.document.blocks import EQUAL, ROUNDED, Claim, Row, Side
from symcnn.document.general import General
from symcnn.document.material import Material
from symcnn.document.mathematics import MathPrinter

_MOST_TERMS = 24
"""A sum of more terms than this is shown by its first and last ones."""

formula_printer = MathPrinter()


def printed(expression: Expr) -> str:
    """Print a formula."""
    return str(formula_printer.doprint(expression))


def partial(entry: Expr) -> str:
    """Print dL/d(entry)."""
    return rf"\frac{{\partial L}}{{\partial {printed(entry)}}}"


def worked_row(material: Material, symbol: Symbol, formula: Expr, left: str = "") -> Row:
    """Return the row  symbol = formula = numbers = value.

    Args:
        material: Where the numbers come from.
        symbol: The entry.
        formula: What it equals, in other entries.
        left: How the entry is written, if not by its symbol.
    """
    sides = [Side(EQUAL, _few(formula_printer.terms(formula)))]
    value = material.numeral(symbol)
    numerals = {s: material.numeral(s) for s in formula.free_symbols}
    exact = all(numeral.exact for numeral in numerals.values())
    if formula.free_symbols and not formula.is_Symbol:
        numbers = MathPrinter({s: numeral.latex for s, numeral in numerals.items()})
        sides.append(Side(EQUAL if exact else ROUNDED, _few(numbers.terms(formula))))
    if sides[-1].terms != (value.latex,):
        sides.append(Side(EQUAL if value.exact else ROUNDED, (value.latex,)))
    claim = Claim((symbol,), lambda _: [formula], material.value(symbol))
    return Row(left or printed(symbol), tuple(sides), claim)


def general_row(material: Material, general: General, left: str = "") -> Row:
    """Return the row  T[i, k] = formula  for all i, k."""
    entries = material.derivation.entries
    cases = {entries.scalar(general.left.xreplace(c)): c for c in general.cases()}

    def right(symbol: Symbol) -> list[Expr]:
        if general.window:
            return [entries.formula(symbol)]
        return [entries.scalar(written_out(general.checked.xreplace(cases[symbol])))]

    terms = _window(general) if general.window else formula_printer.terms(general.right)
    claim = Claim(tuple(cases), right)
    return Row(left or printed(general.left), (Side(EQUAL, terms),), claim)


def _window(general: General) -> tuple[str, ...]:
    ranges = r",\, ".join(rf"1 \le {loop.symbol} \le {loop.size}" for loop in general.window)
    return (rf"\max_{{{ranges}}} {printed(general.right)}",)


def _few(terms: tuple[str, ...]) -> tuple[str, ...]:
    if len(terms) <= _MOST_TERMS:
        return terms
    return (*terms[:2], r"+ \cdots", terms[-1])
