"""The value of an equation: numbers, entries and functions with a rule, of which nothing cancels.

    y[i] = x[i] / x[0]      at i = 0 that is x[0] / x[0], which SymPy would take for 1

A quotient, a root or a logarithm has a value at some numbers alone. What it holds is written as
``uncancelled`` if the value reads the tensor under other indices too.
Products over loops are written factor by factor:

    y[i] <- product over u < 3 of t[i + u]        y[i] <- t[i] t[i + 1] t[i + 2]

So a product is a value like any other: its derivative with respect to one factor is the product
of the others, also where factors are 0, and that is a product again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from sympy import (
    Abs,
    Add,
    And,
    AtomicExpr,
    Basic,
    Eq,
    Expr,
    Function,
    Indexed,
    Integer,
    Mod,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    S,
    Symbol,
    floor,
    fraction,
    log,
    sympify,
    together,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom

from symcnn import limits
from symcnn.equations.access import accesses, along_axes, leads_to_different_entries
from symcnn.equations.affine import affine
from symcnn.equations.functions import ELEMENTARY, Iverson, uncancelled
from symcnn.equations.notation import index, spare_letters
from symcnn.equations.reduction import SUM, Mean, Reduction, Sum
from symcnn.equations.sizes import (
    Size,
    expanded,
    floor_of,
    is_at_least,
    is_made_of_sizes,
    is_size,
    is_symbolic,
    plain,
)
from symcnn.equations.tensor import positions
from symcnn.errors import SymcnnError, TooLargeError, shown

# Indices that are not affine, written with affine ones.


@dataclass
class Selection:
    """An equation on its way to affine indices.

    Attributes:
        target: The entry that is defined.
        value: The reduced term.
        ranges: The range of every loop that is known.
        inside: Pairs (e, n) that mean 0 <= e < n.
        reduction: How the terms combine.
        certain: Those pairs that hold for one value of a new loop, whatever the others are.
    """

    target: Indexed
    value: Expr
    ranges: dict[Symbol, Size]
    inside: list[Inside]
    reduction: Reduction
    certain: list[Inside] = field(default_factory=list)
    _quotients: dict[tuple[Expr, Size], Expr] = field(default_factory=dict)
    _selected: dict[tuple[Indexed, Size], Symbol] = field(default_factory=dict)

    def made_affine(self) -> Selection:
        """Replace every index that is not affine."""
        while (found := next(self._selections(), None)) is not None:
            self._select(*found)
        while (rounded := next(self._rounded(), None)) is not None:
            self._replace(rounded, self._unrounded(rounded))
        return self

    @property
    def _positions(self) -> Iterator[tuple[Indexed, int, Expr]]:
        for read in (self.target, *accesses(self.value)):
            for axis, position in enumerate(read.indices):
                yield read, axis, position

    def _selections(self) -> Iterator[tuple[Indexed, int, Indexed]]:
        """Find an index that is an entry, or is made of one, whose own indices are affine."""
        for read, axis, position in self._positions:
            for entry in accesses(position):
                if not any(accesses(inner) for inner in entry.indices):
                    yield read, axis, entry

    def _rounded(self) -> Iterator[Expr]:
        """Find a quotient or a remainder, the innermost first."""
        expressions = [position for *_, position in self._positions]
        for expression in (*expressions, *(e for e, _ in self.inside)):
            for part in expression.atoms(floor, Mod):
                if not any(a.atoms(floor, Mod) for a in part.args) and _has_index(part):
                    yield part

    def _select(self, read: Indexed, axis: int, entry: Indexed) -> None:
        """Let a loop v run over the axis, and keep the term in which v is the entry."""
        if read.indices[axis] != entry:
            raise SymcnnError(
                f"the index {read.indices[axis]} of {read} is computed from {entry}: an entry "
                "that is an index must stand alone, so give a tensor that holds the sum"
            )
        if not isinstance(self.reduction, Sum | Mean):
            raise SymcnnError(
                f"{self.target} is a {type(self.reduction).__name__} of entries that {entry.base} "
                "selects: select them in an auxiliary first"
            )
        self._as_sum()
        length = plain(read.shape[axis])
        if (entry, length) not in self._selected:
            v = self._selected[entry, length] = self._loop(length)
            self.value = Iverson(Eq(entry, positions(length)[v])) * self.value
        v = self._selected[entry, length]
        self._replace(read, read.base[(*read.indices[:axis], v, *read.indices[axis + 1 :])])

    def _as_sum(self) -> None:
        """Write a mean as a sum of n-ths: the new loop takes no part in n."""
        if isinstance(self.reduction, Mean):
            if not leads_to_different_entries(self.target, self.ranges):
                raise SymcnnError(
                    f"{self.target} is a Mean whose terms come from several positions: use a sum "
                    "with weights"
                )
            kept = self.target.free_symbols
            reduced = [n for symbol, n in self.ranges.items() if symbol not in kept]
            self.value, self.reduction = self.value / Mul(*reduced), SUM

    def _unrounded(self, part: Expr) -> Expr:
        """Return q for floor(e/m), and e - m q for e mod m."""
        dividend, divisor = part.args if isinstance(part, Mod) else fraction(together(part.args[0]))
        if not (is_made_of_sizes(divisor) and is_at_least(divisor, 1)):
            raise SymcnnError(
                f"the index {part} of {self.target} has the divisor {divisor}: give a positive "
                "integer"
            )
        axes = [plain(read.shape[axis]) for read, axis, at in self._positions if at == part]
        q = self._quotient(dividend.expand(), plain(divisor), *axes[:1])
        return (dividend - divisor * q).expand() if isinstance(part, Mod) else q

    def _quotient(self, dividend: Expr, divisor: Size, length: Size = 0) -> Expr:
        """Return q with 0 <= e - m q < m: a loop, or a number where it takes one value.

        For letters it is a loop over an axis of some length, if the quotient surely lies on it.
        """
        if (dividend, divisor) not in self._quotients:
            self._as_sum()
            bounds = affine(dividend).bounds(self.ranges)
            if bounds is None:
                raise SymcnnError(
                    f"the range of {dividend}, an index of {self.target} that is divided by "
                    f"{divisor}, is not known: give it, as numbers, in over={{...}}"
                )
            low, high = (floor_of(bound, divisor) for bound in bounds)
            if is_symbolic(high) and is_at_least(bounds[0], 0, self.ranges):
                on_axis = is_at_least(divisor * length - 1 - bounds[1], 0, self.ranges)
                low, high = (0, length - 1) if on_axis else (low, high)
            several = plain(expanded(high - low + 1))
            q = sympify(low) + (self._loop(several) if several != 1 else 0)
            self._quotients[dividend, divisor] = q
            self.certain.append(((dividend - divisor * q).expand(), divisor))
            self.inside.append(self.certain[-1])
        return self._quotients[dividend, divisor]

    def _loop(self, size: Size) -> Symbol:
        taken = {s.name for e in (self.target, self.value) for s in e.free_symbols}
        new = index(next(spare_letters({*taken, *(s.name for s in self.ranges)})))
        self.ranges[new] = size
        return new

    def _replace(self, old: Expr, new: Expr) -> None:
        put = {old: new}
        self.target, self.value = self.target.xreplace(put), self.value.xreplace(put)
        self.inside = [(e.xreplace(put), n) for e, n in self.inside]


def needs_selection(target: Indexed, value: Expr, inside: Iterable[Inside] = ()) -> bool:
    """Tell whether an index, or what is inside a range, is a quotient, a remainder or an entry."""
    indices = (i for read in (target, *accesses(value)) for i in read.indices)
    expressions = (*indices, *(e for e, _ in inside))
    return any(_has_index(p) for e in expressions for p in e.atoms(floor, Mod, Indexed))


def ranges_of(reads: Iterable[Indexed], explicit: Mapping[Symbol, Size]) -> dict[Symbol, Size]:
    """Return the ranges that are given, and those of the axes of which a loop is the index.

    The first of several axes decides: that of the target.
    """
    found = dict(explicit)
    for read in reads:
        for position, size in along_axes(read):
            if isinstance(position, Symbol) and not is_size(position):
                found.setdefault(position, size)
    return found


def _has_index(part: Expr) -> bool:
    """Tell whether a part of an index depends on loops: floors of sizes are numbers."""
    return not is_made_of_sizes(part)


Inside = tuple[Expr, Size]
"""An expression and a length: 0 <= e < n."""


def needed(
    conditions: Sequence[Inside], certain: Sequence[Inside], sizes: Mapping[Symbol, Size]
) -> list[Inside]:
    """Return the conditions but those that others imply.

    Args:
        conditions: Pairs (e, n) that mean 0 <= e < n.
        certain: Those of them that give a quotient its value. They stay, but for a tighter one.
        sizes: The range of every loop.
    """
    kept = list(conditions)
    for one in sorted(conditions, key=certain.__contains__):
        others = [c for c in kept if c != one and _says_more(c, one, certain)]
        if not is_symbolic(one[1]) and _implied(one, others, sizes):
            kept.remove(one)
    return kept


def _says_more(other: Inside, one: Inside, certain: Sequence[Inside]) -> bool:
    same = other[0] == one[0]
    return not is_symbolic(other[1]) and (same or (other in certain and one not in certain))


def _implied(condition: Inside, others: Sequence[Inside], sizes: Mapping[Symbol, Size]) -> bool:
    bounds = _bounds(condition[0], others, sizes)
    return bounds is not None and bounds[0] >= 0 and bounds[1] < condition[1]


def _bounds(
    expression: Expr, certain: Sequence[Inside], sizes: Mapping[Symbol, Size]
) -> tuple[int, int] | None:
    """Return the tightest bounds that are found; None if letters for sizes are in them."""
    found = affine(expression).bounds(sizes)
    if found is None or any(map(is_symbolic, found)):
        return None
    low, high = found
    for count, (form, size) in enumerate(certain):
        others = [*certain[:count], *certain[count + 1 :]]
        for times in _multiples(expression, form):
            if (rest := _bounds((expression - times * form).expand(), others, sizes)) is None:
                continue
            reach = times * (int(size) - 1)
            low, high = max(low, rest[0] + min(0, reach)), min(high, rest[1] + max(0, reach))
    return low, high


def _multiples(expression: Expr, form: Expr) -> set[int]:
    """Return by what a form can be multiplied so that the rest lacks one of its loops."""
    own, whole = affine(form), affine(expression)
    pairs = ((whole.coefficient(loop), factor) for loop, factor in own.coefficients.items())
    return {int(c // factor) for c, factor in pairs if c and c % factor == 0}


_KNOWN = (Abs, *(row.function for row in ELEMENTARY.values() if row.is_offered))
"""What programs, documents and checks know of SymPy's functions."""

