"""Sizes that are letters, H, K, S or P in place of 28, 3, 2 or 1, and lengths that follow.

Formulas hold the letter, as on paper, and the letter knows what it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import prod
from typing import Any, TypeAlias

from sympy import Add, Expr, Integer, Pow, S, Symbol, cancel, ceiling, expand, factor_terms, floor
from sympy import Max as Largest
from sympy import Min as Least

from symcnn.errors import SymcnnError, shown

Size: TypeAlias = int | Expr
"""A number of things: an integer, or an expression in letters for sizes."""

ROUNDED = (floor, ceiling, Largest, Least)
"""What sizes are made of beside polynomials: integer parts of quotients, and extrema."""


class SizeSymbol(Symbol):  # type: ignore[misc]
    """A letter for a size, positive or at least non-negative."""


def size(name: str, *, least: int = 1) -> Symbol:
    """Return a letter for a size: an integer that is at least 1, or 0 for a padding.

    A positive integer symbol of SymPy serves as well.

    Args:
        name: What formulas call it, e.g. "H" or "K".
        least: The least value, 1 or 0.

    Raises:
        SymcnnError: If the least value is another.

    >>> H, P = size("H"), size("P", least=0)
    >>> H.is_positive, P.is_positive, P.is_nonnegative
    (True, None, True)
    """
    if least not in (0, 1) or isinstance(least, bool):
        raise SymcnnError(f"the least value {shown(least)} of a size is invalid: give 1 or 0")
    known = {"positive": True} if least == 1 else {"nonnegative": True}
    return SizeSymbol(name, integer=True, **known)


def is_size(symbol: Expr) -> bool:
    """Tell whether a symbol is a letter for a size, and not an index."""
    if not isinstance(symbol, Symbol):
        return False
    return isinstance(symbol, SizeSymbol) or bool(symbol.is_integer and symbol.is_positive)


class RealSymbol(Symbol):  # type: ignore[misc]
    """A letter for a setting that is a real number."""


def real(name: str, *, is_positive: bool = False) -> Symbol:
    """Return a letter for a setting that is a real number, as alpha of an activation is.

    Args:
        name: What formulas call it: "alpha".
        is_positive: Whether it stands for positive numbers alone.

    >>> alpha = real("alpha")
    >>> alpha.is_real, alpha.is_positive
    (True, None)
    """
    return RealSymbol(name, **({"positive": True} if is_positive else {"real": True}))


def is_real_letter(symbol: Any) -> bool:
    """Tell whether a symbol is a letter for a real number."""
    return isinstance(symbol, RealSymbol)


def is_constant(expression: Expr) -> bool:
    """Tell whether an expression is made of letters for sizes and real numbers, and of numbers."""
    return all(is_size(symbol) or is_real_letter(symbol) for symbol in expression.free_symbols)


def is_symbolic(number: Any) -> bool:
    """Tell whether a size has letters in it."""
    return isinstance(number, Expr) and not isinstance(number, Integer)


def is_made_of_sizes(expression: Expr) -> bool:
    """Tell whether an expression has integer values and no index in it.

    It is a sum of products of integers, letters, and floors, ceilings, maxima and minima of
    quotients of such.
    """
    if isinstance(expression, Integer) or is_size(expression):
        return True
    if isinstance(expression, ROUNDED):
        return all(is_size(s) for s in expression.free_symbols)
    if expression.is_Pow:
        return bool(expression.exp.is_Integer and expression.exp > 0) and is_made_of_sizes(
            expression.base
        )
    return bool(expression.is_Add or expression.is_Mul) and all(
        is_made_of_sizes(part) for part in expression.args
    )


def plain(number: Any) -> Any:
    """Return a SymPy integer as Python's, and anything else as it is."""
    return int(number) if isinstance(number, Integer) else number


def number_of(sizes: Iterable[Size]) -> Size:
    """Return the number of entries of a shape: the product of its sizes, multiplied out."""
    return expanded(prod(sizes))


