"""Lengths that follow from others: M = floor((H + 2 P - K)/S) + 1.

Formulas hold the letter, as on paper, and the letter knows what it stands for.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sympy import Add, Expr

from symcnn.equations.sizes.symbol import ROUNDED, Size, SizeSymbol, is_symbolic

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
