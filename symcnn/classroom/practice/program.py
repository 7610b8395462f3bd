"""What a page marks by, as data: the figures that are asked for, and how entries are computed.

    mistakes    the name of a mistake, what is said of it, whether it is a last resort, and whether
                it is made in single entries
    ofDigits    which of them are a given number that is repeated, and digits that are cut off
    precision   how near figures have to be, and what imprecise ones earn
    figures     the quantity, the position, the entry, and the true value
    steps       the steps of all formulas, each once (see ``recording``)
    formulas    the last step of a formula, and the entries that it reads; and a stage that it
                subtracts, with the formula without it (see ``marking.formulas``)
    entries     the tensor of an entry; its formula, or its number if it is given; and 1 if it
                copies another entry, 2 if it is what rounding adds to what its formula gives
    tensors     whether a tensor only copies others; and the ways to get it wrong, each a mistake
                with the entries for which it has another formula, and this (-1: none)

All of it is what ``symcnn mark`` marks by: its formulas, its catalogue and its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.classroom.arithmetic.recording import Tape, written
from symcnn.classroom.marking.asked import order_of
from symcnn.classroom.marking.catalogue import Catalogue, Way
from symcnn.classroom.marking.digits import OF_DIGITS
from symcnn.classroom.marking.formulas import Merged
from symcnn.classroom.marking.intervals.cases import by_cases
from symcnn.classroom.marking.mistakes import CATALOGUE
from symcnn.classroom.marking.pages.words import plain, stated
from symcnn.classroom.marking.precision import Precision, precision
from symcnn.classroom.practice.extras import Extra
from symcnn.equations import Tensor
from symcnn.equations.formulas import is_copy
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.problems import Problem

_MISTAKES = (*CATALOGUE, *OF_DIGITS)
_ERROR = 2
_NUMBERS = {mistake.name: number for number, mistake in enumerate(CATALOGUE)}


class PracticeProgram:
    """What the figures of a problem are marked by."""

    def __init__(
        self,
        problem: Problem,
        quantities: Sequence[str],
        extras: Sequence[Extra] = (),
        near: Precision | None = None,
    ) -> None:
        """Take the problem, the names of the quantities of which there are figures, and others.

        Figures have to be as near as the problem states, unless told otherwise.
        """
        self._precision = near or precision(problem)
        self.problem, self.entries = problem, dict[Symbol, int]()
        self._quantities = sorted(quantities, key=order_of(problem))
        self._symbols: list[Symbol] = []
        self._catalogue = Catalogue(problem)
        self._tape = Tape()
        self._formulas: dict[Expr, int] = {}
        self._last: list[tuple[Any, ...]] = []
        self._errors: dict[Symbol, Merged] = {}
        self._tensors: dict[Tensor | str, int] = {}
        self._extras = {extra.symbol: extra for extra in extras}
        self._pairs: dict[Way, list[int]] = {}
        self._other_ways: dict[str, list[tuple[int, list[int]]]] = {}

    def data(self) -> Mapping[str, Any]:
        """Return it as lists of numbers and texts.

        Raises:
            TooLargeError: If it is too long for a page.
        """
        figures = [*self._figures(), *self._others()]
        entries = [*self._entries()]
        return {
            "mistakes": [
                [m.name, plain(stated(m)), int(m.is_last_resort), int(m.is_single)]
                for m in _MISTAKES
            ],
            "ofDigits": [*map(_MISTAKES.index, OF_DIGITS)],
            "precision": _precision(self._precision),
            "carried": self.problem.worth.carried,
            "figures": figures,
            "steps": self._tape.steps,
            "formulas": self._last,
            "entries": entries,
            "tensors": [*map(self._tensor, self._tensors)],
        }

    def of(self, quantity: str) -> Tensor:
        """Return the tensor whose entries are the figures of a quantity."""
        return self._catalogue.formulas.of(quantity, self.problem.quantities.shape(quantity))

    def _figures(self) -> Iterator[list[Any]]:
        names = self._quantities
        figures = sum(int(self.of(name).size) for name in names)
        _check(figures, limits.PRACTICE_FIGURES, "figures")
        for name in names:
            tensor = self.of(name)
            values = zip(tensor.positions(), self.problem.quantity(name), strict=True)
            for position, value in values:
                yield [name, list(position), self._entry(tensor.symbol(position)), written(value)]

    def _others(self) -> Iterator[list[Any]]:
        for group, extras in groupby(self._extras.values(), lambda extra: extra.group):
            for n, extra in enumerate(extras):
                yield [group, [n], self._entry(extra.symbol), written(extra.value)]

    def _entries(self) -> Iterator[list[Any]]:
        """Run over the entries; the formulas of one bring others."""
        for symbol in self._symbols:  # it grows meanwhile
            yield self._line(symbol)
            _check(len(self._tape.steps), limits.PRACTICE_STEPS, "steps of computation")

    def _line(self, symbol: Symbol) -> list[Any]:
        if symbol in self._extras:
            return self._extra(self._extras[symbol])
        formulas = self._catalogue.formulas
        if symbol in self._errors:
            merged = self._errors[symbol]
            of = self._tensors.setdefault(formulas.tensor(merged.stage), len(self._tensors))
            return [of, self._formula(merged.stage_formula), _ERROR]
        tensor, formula = formulas.tensor(symbol), formulas.formula(symbol)
        of = self._tensors.setdefault(tensor, len(self._tensors))
        if formula is None:
            return [of, written(formulas.value(symbol)), 0]
        for way in self._catalogue.ways(tensor):
            self._pairs.setdefault(way, []).extend(self._pair(way, symbol, formula))
        return [of, self._formula(formula), int(formula.is_Symbol)]

    def _extra(self, extra: Extra) -> list[Any]:
        of = self._tensors.setdefault(extra.group, len(self._tensors))
        ways = self._other_ways.setdefault(extra.group, [])
        for n, (name, other) in enumerate(extra.ways):
            if n == len(ways):
                ways.append((_NUMBERS[name], []))
            if other != extra.formula:
                ways[n][1].extend((self._entry(extra.symbol), self._formula(other)))
        return [of, self._formula(extra.formula), 0]

    def _pair(self, way: Way, symbol: Symbol, right: Expr) -> Iterator[int]:
        other = way.formula(symbol)
        if other != right:
            yield self._entry(symbol)
            yield -1 if other is None else self._formula(other)

    def _tensor(self, tensor: Tensor | str) -> list[Any]:
        if isinstance(tensor, str):
            return [0, self._other_ways[tensor]]
        copies = all(map(is_copy, self._catalogue.formulas.equations(tensor)))
        ways = self._catalogue.ways(tensor)
        made = [[CATALOGUE.index(way.mistake), self._pairs.get(way, [])] for way in ways]
        return [int(copies), made]

    def _entry(self, symbol: Symbol) -> int:
        if symbol not in self.entries:
            self.entries[symbol] = len(self._symbols)
            self._symbols.append(symbol)
        return self.entries[symbol]

    def _formula(self, formula: Expr) -> int:
        if formula not in self._formulas:
            merged = self._catalogue.formulas.merged(formula)
            without = () if merged is None else (self._entry(merged.stage), self._without(merged))
            self._formulas[formula] = self._added(formula, *without)
        return self._formulas[formula]

    def _without(self, merged: Merged) -> int:
        self._errors[merged.error] = merged
        return self._added(merged.formula)

    def _added(self, formula: Expr, *without: int) -> int:
        symbols = sorted(formula.free_symbols, key=str)
        reads = {symbol: self._entry(symbol) for symbol in symbols}
        self._last.append((self._step(formula, reads), [*reads.values()], *without))
        return len(self._last) - 1

    def _step(self, formula: Expr, reads: Mapping[Symbol, int]) -> int:
        """Return the last step of a formula; it gives nothing if a function has no value."""
        known = {symbol: self._tape.entry(n) for symbol, n in reads.items()}
        try:
            return self._tape.value(by_cases(formula), known).at
        except SymcnnError:
            return self._tape.step("none")


def _precision(near: Precision) -> Mapping[str, Any]:
    """Return how near figures have to be as the page reads it."""
    wide = near.tolerance
    return {
        "digits": near.digits,
        "tolerance": None if wide is None else [str(wide.amount), wide.kind],
        "truncation": int(near.accepts_truncation),
        "share": near.share,
    }


def _check(found: int, most: int, what: str) -> None:
    """Refuse a page that would be too long, or too slow."""
    if found > most:
        raise TooLargeError(
            f"the page for practice has {found:,} {what}, more than the {most:,} that it may "
            "have: write the student's version with --blanks, and mark it with symcnn mark"
        )
