"""Reads the entries of tensors, such as w^{(2)}_{m,2i-1}, and indices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.document.intervals import Interval, settled
from tests.document.scanner import Scanner, UnreadableError

Env = Mapping[str, int]
Formula = Callable[[Env], Interval]


class OutsideError(Exception):
    """An index leaves its tensor."""


class Named(NamedTuple):
    """What a letter stands for: a shape, and the value of an entry (positions from 0)."""

    shape: tuple[int, ...]
    value: Callable[[tuple[int, ...]], float]


def whole_number(part: Interval) -> int:
    low, high = map(settled, part)
    if low != high or low != int(low):
        raise OutsideError  # no entry stands between two others
    return int(low)


class EntryReader(Scanner):
    """Reads entries of tensors, and indices."""

    def __init__(
        self,
        text: str,
        names: Mapping[str, Named],
        digits: int = 6,
        base: int = 1,
        padded: bool = False,
    ) -> None:
        """Take the text, and what its letters stand for.

        Args:
            text: LaTeX.
            names: What every letter stands for; other single letters are indices.
            digits: How many digits a rounded number shows.
            base: What the first index of an axis is.
            padded: Whether a term counts as nothing where an index leaves its tensor.
        """
        super().__init__(text)
        self.names = names
        self.digits, self.base, self.padded = digits, base, padded
        self.indices: dict[str, int] = {}
        """The ranges of free indices, as far as they stand alone as an index."""

    def whole(self) -> Formula:
        """Read all of the text as one formula."""
        raise NotImplementedError

    def entry(self) -> Formula:
        name = self.name()
        if name not in self.names or (max(self.names[name].shape) > 1 and not self.peek("_")):
            return self.index(name)
        shape, value = self.names[name]
        long = [size for size in shape if size > 1]
        places = self.subscript(long) if self.take("_") else []
        if len(places) != len(long):
            raise UnreadableError(f"{name} has no index in {self.text!r}")

        def found(env: Env) -> Interval:
            shown = iter([whole_number(place(env)) - self.base for place in places])
            position = tuple(next(shown) if size > 1 else 0 for size in shape)
            if not all(0 <= p < size for p, size in zip(position, shape, strict=True)):
                raise OutsideError
            number = value(position)
            return number, number

        return found

    def name(self) -> str:
        """Take a letter, with what stands above it if that belongs to the name."""
        name = self.expect(r"\\[a-zA-Z]+|[a-zA-Z]")
        if name == r"\hat":
            name += "{" + self.group() + "}"
        if self.peek(r"\^"):
            start = self.at
            self.take(r"\^")
            longer = f"{name}^{{{self.group()}}}".replace(" ", "")
            if longer in self.names:
                return longer
            self.at = start
        return name

    def subscript(self, sizes: Sequence[int]) -> list[Formula]:
        text = self.group()
        split = text.split(",") if "," in text else [text] if len(sizes) == 1 else list(text)
        if len(split) != len(sizes):
            raise UnreadableError(f"{text} should be {len(sizes)} indices in {self.text!r}")
        for part, size in zip(split, sizes, strict=True):
            if re.fullmatch(r"\s*[a-z]\s*", part):
                self.indices[part.strip()] = size
        return [type(self)(part, {}).whole() for part in split]

    def index(self, name: str) -> Formula:
        if not re.fullmatch("[a-z]", name):
            raise UnreadableError(f"{name} is not known in {self.text!r}")

        def value(env: Env) -> Interval:
            if name not in env:
                raise UnreadableError(f"{name} has no value in {self.text!r}")
            return env[name], env[name]

        return value
