"""Sums: every addend of an equation goes to its target by the pattern that it fits.

    two factors over different loops    a matrix product
    one value                           entry by entry, then added up over reduced loops
    a target that several terms share   += on shifted views, for one shift after the other
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from sympy import Add, Expr, Indexed, Mul, S, Symbol

from symcnn.equations import Equation, Guard, Mean, accesses
from symcnn.numeric.array.entrywise import evaluate, number_text
from symcnn.numeric.array.patches import Loops, Patches
from symcnn.numeric.array.products import multiply, parts_of
from symcnn.numeric.array.space import Room, Space, outside, strided
from symcnn.numeric.array.statements import AddAll, Apply, Copy, Fill, Reduce
from symcnn.numeric.array.strided import Strided


@dataclass(frozen=True)
class Addend:
    """number * (a product of factors, each over its own loops).

    Attributes:
        number: The constant in front.
        factors: Expressions; no two of them have the same loops.
        reads: Where the entries lie that they read.
        repeats: Over how many values of loops that nothing depends on the term is added.
    """

    number: Expr
    factors: tuple[Expr, ...]
    reads: dict[Indexed, Strided]

    @property
    def value(self) -> Expr:
        """The whole term."""
        return Mul(self.number, *self.factors)

    @property
    def loops(self) -> set[Symbol]:
        """All loops of the term."""
        return {loop for access in self.reads.values() for loop in access.sizes}

    def access(self, factor: Expr) -> set[Symbol]:
        """Return the loops of a factor."""
        return {s for read in accesses(factor) for s in self.reads[read].sizes}


class Sums:
    """Lowers sums; ``lowered`` says whether a pattern fitted."""

    def __init__(self, space: Space, patches: Patches) -> None:
        """Take where arrays and statements go, and the copies of windows."""
        self._space, self._patches = space, patches

    def lowered(self, equation: Equation, *, fresh: bool) -> bool:
        """Write what an equation adds to its target, if its terms are of a form known here.

        Args:
            equation: A sum or a mean.
            fresh: Whether the target holds nothing yet.
        """
        values = _addends(equation)
        if any(_needs_a_mask(equation, value) for value in values):
            return False
        addends = [self._addend(equation, value) for value in values]
        if not all(self._is_known(equation, addend) for addend in addends):
            return False
        for addend in addends:
            self._add(equation, addend, fresh)
            fresh = False
        return True

    def _is_known(self, equation: Equation, addend: Addend) -> bool:
        """Tell whether no array over all loops at once must be made of smaller ones."""
        loops = [addend.access(factor) for factor in addend.factors]
        if not loops or addend.loops in loops or not set(_reduced(equation, addend)):
            return True
        kept = addend.loops - set(_reduced(equation, addend))
        both = set.intersection(*loops)
        return len(loops) == 2 and addend.loops - kept <= both

    def _addend(self, equation: Equation, value: Expr) -> Addend:
        reads = {r: self._space.read(r, equation.sizes) for r in accesses(value)}
        number, product = value.as_coeff_Mul()
        groups: dict[frozenset[Symbol], Expr] = {}
        for factor in Mul.make_args(product):
            if not accesses(factor):
                number *= factor
                continue
            loops = frozenset(s for read in accesses(factor) for s in reads[read].sizes)
            groups[loops] = groups.get(loops, S.One) * factor
        held = frozenset[Symbol]().union(*groups)
        repeats = prod(l.size for l in equation.reduced if l.symbol not in held)
        return Addend(number * repeats, tuple(groups.values()), reads)

    def _add(self, equation: Equation, addend: Addend, fresh: bool) -> None:
        target = _Target(self._space, equation)
        if target.fits and target.access.is_injective:
            if fresh and not target.is_whole:
                self._space.do(Fill(target.room.array, "0"))
            self._put(equation, addend, target.access, None if fresh else "np.add")
        else:
            self._scatter(equation, addend, target, fresh)

    def _put(
        self, equation: Equation, addend: Addend, out: Strided, function: str | None
    ) -> None:
        """Bring the sum over the reduced loops to entries of which each has one term."""
        reduced = _reduced(equation, addend)
        if not reduced:
            evaluate(self._space, addend.value, addend.reads, out, function)
            return
        ready = function is None and _is_dense(out) and out.sizes.keys() <= addend.loops
        made = out if ready else self._temporary(out, addend.loops)
        if not self._multiplied(addend, made):
            self._reduced(addend, reduced, made)
        if not ready:
            order = out.in_memory
            share = self._space.over(made.array, made, order)
            place = self._space.over(out.array, out, order)
            self._space.do(
                Copy(place, share) if function is None else Apply(function, (place, share), place)
            )

    def _temporary(self, out: Strided, loops: set[Symbol]) -> Strided:
        order = [loop for loop in out.in_memory if loop in loops]
        return self._space.dense(f"{out.array}_share", order, out.sizes)

    def _multiplied(self, addend: Addend, out: Strided) -> bool:
        """Write the term as a matrix product, if it is one."""
        if len(addend.factors) != 2:
            return False
        first, second = (self._factor(addend, factor) for factor in addend.factors)
        parts = parts_of(first, second, out.in_memory)
        if parts is None:
            return False
        multiply(self._space, self._patches, parts, out)
        self._scale(addend.number, out)
        return True

    def _factor(self, addend: Addend, factor: Expr) -> Strided:
        if isinstance(factor, Indexed):
            return addend.reads[factor]
        return self._evaluated(factor, addend, "factor")

    def _evaluated(self, value: Expr, addend: Addend, hint: str) -> Strided:
        """Compute a value into an array of its own, in the order of its largest operand."""
        reads = {read: addend.reads[read] for read in accesses(value)}
        sizes = {s: n for access in reads.values() for s, n in access.sizes.items()}
        largest = max(reads.values(), key=lambda access: access.size)
        rest = [s for s in sizes if s not in largest.sizes]
        made = self._space.dense(hint, (*rest, *largest.in_memory), sizes)
        evaluate(self._space, value, reads, made)
        return made

    def _scale(self, number: Expr, out: Strided) -> None:
        if number != 1:
            scaled(self._space, number, out)

    def _reduced(self, addend: Addend, reduced: Sequence[Symbol], out: Strided) -> None:
        """Add up the terms over the reduced loops."""
        product = Mul(*addend.factors)
        if isinstance(product, Indexed):
            terms = addend.reads[product]
        else:
            terms = self._evaluated(product, addend, f"{out.array}_terms")
        add_up(self._space, "np.add", terms, reduced, out)
        self._scale(addend.number, out)

    def _scatter(self, equation: Equation, addend: Addend, target: _Target, fresh: bool) -> None:
        """Add all terms to a target whose entries have several, shift by shift."""
        place, room = target.access, target.room
        if target.fits:
            if fresh:
                self._space.do(Fill(room.array, "0"))
        else:
            room = self._space.with_border(room, target.reach, f"{room.array}_room", "")
            self._space.do(Fill(room.array, "0"))
            before = tuple(low for low, _ in target.reach)
            place = strided(room, equation.target, equation.sizes, before)
        shares = self._shares(equation, addend, place)
        self._shift(shares, place)
        if not target.fits:
            self._crop(target, room, fresh)

    def _shares(self, equation: Equation, addend: Addend, place: Strided) -> Strided:
        """Return all terms, summed over the loops that the target lacks."""
        order = self._order(addend, place)
        made = self._space.dense(f"{place.array}_shares", order, place.sizes)
        self._put(equation, addend, made, None)
        return made

    def _order(self, addend: Addend, place: Strided) -> Loops:
        """Return the loops of the target, those of the largest read as they lie in memory."""
        runs = max(addend.reads.values(), key=lambda access: access.size).in_memory
        largest = [s for s in runs if s in place.sizes]
        shifts = [s for s in place.in_memory if s not in largest]
        first = 1 if len(largest) > 1 and len(addend.factors) == 2 else 0
        return (*largest[:first], *shifts, *largest[first:])

    def _shift(self, shares: Strided, place: Strided) -> None:
        moving = unrolled(place)
        rest = [s for s in shares.in_memory if s not in moving]
        if not moving:
            self._space.add(
                self._space.over(place.array, place, rest),
                self._space.over(shares.array, shares, rest),
            )
            return
        self._space.do(
            AddAll(
                self._space.views(f"{place.array}_places", place, moving, rest),
                self._space.views(f"{shares.array}", shares, moving, rest),
            )
        )

    def _crop(self, target: _Target, large: Room, fresh: bool) -> None:
        space = self._space
        middle = space.middle(large, target.room, large, target.reach)
        place = space.middle(target.room, target.room, large)
        space.do(Copy(place, middle) if fresh else Apply("np.add", (place, middle), place))


class _Target:
    """Where the terms of an equation go."""

    def __init__(self, space: Space, equation: Equation) -> None:
        self.room = space.rooms[equation.target.base]
        self.reach = outside(equation.target, equation.sizes)
        self.access = strided(self.room, equation.target, equation.sizes)

    @property
    def fits(self) -> bool:
        """Whether no term falls outside of the target."""
        return not any(map(any, self.reach))

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the target has exactly one term."""
        return self.fits and self.access.is_injective and self.access.size == prod(self.room.shape)


