"""The figures of a page, and what leads to them: their letters, rules and formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol

from symcnn.derivation.statement import GRADIENT
from symcnn.document import Style
from symcnn.errors import SymcnnError
from symcnn.formula import Row as Formula
from symcnn.formula.unicode import text
from symcnn.marking.asked import asked, order_of
from symcnn.marking.figure import Figure
from symcnn.marking.mark import mark
from symcnn.marking.marking import Marking
from symcnn.marking.pages.worked import Worked
from symcnn.marking.symbols import expression_of
from symcnn.problems import Problem


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of a page.

    Attributes:
        problem: The problem.
        style: How numbers are printed.
        boxes: What the boxes of its student's version are for.
    """

    problem: Problem
    style: Style
    boxes: Sequence[Expr]

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What is asked for and has boxes, and what else has, such as the input's derivative."""
        given = (f"{GRADIENT}{tensor.name}" for tensor in self.problem.network.given)
        named = [*asked(self.problem), *(name for name in given if self._exists(name))]
        return tuple(n for n in dict.fromkeys(named) if self._boxed & {*self._originals(n)})

    @cached_property
    def _boxed(self) -> set[Expr]:
        """What boxes are for, with what is copied there."""
        return {original for entry in self.boxes for original in self._copied(entry)}

    def _originals(self, quantity: str) -> Iterator[Expr]:
        return (original for entry in self._entries(quantity) for original in self._copied(entry))

    def _copied(self, entry: Expr) -> Iterator[Expr]:
        """Run over an entry, and over those that it is a copy of."""
        found: Expr | None = entry
        while found is not None and found.is_Symbol:
            yield found
            found = self.problem.derivation.entries.where(found) and self._formula(found)
        if not entry.is_Symbol:
            yield entry

    def _formula(self, entry: Expr) -> Expr | None:
        formula: Expr | None = self.problem.derivation.entries.formula(entry)
        return formula

    @cached_property
    def marking(self) -> Marking:
        """An empty sheet, marked."""
        names = sorted(self.quantities, key=order_of(self.problem))
        return mark(self.problem, {}, quantities=names)

    @property
    def all(self) -> tuple[Figure, ...]:
        """The figures, in the order of computation."""
        return self.marking.figures

    @cached_property
    def open(self) -> tuple[int, ...]:
        """The numbers of those that have boxes, or copy what has: on the way to one weight, few."""
        entries = (expression_of(self.problem, f.quantity, f.position) for f in self.all)
        boxed = (bool(self._boxed & {*self._copied(entry)}) for entry in entries)
        return tuple(number for number, has_box in enumerate(boxed) if has_box)

    @property
    def earning(self) -> tuple[int, ...]:
        """The numbers of those that earn a point."""
        names = asked(self.problem)
        return tuple(number for number in self.open if self.all[number].quantity in names)

    @cached_property
    def worked(self) -> Worked:
        """What prints them."""
        return Worked(self.marking, self.style)

    @cached_property
    def by_entry(self) -> Mapping[Expr, int]:
        """The numbers of the figures, by what they are of, and by what is a copy of that."""
        found = {
            expression_of(self.problem, figure.quantity, figure.position): number
            for number, figure in enumerate(self.all)
        }
        for entry, number in [*found.items()]:
            for original in self._copied(entry):
                found.setdefault(original, number)
        for entry in self.boxes:
            for original in self._copied(entry):
                if original in found:
                    found.setdefault(entry, found[original])
        return found

    @cached_property
    def by_letter(self) -> Mapping[Any, int]:
        """The numbers of the figures, by the parts of what is printed for them."""
        letters = ((number, self.letter(figure)) for number, figure in enumerate(self.all))
        return {letter.parts: number for number, letter in letters if letter is not None}

    def letter(self, figure: Figure) -> Formula | None:
        """Print z_11."""
        return self.worked.letter(figure)

    def name(self, figure: Figure) -> str:
        """Return what a figure is called: conv1, z₁₁."""
        letter = self.letter(figure)
        return figure.quantity if letter is None else f"{figure.quantity}, {text(letter)}"

    def _exists(self, quantity: str) -> bool:
        try:
            self.problem.quantities.shape(quantity)
        except SymcnnError:
            return False
        return quantity.removeprefix(GRADIENT) in self.problem.derivation.adjoints

    def _entries(self, quantity: str) -> Iterator[Expr]:
        positions: Iterable[tuple[int, ...]] = self.problem.quantities.shape(quantity).positions()
        return (expression_of(self.problem, quantity, at) for at in positions)


def symbols_of(formula: Expr) -> list[Symbol]:
    """Return the entries that a formula reads, in a fixed order."""
    return sorted(formula.free_symbols, key=str)
