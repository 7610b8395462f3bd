"""One step of an optimizer other than plain gradient descent: its equations, and a weight's worked.

Printed are the equations that the numbers come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sympy import Add, Expr, S, Symbol

from symcnn.document.blocks import EQUAL, ROUNDED, Inline, Row, Side, Text, inline
from symcnn.document.context import Context
from symcnn.document.rows.rows import figure
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed
from symcnn.network.optimizers import (
    ALPHA,
    BETA1,
    BETA2,
    DECAY,
    EPSILON,
    MU,
    RATE,
    SLOPE,
    STEP,
    WEIGHT,
    Optimizer,
)
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.order import Place
from symcnn.writing.printing.summands import summands

_RULE = (
    "One step of {optimizer} assigns new values in this order, for every {number} $w$ and the "
    "derivative $g$ of the loss with respect to it: {equations}. Here {settings}.{memory}"
)
_MEMORY = " Before the first step, {memory} {are} 0; this is the first step{counted}."
_COUNTED = ", $n = 1$"


_SETTINGS = {RATE, ALPHA, BETA1, BETA2, DECAY, EPSILON, MU}


class _Printer(MathPrinter):
    """Prints settings in front of what they multiply, and behind what they are added to."""

    def place(self, factor: Expr) -> Place:
        """Return where a factor stands in a product."""
        first = (-2, int(factor.is_Add), 0, (0, ""))
        return first if self._is_set(factor) else super().place(factor)

    def _print_Add(self, expr: Add) -> Formula:
        return row(*self.signed(sorted(summands(expr), key=self._is_set)))

    def _is_set(self, part: Expr) -> bool:
        return bool(part.free_symbols) and part.free_symbols <= _SETTINGS


class _Lettered(_Printer):
    """Prints with other letters, such as dL/dw for g, which no sign of multiplication separates."""

    def __init__(self, names: Mapping[Symbol, Formula]) -> None:
        super().__init__(names)
        self._times = ()


_LETTERS = _Printer()


def equations(optimizer: Optimizer) -> list[Inline]:
    """Return the equations of one step, m <- beta1 m + (1 - beta1) g."""
    printed = ((_LETTERS.tree(left), _LETTERS.tree(right)) for left, right in optimizer.equations)
    return [inline(left, r"\leftarrow", right) for left, right in printed]


def settings(optimizer: Optimizer, rate: Expr, numerals: Numerals) -> list[Inline]:
    """Return the learning rate and the settings that the equations read, eta = 0.5."""
    used, numbers = _used(optimizer), {RATE: rate, **optimizer.numbers}
    return [
        inline(_LETTERS.tree(letter), "=", numerals(number).formula)
        for letter, number in numbers.items()
        if letter in used
    ]


def _used(optimizer: Optimizer) -> set[Symbol]:
    return {letter for _, value in optimizer.equations for letter in value.free_symbols}


def rule(context: Context) -> Text:
    """Say what one step does to every weight."""
    optimizer, rate = context.optimizer, context.learning_rate
    assert rate is not None
    memory = [Inline(_LETTERS.tree(letter)) for letter in optimizer.memory]
    said: Text = ()
    if memory:
        counted = filled(_COUNTED) if STEP in _used(optimizer) else ()
        are = "is" if len(memory) == 1 else "are"
        said = filled(_MEMORY, memory=listed(memory), are=are, counted=counted)
    return filled(
        _RULE,
        optimizer=optimizer.title,
        number=learned_number(context.derivation.network),
        equations=listed(equations(optimizer)),
        settings=listed(settings(optimizer, rate, context.numerals)),
        memory=said,
    )


def moved(optimizer: Optimizer, name: Formula) -> Formula:
    """Return what a weight becomes, in the letters of its step, such as w - eta u."""
    *before, (_, value) = optimizer.equations
    earlier = {letter: right for letter, right in before if letter == WEIGHT}
    return _Lettered({WEIGHT: name}).tree(value.xreplace(earlier))


def worked(context: Context, weight: Symbol, slope: Symbol) -> Iterator[Row]:
    """Work the equations of the first step for one weight; the last row is the updated weight."""
    optimizer, rate = context.optimizer, context.learning_rate
    assert rate is not None
    names = {WEIGHT: context.printed(weight), SLOPE: context.partial(weight)}
    known: dict[Symbol, Expr] = {**optimizer.numbers, RATE: rate, STEP: S.One}
    known |= {WEIGHT: weight, SLOPE: slope}
    zeros = dict.fromkeys(optimizer.memory, S.Zero)
    for (letter, value), first in optimizer.in_full:
        shown = value.xreplace({letter: zeros[letter]} if letter in zeros else {})
        number = optimizer.at_first(first, weight, slope, rate)
        made = figure(context, f"{letter.name} of {weight.name}", number, context.value(number))
        terms = _Lettered(names).tree(shown)
        sides = [*_in_numbers(context, shown, known), *made.sides]
        if letter == WEIGHT:
            is_last = number == optimizer.first(weight, slope, rate)
            left = moved(optimizer, names[WEIGHT]) if is_last else terms
            yield replace(made, left=left, sides=tuple(sides))
        else:
            every = (Side(EQUAL, (terms,)), *sides)
            yield replace(made, left=_LETTERS.tree(letter), sides=every)
        known[letter] = number
        if letter == SLOPE:
            names.pop(letter, None)


def _in_numbers(context: Context, formula: Expr, known: Mapping[Symbol, Expr]) -> Iterator[Side]:
    """Yield a formula with numbers in place of its letters, unless it is a letter alone."""
    if formula.is_Symbol or context.bindings.may_change:
        return
    letters = sorted(formula.free_symbols, key=str)
    numerals = {letter: context.numerals(context.value(known[letter])) for letter in letters}
    exact = all(numeral.exact for numeral in numerals.values())
    printer = _Printer({letter: numeral.formula for letter, numeral in numerals.items()})
    yield Side(EQUAL if exact else ROUNDED, (printer.tree(formula),))
