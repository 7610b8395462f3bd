"""The figures of a page, and what leads to them: their letters, rules, formulas and hints.

First come those of quantities, as ``symcnn mark`` has them, then those besides (see ``extras``).
Hints come one step at a time: the rule, then the formula of the entry in the student's numbers. The
third step, the figure itself, is computed by the page from the student's figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.classroom.marking.asked import (
    AFTER_A_STEP,
    UPDATED,
    Scheme,
    asked,
    expression_of,
    order_of,
    scheme,
)
from symcnn.classroom.marking.mark import mark
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.pages.worked import NOTHING, STEP, Worked
from symcnn.classroom.practice.earning import Boxed
from symcnn.classroom.practice.extras import Extra, Extras
from symcnn.derivation.statement import GRADIENT
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import EQUAL, Block, Paragraph, Row, Rows, Side
from symcnn.document.context import Context
from symcnn.document.pages.html.elements import Elements
from symcnn.document.rows.rows import abridged
from symcnn.document.story.optimizers import rule
from symcnn.document.style import Style
from symcnn.problems import Problem
from symcnn.writing.formula import Formula, Gap, Word
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.mathematics import MathPrinter


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
        return self._boxed.with_copies(found)

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


_AFTER = "Repeat the forward pass with the updated parameters."


class Hints:
    """The hints of a page."""

    def __init__(self, figures: Figures, entries: Mapping[Symbol, int]) -> None:
        """Take the figures, and the numbers that the page has for entries."""
        self._figures, self._entries = figures, entries
        self._context = figures.context

    def templates(self) -> Iterator[str]:
        """Run over the templates of all hints: rule-conv1 of a quantity, hint-3 of a figure."""
        ruled = set[str]()
        for number, figure in enumerate(self._figures.all):
            if figure.quantity not in ruled:
                ruled.add(figure.quantity)
                yield _template(f"rule-{number}", self._rule(figure))
            yield _template(f"hint-{number}", self._formula(figure))
        for number, extra in enumerate(self._figures.extras, len(self._figures.all)):
            if extra.group not in ruled:
                ruled.add(extra.group)
                yield _template(f"rule-{number}", [Paragraph((extra.rule,))])
            yield _template(f"hint-{number}", [Rows(tuple(self._given(extra)))])

    def _rule(self, figure: Figure) -> list[Block]:
        general = self._figures.worked.general(figure)
        if figure.quantity.startswith(UPDATED):
            is_plain = self._context.optimizer.is_plain
            return [Paragraph((STEP,) if is_plain else rule(self._context))]
        if figure.quantity == AFTER_A_STEP:
            return [Paragraph((_AFTER,))]
        return [] if general is None else [Rows((general,))]

    def _formula(self, figure: Figure) -> list[Block]:
        """Return the row  z_11 = w_11 x_1 + w_21 x_2 = _ * _ + _ * _."""
        left, problem = self._figures.letter(figure), self._figures.problem
        updated = figure.quantity.startswith(UPDATED)
        formula = (
            expression_of(problem, figure.quantity, figure.position) if updated else figure.formula
        )
        if left is None or not formula.free_symbols:
            return []
        sides = [Side(EQUAL, terms) for terms in self._sides(formula)]
        return [Rows((Row(left, tuple(sides[1:] if updated else sides), NOTHING),))]

    def _given(self, extra: Extra) -> Iterator[Row]:
        """Yield the numbers of a window, one by one, or the formula  sum = _^2 + _^2 + ..."""
        if extra.terms:
            for term in filter(lambda one: one.free_symbols, extra.terms):
                left, (*_, numbers) = self._context.printed(term), self._sides(term)
                yield Row(left, (Side(EQUAL, numbers),), NOTHING)
        else:
            *_, numbers = self._sides(extra.formula)
            yield Row(row(Word(extra.group)), (Side(EQUAL, numbers),), NOTHING)

    def _sides(self, formula: Expr) -> Iterator[tuple[Formula, ...]]:
        """Yield a formula in letters and, unless it is an entry alone, in numbers."""
        numbers = {symbol: self._number(symbol) for symbol in symbols_of(formula)}
        manner = replace(self._context.manner, most_inside=limits.INNER_TERMS)
        for printed in (self._partials(formula), numbers):
            yield abridged(formula, MathPrinter(printed, manner))

    def _number(self, symbol: Symbol) -> Formula:
        """Return the number of what is given, or a box into which the page puts a figure."""
        extra = any(symbol == extra.symbol for extra in self._figures.extras)
        if not extra and self._context.derivation.entries.formula(symbol) is None:
            return self._context.numeral(symbol).formula
        return row(Gap(0.0, 0.0, f"entry-{self._entries[symbol]}"))

    def _partials(self, formula: Expr) -> Mapping[Symbol, Formula]:
        """Return dL/dw for the derivatives with respect to parameters, which have no letters."""
        found = ((s, self._figures.worked.partial(s)) for s in symbols_of(formula))
        return {symbol: printed for symbol, printed in found if printed is not None}


def _template(name: str, blocks: list[Block]) -> str:
    return f'<template id="{name}">{Elements().all(blocks)}</template>'
