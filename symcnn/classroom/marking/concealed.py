"""Mistakes that figures conceal: they change nothing there, though they would at the right figures.

A mask of another channel is the right one as long as all channels have their maxima in one place.
If they have them there only because of an earlier mistake, the figures cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy import Expr, Symbol

from symcnn.classroom.marking.catalogue import Catalogue, Way
from symcnn.classroom.marking.follow import Carried
from symcnn.classroom.marking.mistakes import Mistake


@dataclass(frozen=True)
class Concealed:
    """A mistake that may have been made in a quantity.

    Attributes:
        quantity: The quantity.
        mistake: The mistake.
    """

    quantity: str
    mistake: Mistake


class Concealing:
    """What the figures of one sheet conceal."""

    def __init__(self, catalogue: Catalogue, carried: Carried) -> None:
        """Take the catalogue, and what follows from the figures."""
        self._catalogue, self._carried = catalogue, carried
        self._right = catalogue.right

    def mistakes(self, entries: Iterable[Symbol]) -> Iterator[Mistake]:
        """Run over the mistakes that the figures before some entries of a quantity conceal."""
        symbols, told = [*entries], set[str]()
        for way in self._catalogue.ways(self._catalogue.formulas.tensor(symbols[0])):
            mistake = way.mistake
            if mistake.is_last_resort or mistake.name in told:
                continue
            if self._is_concealed(way, symbols):
                told.add(mistake.name)
                yield mistake

    def _is_concealed(self, way: Way, symbols: Iterable[Symbol]) -> bool:
        """Tell whether a mistake changes nothing at the figures, but would at the right ones."""
        matters = False
        for symbol in symbols:
            right, other = self._catalogue.formulas.formula(symbol), way.formula(symbol)
            if right is None or other is None:
                return False
            if other != right:
                if not _alike(self._carried, right, other):
                    return False
                matters = matters or not _alike(self._right, right, other)
        return matters


def _alike(carried: Carried, one: Expr, other: Expr) -> bool:
    """Tell whether two formulas give the same at some figures."""
    first, second = carried.due(one), carried.due(other)
    if first is None or second is None:
        return first is second
    return bool(first.a == second.a and first.b == second.b)
