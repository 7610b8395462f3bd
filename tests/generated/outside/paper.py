r"""Keeps what a derivation has said so far: what its letters stand for, and what is wrong.

Everything is worked out from the LaTeX and from numbers that its author did not print:
outputs, loss and gradients of another program. What a document computes on the way (means,
normalisers) is what it says it is; whatever follows from it is compared again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from tests.document.readers.scope import Named
from tests.generated.outside import prose
from tests.generated.outside.letters import PARTIAL, adjoint, lettered, routing
from tests.generated.outside.source import Row

Position = tuple[int, ...]
Held = tuple[str, np.ndarray, str]
"""A letter, its numbers, and whether they are values or derivatives."""


class Known(NamedTuple):
    """What another program computes, by the names of layers and parameters."""

    values: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray]
    loss: float
    after: float | None = None
    """The loss after one step, if there is one."""

    tried: Callable[[str, Position, float], float] | None = None
    """The loss with another number for one entry of a tensor, if it is known."""


@dataclass
class Paper:
    """One document, as far as it has been read; ``kind`` makes a number of a printed decimal."""

    known: Known
    digits: int = 4
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
    defines: bool = False
    """Whether a letter that stands in no table is what its row says."""

    covered: dict[tuple[str, str, bool], set[Position]] = field(default_factory=dict)
    """The entries that rows are for, by letter, kind, and whether ranges stand behind them."""

    pads: bool = False
    """Whether terms are said to be omitted that would lie outside of their tensor."""

    computed: list[str] = field(default_factory=list)
    """The letters of what layers compute, and of the loss."""

    axes: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many values the indices have with which tensors are introduced, by their letters."""

    written: dict[str, list[str]] = field(default_factory=dict)
    """The indices with which rows define letters that stand in no table."""

    known_as: dict[str, str] = field(default_factory=dict)
    """What another program calls tensors, by their letters."""

    loss: str = ""
    """The letter of the loss."""

    leads: list[float] = field(default_factory=list)
    """How far the largest of each window is before the second, where there are several."""

    worked: set[str] = field(default_factory=set)
    """The letters on the left of formulas for values."""

    faults: list[str] = field(default_factory=list)
    rows: int = 0
    figures: int = 0

    def end(self) -> None:
        """Say which letters stand for two things, and whose rows leave entries out."""
        for (letter, kind, _), seen in self.covered.items():
            if missing := {*np.ndindex(self.arrays[letter].shape)} - seen:
                what = f"the rows of the {kind} of {letter} leave out {min(missing)}"
                self.faults.append(f"{what} and {len(missing) - 1} more")
        if self.defines:
            self.faults += [
                f"{one} has no formula" for one in self.computed if one not in self.worked
            ]
        for letter in sorted((self.indices | self.letters) & set(self.arrays)):
            self.faults.append(f"{letter} is a tensor and an index or a number")

    def fault(self, row: Row, what: str) -> None:
        shown = " ".join([row.left, *(f"{s.relation} {s.text}" for s in row.sides)])
        self.faults.append(f"{what} in: {shown[:300]}")

    # What letters stand for

    def define(self, letter: str, shape: tuple[int, ...], name: str | None) -> None:
        """Say what a letter stands for: numbers of another program, or none yet."""
        if letter in self.arrays:
            self.faults.append(f"{letter} stands for two tensors")
        if name:
            self.known_as[letter] = name
        array = self.known.values.get(name) if name else None
        slope = self.known.gradients.get(name) if name else None
        if name == "loss":
            self.loss = letter
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

    def holder(self, left: str) -> Held | None:
        """Return the letter of a left side, its numbers, and what stands behind the letter."""
        partial = PARTIAL.fullmatch(left)
        inside = partial[1] if partial else left
        for letter in sorted(self.arrays, key=len, reverse=True):
            for written, arrays in ((adjoint(letter), self.slopes), (letter, self.arrays)):
                if re.match(re.escape(written) + r"(_|$)", inside.replace(" ", "")):
                    chosen = self.slopes if partial else arrays
                    return letter, chosen[letter], "slope" if chosen is self.slopes else "value"
        return None

    def defined(self, row: Row) -> Held | None:
        """Let a letter that stands in no table take the numbers that its row gives."""
        if not self.defines or (found := lettered(row.left)) is None:
            return None
        letter, indices = found
        over = prose.listed(row.over)
        if not over.keys() >= {*indices}:
            return None
        self.define(letter, tuple(len(over[index]) for index in indices) or (1,), None)
        self.written[letter] = indices
        return letter, self.arrays[letter], "value"

    def widen(self, letter: str, indices: Sequence[str]) -> None:
        """Take axes of length 1 from a theorem, which writes Z_{nijc} where a row has Z_{nj}."""
        written, old = self.written[letter], self.arrays[letter].shape
        if len(indices) <= len(written) or [i for i in indices if i in written] != written:
            return
        sizes = dict(zip(written, old, strict=bool(written)))
        shape = tuple(sizes.get(index, 1) for index in indices)
        self.written[letter] = [*indices]
        for arrays, own in ((self.arrays, letter), (self.slopes, adjoint(letter))):
            arrays[letter] = arrays[letter].reshape(shape)
            self.names[own] = _named(arrays[letter])
        for (of, *_), seen in self.covered.items():
            places = [np.ravel_multi_index(at, old) for at in seen] if of == letter else []
            if places:
                seen.clear()
                seen.update(tuple(map(int, np.unravel_index(n, shape))) for n in places)

    def cover(self, held: Held, behind: bool, positions: Iterable[Position]) -> None:
        """Keep which entries the rows of a tensor are for."""
        letter, _, kind = held
        self.covered.setdefault((letter, kind, behind), set()).update(positions)


def unknown(numbers):
    """Tell which numbers are not known yet."""
    return numbers != numbers


def _filled(array: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    if array is None:
        return np.full(shape, math.nan, dtype=object)
    return np.array(array).astype(object).reshape(shape)


def _named(array: np.ndarray) -> Named:
    return Named(array.shape, lambda position: array[position])
