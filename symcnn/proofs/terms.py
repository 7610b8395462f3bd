"""A formula as a tree of sums, products and brackets, from which its Rocq text is written.

The order of factors and terms in the tree is that of the text, and so that in which a proof
meets them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Indexed, IndexedBase, Integer, Mul, Pow, Rational, S, Symbol
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational

from symcnn.equations import accesses
from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import is_made_of_sizes, is_real_letter
from symcnn.equations.tensor import PositionBase


class NotStatedError(Exception):
    """A formula has no statement in algebra; the message says why."""


@dataclass(frozen=True)
class Read:
    """An entry of a tensor."""

    base: IndexedBase
    indices: tuple[Expr, ...]


@dataclass(frozen=True)
class Whole:
    """A whole number, as an element of the ring."""

    number: Expr


@dataclass(frozen=True)
class Letter:
    """A setting that is a real number: any element of the ring."""

    symbol: Symbol


@dataclass(frozen=True)
class Bracket:
    """1 where all conditions hold, and 0 elsewhere."""

    conditions: tuple[Relational, ...]


@dataclass(frozen=True)
class Total:
    """The sum of the body over low <= index <= high."""

    index: Symbol
    low: Expr
    high: Expr
    body: Term


@dataclass(frozen=True)
class Product:
    """A product, divided by whole numbers."""

    factors: tuple[Term, ...]
    divisor: Expr = S.One


@dataclass(frozen=True)
class Inverse:
    """1 divided by a term."""

    of: Term


@dataclass(frozen=True)
class Opposite:
    """A term with the other sign."""

    of: Term


@dataclass(frozen=True)
class Terms:
    """A sum of several terms."""

    parts: tuple[Term, ...]


Term = Read | Whole | Letter | Bracket | Total | Product | Inverse | Opposite | Terms


def tree(expression: Expr, signals: Collection[IndexedBase]) -> Term:
    """Return a formula as a tree.

    Args:
        expression: The formula.
        signals: The error signals, which are written first.

    Raises:
        NotStatedError: If it holds a function that algebra does not know.
    """
    if isinstance(expression, Indexed) and _is_position(expression):
        return Whole(expression.indices[0])
    if isinstance(expression, Indexed):
        return Read(expression.base, expression.indices)
    if isinstance(expression, Iverson):
        return Bracket(expression.args)
    if isinstance(expression, SymbolicSum):
        body = tree(expression.function, signals)
        return summed(body, expression.limits)
    if expression.is_Add:
        ordered = sorted(Add.make_args(expression), key=_place)
        return Terms(tuple(tree(part, signals) for part in ordered))
    if expression.is_Mul or _is_divisor(expression) or isinstance(expression, Rational):
        return _product(expression, signals)
    if is_real_letter(expression):
        return Letter(expression)
    if is_made_of_sizes(expression):
        return Whole(expression)
    if expression.is_Pow and isinstance(expression.exp, Integer) and expression.exp > 0:
        return Product((tree(expression.base, signals),) * int(expression.exp))
    if expression.is_Pow and expression.exp == -1:
        return Inverse(tree(expression.base, signals))
    raise NotStatedError(f"{expression.func.__name__} is not algebra")


def summed(body: Term, limits: Iterable[tuple[Symbol, Expr, Expr]]) -> Term:
    """Return the sum of a body over indices with limits, the innermost first."""
    for index, low, high in limits:
        body = Total(index, low, high, body)
    return body


def _place(part: Expr) -> tuple[bool, bool, str]:
    """Sums come first, as on paper, and what is subtracted last."""
    return part.could_extract_minus_sign(), not part.has(SymbolicSum), str(part)


def _is_divisor(factor: Expr) -> bool:
    """Tell whether a factor divides by a whole number."""
    is_power = isinstance(factor, Pow) and isinstance(factor.exp, Integer) and factor.exp < 0
    return is_power and is_made_of_sizes(factor.base)


def _product(expression: Expr, signals: Collection[IndexedBase]) -> Term:
    coefficient, factors = expression.as_coeff_mul()
    if not isinstance(coefficient, Rational):
        raise NotStatedError(f"{coefficient} is not a fraction")
    divisors = [1 / f for f in factors if _is_divisor(f)]
    others = [tree(f, signals) for f in factors if not _is_divisor(f)]
    number = Whole(Integer(abs(coefficient.p)))
    if number.number != 1 or not others:
        others.insert(0, number)
    divisor = Mul(*divisors, coefficient.q)
    ordered = sorted(others, key=lambda factor: _order(factor, signals))
    made: Term = Product(tuple(ordered), divisor)
    if divisor == 1 and len(ordered) == 1:
        made = ordered[0]
    return Opposite(made) if coefficient < 0 else made


def _order(factor: Term, signals: Collection[IndexedBase]) -> tuple[int, bool, str]:
    kinds = (Whole, Letter, Bracket, Read, Inverse, Product, Opposite, Terms, Total)
    signal = isinstance(factor, Read) and factor.base in signals
    return kinds.index(type(factor)), not signal, str(factor)


def parts_of(term: Term) -> Iterator[Term]:
    """Run over a term and all that it is made of."""
    yield term
    for child in children(term):
        yield from parts_of(child)


def children(term: Term) -> tuple[Term, ...]:
    """Return what a term is made of."""
    match term:
        case Total():
            return (term.body,)
        case Product():
            return term.factors
        case Inverse() | Opposite():
            return (term.of,)
        case Terms():
            return term.parts
    return ()


def reads(term: Term) -> Iterator[Read]:
    """Run over the entries that a term reads."""
    for part in parts_of(term):
        if isinstance(part, Read):
            yield part
        elif isinstance(part, Bracket):
            found = (entry for c in part.conditions for entry in accesses(c))
            yield from (Read(e.base, e.indices) for e in found if not _is_position(e))


def _is_position(entry: Indexed) -> bool:
    return isinstance(entry.base, PositionBase)


def holds(term: Term, base: IndexedBase) -> bool:
    """Tell whether a term reads a tensor."""
    return any(read.base == base for read in reads(term))


def divides(term: Term) -> bool:
    """Tell whether a term divides by anything."""
    return any(
        isinstance(part, Inverse) or (isinstance(part, Product) and part.divisor != 1)
        for part in parts_of(term)
    )
