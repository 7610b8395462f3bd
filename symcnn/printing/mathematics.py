r"""The one printer of mathematics: SymPy expressions as a person writes them.

What differs from SymPy's own LaTeX: sums begin with what is positive (t - a, not
-a + t), factors stand as adjoint, weights, values, functions, brackets, and halves
stand in front; indices count from 1 or 0, axes of length 1 are left out. All of it is
layout: what is printed is the expression that was evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sympy import (
    Add,
    Eq,
    Expr,
    Function,
    Indexed,
    Mod,
    Mul,
    Pow,
    Rational,
    Symbol,
    latex,
)
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter

from symcnn.functions import Iverson
from symcnn.functions.printed import shown
from symcnn.notation import Shape
from symcnn.printing.subscripts import compared, limit, lowered, position, renumbered

_NUMBER = re.compile(r"(\d+)")


class MathPrinter(LatexPrinter):  # type: ignore[misc]  # SymPy is untyped
    """Prints formulas; index symbols are those of the general form and count from 0."""

    def __init__(
        self,
        numbers: Mapping[Symbol, str] | None = None,
        base: int = 1,
        shapes: Mapping[str, Shape] | None = None,
        weights: Collection[str] = ("w",),
        most_inside: int | None = None,
        separator: str = ", ",
    ) -> None:
        """Take the texts of numbers to print in place of symbols, if any.

        Args:
            numbers: The texts.
            base: What the first index is.
            shapes: The shapes of tensors by their labels, where their entries' names are
                not to count from 1.
            weights: The letters of weights, which stand before other entries.
            most_inside: Of sums, maxima and brackets inside of a term that have more parts
                than this, the first two and the last are printed.
            separator: What stands between the arguments of a maximum.
        """
        self._numbers, self._base, self._shapes = dict(numbers or {}), base, shapes
        self._weights, self.most_inside = weights, most_inside
        self.separator = separator
        super().__init__({"symbol_names": self._numbers})

    def terms(self, expression: Expr) -> tuple[str, ...]:
        """Return the top-level summands, each but the first with its sign in front."""
        return self.signed(self.summands(expression))

    def signed(self, summands: Sequence[Expr]) -> tuple[str, ...]:
        """Print summands, each but the first with its sign in front."""
        first, *rest = summands
        return (self._print(first), *(self._signed(term) for term in rest))

    @staticmethod
    def summands(expression: Expr) -> list[Expr]:
        """Order summands: what is positive first, then as their entries are numbered."""
        terms = [_with_sign_in_front(term) for term in Add.make_args(expression)]
        return sorted(terms, key=_order) if len(terms) > 1 else terms

    def _signed(self, term: Expr) -> str:
        text = self._operand(term) if term.is_Symbol else self._print(term)
        return f"- {text[1:].lstrip()}" if text.startswith("-") else f"+ {text}"

    def _operand(self, part: Expr) -> str:
        """Print what stands beside an operator: sums and negative numbers in parentheses."""
        text = self._print(part)
        if isinstance(part, Add) or (part.is_Symbol and text.startswith("-")):
            return rf"\left({text}\right)" if isinstance(part, Add) else f"({text})"
        return str(text)

    def _print_Add(self, expr: Expr, order: Any = None) -> str:
        return " ".join(shown(self, self.terms(expr), r"+ \cdots"))

    def _print_Mul(self, expr: Expr) -> str:
        coefficient, rest = expr.as_coeff_Mul()
        if any(map(_is_divisor, Mul.make_args(rest))):
            sign = "-" if coefficient.is_negative else ""
            above, below = map(self._print, _fraction(abs(coefficient), rest))
            return rf"{sign}\frac{{{above}}}{{{below}}}"
        parts = [self._operand(factor) for factor in sorted(Mul.make_args(rest), key=self._place)]
        if abs(coefficient) != 1:
            parts.insert(0, self._print(abs(coefficient)))
        joiner = r" \cdot " if self._numbers else " "
        return ("-" if coefficient.is_negative else "") + joiner.join(parts)

    def _place(self, factor: Expr) -> int:
        """Order factors: adjoints, weights, other entries, functions, sums, brackets."""
        if isinstance(factor, Symbol | Indexed):
            letter = _letter(factor)
            return 0 if letter == "delta" else 1 if letter in self._weights else 2
        kinds = (Iverson, Add, Function, Pow)
        return 7 - next((n for n, kind in enumerate(kinds) if isinstance(factor, kind)), -1)

    def _print_Pow(self, expr: Pow) -> str:
        base, exponent = expr.as_base_exp()
        if exponent.is_negative or not exponent.is_Integer:
            return str(super()._print_Pow(expr))
        text = self._operand(base)
        simple = (base.is_Symbol or isinstance(base, Indexed)) and "^" not in text
        text = text if simple else rf"\left({self._print(base)}\right)"
        return f"{text}^{{{exponent}}}"

    def _print_Rational(self, expr: Rational) -> str:
        if expr.q == 1:
            return str(expr.p)
        sign = "-" if expr.p < 0 else ""
        return rf"{sign}\frac{{{abs(expr.p)}}}{{{expr.q}}}"

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        if self._shapes is not None and expr not in self._numbers:
            expr = Symbol(renumbered(expr.name, self._shapes, self._base))
        if expr in self._numbers:
            return str(self._numbers[expr])
        return _symbol(expr)

    def _print_Indexed(self, expr: Indexed) -> str:
        places = [
            position(index, self._base)
            for index, size in zip(expr.indices, expr.shape, strict=True)
            if size != 1
        ]
        joiner = "" if all(place.isalnum() and len(place) == 1 for place in places) else ", "
        label = self._print(expr.base.label)
        return f"{label}_{{{joiner.join(places)}}}" if places else label

    def _print_Sum(self, expr: SymbolicSum) -> str:
        limits = "".join(
            rf"\sum_{{{symbol}={limit(low, self._base)}}}^{{{limit(high, self._base)}}} "
            for symbol, low, high in reversed(expr.limits)
        )
        return limits + self._operand(expr.function)

    def _print_Relational(self, expr: Relational) -> str:
        if expr.free_symbols and all(map(_is_index, expr.free_symbols)):
            return compared(expr, self._base)
        return str(super()._print_Relational(expr))

    def _print_Equality(self, condition: Eq) -> str:
        if not isinstance(condition.lhs, Mod):
            return self._print_Relational(condition)
        dividend, divisor = condition.lhs.args
        return rf"{divisor} \mid {latex(lowered(dividend, self._base))}"


@lru_cache(maxsize=2**14)
def _symbol(symbol: Symbol) -> str:
    """Print an entry as SymPy does, w_{13}: most of them are printed many times."""
    return str(LatexPrinter().doprint(symbol))


def _is_index(symbol: Expr) -> bool:
    """Tell whether a symbol is an index; entries are real numbers."""
    return bool(symbol.is_Symbol and symbol.is_integer)


def _is_divisor(factor: Expr) -> bool:
    """Tell whether a factor is a power that belongs below a fraction bar."""
    return isinstance(factor, Pow) and bool(factor.exp.could_extract_minus_sign())


def _fraction(coefficient: Rational, rest: Expr) -> tuple[Expr, Expr]:
    """Return what stands above and below the bar, as written: nothing is multiplied out."""
    factors = Mul.make_args(rest)
    above = Mul(coefficient.p, *(f for f in factors if not _is_divisor(f)))
    return above, Mul(coefficient.q, *(1 / f for f in factors if _is_divisor(f)))


def _order(term: Expr) -> tuple[bool, bool, tuple[tuple[int, str], ...]]:
    return bool(term.could_extract_minus_sign()), bool(term.is_number), _natural(term)


def _with_sign_in_front(term: Expr) -> Expr:
    """Write the sum of -f as minus the sum of f."""
    if isinstance(term, SymbolicSum) and term.function.could_extract_minus_sign():
        return -SymbolicSum(-term.function, *term.limits)
    return term


def _letter(entry: Expr) -> str:
    """Return the letter that an entry's name begins with: w of w^(2)_13."""
    name = str(entry.base.label if isinstance(entry, Indexed) else entry)
    return name.partition("^")[0].partition("_")[0]


@lru_cache(maxsize=2**14)
def _natural(term: Expr) -> tuple[tuple[int, str], ...]:
    """Order w_2 before w_10: numbers in a name count as numbers."""
    parts = _NUMBER.split(str(term))
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
