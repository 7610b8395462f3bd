"""Cases of brackets that compare one quantity with several bounds: x <= -3, -3 < x < 3, x >= 3.

    1/6 (x + 3) [-3 < x < 3] + [x >= 3]   is   0  if x <= -3,   1  if x >= 3,   x/6 + 1/2  otherwise
    a_r [r <= C - 1] + b_{r-C} [r >= C]   is   a_r  if r < C,   b_{r-C}  otherwise

The bounds divide a line, and the formula has one value between two of them. That is said by cases
if at least two of the values are not 0; one alone is said by its bracket more briefly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from itertools import groupby
from typing import NamedTuple

from sympy import Abs, Add, Eq, Expr, Ge, Gt, Le, Lt, Mul, Ne, S
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import is_at_least, is_constant

Case = tuple[Expr, Boolean]
"""A value, and the condition under which it is the value."""

_HOLDS = {Gt: (1,), Ge: (0, 1), Lt: (-1,), Le: (-1, 0), Eq: (0,), Ne: (-1, 1)}
"""Which signs a difference may have."""


class _Piece(NamedTuple):
    """A value between two bounds.

    Attributes:
        value: The value.
        bound: The upper bound.
        is_closed: Whether it has this value at that bound, too.
    """

    value: Expr
    bound: Expr | None
    is_closed: bool


def by_regions(formula: Expr) -> list[Case]:
    """Return the cases of brackets that compare one quantity, or none."""
    brackets = formula.atoms(Iverson)
    compared = sorted({c for bracket in brackets for c in bracket.args}, key=str)
    plain = [c for c in compared if isinstance(c, Relational) and not c.has(Abs)]
    if not plain or not all(isinstance(c, Relational) for c in compared):
        return []
    difference = _varying(plain[0].lhs - plain[0].rhs)
    is_turned = not difference.is_Add and difference.could_extract_minus_sign()
    quantity = -difference if is_turned else difference
    is_whole = all(symbol.is_integer for symbol in quantity.free_symbols)
    read = [_read(condition, quantity, is_whole=is_whole) for condition in compared]
    if None in read or (is_whole and not _is_divided(formula)):
        return []
    signs = dict(zip(compared, (one for one in read if one), strict=True))
    bounds = _sorted({bound for one in signs.values() for bound in one.bounds}, brackets, signs)
    pieces = _pieces(formula, brackets, signs, bounds) if bounds else []
    several = sum(piece.value != 0 for piece in pieces) > 1
    fitting = not is_whole or len(pieces) == len(Add.make_args(formula))
    return _cases(quantity, pieces, is_whole=is_whole) if several and fitting else []


def _varying(difference: Expr) -> Expr:
    """Return a difference without what is the same for all entries and indices."""
    return Add(*(term for term in Add.make_args(difference.expand()) if not is_constant(term)))


def _is_divided(formula: Expr) -> bool:
    """Tell whether each term of a sum has its own bracket."""
    terms = Add.make_args(formula)
    return all(any(isinstance(f, Iverson) for f in Mul.make_args(term)) for term in terms)


class _Compared(NamedTuple):
    """A comparison of a quantity with bounds.

    Attributes:
        bounds: The bounds: two, -k and k, of its absolute value.
        signs: Which signs quantity - bound may have where it holds.
    """

    bounds: tuple[Expr, ...]
    signs: tuple[int, ...]

    def holds(self, sign: dict[Expr, int]) -> bool:
        """Tell whether it holds where differences to bounds have signs."""
        if len(self.bounds) == 1:
            return sign[self.bounds[0]] in self.signs
        below, above = (sign[bound] for bound in self.bounds)
        return max(above, -below) in self.signs


def _read(condition: Relational, quantity: Expr, *, is_whole: bool) -> _Compared | None:
    """Read quantity > t, t < quantity, or |quantity| > k; of whole numbers as >= or <."""
    signs = _HOLDS.get(condition.func)
    left, right = condition.args
    if isinstance(left, Abs) and is_constant(right) and right.is_positive:
        same = _varying(left.args[0]) in (quantity, -quantity)
        return _Compared((-right, right), signs) if signs and same else None
    difference = (left - right).expand()
    rest = _varying(difference)
    if rest not in (quantity, -quantity) or signs is None:
        return None
    bound = rest - difference
    if rest != quantity:
        bound, signs = -bound, tuple(-sign for sign in reversed(signs))
    if not is_whole:
        return _Compared((bound,), signs)
    if signs in ((1,), (-1, 0)):  # r > t is r >= t + 1
        bound, signs = bound + 1, (0, 1) if signs == (1,) else (-1,)
    return _Compared((bound,), signs) if signs in ((0, 1), (-1,)) else None


def _sorted(
    bounds: Iterable[Expr], brackets: Iterable[Iverson], signs: dict[Relational, _Compared]
) -> list[Expr]:
    """Return bounds in order, if it is known: of a bracket with two, the lower one is below."""
    known = set[tuple[Expr, Expr]]()
    for bracket in brackets:
        read = [signs[condition] for condition in bracket.args]
        lower = [one.bounds[0] for one in read if one.signs in ((1,), (0, 1))]
        upper = [one.bounds[0] for one in read if one.signs in ((-1,), (-1, 0))]
        known |= {(low, high) for low in lower for high in upper}

    def compared(one: Expr, other: Expr) -> int:
        if one == other:
            return 0
        if (one, other) in known or _is_above(other - one):
            return -1
        if (other, one) in known or _is_above(one - other):
            return 1
        raise ValueError("it is not known which bound is the lower one")

    try:
        return sorted(bounds, key=cmp_to_key(compared))
    except ValueError:
        return []


def _is_above(difference: Expr) -> bool:
    return bool(difference.is_positive) or is_at_least(difference, 1)


def _pieces(
    formula: Expr,
    brackets: Iterable[Iverson],
    signs: dict[Relational, _Compared],
    bounds: Sequence[Expr],
) -> list[_Piece]:
    """Return the values from below the first bound to above the last, equal neighbours as one."""
    found = list[_Piece]()
    for place in range(2 * len(bounds) + 1):  # between bounds if it is even, and at one else
        sign = {b: (place > 2 * n + 1) - (place < 2 * n + 1) for n, b in enumerate(bounds)}
        put = {b: S(int(all(signs[c].holds(sign) for c in b.args))) for b in brackets}
        bound = bounds[place // 2] if place < 2 * len(bounds) else None
        found.append(_Piece(formula.xreplace(put), bound, is_closed=bool(place % 2)))
    return [[*own][-1] for _, own in groupby(found, key=lambda piece: piece.value)]


def _cases(quantity: Expr, pieces: Sequence[_Piece], *, is_whole: bool) -> list[Case]:
    """Return cases from the lowest on; of three, what is between the others is the last."""
    last = [(pieces[-1].value, S.true)]
    below = [(piece.value, _up_to(quantity, piece)) for piece in pieces[:-1]]
    if len(pieces) != 3 or is_whole:
        return below + last
    middle = pieces[1]
    above = Gt if middle.is_closed else Ge
    return [below[0], (pieces[2].value, above(quantity, middle.bound)), (middle.value, S.true)]


def _up_to(quantity: Expr, piece: _Piece) -> Relational:
    return (Le if piece.is_closed else Lt)(quantity, piece.bound)
