"""Indices that are not affine, written with affine ones.

floor(e/m) and e mod m, for an affine e: a new loop q with a guard that leaves it one value,

    x[e mod m]     x[e - m q]       where 0 <= e - m q < m
    x[floor(e/m)]  x[q]             where 0 <= e - m q < m

An entry of a tensor of whole numbers: a new loop v, and a bracket that leaves it one value,

    x[ids[n], c]   [ids[n] = v] x[v, c]

The conditions on a quotient imply others: 0 <= e - m q < m keeps e - m q below any n >= m, and

    k (e - m q) + r,  with r affine in other loops, is at least  min(0, k (m - 1)) + min r

so x[(i + u) mod 3], written x[i + u - 3 q], needs no guard of its own where x has 5 entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Eq, Expr, Indexed, Mod, Mul, Symbol, floor, fraction, sympify, together

from symcnn.equations.access import accesses, along_axes, leads_to_different_entries
from symcnn.equations.affine import affine
from symcnn.equations.functions import Iverson
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
from symcnn.errors import SymcnnError


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
