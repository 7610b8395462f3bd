"""Hints, one step at a time: the rule, then the formula of the entry in the student's numbers.

The third step, the figure itself, is computed by the page from the student's figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.classroom.marking.asked import AFTER_A_STEP, UPDATED, expression_of
from symcnn.classroom.marking.marking import Figure
from symcnn.classroom.marking.pages.worked import NOTHING, STEP
from symcnn.classroom.practice.extras import Extra
from symcnn.classroom.practice.figures import Figures, symbols_of
from symcnn.document.blocks import EQUAL, Block, Paragraph, Row, Rows, Side
from symcnn.document.facts.scope import FIRST, few
from symcnn.document.pages.html.elements import Elements
from symcnn.document.story.optimizers import rule
from symcnn.writing.formula import Formula, Gap, Word
from symcnn.writing.formula.build import row
from symcnn.writing.printing.mathematics import DOTS, MathPrinter
from symcnn.writing.printing.order import common_factor
from symcnn.writing.printing.summands import summands

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
        terms = summands(formula)
        shown, factor = few(terms), common_factor(terms)
        dots = (DOTS,) if len(shown) < len(terms) else ()
        numbers = {symbol: self._number(symbol) for symbol in symbols_of(formula)}
        manner = replace(self._context.manner, most_inside=limits.INNER_TERMS)
        for printed in (self._partials(formula), numbers):
            made = MathPrinter(printed, manner).signed(shown, factor)
            yield (*made[:FIRST], *dots, *made[FIRST:])

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
