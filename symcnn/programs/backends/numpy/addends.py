"""The terms of a sum: products, with factors over the same loops multiplied into one.

sum of (-t[n, m] z[n, m]/64)               -1/64, and t z over n, m
sum of w[u, v, c, k] x[n, i + u, j + v, c]  two factors, over u, v, c, k and over all but k
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from sympy import Dummy, Expr, Indexed, IndexedBase, Mul, S, Symbol

from symcnn.equations import Equation, accesses, addends, as_sum, by_loops, further_guards, zeros_of
from symcnn.programs.backends.numpy.arrays import Array
from symcnn.programs.backends.numpy.entrywise import sizes_of
from symcnn.programs.backends.numpy.layout import Layout, Layouts, reading
from symcnn.programs.backends.numpy.strided import Loops, Strided


@dataclass(frozen=True)
class Addend:
    """number * (a product of factors), summed over some loops.

    Attributes:
        number: The constant in front; a loop that nothing depends on is counted in it.
        factors: Expressions; no two of them have the same loops.
        reads: Where the entries lie that they read.
        reduced: The loops to sum over.
    """

    number: Expr
    factors: tuple[Expr, ...]
    reads: Mapping[Indexed, Strided]
    reduced: Loops

    @property
    def product(self) -> Expr:
        """The factors without the number."""
        return Mul(*self.factors)

    @property
    def value(self) -> Expr:
        """The whole term."""
        return self.number * self.product

    @property
    def entries(self) -> tuple[Expr, ...]:
        """The factors if each of them is an entry, also where some have the same loops."""
        every = Mul.make_args(self.product)
        return every if all(entry in self.reads for entry in every) else ()

    @property
    def sizes(self) -> dict[Symbol, int]:
        """The size of every loop."""
        return sizes_of(self.reads)

    def loops_of(self, factor: Expr) -> set[Symbol]:
        """Return the loops of a factor."""
        return {loop for read in accesses(factor) for loop in self.reads[read].sizes}

    @property
    def is_known(self) -> bool:
        """Whether no array over all loops at once has to be made of smaller ones."""
        loops = [self.loops_of(factor) for factor in self.factors]
        if not self.reduced or self.sizes.keys() in loops:
            return True
        return len(loops) == 2 and set(self.reduced) <= loops[0] & loops[1]

    @property
    def smallest_part(self) -> Addend:
        """A factor with reduced loops of its own, summed over these, or two factors.

        Two are summed over the loops that no third one has; those with the fewest terms are
        taken.
        """
        single = (part for factor in self.factors if (part := self._part(factor)).reduced)
        pairs = (self._part(*pair) for pair in combinations(self.factors, 2))
        return next(single, None) or min(pairs, key=lambda part: prod(part.sizes.values()))

    def _part(self, *factors: Expr) -> Addend:
        """Return some factors, summed over the reduced loops that no other factor has."""
        others = [self.loops_of(factor) for factor in self.factors if factor not in factors]
        reduced = (loop for loop in self.reduced if not any(loop in loops for loops in others))
        reads = {read: self.reads[read] for factor in factors for read in accesses(factor)}
        held = sizes_of(reads)
        return Addend(S.One, factors, reads, tuple(loop for loop in reduced if loop in held))

    @property
    def kept(self) -> list[Symbol]:
        """The loops that are not summed, as they lie in the reads."""
        order = (loop for access in self.reads.values() for loop in access.in_memory)
        return [loop for loop in dict.fromkeys(order) if loop not in self.reduced]

    def with_made(self, part: Addend, made: Strided) -> Addend:
        """Return the same with the array that holds a part for its factors."""
        read = IndexedBase(Dummy("factor"))[tuple(made.sizes) or (0,)]
        factors = (read, *(factor for factor in self.factors if factor not in part.factors))
        reads = {r: self.reads[r] for factor in factors[1:] for r in accesses(factor)}
        reduced = tuple(loop for loop in self.reduced if loop not in part.reduced)
        return replace(self, factors=factors, reads={read: made, **reads}, reduced=reduced)


def addends_of(layouts: Layouts, equation: Equation) -> list[Addend] | None:
    """Return the terms of a sum; None if guards leave out what may not be a number."""
    values = [_inside(equation, value) for value in addends(as_sum(equation))]
    known = [value for value in values if value is not None]
    if known != values:
        return None
    every = {**layouts, **{_ones(g.size): _layout_of_ones(g.size) for g in equation.guards}}
    return [_addend(every, equation, value) for value in known]


def _addend(layouts: Layouts, equation: Equation, value: Expr) -> Addend:
    """Return a value as a number and factors, those over the same loops multiplied into one."""
    reads = {read: reading(layouts, read, equation.sizes) for read in accesses(value)}
    factors = by_loops(value)
    # What reads one entry alone is multiplied like a number, but is no number.
    number = S.One if accesses(factors.get(frozenset(), S.One)) else factors.pop(frozenset(), S.One)
    held = sizes_of(reads)
    reduced = tuple(loop.symbol for loop in equation.reduced if loop.symbol in held)
    repeats = prod(loop.size for loop in equation.reduced if loop.symbol not in held)
    return Addend(number * repeats, tuple(factors.values()), reads, reduced)


def _inside(equation: Equation, value: Expr) -> Expr | None:
    """Return a value that is 0 where guards leave it out, around the tensors too.

    Zeros around a factor do that for its own guards. A guard that no factor has becomes a
    factor: 0 <= e < n where a vector of n ones, with zeros around it, is read at e. What is
    left out is computed as well, so it must be a number for any entries: a polynomial is.
    """
    needed = further_guards(equation.guards, equation.target, *zeros_of(value))
    if needed and not value.is_polynomial(*accesses(value)):
        return None
    return value * prod(_ones(guard.size)[guard.expression] for guard in needed)


def _ones(size: int) -> IndexedBase:
    return IndexedBase(Symbol(f"inside {size}", real=True), shape=(size,))


def _layout_of_ones(size: int) -> Layout:
    array = Array(("inside",), (size,), fill="1", key=("inside", size))
    return Layout(array, (size,), (1,))
