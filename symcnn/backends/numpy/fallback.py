"""The fallback: any equation, term by term.

    t[n] = value of the n-th loop assignment that the guards let through
    T[e(n)] += t[n],   or the larger of both

Only the assignments that count are enumerated, so nothing is read outside of a tensor. An
entry that many terms go to takes them one by one, which is slow; the patterns leave little.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from symcnn.backends.numpy.entrywise import evaluate
from symcnn.backends.numpy.layout import Room, strided
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Apply, At, Fill, KeepFirstAt, Take
from symcnn.backends.numpy.strided import Strided
from symcnn.derivation import Routing
from symcnn.derivation.entries import enumerated
from symcnn.equations import Equation, LogSumExp, Max, accesses, as_sum, is_maximum

_TERM = Symbol("term")


@dataclass(frozen=True)
class _Terms:
    """The terms of an equation, and where each goes.

    Attributes:
        values: The terms, one behind the other.
        places: The name of the entries of the target that they go to.
        made: The room with the result.
    """

    values: Strided
    places: str
    made: Room


class Fallback:
    """Lowers what fits no pattern."""

    def __init__(self, space: Space) -> None:
        """Take where arrays and statements go."""
        self._space = space
        self._terms: dict[Indexed, _Terms] = {}

    def lower(self, equation: Equation, *, fresh: bool) -> None:
        """Write what an equation adds to its target, which holds nothing yet if it is fresh."""
        target, space = self._space.rooms[equation.target.base], self._space
        made = target if fresh else replace(target, array=space.like(target, "share"))
        terms = _Terms(self._listed(equation), self._places(equation, equation.target, made), made)
        self._terms[equation.target] = terms
        if is_maximum(equation):
            self._bring("np.maximum", "-np.inf", terms, made)
        elif isinstance(equation.reduction, LogSumExp):
            self._log_of_sum(terms)
        else:
            self._bring("np.add", "0", terms, made)
        if not fresh:
            space.do(Apply("np.add", (target.array, made.array), target.array))

    def routed(self, routing: Routing, source: Equation, entry: Indexed) -> None:
        """Write who answers for a maximum that was written here."""
        space, terms = self._space, self._terms[source.target]
        room, values = space.keep(routing.tensor), terms.values
        is_first = source.reduction == Max("first")
        chosen = space.dense("is_largest", [_TERM], values.sizes, truth=is_first)
        largest = self._taken(terms, terms.made)
        space.do(Apply("np.equal", (values.array, largest), chosen.array))
        if is_first:
            space.do(KeepFirstAt(chosen.array, terms.places))
        else:
            count = replace(terms.made, array=space.like(terms.made, "count"))
            self._bring("np.add", "0", replace(terms, values=chosen), count)
            taken = self._taken(terms, count)
            space.do(Apply("np.divide", (chosen.array, taken), chosen.array))
        places = self._places(source, entry, room)
        self._bring("np.add", "0", replace(terms, values=chosen, places=places), room)

    def _listed(self, equation: Equation) -> Strided:
        """Return the value in every loop assignment."""
        space, value, count = self._space, as_sum(equation).value, enumerated(equation).count
        reads: dict[Indexed, Strided] = {}
        for read in accesses(value):
            room = space.rooms[read.base]
            reads[read] = space.dense(f"{room.array}_taken", [_TERM], {_TERM: count})
            places = self._places(equation, read, room)
            space.do(Take(space.flat(room.array), places, reads[read].array))
        if value in reads:
            return reads[value]
        terms = space.dense("terms", [_TERM], {_TERM: count})
        evaluate(space, value, reads, terms)
        return terms

    def _places(self, equation: Equation, read: Indexed, room: Room) -> str:
        """Return the name of the entries of a room that an access reads, term by term."""
        access = strided(room, read, equation.sizes)
        return self._space.positions(equation, access)

    def _bring(self, function: str, empty: str, terms: _Terms, room: Room) -> None:
        space = self._space
        space.do(Fill(room.array, empty))
        space.do(At(function, space.flat(room.array), terms.places, terms.values.array))

    def _taken(self, terms: _Terms, room: Room) -> str:
        """Return the name of a room's entries, one for every term."""
        made = self._space.dense(f"{room.array}_taken", [_TERM], terms.values.sizes)
        self._space.do(Take(self._space.flat(room.array), terms.places, made.array))
        return made.array

    def _log_of_sum(self, terms: _Terms) -> None:
        """Take the largest term out: then no exponent is positive, and one is 0."""
        space, made = self._space, terms.made
        largest = replace(made, array=space.like(made, "largest"))
        self._bring("np.maximum", "-np.inf", terms, largest)
        powers = self._taken(terms, largest)
        space.do(Apply("np.subtract", (terms.values.array, powers), powers))
        space.do(Apply("np.exp", (powers,), powers))
        summed = replace(terms.values, array=powers)
        self._bring("np.add", "0", replace(terms, values=summed), made)
        space.do(Apply("np.log", (made.array,), made.array))
        space.do(Apply("np.add", (made.array, largest.array), made.array))
