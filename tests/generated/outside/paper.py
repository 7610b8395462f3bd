r"""Judges a derivation: is each general form, theorem and figure true, as it is printed?

Everything is worked out from the LaTeX and from numbers that its author did not print:
outputs, loss and gradients of another program. What a document computes on the way (means,
normalisers) is what it says it is; whatever follows from it is compared again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from tests.document.entry_reader import Env, Named, OutsideError
from tests.document.intervals import near
from tests.document.scanner import UnreadableError
from tests.generated.outside import prose
from tests.generated.outside.figures import NUMBER, figure, matrix, part, wrong_entry, wrong_figure
from tests.generated.outside.formulas import GeneralReader, Scope
from tests.generated.outside.source import Row, Side, outside_of_brackets, sides

MOST_CASES = 30
"""The most values of its free indices at which one row is worked out."""


_PARTIAL = re.compile(r"\\frac\{\\partial L\}\{\\partial (.*)\}", re.DOTALL)
_MOVED = re.compile(r"(.*) - \\eta \\frac\{\\partial L\}\{\\partial (.*)\}", re.DOTALL)
_AT = re.compile(r"(.*?)(?:_\{((?:\\cdot|\d|,| )*)\})?", re.DOTALL)
_UNTRUE = (UnreadableError, OutsideError, ArithmeticError, ValueError, IndexError, KeyError)
_SHORTENED = re.compile(r"\\c?dots")


class Known(NamedTuple):
    """What another program computes, by the names of layers and parameters."""

    values: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray]
    loss: float


class Stated(NamedTuple):
    """A row, and the sentences that stand with it."""

    row: Row
    text: str
    theorem: str


@dataclass
class Paper:
    """One document, as far as it has been read; ``kind`` makes a number of a printed decimal."""

    known: Known
    digits: int = 6
    base: int = 1
    kind: Callable[[Fraction], float] = float
    names: dict[str, Named] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    slopes: dict[str, np.ndarray] = field(default_factory=dict)
    python: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    rate: float | None = None
    shared: set[str] = field(default_factory=set)
    indices: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    rows: int = 0
    figures: int = 0

    def end(self) -> None:
        """Say which letters stand for two things."""
        for letter in sorted((self.indices | self.letters) & set(self.arrays)):
            self.faults.append(f"{letter} is a tensor and an index or a number")

    # What letters stand for

    def define(self, letter: str, shape: tuple[int, ...], name: str | None) -> None:
        """Say what a letter stands for: numbers of another program, or none yet."""
        if letter in self.arrays:
            self.faults.append(f"{letter} stands for two tensors")
        array = self.known.values.get(name) if name else None
        slope = self.known.gradients.get(name) if name else None
        if name == "loss":
            array, slope = np.array([self.known.loss]), None
        self.arrays[letter] = _filled(array, shape)
        self.slopes[letter] = _filled(slope, shape)
        self.names[letter] = _named(self.arrays[letter])
        self.names[adjoint(letter)] = _named(self.slopes[letter])
        # A window of one entry takes it; where there are more, the forward pass says which.
        self.names[routing(letter)] = Named(shape, lambda position: 1.0)
        self.sure.add(routing(letter))

    def constant(self, letter: str, number: float) -> None:
        """Say what number a letter stands for in the whole document."""
        if self.names.setdefault(letter, Named((), lambda _: number)).value(()) != number:
            self.faults.append(f"{letter} stands for two numbers")

    def holder(self, left: str) -> tuple[str, np.ndarray, str] | None:
        """Return the letter of a left side, its numbers, and what stands behind the letter."""
        partial = _PARTIAL.fullmatch(left)
        inside = partial[1] if partial else left
        for letter in sorted(self.arrays, key=len, reverse=True):
            for written, arrays in ((adjoint(letter), self.slopes), (letter, self.arrays)):
                if re.match(re.escape(written) + r"(_|$)", inside.replace(" ", "")):
                    chosen = self.slopes if partial else arrays
                    return letter, chosen[letter], "slope" if chosen is self.slopes else "value"
        return None

    # Rows

    def row(self, stated: Stated) -> None:
        """Work a row out, wherever its indices are."""
        try:
            self._row(stated)
        except _UNTRUE as error:
            self.fault(stated.row, f"{type(error).__name__}: {error}")

    def _row(self, stated: Stated) -> None:
        self.rows += 1
        found = self.holder(stated.row.left)
        if found is None:
            raise UnreadableError("the left side is not known")
        letter, numbers, kind = found
        scope = self.scope(stated, kind)
        partial = _PARTIAL.fullmatch(stated.row.left)
        target = GeneralReader(partial[1] if partial else stated.row.left, scope)
        where, general = target.whole(), [*map(self._side(scope), stated.row.sides)]
        free = {*target.free, *(i for reader, _, _ in general for i in reader.free)}
        self.indices |= free
        if unranged := sorted(free - scope.ranges.keys()):
            raise UnreadableError(f"{', '.join(unranged)} has no range")
        for reader, _, _ in general:
            if reader.window and kind == "value":
                self.route(letter, target, reader, scope)
        cases = list(product(*(scope.ranges[name] for name in sorted(free))))
        new = _unknown(numbers).any()
        for case in cases if new else cases[:: 1 + len(cases) // MOST_CASES]:
            env = dict(zip(sorted(free), case, strict=True))
            self.case(stated.row, numbers, target, where, general, env, new)

    def _side(self, scope: Scope):
        def read(side: Side):
            reader = GeneralReader(side.text, scope)
            formula = reader.side() if not _SHORTENED.search(side.text) else None
            return reader, formula, side

        return read

    def case(self, row, numbers, target, where, general, env: Env, new: bool) -> None:
        """Compare all sides with the left one; what is not known yet is what the first says."""
        position = target.position(env)
        for _, formula, side in general:
            if formula is None:
                continue
            low, high = formula(env)
            if new and _unknown(numbers[position]):
                numbers[position] = (low + high) / 2
            expected = numbers[position]
            if wrong := self.wrong(expected, low, high, side):
                self.fault(row, f"{wrong} at {env}")
                return

    def wrong(self, expected: float, low: float, high: float, side: Side) -> str:
        """Say what is wrong with a side, if anything is."""
        if NUMBER.fullmatch(side.text):
            self.figures += 1
            return wrong_figure(expected, side, self.digits)
        margin = 1e-11 + 1e-9 * abs(expected)
        if not low - margin <= expected <= high + margin:
            return f"{side.text} is {float((low + high) / 2)}, not {float(expected)},"
        return ""

    def scope(self, stated: Stated, kind: str) -> Scope:
        """Return what letters stand for in a row."""
        numbers = prose.numbers(stated.text)
        self.letters |= {name.split("_")[0] for name in numbers}
        return Scope(
            names=self.names,
            sure=self.sure,
            ranges=prose.ranges(stated.text, self.base),
            in_sums=prose.ranges_of_sums(stated.text),
            numbers=numbers,
            places=self.places,
            functions=prose.functions(stated.text),
            digits=self.digits,
            base=self.base,
            padded=bool(stated.theorem) or kind == "value",
            kind=self.kind,
        )

    def route(self, letter: str, target: GeneralReader, reader: GeneralReader, scope: Scope):
        """Find out which entry each window takes, for the letter R of a maximum."""
        names, loops, term = reader.window
        shape, free = self.arrays[letter].shape, sorted(target.free)
        windows: dict[tuple[int, ...], dict[tuple[int, ...], float]] = {}
        sizes = [1] * len(names)
        for case in product(*(scope.ranges[name] for name in free)):
            env = dict(zip(free, case, strict=True))
            window = windows.setdefault(target.position(env), {})
            for inside in loops(env):
                key = tuple(inside[name] - self.base for name in names)
                sizes = [max(size, place + 1) for size, place in zip(sizes, key, strict=True)]
                if values := term(inside):
                    window[key] = values[0][0]
        marked = routing(letter)

        def value(position: tuple[int, ...]) -> float:
            window = windows[position[: len(shape)]]
            largest = max(window.values())
            least = largest - near(largest) * max(1, abs(largest))
            winners = sorted(key for key, v in window.items() if v >= least)
            winners = winners if marked in self.shared else winners[:1]
            return (position[len(shape) :] in winners) / len(winners)

        self.names[marked] = Named((*shape, *sizes), value)
        self.sure.discard(marked)

    # Tables and pictures

    def matrices(self, text: str) -> None:
        """Check every matrix of numbers among the formulas of a text."""
        for formula in prose.inline(text):
            if (given := matrix(formula)) is not None:
                self.matrix(*given)

    def formulas(self, text: str) -> None:
        """Check every  entry = number  among the formulas of a text."""
        for formula in prose.inline(text):
            found = [(at, mark) for at, mark in outside_of_brackets(formula, r"=|\\approx")]
            if found and found[0][0]:
                at = found[0][0]
                row = Row(formula[:at].strip(), tuple(sides(formula[at:])))
                self.row(Stated(row, "", ""))

    def matrix(self, left: str, written: list[Side]) -> None:
        """Check the numbers of a tensor, or of one slice of it."""
        numbers = self.listed(left)
        if numbers is None:
            self.faults.append(f"{left} is not known, but has a matrix")
            return
        for number, entry in zip(numbers, written, strict=True):
            if NUMBER.fullmatch(entry.text):
                self.figures += 1
                if wrong := wrong_entry(number, entry):
                    self.faults.append(f"{wrong} in the matrix {left}")

    def listed(self, left: str) -> np.ndarray | None:
        """Return what a matrix stands for: entries, derivatives, or updated entries."""
        if (moved := _MOVED.fullmatch(left)) is not None and moved[1] == moved[2]:
            found = [self.slice(moved[1], arrays) for arrays in (self.arrays, self.slopes)]
            if self.rate is None or found[0] is None:
                return None
            return found[0] - self.rate * found[1]
        if (partial := _PARTIAL.fullmatch(left)) is not None:
            return self.slice(partial[1], self.slopes)
        signals = {adjoint(letter): array for letter, array in self.slopes.items()}
        return self.slice(left, self.arrays | signals)

    def slice(self, name: str, arrays: dict[str, np.ndarray]) -> np.ndarray | None:
        """Return the numbers of a tensor, or those at the places behind its letter."""
        letter, places = _AT.fullmatch(name).groups()
        return part(arrays[letter], places or "", self.base) if letter in arrays else None

    def number_of(self, text: str, entry: str, kind: str) -> None:
        """Check a figure that stands in a cell of its own, for an entry in another."""
        left = entry if kind == "value" else rf"\frac{{\partial L}}{{\partial {entry}}}"
        self.row(Stated(Row(left, (figure(text),)), "", ""))

    def moved(self, text: str, entry: str, rate: float) -> None:
        """Check a weight after one step of gradient descent."""
        found = self.holder(entry)
        if found is None:
            return  # its value in the same row is not known either
        letter, reader = found[0], GeneralReader(entry, Scope(self.names))
        reader.whole()
        position = reader.position({})
        expected = self.arrays[letter][position] - rate * self.slopes[letter][position]
        side = figure(text)
        if NUMBER.fullmatch(side.text):
            self.figures += 1
            if wrong := wrong_figure(expected, side, self.digits):
                self.faults.append(f"{wrong} in the updated {entry}")

    def fault(self, row: Row, what: str) -> None:
        shown = " ".join([row.left, *(f"{s.relation} {s.text}" for s in row.sides)])
        self.faults.append(f"{what} in: {shown[:300]}")


def adjoint(letter: str) -> str:
    r"""Return the letter of the derivative: \delta^{z(2)} for z^{(2)}."""
    return rf"\delta^{{{_raised(letter)}}}"


def routing(letter: str) -> str:
    """Return the letter of who answers for a maximum: R^{p(2)} for p^{(2)}."""
    return f"R^{{{_raised(letter)}}}"


def _raised(letter: str) -> str:
    """Return a letter as it stands above another one."""
    return re.sub(r"\^\{(\(\d+\))\}", r"\1", letter)


def _filled(array: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    if array is None:
        return np.full(shape, math.nan, dtype=object)
    return np.array(array).astype(object).reshape(shape)


def _unknown(numbers):
    return numbers != numbers


def _named(array: np.ndarray) -> Named:
    return Named(array.shape, lambda position: array[position])