def expanded(number: Size) -> Size:
    """Return a size, multiplied out."""
    return expand(number) if is_symbolic(number) else number


def reduced(expression: Expr) -> Expr:
    """Multiply out, and cancel what SymPy leaves of sums in denominators: D/(D + 1) + 1/(D + 1)."""
    whole = expression.expand()
    divides = any(p.exp.is_negative and p.base.is_Add for p in whole.atoms(Pow))
    return cancel(whole).expand() if divides else whole


def floor_of(number: Size, divisor: Size) -> Size:
    """Return the integer part of a quotient of sizes."""
    if is_symbolic(number) or is_symbolic(divisor):
        return floor(reduced(number / S(divisor)))
    return number // divisor


def ceiling_of(number: Size, divisor: Size) -> Size:
    """Return the least integer that is not below a quotient of sizes."""
    if is_symbolic(number) or is_symbolic(divisor):
        return ceiling(reduced(number / S(divisor)))
    return -(-number // divisor)


def magnitude(number: Size) -> Size:
    """Return the absolute value of a size with a sign.

    Raises:
        SymcnnError: If the sign depends on the letters.
    """
    if not is_symbolic(number):
        return abs(number)
    divided = factor_terms(number)  # C (H - 1), whose sign SymPy knows, and not that of C H - C
    if divided.is_nonnegative:
        return number
    if divided.is_nonpositive:
        return -number
    raise SymcnnError(
        f"the sign of {number} depends on its letters: give numbers in place of some of them"
    )


def divides(divisor: Size, number: Size) -> bool:
    """Tell whether a size divides another whatever their letters are."""
    if is_symbolic(number) or is_symbolic(divisor):
        return is_made_of_sizes(reduced(number / S(divisor)))
    return number % divisor == 0


def letters_in(*numbers: Any) -> tuple[Symbol, ...]:
    """Return the letters that occur in sizes, in the order of their first occurrence."""
    found = (sorted(n.free_symbols, key=str) for n in numbers if isinstance(n, Expr))
    return tuple(dict.fromkeys(s for symbols in found for s in symbols if is_size(s)))


_CANDIDATES = "MNOQUVYZXABEGHIJKPDCWS"
_PADDINGS = "PQXABEGHIJKDCWSMNOUVYZ"


class Length(SizeSymbol):
    """A letter for a number of positions, or of added entries, that follows from other sizes.

    Attributes:
        definition: What it is equal to.
        least: Its least value: 1, or 0 for what is added.
    """

    definition: Expr
    least: int

    def __new__(cls, name: str, definition: Expr, least: int = 1) -> Length:
        """Create the letter."""
        known = {"positive": True} if least == 1 else {"nonnegative": True}
        made: Length = SizeSymbol.__xnew__(cls, name, integer=True, **known)
        made.definition, made.least = definition, least
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what makes an equal one."""
        return (self.name, self.definition, self.least), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.definition)


def defined(expression: Any) -> Any:
    """Put what lengths are equal to in their place."""
    while is_symbolic(expression) and (lengths := expression.atoms(Length)):
        expression = expression.xreplace({length: length.definition for length in lengths})
    return expression


def deserves_letter(size: Size) -> bool:
    """Tell whether a size is better called by a letter: one with roundings or differences."""
    if not is_symbolic(size):
        return False
    written: Expr = size
    negative = (t.could_extract_minus_sign() for t in Add.make_args(written))
    return written.has(*ROUNDED) or any(negative)


def spare_length(definition: Expr, taken: Collection[str], least: int = 1) -> Length:
    """Return a letter that stands for nothing else: M for a length, P for what is added."""
    letters = _CANDIDATES if least == 1 else _PADDINGS
    names = (f"{c}{n}" for n in ("", *(f"_{k}" for k in range(2, 1000))) for c in letters)
    return Length(next(name for name in names if name not in taken), definition, least)
