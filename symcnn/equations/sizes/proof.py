"""Proofs that an integer is at least another for all sizes and indices.

A claim e >= 0 with floors, indices and letters is reduced to polynomials in the letters:

    c floor(a/b)  >=  c (a - b + 1)/b  or  c a/b        as c >= 0 or not (a, b integers, b > 0)
    e linear in an index 0 <= i < n:  it holds if it does at i = 0 and at i = n - 1
    e(H + 1, K + 1, ...) with no negative coefficient is non-negative for H, K, ... >= 0

A polynomial with negative coefficients needs a certificate, Handelman's form of a proof:

    p  =  q + m_1 k_1 + m_2 k_2 + ...

where q has no negative coefficient, the k are known not to be negative, and the m are monomials.
It is found by taking away the negative terms of p one after another.

Since e is an integer, e > -1 is enough, which makes up for what the bounds of the floors
lose. A proof that is not found proves nothing: who asks then keeps the condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from sympy import QQ, Dummy, Expr, Integer, Poly, S, Symbol, floor, fraction, together
from sympy import Max as Largest
from sympy import Min as Least
from sympy.core.relational import Relational
from sympy.polys.rings import PolyElement, PolyRing

from symcnn.equations.sizes.symbol import ROUNDED, defined, expanded, is_size, is_symbolic

_Known = frozenset[Expr]


def is_at_least(number: Any, least: int, ranges: Mapping[Symbol, Any] | None = None) -> bool:
    """Tell whether an integer is certainly at least another.

    Args:
        number: An integer, or an expression of letters and indices whose value is one.
        least: What it is compared with.
        ranges: For every index, how many values it takes from 0 on; there is one at least.

    Returns:
        True if that was proved; False if it is wrong for some sizes, or no proof was found.
    """
    if not is_symbolic(number):
        return bool(number >= least)
    pairs = tuple(sorted((ranges or {}).items(), key=lambda pair: str(pair[0]))) + SUPPOSED.get()
    return _proved((number - least).expand(), pairs)


@lru_cache(maxsize=2**14)
def _proved(claim: Expr, ranges: _Ranges) -> bool:
    if (difference := _of_dividends(claim)) is not None and _proved(difference, ranges):
        return True
    wholly = (_put(claim), tuple((symbol, _put(n)) for symbol, n in ranges))
    ways = dict.fromkeys([(claim, ranges), wholly])
    return any(_is_above(about, S.One, dict(loops), _known(loops)) for about, loops in ways)


def _of_dividends(claim: Expr) -> Expr | None:
    """Return what is not negative only if floor(a/m) + n - floor(b/m) is not: a + m n - b."""
    atoms = sorted(claim.atoms(*ROUNDED), key=str)
    if len(atoms) != 2 or not all(isinstance(atom, floor) for atom in atoms):
        return None
    above, below = atoms if claim.coeff(atoms[0]) == 1 else atoms[::-1]
    rest = (claim - above + below).expand()
    if rest.has(*ROUNDED) or claim.coeff(below) != -1:
        return None
    whole, divisor = _quotient(above.args[0] - below.args[0] + rest)
    return whole if divisor.is_positive else None


def _put(number: Any) -> Any:
    """Put what lengths are equal to in their place."""
    return expanded(defined(number))


def _known(ranges: _Ranges) -> _Known:
    """What is known of the letters: there is one value at least in every range."""
    plain = {(n - 1).expand() for _, n in ranges if is_symbolic(n)}
    return frozenset(plain | {k for e in plain for k in _behind(e)})


def _behind(known: Expr) -> Iterator[Expr]:
    """Run over what follows for the dividend a where floor(a/b) + rest is not negative."""
    for atom in known.atoms(floor):
        rest = (known - atom).expand()
        above, below = _quotient(atom.args[0])
        if below.is_positive and not rest.has(*ROUNDED):
            yield (above + below * rest).expand()


def _is_above(above: Expr, below: Expr, ranges: Mapping[Symbol, Any], known: _Known) -> bool:
    """Tell whether above/below > -1 was proved; below is positive."""
    above, factor = _quotient(above)
    if not factor.is_positive:
        return False
    below = (below * factor).expand()
    if below == 1 and any((above - one).is_nonnegative for one in known):
        return True
    atom = _outermost(above, ranges)
    if atom is not None:
        return _is_above_with(atom, above, below, ranges, known)
    index = next((s for s in sorted(above.free_symbols, key=str) if s in ranges), None)
    if index is None:
        return _has_certificate(above + below - 1, known)
    ends = (S.Zero, ranges[index] - 1)
    return _degree(above, index) <= 1 and all(
        _is_above(above.xreplace({index: Integer(0) + end}).expand(), below, ranges, known)
        for end in ends
    )


def _outermost(expression: Expr, ranges: Mapping[Symbol, Any]) -> Expr | None:
    """Find a floor or the like to be replaced by its bounds: those with indices come first."""
    atoms = sorted(expression.atoms(*ROUNDED), key=str)
    outer = [a for a in atoms if not any(a != b and b.has(a) for b in atoms)]
    with_index = [a for a in outer if any(s in ranges for s in a.free_symbols)]
    if not with_index and any(s in ranges for s in expression.free_symbols):
        return None
    return next(iter(with_index or outer), None)


def _is_above_with(
    atom: Expr, above: Expr, below: Expr, ranges: Mapping[Symbol, Any], known: _Known
) -> bool:
    """Replace an atom by bounds on the side that counts."""
    value = Dummy(real=True)
    whole = above.xreplace({atom: value})
    if _degree(whole, value) > 1:
        return False
    factor = whole.coeff(value, 1)
    rest = (whole - factor * value).expand()
    sign = _sign(factor)
    if sign == 0:
        return False

    def holds(bound: Expr) -> bool:
        up, down = _quotient(bound)
        total = (rest * down + factor * up).expand()
        return bool(down.is_positive) and _is_above(total, (below * down).expand(), ranges, known)

    every, bounds = _bounds(atom, sign, known)
    return all(map(holds, bounds)) if every else any(map(holds, bounds))


def _bounds(atom: Expr, sign: int, known: _Known) -> tuple[bool, Iterable[Expr]]:
    """Return bounds of an atom, from below for sign 1: whether all are needed or one will do."""
    if isinstance(atom, Largest | Least):
        return isinstance(atom, Largest) == (sign < 0), atom.args
    above, below = _quotient(atom.args[0])
    away = (below - 1) / below
    quotient = above / below
    if isinstance(atom, floor):
        bounds = [quotient - away] if sign > 0 else [quotient]
    else:
        bounds = [quotient] if sign > 0 else [quotient + away]
    return False, [*_known_bounds(atom, sign, known), *bounds]


def _known_bounds(atom: Expr, sign: int, known: _Known) -> Iterator[Expr]:
    """Run over bounds of an atom that is part of what is known not to be negative."""
    for one in sorted(known, key=str):
        factor = one.coeff(atom, 1) if one.has(atom) else S.Zero
        if factor in (1, -1) and factor == sign:
            yield (atom - one / factor).expand()


def _quotient(expression: Expr) -> tuple[Expr, Expr]:
    """Write an expression as a quotient without denominators, such as the D + 1 of stride = D + 1.

    They do not cancel by themselves: SymPy multiplies out D/(D + 1) + 1/(D + 1).
    """
    up, down = fraction(together(expression))
    sign = -1 if down.could_extract_minus_sign() else 1
    return (sign * up).expand(), (sign * down).expand()


def _sign(factor: Expr) -> int:
    if factor.is_nonnegative or _has_certificate(factor):
        return 1
    if factor.is_nonpositive or _has_certificate(-factor):
        return -1
    return 0


def _has_certificate(claim: Expr, known: _Known = frozenset()) -> bool:
    """Tell whether a polynomial was proved to have no negative value; others have no proof."""
    claim, denominator = _quotient(claim)
    if claim.has(*ROUNDED) or not all(map(is_size, claim.free_symbols)):
        return False
    if not denominator.is_positive:
        return False
    usable = (k for k in known if not k.has(*ROUNDED) and all(map(is_size, k.free_symbols)))
    return has_certificate(claim, sorted(usable, key=str))


def _degree(expression: Expr, symbol: Symbol) -> int:
    if not expression.has(symbol):
        return 0
    if any(a.has(symbol) for a in expression.atoms(*ROUNDED)):
        return 2
    return int(Poly(expression, symbol).degree())


_STEPS = 4
"""How many multiples of what is known are taken in one proof."""

_TRIED = (0, 1, 3)
_FEW_LETTERS = 5
"""So many letters are tried with all of these values, and any more with the same ones."""


def has_certificate(claim: Expr, known: Collection[Expr] = ()) -> bool:
    """Tell whether a polynomial in letters for sizes was proved to have no negative value."""
    letters = sorted({s for e in (claim, *known) for s in e.free_symbols}, key=str)
    if not letters:
        return bool(claim >= 0)
    ring = PolyRing(letters, QQ)
    least = {s: s + 1 for s in letters if s.is_positive}
    goal, *given = (ring.from_expr(e.xreplace(least).expand()) for e in (claim, *known))
    return not _fails_somewhere(goal, given, letters) and _is_sum(goal, given, _STEPS)


def _is_sum(goal: PolyElement, given: Sequence[PolyElement], steps: int) -> bool:
    """Tell whether a polynomial is one without negative coefficients and multiples of others."""
    negative = [term for term in goal.terms() if term[1] < 0]
    if not negative:
        return True
    taken = (m for one in given for m in _multiples(negative[0], one))
    return steps > 0 and any(_is_sum(goal - part, given, steps - 1) for part in taken)


def _multiples(term: tuple[Any, Any], known: PolyElement) -> Iterator[PolyElement]:
    """Run over the multiples of a known polynomial that have a given negative term."""
    powers, number = term
    for own, factor in known.terms():
        left = tuple(p - q for p, q in zip(powers, own, strict=True))
        if factor < 0 and min(left) >= 0:
            yield known.mul_term((left, number / factor))


def _fails_somewhere(
    goal: PolyElement, given: Sequence[PolyElement], letters: Sequence[Symbol]
) -> bool:
    """Look for values at which the claim is false, which spares the search for a proof."""
    free = letters[:_FEW_LETTERS]
    for point in product(_TRIED, repeat=len(free)):
        at = [*point, *(point[n % len(point)] for n in range(len(free), len(letters)))]
        if _value(goal, at) < 0 and all(_value(one, at) >= 0 for one in given):
            return True
    return False


def _value(polynomial: PolyElement, at: Sequence[int]) -> Any:
    return sum(
        number * prod(n**p for n, p in zip(at, powers, strict=True))
        for powers, number in polynomial.terms()
    )


_Ranges = tuple[tuple[Symbol, Any], ...]
SUPPOSED: ContextVar[_Ranges] = ContextVar("supposed", default=())
"""What is supposed, as ranges, which have one value at least."""


@contextmanager
def supposing(conditions: Iterable[Relational]) -> Iterator[None]:
    """Let proofs use conditions a <= b on letters for sizes: those for which a layer exists."""
    pairs = tuple((Symbol(f"supposed {c}"), (c.gts - c.lts).expand() + 1) for c in conditions)
    token = SUPPOSED.set(SUPPOSED.get() + pairs)
    try:
        yield
    finally:
        SUPPOSED.reset(token)
