"""What follows from answers: the formula of an entry at the figures that it depends on.

An entry is computed by its staged formula from entries before it. Of these,

    given numbers                        are exact,
    a figure that was written            stands for all numbers that round to it; if it follows
                                         with the digits that other figures have, and they are 0
                                         at its end, for those that round to it with these,
    what was left out                    is computed from what it depends on in turn, and may have
                                         been rounded to as many digits as the figures have.

What a formula reads several times varies once where brackets of one comparison, or a softmax, read
it (see ``intervals.cases`` and ``merged``). The result is an interval: whoever carried on rightly,
with whatever digits, is inside of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from sympy import Expr, S, Symbol

from symcnn.classroom.marking.formulas import Formulas, Merged
from symcnn.classroom.marking.intervals.interval import (
    Interval,
    between,
    by_cases,
    meets,
    number,
    values,
)
from symcnn.classroom.marking.intervals.written import Rounding, Written
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError


class Carried:
    """Entries as they follow from answers.

    Attributes:
        formulas: How entries are computed rightly.
        figures: What was written, by the symbols of the entries.
    """

    def __init__(
        self,
        formulas: Formulas,
        figures: Mapping[Symbol, Written],
        rounding: Rounding | None = None,
    ) -> None:
        """Take the figures that were written, by the symbols of their entries."""
        self.formulas, self.figures = formulas, figures
        self._rounding = rounding or Rounding.of(figures.values())
        self._known: dict[Symbol, Interval | None] = {}
        self._due: dict[Expr, Interval | None] = {}
        self._sources: dict[Symbol, frozenset[Symbol]] = {}

    def due(self, formula: Expr) -> Interval | None:
        """Return what a formula is at the figures; None where it has no value there.

        A copy of what was not written is due as that is itself.
        """
        if formula not in self._due:
            self._due[formula] = self._at_figures(self.original(formula))
        return self._due[formula]

    def original(self, formula: Expr) -> Expr:
        """Return a formula; of a copy of what was not written, the formula of that."""
        while formula.is_Symbol and formula not in self.figures:
            before = self.formula(formula)
            if before is None:
                break
            formula = before
        return formula

    def _at_figures(self, formula: Expr) -> Interval | None:
        merged = self._without_stage(formula)
        found = None
        if merged is not None:
            found = self._at(merged.formula, {merged.error: self._error(merged.stage_formula)})
        return self._at(formula) if found is None else found

    def _without_stage(self, formula: Expr) -> Merged | None:
        """Return a formula without the stage that it subtracts, if that was not written down."""
        merged = self.formulas.merged(formula)
        if merged is None or merged.stage in self.figures:
            return None
        return merged if self.formula(merged.stage) == merged.stage_formula else None

    def _at(
        self, formula: Expr, errors: Mapping[Symbol, Interval | None] | None = None
    ) -> Interval | None:
        """Return the values of a formula, which may read errors of rounding besides entries."""
        known, parts = errors or {}, dict[Symbol, Interval]()
        for symbol in formula.free_symbols:
            part = known[symbol] if symbol in known else self._value(symbol)
            if part is None:
                return None
            parts[symbol] = part
        try:
            return values(by_cases(formula), parts)
        except (ArithmeticError, SymcnnError, ValueError):
            return None

    def _error(self, stage: Expr) -> Interval | None:
        """Return what rounding may add to a stage that was not written down, by its formula."""
        due = self.due(stage)
        return None if due is None else self._rounding.error(due)

    def formula(self, symbol: Symbol) -> Expr | None:
        """Return the formula of an entry in those of the stages before; None for what is given."""
        return self.formulas.formula(symbol)

    def sources(self, formula: Expr) -> frozenset[Symbol]:
        """Return the entries with figures that a formula depends on, the nearest on each way."""
        return frozenset().union(*(self._nearest(s) for s in formula.free_symbols))

    def otherwise(self, tensor: Tensor, formula: Callable[[Symbol], Expr | None]) -> Carried:
        """Return what follows if a stage that was not written down has other formulas."""
        return _Otherwise(self, tensor, formula)

    def _value(self, symbol: Symbol) -> Interval | None:
        """Return the interval of an entry: its figure's, or what follows for it."""
        if symbol not in self._known:
            written, formula = self.figures.get(symbol), self.formula(symbol)
            if written is not None:
                self._known[symbol] = self._written(written, formula)
            elif formula is None:
                self._known[symbol] = number(self.formulas.value(symbol))
            else:
                self._known[symbol] = self._unseen(formula)
        return self._known[symbol]

    def _written(self, written: Written, formula: Expr | None) -> Interval:
        precise = self._rounding.precise(written)
        due = None if formula is None else self.due(formula)
        if precise is not None and due is not None and meets(due, precise):
            return precise
        return between(written.least, written.greatest)

    def _unseen(self, formula: Expr) -> Interval | None:
        """Return what a stage can be that was not written down; a copy is not rounded again."""
        if formula.is_Symbol:
            return self._value(formula)
        due = self.due(formula)
        return None if due is None else self._rounding.around(due)

    def _nearest(self, symbol: Symbol) -> frozenset[Symbol]:
        if symbol not in self._sources:
            formula = self.formula(symbol)
            if symbol in self.figures:
                self._sources[symbol] = frozenset([symbol])
            else:
                self._sources[symbol] = frozenset() if formula is None else self.sources(formula)
        return self._sources[symbol]