_JOINING = (Add, Mul, Pow, Indexed, Piecewise, ExprCondPair, Relational, And, Or, Not, BooleanAtom)
_NO_NUMBERS = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity, S.ImaginaryUnit)


def check_known(value: Expr) -> None:
    """Refuse what has no rule.

    Raises:
        SymcnnError: If an expression holds what is no number, or a function that programs,
            documents and checks do not know.
    """
    for part in _parts(value):
        if part in _NO_NUMBERS:
            raise SymcnnError(f"the value contains {part}, which is not a number")
        own = isinstance(part, Function) and hasattr(part, "_numpycode")
        if not own and not isinstance(part, (*_KNOWN, *_JOINING, AtomicExpr)):
            raise SymcnnError(
                f"the value contains {shown(str(part))}, but symcnn has no rule for "
                f"{part.func.__name__}: write it in functions that symcnn knows, or derive one "
                "from DefinedFunction"
            )


def _parts(value: Basic) -> Iterator[Basic]:
    """Run over an expression and its parts, but not over the indices of entries."""
    yield value
    if not isinstance(value, Indexed):
        for part in value.args:
            yield from _parts(part)


def kept_apart(value: Expr) -> Expr:
    """Return a value in which nothing cancels that depends on the numbers."""
    partial = [part for part in value.atoms(Pow, log) if _is_partial(part)]
    inside = dict.fromkeys(read for part in partial for read in accesses(part))
    layers = {read: n for read in inside if (n := _before(read, value, [*inside]))}
    if not layers:
        return value
    written = {read: _layered(read, n) for read, n in layers.items()}
    return value.xreplace({part: part.xreplace(written) for part in partial})


