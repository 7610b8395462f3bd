"""Sums: every term of an equation goes to its target by the pattern that it fits.

two factors over different loops    a matrix product
one value                           entry by entry, then added up over reduced loops
a target that several terms share   both of it into an array of shares, then shifted
"""

from __future__ import annotations

from sympy import Expr, Indexed

from symcnn.backends.numpy.addends import Addend, addends_of
from symcnn.backends.numpy.blocks import blocked
from symcnn.backends.numpy.entrywise import evaluate, number_text
from symcnn.backends.numpy.im2col import Loops, Patches
from symcnn.backends.numpy.products import as_matrices, multiply, parts_of
from symcnn.backends.numpy.scatter import Target, bring, shift
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Apply, Fill, Reduce
from symcnn.backends.numpy.strided import Strided
from symcnn.equations import Equation, accesses


class Sums:
    """Lowers sums and means."""

    def __init__(self, space: Space) -> None:
        """Take where arrays and statements go."""
        self._space, self._patches = space, Patches(space)

    def lowered(self, equation: Equation, *, fresh: bool) -> bool:
        """Write what an equation adds to its target; tell whether that can be done here.

        Args:
            equation: A sum or a mean.
            fresh: Whether the target holds nothing yet.
        """
        addends = addends_of(self._space, equation)
        if addends is None:
            return False
        for addend in addends:
            self._add(equation, addend, None if fresh else "np.add")
            fresh = False
        return True

    def _add(self, equation: Equation, addend: Addend, function: str | None) -> None:
        target = Target.of(self._space, equation)
        if not target.is_apart:
            self._scatter(equation, addend, target, function)
            return
        if function is None and not target.is_whole:
            self._space.do(Fill(target.room.array, "0"))
        self._put(addend, target.access, function)

    def _put(self, addend: Addend, out: Strided, function: str | None) -> None:
        """Bring the sum over the reduced loops to entries of which each has one term."""
        addend = self._contracted(addend)
        if not addend.reduced:
            evaluate(self._space, addend.value, addend.reads, out, function)
            return
        if function is None and out.is_dense and out.sizes.keys() <= addend.loops:
            self._reduce(addend, out)
            return
        order = [loop for loop in out.in_memory if loop in addend.loops]
        made = self._space.dense(f"{out.array}_share", order, out.sizes)
        self._reduce(addend, made)
        order = list(out.in_memory)
        share = self._space.over(made.array, made, order)
        bring(self._space, share, self._space.over(f"{out.array}_entries", out, order), function)

    def _contracted(self, addend: Addend) -> Addend:
        """Put factors together, the smallest first, until no larger array has to be made."""
        while not addend.is_known:
            few = addend.smallest_part
            order = [loop for access in few.reads.values() for loop in access.in_memory]
            kept = [loop for loop in dict.fromkeys(order) if loop not in few.reduced]
            made = self._space.dense("factor", kept, few.sizes)
            self._put(few, made, None)
            addend = addend.with_made(few, made)
        return addend

    def _reduce(self, addend: Addend, out: Strided) -> None:
        """Write the sum over the reduced loops to an array that has all others."""
        if not self._multiplied(addend, out):
            terms = self._factor(addend, addend.product, f"{out.array}_terms")
            add_up(self._space, "np.add", terms, addend.reduced, out)
        if addend.number != 1:
            place = self._space.over(out.array, out, out.in_memory)
            self._space.do(Apply("np.multiply", (place, number_text(addend.number)), place))

    def _multiplied(self, addend: Addend, out: Strided) -> bool:
        """Write the sum as a matrix product, if it is one."""
        if len(addend.factors) != 2:
            return False
        first, second = (self._factor(addend, f, "factor") for f in addend.factors)
        parts = parts_of(first, second, out.in_memory)
        if parts is None:
            return False
        multiply(self._space, *blocked(as_matrices(self._patches, parts), out))
        return True

    def _factor(self, addend: Addend, value: Expr, hint: str) -> Strided:
        """Return where a value lies; what is no entry is computed, as its largest read lies."""
        if isinstance(value, Indexed):
            return addend.reads[value]
        reads = {read: addend.reads[read] for read in accesses(value)}
        sizes = {loop: n for access in reads.values() for loop, n in access.sizes.items()}
        largest = max(reads.values(), key=lambda access: access.size)
        rest = [loop for loop in sizes if loop not in largest.sizes]
        made = self._space.dense(hint, (*rest, *largest.in_memory), sizes)
        evaluate(self._space, value, reads, made)
        return made

    def _scatter(
        self, equation: Equation, addend: Addend, target: Target, function: str | None
    ) -> None:
        """Compute all terms, summed over the loops that the target lacks, and shift them."""
        apart = function is not None or not target.fits
        place = target.enlarged(self._space, equation) if apart else target
        order = _order(addend, place.access)
        shares = self._space.dense(f"{place.room.array}_shares", order, place.access.sizes)
        self._put(addend, shares, None)
        shift(self._space, shares, place)
        if apart:
            target.crop(self._space, place, function)


def _order(addend: Addend, place: Strided) -> Loops:
    """Return the target's loops: those of the largest read as they lie, shifts among them."""
    reads = sorted(addend.reads.values(), key=lambda access: -access.size)
    runs = [s for read in reads[:1] for s in read.in_memory if s in place.sizes]
    others = [s for read in reads[1:] for s in read.in_memory if s in place.sizes]
    shifts = [s for s in dict.fromkeys((*others, *place.in_memory)) if s not in runs]
    first = 1 if len(runs) > 1 and len(addend.factors) == 2 else 0
    return (*runs[:first], *shifts, *runs[first:])


def add_up(space: Space, function: str, terms: Strided, reduced: Loops, out: Strided) -> None:
    """Write the reduction of terms over some of their loops."""
    order = [loop for loop in terms.in_memory if loop in out.sizes or loop in reduced]
    kept = [loop for loop in order if loop not in reduced]
    axes = tuple(axis for axis, loop in enumerate(order) if loop in reduced)
    source = space.over(terms.array, terms, order)
    space.do(Reduce(function, source, axes, space.over(out.array, out, kept)))
