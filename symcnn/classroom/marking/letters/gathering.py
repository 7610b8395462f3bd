"""Figures by the names that stand before them, gathered by quantity.

A quantity can be given as a whole, or entry by entry; what is given twice is refused, and entries
that are not given are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from symcnn.classroom.marking.letters.known import SPELLINGS, Letters, Named
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

_NUMBERS = r"\s*[0-9]{1,9}\s*(?:,\s*[0-9]{1,9}\s*)*"
_ENTRY = re.compile(rf"(?P<quantity>[^\[\]]+?)\s*\[(?P<position>{_NUMBERS})\]")

T = TypeVar("T")


class Names:
    """The names that figures of a problem can have."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self._problem = problem
        self._letters = Letters(problem)
        self._numbers: dict[str, dict[tuple[int, ...], int]] = {}

    def find(self, name: str) -> Named:
        """Return what a name means.

        Raises:
            SymcnnError: If it means nothing, or several entries, or one that is not there.
        """
        if found := _ENTRY.fullmatch(name):
            position = tuple(map(int, found["position"].split(",")))
            self.number(found["quantity"], position)
            return Named(found["quantity"], position)
        try:
            self._problem.quantities.shape(name)
        except SymcnnError as error:
            return self._by_letter(name, error)
        return Named(name, None)

    def _by_letter(self, name: str, error: SymcnnError) -> Named:
        """Return what a letter means; what is none is not known otherwise, for a reason."""
        found = self._letters.find(name)
        if found is None:
            raise SymcnnError(f"{error}; {SPELLINGS}") from None
        self._problem.quantities.shape(found.quantity)
        return found

    def number(self, quantity: str, position: Sequence[int]) -> int:
        """Return the number of an entry in row-major order.

        Raises:
            SymcnnError: If there is no such entry.
        """
        numbers = self.numbers(quantity)
        if tuple(position) not in numbers:
            raise SymcnnError(
                f"there is no {entry(quantity, position)}: the last entry is "
                f"{entry(quantity, [*numbers][-1])}"
            )
        return numbers[tuple(position)]

    def numbers(self, quantity: str) -> Mapping[tuple[int, ...], int]:
        """Return the numbers of a quantity's entries in row-major order."""
        if quantity not in self._numbers:
            positions = self._problem.quantities.shape(quantity).positions()
            self._numbers[quantity] = {position: n for n, position in enumerate(positions)}
        return self._numbers[quantity]


def entry(quantity: str, position: Sequence[int]) -> str:
    """Return the name of a figure: conv1[0,0,2]."""
    return f"{quantity}[{','.join(map(str, position))}]"


class Gathered(Generic[T]):
    """Figures by quantity, however they were named."""

    def __init__(self, problem: Problem) -> None:
        """Take the problem."""
        self.names = Names(problem)
        self._whole: dict[str, tuple[T | None, ...]] = {}
        self._single: dict[str, dict[int, T | None]] = {}

    def whole(self, quantity: str, figures: tuple[T | None, ...]) -> None:
        """Take all figures of a quantity.

        Raises:
            SymcnnError: If the quantity has been given already, perhaps by another name.
        """
        if quantity in self._whole:
            raise SymcnnError(f"{quantity} is given twice: remove one of the two")
        self._whole[quantity] = figures

    def single(self, named: Named, figure: T | None) -> None:
        """Take the figure of one entry.

        Raises:
            SymcnnError: If the entry has been given already, perhaps by another name.
        """
        assert named.position is not None
        number = self.names.number(named.quantity, named.position)
        there = self._single.setdefault(named.quantity, {})
        if number in there:
            raise SymcnnError(
                f"{entry(named.quantity, named.position)} is given twice: remove one of the two"
            )
        there[number] = figure

    def by_quantity(self) -> dict[str, tuple[T | None, ...]]:
        """Return all figures; those that are given alone stand for those that were left out.

        Raises:
            SymcnnError: If one is given alone and in a list.
        """
        found = dict(self._whole)
        for quantity, single in self._single.items():
            numbers = self.names.numbers(quantity)
            figures = [*found.get(quantity, (None,) * len(numbers))]
            for position, n in numbers.items():
                if n in single and figures[n] is not None:
                    raise SymcnnError(f"{entry(quantity, position)} is given twice: remove one")
                figures[n] = single.get(n, figures[n])
            found[quantity] = tuple(figures)
        return found
