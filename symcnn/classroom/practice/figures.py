"""The figures of a page, and what leads to them: their letters, rules, formulas and hints.

First come those of quantities, as ``symcnn mark`` has them, then those besides (see ``extras``).
Hints come one step at a time: the rule, then the formula of the entry in the student's numbers. The
third step, the figure itself, is computed by the page from the student's figures.

Figures besides the quantities of marking: winners, margins, and what a step does to the loss.

A winner is a number too, of which every entry of its window that wins is a binary digit:

    winner    sum over k of 2^k [t_k wins]
    margin    the largest number less the second largest one
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sympy import Add, Expr, Symbol

from symcnn import limits
from symcnn.classroom.arithmetic.recording import margin
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
from symcnn.classroom.practice.boxes import Boxed
from symcnn.derivation import Routing
from symcnn.derivation.statement import GRADIENT
from symcnn.document.bindings import AFTER_THE_STEP, Lead, Order, Winner
from symcnn.document.blocks import EQUAL, Block, Paragraph, Row, Rows, Side
from symcnn.document.context import Context
from symcnn.document.pages.html.elements import Elements
from symcnn.document.rows.rows import abridged
from symcnn.document.story.optimizers import rule
from symcnn.document.style import Style
from symcnn.equations import Max
from symcnn.equations.functions import Iverson, maximum
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


Way = tuple[str, Expr]
"""A mistake, by its name, and the formula that it follows."""


_WINS = (
    "The winner is the largest entry of the window; if several are equal, it is the first of them "
    "in row-major order.",
    "The winner is the largest entry of the window; if several are equal, all of them win.",
)
_ORDER = "Compute both sides and compare them."
_BY = "The margin is the larger side minus the smaller one."
_LEAD = "The margin is the largest entry of the window minus the second largest."
_SQUARES = "Square the derivatives with respect to all parameters, and add up the squares."
_FORETOLD = (
    "To first order, a step changes the loss by minus the learning rate times the sum of the "
    "squared derivatives."
)


@dataclass(frozen=True)
class Extra:
    """A figure that is marked as those of quantities are.

    Attributes:
        of: What its boxes are for.
        symbol: What stands for it in other formulas.
        group: What it is a figure of: mistakes are mostly made in a whole group.
        name: What it is called.
        formula: How it is computed.
        value: The true value.
        rule: How it is found, in words.
        terms: The entries of the window that it is of.
        letters: What can be written into its box, if that is no number: the window's entries.
        places: Where these stand in the routing of the maxima, whose name comes first.
        ways: How it can be computed wrongly.
    """

    of: Expr
    symbol: Symbol
    group: str
    name: str
    formula: Expr
    value: Expr
    rule: str
    terms: tuple[Expr, ...] = ()
    letters: tuple[str, ...] = ()
    places: tuple[str, tuple[int, ...]] = ("", ())
    ways: Sequence[Way] = field(default=())


class Extras:
    """Finds the figures that boxes are for besides quantities."""

    def __init__(self, problem: Problem, name: Callable[[Expr], str]) -> None:
        """Take the problem, and what prints its entries."""
        self._problem, self._name = problem, name
        self._routings = {r.source.target.base: r for r in problem.derivation.routings}

    def of(self, boxes: Iterable[Expr]) -> list[Extra]:
        """Return them group by group."""
        every = [*dict.fromkeys(boxes)]
        found = dict[Expr, Extra]()
        for extra in (*(e for box in every for e in self._one(box)), *self._step(every)):
            found.setdefault(extra.of, extra)
        groups = [*dict.fromkeys(extra.group for extra in found.values())]
        return sorted(found.values(), key=lambda extra: groups.index(extra.group))

    def _one(self, box: Expr) -> Iterator[Extra]:
        """Yield what one box is for, of a winner the margin of the same window as well."""
        if isinstance(box, Winner):
            yield from self._window(box)
        elif isinstance(box, Order):
            yield from self._comparison(*box.args)

    def _comparison(self, one: Expr, other: Expr) -> Iterator[Extra]:
        """Yield the sign of a comparison, and by how much it holds."""
        names, number = f"{self._name(one)} and {self._name(other)}", self._problem.point.value
        sign, lead = Iverson(one < other) + 2 * Iverson(one >= other), margin([one, other])
        yield Extra(
            of=Order(one, other),
            symbol=Symbol(f"order of {one}, {other}"),
            group="comparisons",
            name=f"order of {names}",
            formula=sign,
            value=number(sign),
            rule=_ORDER,
            terms=(one, other),
            letters=("<", ">"),
        )
        yield Extra(
            of=Lead(one, other),
            symbol=Symbol(f"margin of {one}, {other}"),
            group="margins of comparisons",
            name=f"margin of {names}",
            formula=lead,
            value=number(lead),
            rule=_BY,
            terms=(one, other),
        )

    def _window(self, box: Winner) -> Iterator[Extra]:
        if len(box.args) - 1 > limits.PRACTICE_WINDOW:
            return
        window, *terms = box.args
        name, number = self._name(window), self._problem.point.value
        tensor, position = self._problem.derivation.entries.locate(window)
        routing = self._routings[tensor.base]
        won, lead = winner(routing, terms), margin(terms)
        yield Extra(
            of=box,
            symbol=Symbol(f"winner of {window.name}"),
            group=f"winners of {tensor.name}",
            name=f"winner of {name}",
            formula=won,
            value=number(won),
            rule=_WINS[_shares(routing)],
            terms=tuple(terms),
            letters=tuple(map(self._name, terms)),
            places=(routing.tensor.name, tuple(self._places(routing, position))),
            ways=tuple(self._other_winners(routing, position)),
        )
        if len(terms) > 1:
            yield Extra(
                of=Lead(*terms),
                symbol=Symbol(f"margin of {window.name}"),
                group=f"margins of {tensor.name}",
                name=f"margin of {name}",
                formula=lead,
                value=number(lead),
                rule=_LEAD,
                terms=tuple(terms),
            )

    def _places(self, routing: Routing, position: tuple[int, ...]) -> Iterator[int]:
        """Run over the places of a window's entries in its routing, without those outside."""
        tensor, entries = routing.tensor, self._problem.derivation.entries
        for place, at in enumerate(tensor.positions()):
            if at[: len(position)] == position and entries.scalar(tensor[at]) != 0:
                yield place

    def _other_winners(self, routing: Routing, position: tuple[int, ...]) -> Iterator[Way]:
        """Take the winners of one index, such as a channel, for all values of that index."""
        entries, target = self._problem.derivation.entries, routing.source.target
        tensor = self._problem.derivation.tensors[target.base]
        for axis, size in enumerate(tensor.shape):
            for number in range(int(size)) if size > 1 else ():
                at = (*position[:axis], number, *position[axis + 1 :])
                terms = entries.terms(routing.source, tensor, at)
                yield "winners taken from another channel", winner(routing, terms)

    def _step(self, boxes: Sequence[Expr]) -> Iterator[Extra]:
        """Yield the sum of the squared derivatives, and the loss that it predicts."""
        derivation, rate = self._problem.derivation, self._problem.learning_rate
        if rate is None:
            return
        adjoints = (derivation.adjoints.get(t.name) for t in derivation.network.parameters)
        slopes = [a.symbol(p) for a in adjoints if a is not None for p in a.positions()]
        squares, loss = Add(*(s**2 for s in slopes)), derivation.network.loss_tensor.symbol((0,))
        predicted = loss - rate * squares
        sum_ = Symbol("sum of squares") if squares in boxes else squares
        number = self._problem.point.value
        if squares in boxes and slopes:
            name = "sum of the squared derivatives"
            yield Extra(squares, sum_, name, name, squares, number(squares), _SQUARES)
        if predicted in boxes and slopes:
            name = "loss predicted to first order"
            yield Extra(
                of=predicted,
                symbol=Symbol("loss predicted"),
                group=name,
                name=name,
                formula=loss - rate * sum_,
                value=number(predicted),
                rule=_FORETOLD,
                ways=(
                    ("sign of the step", loss + rate * sum_),
                    ("learning rate forgotten", loss - sum_),
                    ("only the change given", -rate * sum_),
                ),
            )


def winner(routing: Routing, terms: Sequence[Expr]) -> Expr:
    """Return the sum of 2^k over the terms that win: the first largest, or all that are."""
    shared = _shares(routing)
    before, behind = _maxima(terms), _maxima(terms[::-1])[::-1]
    brackets = []
    for k, term in enumerate(terms):
        conditions = []
        if k:
            conditions.append(term >= before[k - 1] if shared else before[k - 1] < term)
        if k + 1 < len(terms):
            conditions.append(term >= behind[k + 1])
        brackets.append(2**k * Iverson(*conditions))
    return Add(*brackets)


def _shares(routing: Routing) -> bool:
    """Tell whether all of several largest entries win."""
    assert isinstance(routing.source.reduction, Max)
    return routing.source.reduction.ties == "split"


def _maxima(terms: Sequence[Expr]) -> list[Expr]:
    """Return the largest of the first, of the first two, of the first three, ..."""
    found = [*terms[:1]]
    for term in terms[1:]:
        found.append(maximum(found[-1], term))
    return found
