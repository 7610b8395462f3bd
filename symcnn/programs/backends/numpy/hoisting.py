"""Hoisting: what depends on fewer loops is computed over these alone, before the rest.

y[n, k] = (x[n, k] - m[k])/sqrt(V[k] + e)    becomes    s[k] = sqrt(V[k] + e),  y = (x - m)/s
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Dummy, Expr, Indexed, IndexedBase, Mul, Pow, Symbol

from symcnn.equations import accesses, is_divisor
from symcnn.programs.backends.numpy.strided import Strided

_Loops = frozenset[Symbol]


def hoisted(value: Expr, reads: Mapping[Indexed, Strided]) -> tuple[Expr, dict[Indexed, Expr]]:
    """Return an expression with entries in the place of its parts over fewer loops, and these.

    Args:
        value: The expression.
        reads: Where the entries lie that it reads.
    """
    hoisting = _Hoisting(reads)
    return hoisting.rest(value, hoisting.loops(value)), hoisting.parts


class _Hoisting:
    """The parts that were taken out of an expression, by the entries in their places."""

    def __init__(self, reads: Mapping[Indexed, Strided]) -> None:
        self.parts: dict[Indexed, Expr] = {}
        self._reads = reads

    def loops(self, part: Expr) -> _Loops:
        """Return the loops of a part."""
        return frozenset(loop for read in accesses(part) for loop in self._reads[read].sizes)

    def rest(self, part: Expr, every: _Loops) -> Expr:
        """Return what is left of a part that has all loops."""
        if isinstance(part, Pow) and part.exp.is_number:
            return self.rest(part.base, every) ** part.exp
        if not isinstance(part, Add | Mul):
            return part
        groups: dict[_Loops, list[Expr]] = {}
        for argument in part.args:
            groups.setdefault(self.loops(argument), []).append(argument)
        left = [self.rest(argument, every) for argument in groups.pop(every, ())]
        left += groups.pop(frozenset(), ())
        return part.func(*left, *(self._taken_out(part.func(*own)) for own in groups.values()))

    def _taken_out(self, part: Expr) -> Expr:
        """Return the entry in the place of a part; one that is there, or its negative, stays."""
        if is_divisor(part):
            return self._taken_out(part.base**-part.exp) ** -1
        entry = part.as_coeff_Mul()[1]
        if entry in self._reads:
            return part
        made: Indexed = IndexedBase(Dummy("hoisted"))[0]
        self.parts[made] = part
        return made
