"""Maxima over windows, and who answers for them.

    y[i] = max over u of t[s i + u]         np.maximum of the phases u, one loop at a time
    R[i, u] = 1 at the first t = y, else 0  t = y, and where more hold, the first is kept

Ties are rare, and counting is quick: there are as many maximisers as windows, or a tie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from sympy import Indexed, Symbol

from symcnn.backends.numpy.layout import Room, outside, strided
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Apply, Copy, KeepFirst, Reduce
from symcnn.backends.numpy.strided import Strided
from symcnn.derivation import Routing
from symcnn.equations import Equation, Max

_FEW = 4
"""Up to so many phases np.maximum on pairs is quicker than its reduction."""


class Maxima:
    """Lowers maxima of one tensor's entries."""

    def __init__(self, space: Space) -> None:
        """Take where arrays and statements go."""
        self._space = space
        self._terms: dict[Indexed, tuple[Strided, Strided]] = {}

    def lowered(self, equation: Equation) -> bool:
        """Write the maxima, if each is of entries of a tensor and has its own target."""
        space = self._space
        out = strided(space.rooms[equation.target.base], equation.target, equation.sizes)
        if not _is_plain(equation) or not _fills(out, space.rooms[equation.target.base]):
            return False
        terms = space.read(equation.value, equation.sizes, "-inf")
        if terms.sizes.keys() != equation.sizes.keys():
            return False
        self._terms[equation.target] = terms, out
        self._maximum(terms, [s for s in terms.in_memory if s not in out.sizes], out)
        return True

    def routed(self, routing: Routing, source: Equation, entry: Indexed) -> bool:
        """Write who answers, if the maximum was written here."""
        if source.target not in self._terms:
            return False
        terms, out = self._terms[source.target]
        order = terms.in_memory
        first = source.reduction == Max("first")
        chosen = self._space.dense(routing.tensor.label, order, terms.sizes, truth=first)
        self._space.rooms[routing.tensor.base] = _room(chosen, entry)
        names = (
            self._space.over(f"{terms.array}_windows", terms, order),
            self._space.over(f"{out.array}_at_{terms.array}", out, order),
        )
        self._space.do(Apply("np.equal", names, chosen.array))
        reduced = [loop.symbol for loop in source.reduced]
        axes = tuple(order.index(s) for s in reduced)
        if first and axes:
            self._space.do(KeepFirst(chosen.array, axes, out.size))
        elif axes:
            self._share(chosen, reduced, out.sizes)
        return True

    def _maximum(self, terms: Strided, reduced: Sequence[Symbol], out: Strided) -> None:
        """Take the maximum over one loop after the other, the farthest apart first."""
        if not reduced:
            order = out.in_memory
            names = [self._space.over(a.array, a, order) for a in (out, terms)]
            self._space.do(Copy(names[0], names[1]))
            return
        loop, *others = reduced
        made = out if not others else self._halfway(terms, loop, out)
        if terms.sizes[loop] <= _FEW:
            self._by_phases(terms, loop, made)
        else:
            order = terms.in_memory
            source = self._space.over(f"{terms.array}_terms", terms, order)
            kept = [s for s in order if s != loop]
            place = self._space.over(made.array, made, kept)
            self._space.do(Reduce("np.maximum", source, (order.index(loop),), place))
        if others:
            self._maximum(made, others, out)

    def _halfway(self, terms: Strided, loop: Symbol, out: Strided) -> Strided:
        order = [s for s in terms.in_memory if s != loop]
        return self._space.dense(f"{out.array}_halfway", order, terms.sizes)

    def _by_phases(self, terms: Strided, loop: Symbol, made: Strided) -> None:
        order, space = made.in_memory, self._space
        place = space.over(made.array, made, order)
        phases = [
            space.over(f"{terms.array}_{loop}{n}", terms.at({loop: n}), order)
            for n in range(terms.sizes[loop])
        ]
        largest = phases[0]
        for phase in phases[1:]:
            space.do(Apply("np.maximum", (largest, phase), place))
            largest = place

    def _share(
        self, chosen: Strided, reduced: Sequence[Symbol], sizes: Mapping[Symbol, int]
    ) -> None:
        """Give equal maximisers equal shares."""
        kept = [s for s in chosen.in_memory if s not in reduced]
        count = self._space.dense("count", kept, sizes)
        axes = tuple(n for n, s in enumerate(chosen.in_memory) if s in reduced)
        self._space.do(Reduce("np.add", chosen.array, axes, count.array))
        shares = self._space.over("count_of_window", count, chosen.in_memory)
        self._space.do(Apply("np.divide", (chosen.array, shares), chosen.array))


def _is_plain(equation: Equation) -> bool:
    """Tell whether the terms are entries of a tensor that padding alone leaves out."""
    if not isinstance(equation.value, Indexed):
        return False
    said = zip(equation.value.indices, map(int, equation.value.shape), strict=True)
    guards = {(guard.expression, guard.size) for guard in equation.guards}
    return guards <= set(said) and not any(map(any, outside(equation.target, equation.sizes)))


def _fills(out: Strided, room: Room) -> bool:
    return out.is_injective and out.size == prod(room.shape)


def _room(chosen: Strided, entry: Indexed) -> Room:
    """Return where R lies: one axis for each loop, in the equation's order."""
    steps = tuple(chosen.steps.get(loop, 0) for loop in entry.indices)
    return Room(chosen.array, tuple(int(n) for n in entry.shape), steps)
