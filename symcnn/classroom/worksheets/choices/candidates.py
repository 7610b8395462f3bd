"""Wrong options: what the mistakes of the catalogue make of one entry, all stages before it right.

An option is wrong where its formula gives another number than the right one at the numbers of the
sheet; two formulas that differ there are not equal, however they are written. Numbers that are near
to each other are the same to a student who rounds, and are left out.

Mistakes that multiply the right result by a number, such as a wrong sign, are made of any other
option, too: of four options, the right one, two mistakes and both together, none has more in common
with the others than the rest have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from sympy import Add, Expr, Rational, Symbol

from symcnn.classroom.marking.catalogue import Catalogue, as_product
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.worked import Numbers
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.reference.enclosures import to_decimal

_NEAR = 0.02
"""Numbers whose difference is a smaller share of the larger one are not told apart."""

_FAR = 30
"""A number that is so many times larger or smaller than the right one is excluded at sight."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """What may become an option.

    Attributes:
        formula: A formula in entries of the stages before.
        value: Its value at the numbers of the sheet, exact or to 30 digits.
        is_exact: Whether the value is exact.
        mistakes: The mistakes that it follows; none for the right one.
        is_plain: Whether its mistakes are of no quantity in particular: a sign, a factor, or one
            quantity taken for another.
    """

    formula: Expr
    value: Fraction
    is_exact: bool
    mistakes: tuple[Mistake, ...] = ()
    is_plain: bool = False

    @cached_property
    def size(self) -> float:
        """Its value, to be compared with others."""
        return float(self.value)


class Candidates:
    """The right and the wrong ways to compute the entries of a problem."""

    def __init__(self, catalogue: Catalogue, numbers: Numbers) -> None:
        """Take the catalogue, and the numbers of the sheet."""
        self._catalogue, self._numbers = catalogue, numbers

    def right(self, symbol: Symbol) -> Candidate | None:
        """Return the right way; None for what is given."""
        formula = self._catalogue.formulas.formula(symbol)
        return None if formula is None else self._candidate(as_product(formula))

    def wrong(self, tensor: Tensor, symbol: Symbol, right: Candidate) -> list[Candidate]:
        """Return the wrong ways, one for each mistake and no two alike; then pairs of mistakes."""
        found = dict[str, Candidate]()
        for way in self._catalogue.ways(tensor):
            formula = way.formula(symbol)
            if formula is None or way.mistake.name in found:
                continue
            is_plain = way.mistake.is_last_resort or _factor(formula, right) is not None
            one = self._candidate(formula, (way.mistake,), is_plain)
            if one is not None and is_told(right, one) and one.formula != right.formula:
                found[way.mistake.name] = one
        return [*found.values()]

    def both(self, one: Candidate, other: Candidate, right: Candidate) -> Candidate | None:
        """Return what follows if two mistakes are made, one of which is a factor."""
        for scaled, factor in (
            (one, _factor(other.formula, right)),
            (other, _factor(one.formula, right)),
        ):
            if factor is not None and {*one.mistakes}.isdisjoint(other.mistakes):
                made = Add(*(factor * term for term in Add.make_args(scaled.formula)))
                return Candidate(
                    made,
                    Fraction(int(factor.p), int(factor.q)) * scaled.value,
                    scaled.is_exact,
                    (*one.mistakes, *other.mistakes),
                    is_plain=True,
                )
        return None

    def _candidate(
        self, formula: Expr, mistakes: tuple[Mistake, ...] = (), is_plain: bool = False
    ) -> Candidate | None:
        try:
            value = self._numbers.after(formula)
            exact = bool(value.is_Rational)
            number = Fraction(int(value.p), int(value.q)) if exact else Fraction(to_decimal(value))
        except (SymcnnError, ArithmeticError, ValueError):
            return None
        return Candidate(formula, number, exact, mistakes, is_plain)


def is_told(one: Candidate, other: Candidate) -> bool:
    """Tell whether a student who rounds on the way tells two numbers apart."""
    return abs(one.size - other.size) > _NEAR * max(abs(one.size), abs(other.size))


def is_likely(right: Candidate, other: Candidate) -> bool:
    """Tell whether a number is of the order of the right one; it is not 0 where that is not."""
    return abs(right.size) < _FAR * abs(other.size) and abs(other.size) < _FAR * abs(right.size)


def _factor(formula: Expr, right: Candidate) -> Rational | None:
    """Return the number by which a mistake multiplies the right formula; None if it does not."""
    one, other = formula.as_coefficients_dict(), right.formula.as_coefficients_dict()
    if not other or one.keys() != other.keys():
        return None
    ratios = {one[term] / other[term] for term in other}
    ratio = ratios.pop()
    return ratio if not ratios and isinstance(ratio, Rational) else None


def distinct(options: Sequence[Candidate]) -> bool:
    """Tell whether no two of some options can be taken for each other."""
    return all(is_told(a, b) and a.formula != b.formula for a, b in combinations(options, 2))
