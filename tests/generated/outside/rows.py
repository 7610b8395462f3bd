r"""Works rows out: is every side what the left one is, wherever its indices are?"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np

from tests.document.readers.formulas import Reader
from tests.document.readers.scanner import UnreadableError
from tests.document.readers.scope import Env, Formula, OutsideError, Scope
from tests.generated.outside import prose, unlimited
from tests.generated.outside.figures import FIGURE, wrong_figure
from tests.generated.outside.letters import MOVED, PARTIAL, routing
from tests.generated.outside.maxima import Routed, routed, routed_alone
from tests.generated.outside.paper import Held, Paper, unknown
from tests.generated.outside.source import Row, Side
from tests.generated.outside.substituted import Substituted

MOST_CASES = 30
"""The most values of its free indices at which one row is worked out."""

UNTRUE = (UnreadableError, OutsideError, ArithmeticError, ValueError, IndexError, KeyError)
"""What is raised where something cannot be read, or has no value."""

_SHORTENED = re.compile(r"\\c?dots")


class Stated(NamedTuple):
    """A row, the sentences that stand with it, and all rows of its theorem."""

    row: Row
    text: str = ""
    theorem: str = ""
    beside: tuple[Row, ...] = ()


class _Read(NamedTuple):
    """A side of a row, and what evaluates it; nothing does if terms are left out."""

    side: Side
    formula: Formula | None
    reader: Reader


def check_row(paper: Paper, stated: Stated) -> None:
    """Work a row out, wherever its indices are."""
    paper.rows += 1
    try:
        _RowCheck(paper, stated).all()
    except UNTRUE as error:
        paper.fault(stated.row, f"{type(error).__name__}: {error}")


def check_entry(paper: Paper, entry: str) -> tuple[str, tuple[int, ...]]:
    """Return the letter of an entry, and its position, which lies within the tensor."""
    found, reader = paper.holder(entry), Reader(entry, Scope(paper.names, base=paper.base))
    if found is None:
        raise UnreadableError(f"{entry} is not known")
    reader.whole()
    return found[0], reader.position({})


def check_step(paper: Paper, entry: str, sides: Sequence[Side]) -> None:
    """Check a weight after one step of gradient descent."""
    letter, position = check_entry(paper, entry)
    if paper.rate is None:
        raise UnreadableError(f"{entry} moves, but how far is not known")
    expected = paper.arrays[letter][position] - paper.rate * paper.slopes[letter][position]
    for side in sides:
        paper.figures += 1
        if wrong := wrong_figure(expected, side, paper.digits):
            paper.faults.append(f"{wrong} in the updated {entry}")


class _RowCheck:
    """One row, as it is read and worked out."""

    def __init__(self, paper: Paper, stated: Stated) -> None:
        self.paper, self.stated, self.row = paper, stated, stated.row

    def all(self) -> None:
        left = self.row.left
        if (moved := MOVED.fullmatch(left)) and moved[1] == moved[2]:
            check_step(self.paper, moved[1], self.row.sides)
            return
        held = self.paper.holder(left) or self.paper.defined(self.row)
        if held is None:
            raise UnreadableError("the left side is not known")
        self.scope = self._scope(held[2])
        partial = PARTIAL.fullmatch(left)
        self.target = Reader(partial[1] if partial else left, self.scope)
        self.target.whole()
        is_figure = all(FIGURE.fullmatch(side.text) for side in self.row.sides)
        if held[2] == "value" and (self.target.free or not is_figure):
            self.paper.worked.add(held[0])
        self._general(held, [self._side(side) for side in self.row.sides])

    def _side(self, side: Side) -> _Read:
        reader = Reader(side.text, self.scope)
        return _Read(side, None if _SHORTENED.search(side.text) else reader.side(), reader)

    def _general(self, held: Held, read: Sequence[_Read]) -> None:
        letter, numbers, kind = held
        free = sorted({*self.target.free, *(i for one in read for i in one.reader.free)})
        self.paper.indices |= {*free}
        if unranged := [name for name in free if name not in self.scope.ranges]:
            raise UnreadableError(f"{', '.join(unranged)} has no range")
        runs = product(*(self.scope.ranges[name] for name in free))
        cases = [dict(zip(free, case, strict=True)) for case in runs]
        if free:
            self.paper.cover(held, bool(self.row.over), map(self.target.position, cases))
        for one in read:
            if kind == "value" and (one.reader.window or numbers.size == 1):
                self._route(letter, one.reader)
        new = unknown(numbers).any()
        for env in cases if new else cases[:: 1 + len(cases) // MOST_CASES]:
            if not self._case(numbers, read, env, new):
                return

    def _route(self, letter: str, reader: Reader) -> None:
        """Keep which entry each window takes, for the letter R of a maximum."""
        marked, shape = routing(letter), self.paper.arrays[letter].shape
        shared = marked in self.paper.shared
        if reader.window:
            found: Routed | None = routed(self.target, reader, self.scope, shape, shared)
        else:
            found = routed_alone(reader, self.scope, shape, shared)
        if found is not None:
            self.paper.names[marked] = found.named
            self.paper.leads += found.leads
            self.paper.sure.discard(marked)

    def _case(self, numbers: np.ndarray, read: Sequence[_Read], env: Env, new: bool) -> bool:
        """Compare all sides with the left one; what is not known yet is what the first says."""
        position, substituted = self.target.position(env), Substituted(self.paper.digits)
        for side, formula, _ in read:
            if formula is None:
                substituted = Substituted(self.paper.digits)
                continue
            self.scope.seen.clear()
            low, high = formula(env)
            if new and unknown(numbers[position]):
                numbers[position] = (low + high) / 2
            expected = numbers[position]
            wrong = self._wrong(expected, low, high, side) or substituted.wrong(
                side, self.scope.seen, expected, lambda text=side.text: self._exactly(text)
            )
            if wrong:
                self.paper.fault(self.row, f"{wrong} at {env}")
                return False
        return True

    def _wrong(self, expected: float, low: float, high: float, side: Side) -> str:
        """Say what is wrong with a side, if anything is."""
        if FIGURE.fullmatch(side.text):
            self.paper.figures += 1
            return wrong_figure(expected, side, self.paper.digits)
        margin = 1e-11 + 1e-9 * abs(expected)
        if not low - margin <= expected <= high + margin:
            return f"{side.text} is {float((low + high) / 2)}, not {float(expected)},"
        return ""

    def _exactly(self, text: str) -> Formula:
        """Read a side whose numbers are exact, however many digits they have."""
        return Reader(text, replace(self.scope, digits=sys.maxsize)).side()

    def _scope(self, kind: str) -> Scope:
        """Return what letters stand for in the row."""
        paper, text, over = self.paper, self.stated.text, self.row.over
        numbers, places, ranges = prose.numbers(text), paper.places, prose.ranges(text)
        paper.letters |= {name.split("_")[0] for name in numbers}
        if self.stated.theorem:
            ranges = {**self._unlimited(numbers), **ranges}
            places = self._places(text)
        return Scope(
            names=paper.names,
            sure=paper.sure,
            ranges=prose.listed(over) if over else ranges,
            numbers=numbers,
            places=places,
            functions=prose.functions(text),
            digits=paper.digits,
            base=paper.base,
            padded=bool(self.stated.theorem) or kind == "value",
            is_said=paper.pads or not over,
            kind=paper.kind,
        )

    def _unlimited(self, numbers: dict[str, int]) -> dict[str, range]:
        """Return what the sums of a theorem run over."""
        beside, paper = self.stated.beside, self.paper
        return unlimited.ranges(beside, paper.names, paper.base, numbers, paper.axes)

    def _places(self, text: str) -> dict[str, str]:
        """Return where windows lie, with the settings that the theorem is applied with."""
        settings, written = (
            prose.geometry(text),
            " ".join(side.text for row in self.stated.beside for side in row.sides),
        )
        windows = {n: p for n, p in self.paper.places.items() if re.search("P", p) and n in written}
        order = sorted(windows, key=written.index)
        return self.paper.places | {
            name: prose.along(windows[name], axis, settings) for axis, name in enumerate(order)
        }
