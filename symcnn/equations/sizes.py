"""Sizes that are letters, and proofs about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, TypeAlias

from sympy import (
    QQ,
    Add,
    Dummy,
    Expr,
    Integer,
    Le,
    Poly,
    Pow,
    S,
    Symbol,
    cancel,
    ceiling,
    expand,
    factor_terms,
    floor,
    fraction,
    sympify,
    together,
)
from sympy import Max as Largest
from sympy import Min as Least
from sympy.core.relational import Relational
from sympy.polys.rings import PolyElement, PolyRing

from symcnn.errors import SymcnnError, shown

# Sizes that are letters, H, K, S or P in place of 28, 3, 2 or 1, and lengths that follow.


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


# Proofs that an integer is at least another for all sizes and indices.


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


# Letters in settings, and numbers in their place: Conv2D(F, K, stride=S) at {F: 3, ...}.


def letters_of(made: Any) -> tuple[Symbol, ...]:
    """Return the letters for sizes in the settings of a network, in their order."""
    return letters_in(*_expressions(made))


def real_letters_of(made: Any) -> tuple[Symbol, ...]:
    """Return the letters for real numbers in the settings of a network, in their order."""
    found = (sorted(e.free_symbols, key=str) for e in _expressions(made))
    return tuple(dict.fromkeys(s for symbols in found for s in symbols if is_real_letter(s)))


def instantiated(made: Any, numbers: Mapping[Symbol, Any]) -> Any:
    """Return a network, a layer or a shape with numbers in place of letters.

    Raises:
        SymcnnError: If what is replaced is no letter for a size or a real number, or what replaces
            it no number that the letter allows.
    """
    for letter, number in numbers.items():
        _check_real(letter, number) if is_real_letter(letter) else _check(letter, number)
    return put(made, {letter: sympify(number) for letter, number in numbers.items()})


def _expressions(made: Any) -> Iterator[Expr]:
    if isinstance(made, Expr):
        yield made
    elif is_dataclass(made):
        for field in fields(made):
            yield from _expressions(getattr(made, field.name))
    elif isinstance(made, tuple | list):
        for part in made:
            yield from _expressions(part)


def put(made: Any, numbers: Mapping[Symbol, Expr]) -> Any:
    """Put numbers in place of letters wherever they occur in data."""
    if isinstance(made, Expr):
        return plain(made.xreplace(numbers))
    if isinstance(made, tuple | list):
        return type(made)(put(part, numbers) for part in made)
    if not is_dataclass(made) or isinstance(made, type):
        return made
    own = {field.name: getattr(made, field.name) for field in fields(made) if field.init}
    new = {name: put(value, numbers) for name, value in own.items()}
    return replace(made, **{name: new[name] for name in new if new[name] is not own[name]})


def _check(letter: Any, number: Any) -> None:
    if not is_size(letter):
        raise SymcnnError(
            f"{shown(str(letter))} is not the letter of a size: give one of the network's"
        )
    least = 1 if letter.is_positive else 0
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise SymcnnError(
            f"{letter} = {shown(number)} is invalid: give an integer that is at least {least}"
        )


def _check_real(letter: Symbol, number: Any) -> None:
    value = sympify(number) if isinstance(number, int | float | Expr) else None
    if value is None or not (value.is_number and value.is_real) or isinstance(number, bool):
        raise SymcnnError(f"{letter} = {shown(str(number))} is invalid: give a real number")
    for known in ("is_positive", "is_nonnegative"):
        if getattr(letter, known) and not getattr(value, known):
            sign = "positive" if known == "is_positive" else "non-negative"
            raise SymcnnError(f"{letter} = {number} is invalid: give a {sign} number")


def positive_integer(value: Any, what: str) -> Size:
    """Return a positive integer; anything else is an error that names ``what``."""
    if not is_whole(value, 1):
        raise SymcnnError(f"{what} = {value!r} is invalid: give a positive integer")
    return plain(value)


def is_integer(value: Any) -> bool:
    """Tell whether a value is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_whole(value: Any, least: int) -> bool:
    """Tell whether a value is an integer from ``least`` on; true and false are none.

    A size with letters is one if it cannot be less, or if it depends on the letters: then what
    is said of it holds for those for which it is not less.
    """
    if is_symbolic(value):
        return is_made_of_sizes(value) and not is_at_least(-value, 1 - least)
    return is_integer(value) and bool(value >= least)


def not_above(number: Any, most: Any) -> tuple[Relational, ...]:
    """Return the condition that an integer is at most another, unless it always is."""
    if is_at_least(most - number, 0):
        return ()
    return (Le(sympify(number), sympify(most), evaluate=False),)