def _is_partial(part: Expr) -> bool:
    """Tell whether an expression has no value at some numbers, or an infinite slope."""
    return isinstance(part, log) or not (part.exp.is_Integer and part.exp.is_positive)


def _before(read: Indexed, value: Expr, inside: Sequence[Indexed]) -> int:
    """Count the accesses that an access has to be told from."""
    earlier = inside[: inside.index(read)]
    others = (other for other in accesses(value) if other not in inside or other in earlier)
    return sum(1 for other in others if _may_be_same(read, other))


def _may_be_same(one: Indexed, other: Indexed) -> bool:
    """Tell whether two accesses can be of one entry, for the same or for different indices."""
    return one.base == other.base and not any(_differences(one, other))


def _differences(one: Indexed, other: Indexed) -> Iterator[bool]:
    for first, second in zip(one.indices, other.indices, strict=True):
        yield bool(first.is_number and second.is_number and first != second)


def _layered(read: Indexed, number: int) -> Expr:
    """Return a read as so many layers of ``uncancelled``: each number is different from others."""
    made: Expr = read
    for _ in range(number):
        made = uncancelled(made)
    return made


def multiplied(
    target: Indexed, value: Expr, ranges: Mapping[Symbol, Size], inside: Iterable[Inside] = ()
) -> Expr:
    """Return the product of a value over the loops that are not indices of the target.

    Args:
        target: The entry that is defined.
        value: The factor.
        ranges: The range of every loop.
        inside: Pairs (e, n) that mean 0 <= e < n.

    Raises:
        SymcnnError: If several products would be one entry, or conditions leave out factors, or
            the number of factors is not known, or too large.
    """
    _check_one_product(target, ranges, inside)
    reduced = {s: n for s, n in ranges.items() if s not in target.free_symbols}
    if any(map(is_symbolic, reduced.values())):
        raise SymcnnError(
            f"{target} is a product of as many factors as letters say: give numbers for the sizes"
        )
    factors = prod(map(int, reduced.values()))
    if factors > limits.PRODUCT_FACTORS:
        raise TooLargeError(
            f"{target} is a product of {factors:,} factors, more than the "
            f"{limits.PRODUCT_FACTORS} that are written out: of positive factors, take the "
            "exponential of a sum of logarithms"
        )
    every = product(*(range(int(n)) for n in reduced.values()))
    return Mul(*(_at(value, dict(zip(reduced, at, strict=True))) for at in every))


def _check_one_product(
    target: Indexed, ranges: Mapping[Symbol, Size], inside: Iterable[Inside]
) -> None:
    """Refuse a target of which several products would be one entry, and factors left out."""
    if not leads_to_different_entries(target, ranges):
        raise SymcnnError(
            f"{target} is a product whose factors come from several positions: let every loop "
            "of the target be an index of its own, and name the others in over={...}"
        )
    for expression, _ in inside:
        if others := sorted(map(str, expression.free_symbols - target.free_symbols)):
            raise SymcnnError(
                f"{target} is a product with a condition on {others[0]}, which would leave out "
                "factors: multiply by an auxiliary that is 1 there"
            )


def _at(value: Expr, at: Mapping[Symbol, int]) -> Expr:
    """Return a value with numbers for loops in its indices."""
    reads = {
        read: read.base[tuple(index.xreplace(_numbers(at)) for index in read.indices)]
        for read in accesses(value)
    }
    return value.xreplace(reads)


def _numbers(at: Mapping[Symbol, int]) -> dict[Symbol, Expr]:
    return {symbol: Integer(n) for symbol, n in at.items()}