def add_up(
    space: Space, function: str, terms: Strided, reduced: Sequence[Symbol], out: Strided
) -> None:
    """Write the reduction of terms over some of their loops into a dense array."""
    order = [s for s in terms.in_memory if s in out.sizes or s in reduced]
    kept = [s for s in order if s not in reduced]
    axes = tuple(axis for axis, s in enumerate(order) if s in reduced)
    source = space.over(terms.array, terms, order)
    space.do(Reduce(function, source, axes, space.over(out.array, out, kept)))


def scaled(space: Space, number: Expr, out: Strided) -> None:
    """Multiply an array by a number."""
    place = space.over(out.array, out, out.in_memory)
    space.do(Apply("np.multiply", (place, number_text(number)), place))


def unrolled(access: Strided) -> Loops:
    """Return the loops to run one value after the other: the fewest steps that suffice."""
    loops = access.loops
    choices = (c for count in range(len(loops) + 1) for c in combinations(loops, count))
    safe = (c for c in choices if access.without(c).is_injective)
    return min(safe, key=lambda c: prod(access.sizes[loop] for loop in c))


def _is_dense(out: Strided) -> bool:
    order = out.in_memory
    return out.merges(order) and (not order or abs(out.steps[order[-1]]) == 1)


def _addends(equation: Equation) -> Sequence[Expr]:
    """Split a sum of sums; a mean of n terms is a sum of n-ths."""
    value = equation.value
    if isinstance(equation.reduction, Mean):
        value /= prod(loop.size for loop in equation.reduced)
    return Add.make_args(value) if equation.reduced else (value,)


def _reduced(equation: Equation, addend: Addend) -> list[Symbol]:
    return [loop.symbol for loop in equation.reduced if loop.symbol in addend.loops]


def _needs_a_mask(equation: Equation, value: Expr) -> bool:
    """Tell whether guards leave out terms that zeros around a factor would not make 0."""
    needed = _left(equation.guards, equation.target)
    pairs = (factor.as_base_exp() for factor in Mul.make_args(value))
    reads = (base for base, power in pairs if power.is_positive and isinstance(base, Indexed))
    return bool(_left(needed, *reads))


def _left(guards: Sequence[Guard], *reads: Indexed) -> list[Guard]:
    """Return the guards that say more than that these accesses stay in their tensors."""
    said = {
        Guard(position, int(size))
        for read in reads
        for position, size in zip(read.indices, read.shape, strict=True)
    }
    return [guard for guard in guards if guard not in said]
