"""The figures of a page, and what leads to them: their letters, rules and formulas.

First come those of quantities, as ``symcnn mark`` has them, then those besides (see ``extras``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol

from symcnn.classroom.filled_in.names import with_copies
from symcnn.classroom.marking.asked import (
    AFTER_A_STEP,
    Scheme,
    asked,
    expression_of,
    order_of,
    scheme,
)
from symcnn.classroom.marking.mark import mark
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.classroom.practice.earning import Boxed
from symcnn.classroom.practice.extras import Extra, Extras
from symcnn.derivation.statement import GRADIENT
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.context import Context
from symcnn.document.style import Style
from symcnn.problems import Problem
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of a page."""

    problem: Problem
    style: Style
    boxes: Sequence[Expr]

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """What is asked for and has boxes, and what else has, such as the input's derivative."""
        named = [*self._asked, *asked(self.problem), *self._others()]
        boxed = self._boxed
        with_boxes = [n for n in dict.fromkeys(named) if any(map(boxed.has, boxed.of(n)))]
        is_there = AFTER_THE_STEP in boxed.entries and AFTER_A_STEP not in with_boxes
        return (*with_boxes, *([AFTER_A_STEP] if is_there else []))

    def _others(self) -> Iterator[str]:
        """Run over what is not asked for: stages in layers, their derivatives and the input's."""
        network = self.problem.network
        outputs = {stage.output.name for stage in network.stages}
        inner = (t.name for t in network.tensors.values() if t.role == "hidden")
        stages = [name for name in inner if name not in outputs]
        yield from stages
        for name in (*stages, *(tensor.name for tensor in network.given)):
            if name in self.problem.derivation.adjoints:
                yield f"{GRADIENT}{name}"

    @cached_property
    def _boxed(self) -> Boxed:
        return Boxed(self.problem, self.boxes)

    @property
    def _asked(self) -> tuple[str, ...]:
        """What the problem asks for, which earns points."""
        return self._scheme.quantities

    @cached_property
    def _scheme(self) -> Scheme:
        return scheme(self.problem)

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
    def extras(self) -> list[Extra]:
        """The figures besides; their numbers follow those of the others."""
        return Extras(self.problem, self.text).of(self.boxes)

    @property
    def routings(self) -> list[tuple[str, int, list[tuple[int, Sequence[int]]]]]:
        """The names and sizes of routings, with the winners that tell of them, and their places."""
        found = dict[str, list[tuple[int, Sequence[int]]]]()
        for number, extra in enumerate(self.extras, len(self.all)):
            routing, places = extra.places
            if routing:
                found.setdefault(routing, []).append((number, places))
        shape = self.problem.quantities.shape
        return [(name, int(shape(name).size), listed) for name, listed in found.items()]

    @cached_property
    def open(self) -> tuple[int, ...]:
        """The numbers of those that have boxes, or copy what has: on the way to one weight, few."""
        boxed = (self._boxed.has(self._of(figure)) for figure in self.all)
        extra = range(len(self.all), len(self.all) + len(self.extras))
        return (*(number for number, has_box in enumerate(boxed) if has_box), *extra)

    def _of(self, figure: Figure) -> Expr:
        if figure.quantity == AFTER_A_STEP:
            return AFTER_THE_STEP
        return expression_of(self.problem, figure.quantity, figure.position)

    @property
    def earning(self) -> tuple[int, ...]:
        """The numbers of those that earn points."""
        figures = range(len(self.all))
        return tuple(n for n in self.open if n in figures and self._points(self.all[n]))

    @property
    def points(self) -> tuple[float, ...]:
        """What each of these earns."""
        return tuple(self._points(self.all[n]) for n in self.earning)

    def _points(self, figure: Figure) -> float:
        size = int(self.problem.quantities.shape(figure.quantity).size)
        return self._scheme.of_figure(figure.quantity, size)

    @cached_property
    def worked(self) -> Worked:
        """What prints them."""
        return Worked(self.marking, self.style)

    @cached_property
    def by_entry(self) -> Mapping[Expr, int]:
        """The numbers of the figures, by what they are of, and by what is a copy of that."""
        found = {self._of(figure): number for number, figure in enumerate(self.all)}
        found |= {extra.of: len(self.all) + n for n, extra in enumerate(self.extras)}
        return with_copies(self.problem, found, self.boxes)

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
        if figure.quantity == AFTER_A_STEP:
            return "loss after the step"
        letter = self.letter(figure)
        return figure.quantity if letter is None else f"{figure.quantity}, {text(letter)}"

    def text(self, entry: Expr) -> str:
        """Return an entry in letters: z₁₁."""
        return text(self.context.printed(entry))

    @property
    def context(self) -> Context:
        """What prints entries."""
        return self.worked.context


def symbols_of(formula: Expr) -> list[Symbol]:
    """Return the entries that a formula reads, in a fixed order."""
    return sorted(formula.free_symbols, key=str)