class AsWritten(Carried):
    """Entries as they follow from figures as they are written, whatever these may stand for."""

    def _written(self, written: Written, formula: Expr | None) -> Interval:
        return between(written.value, written.value)

    def _unseen(self, formula: Expr) -> Interval | None:
        return self.due(formula)

    def _error(self, stage: Expr) -> Interval | None:
        return number(S.Zero)

    def otherwise(self, tensor: Tensor, formula: Callable[[Symbol], Expr | None]) -> Carried:
        """Return what follows if a stage that was not written down has other formulas."""
        return _OtherwiseAsWritten(self, tensor, formula)


class _Otherwise(Carried):
    """Entries as they follow if one stage has other formulas."""

    def __init__(
        self, carried: Carried, tensor: Tensor, formula: Callable[[Symbol], Expr | None]
    ) -> None:
        super().__init__(carried.formulas, carried.figures, carried._rounding)
        self._tensor, self._other = tensor, formula
        self._known = {s: v for s, v in carried._known.items() if s in carried.figures}

    def formula(self, symbol: Symbol) -> Expr | None:
        """Return the formula of an entry, in the one stage the other one."""
        if self.formulas.tensor(symbol) == self._tensor:
            return self._other(symbol)
        return super().formula(symbol)


class _OtherwiseAsWritten(_Otherwise, AsWritten):
    """The same, from figures exactly as they are written."""


def given_in(formulas: Formulas, formula: Expr, written: Written) -> Symbol | None:
    """Return a given number that a formula reads, if a figure is nothing else."""
    read = given_numbers(formulas, formula)
    return next((symbol for symbol, value in read if value == written.value), None)


def given_numbers(formulas: Formulas, formula: Expr) -> Iterator[tuple[Symbol, Fraction]]:
    """Run over the given numbers that a formula reads, perhaps as copies of them."""
    for symbol in sorted(formula.free_symbols, key=str):
        read, before = symbol, formulas.formula(symbol)
        while before is not None and before.is_Symbol:
            read, before = before, formulas.formula(before)
        if before is None:
            value = formulas.value(read)
            if value.is_Rational:
                yield symbol, Fraction(int(value.p), int(value.q))


def rounds_to(value: Expr, written: Written) -> bool:
    """Tell whether a true value rounds to a figure."""
    if value.is_Rational:
        return written.least <= Fraction(int(value.p), int(value.q)) <= written.greatest
    return meets(number(value), between(written.least, written.greatest))


def tells(due: Interval | None, written: Written) -> bool:
    """Tell whether so few numbers are due that their agreement with a figure says something."""
    if due is None or not due.is_bounded:
        return False
    width = Fraction(due.b) - Fraction(due.a)
    return width <= max(written.greatest - written.least, abs(written.value))


def agrees(due: Interval | None, written: Written) -> bool:
    """Tell whether some number that is due rounds to a figure."""
    return due is not None and meets(due, between(written.least, written.greatest))
