"""The page: the student's version, with what marks its boxes.

Without a script it is the student's version.

What a page marks by, as data: the figures that are asked for, and how entries are computed.

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

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.classroom.arithmetic import scripts
from symcnn.classroom.arithmetic.recording import Tape, written
from symcnn.classroom.explain import explain
from symcnn.classroom.marking.asked import order_of
from symcnn.classroom.marking.catalogue import Catalogue, Way
from symcnn.classroom.marking.digits import OF_DIGITS
from symcnn.classroom.marking.formulas import Merged
from symcnn.classroom.marking.intervals.interval import by_cases
from symcnn.classroom.marking.mistakes import CATALOGUE
from symcnn.classroom.marking.pages.worked import plain, stated
from symcnn.classroom.marking.precision import Precision, precision
from symcnn.classroom.practice.boxes import FormulaBox, asked_for, asking, bound, earned
from symcnn.classroom.practice.figures import Extra, Figures, Hints
from symcnn.document.document import Document
from symcnn.document.pages.writers import html
from symcnn.document.pages.writers.html import Scripted, typed_numbers
from symcnn.document.style import Style
from symcnn.equations import Tensor
from symcnn.equations.formulas import is_copy
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.problems import Problem

DATA = "practice-data"
"""The name of the element with what the script reads."""

_PRINTED = ("digits", "index_base", "decimal")


def practice_page(problem: Problem, **options: Any) -> str:
    """Return a page of HTML on which a problem is worked, and marked as ``symcnn mark`` marks it.

    It is the student's version of the derivation. What is typed into a box is right, follows from
    the figures before it as they were typed, or is wrong, with the mistake that yields it. There
    are hints, one step at a time, and a file of answers can be saved. It needs no network.

    Args:
        problem: The problem.
        options: What ``explain`` takes, such as ``detail="brief"``; ``quantities``, the names of
            those that earn points, as of ``mark``, which a brief page alone is about; and
            ``points``, as of ``mark``.

    Raises:
        TooLargeError: If there are more figures than fit a page.
        SymcnnError: If an option is invalid.
    """
    asked = asking(problem, options.get("quantities") or None, options.pop("points", None))
    if options.get("detail") != "brief":
        options.pop("quantities", None)
    solution = explain(asked, **options)
    chosen = {name: options[name] for name in _PRINTED if name in options}
    named = asked.with_letters(options.get("letters") or {})
    return page(named, solution, Style(**chosen))


def page(problem: Problem, solution: Document, style: Style) -> str:
    """Return the page of a problem whose derivation is there already."""
    student = solution.with_blanks(0)
    figures = Figures(problem, style, tuple(asked_for(student.blocks)))
    program = PracticeProgram(problem, figures.quantities, figures.extras)
    data = program.data()
    student = solution.with_blanks(earned(problem, student.blocks))
    blocks, formulas = bound(student.blocks, figures.by_entry, figures.by_letter)
    hints = "\n".join(Hints(figures, program.entries).templates())
    written = {**data, **_facts(problem, figures, data), **_formulas(figures, program, formulas)}
    made = Scripted(_style(), written, DATA, script(), f"{hints}\n")
    return html.page(student.title, blocks, made.head, made.end)


def _facts(problem: Problem, figures: Figures, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page says of figures, and what it keeps them under."""
    key = sha256(json.dumps(data).encode()).hexdigest()[:16]
    return {
        "title": problem.title,
        "variant": _variant(problem.title),
        "key": f"symcnn-practice-{key}",
        "names": [*map(figures.name, figures.all), *(extra.name for extra in figures.extras)],
        "known": len(figures.all),
        "letters": [*([] for _ in figures.all), *(extra.letters for extra in figures.extras)],
        "routings": figures.routings,
        "open": figures.open,
        "earning": figures.earning,
        "points": figures.points,
        "digits": figures.style.digits,
        "comma": figures.style.decimal,
    }


def _variant(title: str) -> int | None:
    """Return the number of a worksheet's variant, with which its title ends."""
    found = re.search(r", variant (\d{1,6})$", title)
    return int(found[1]) if found else None


def _formulas(
    figures: Figures, program: PracticeProgram, boxes: Sequence[FormulaBox]
) -> dict[str, Any]:
    named = [*_letters(figures, program)] if boxes else []
    return {
        "formulaBoxes": [[box.figure, int(box.closed)] for box in boxes],
        "symbols": [(figures.text(symbol), n) for symbol, n, _ in named],
        "moving": [n for _, n, role in named if role in ("input", "parameter")],
        "signals": [n for _, n, role in named if role == "adjoint"],
    }


def _letters(figures: Figures, program: PracticeProgram) -> Iterator[tuple[Symbol, int, str]]:
    learned = {t.name for t in figures.problem.network.parameters}
    adjoints = figures.problem.derivation.adjoints
    slopes = {adjoints[name] for name in learned if name in adjoints}
    for symbol, number in program.entries.items():
        found = figures.problem.derivation.entries.where(symbol)
        if found is not None and found[0] not in slopes:
            yield symbol, number, found[0].role


def _style() -> str:
    return Path(__file__).with_name("practice.css").read_text(encoding="utf-8")


ARITHMETIC = ("fraction", "decimal", "interval", "elementary", "functions", "steps")
"""What formulas are computed with."""

ENGINE = (
    *("written", "rounding", "precision", "program", "carried", "naming", "concealing", "judging"),
    *("sheet", "points"),
    *("symbols", "notation", "shown", "worth", "nearby", "formulas"),
)
"""What marks figures; a file stands behind those that it extends or begins with."""

PAGE = (
    *("data", "elements", "store", "verdicts", "asking", "panel", "hints", "preview", "allowed"),
    *("boxes", "findings", "helper", "begin"),
)
"""What the page does with it."""

_RUNTIME = Path(__file__).with_name("runtime")


@cache
def engine() -> str:
    """Return what marks figures: functions that know of no page."""
    return "\n".join([typed_numbers(), scripts(*ARITHMETIC), *map(_text, ENGINE)])


@cache
def script() -> str:
    """Return the script of the page, whose names are its own."""
    parts = "\n".join(map(_text, PAGE))
    return f'(() => {{\n"use strict";\n{engine()}\n{parts}}})();\n'


def _text(name: str) -> str:
    return (_RUNTIME / f"{name}.js").read_text(encoding="utf-8")


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
