"""A long program in parts: a function for some equations each, in place of one for all.

Python compiles a function in a time that grows with the square of the number of names that it
shares with the function around it. A part has the names that it needs as defaults, so that it
shares none, and the time grows with the length of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from symcnn.programs.backends.python.listing import Block, Listing
from symcnn.programs.backends.python.printing import MOST_EXPONENT_OF_TYPE
from symcnn.programs.backends.python.text import blocks_text, defined, dict_text

LONGEST = 100
"""The equations of a pass that is written as a whole, or of a part of a longer one."""


class Whole(NamedTuple):
    """What the function of a program does.

    Attributes:
        parts: Functions that it calls.
        listing: The statements.
        outputs: The expression of all outputs.
        gradients: That of all gradients.
    """

    parts: list[str]
    listing: Listing
    outputs: str
    gradients: str


def in_parts(listing: Listing) -> Whole:
    """Return the function of a listing, with functions that it calls where it is long."""
    outputs, gradients = dict_text(listing.outputs), dict_text(listing.gradients)
    if max(len(listing.forward), len(listing.backward)) <= LONGEST:
        return Whole([], listing, outputs, gradients)
    scope = _Scope.of(listing)
    load = scope.part("_load", [Block((), listing.unpack)], listing.arguments)
    forward, backward = (
        [scope.part(f"_{name}_{number}", blocks) for number, blocks in enumerate(_cut(run), 1)]
        for name, run in (("forward", listing.forward), ("backward", listing.backward))
    )
    returned, slopes = (
        scope.part(name, [Block((), (f"return {text}",))])
        for name, text in (("_outputs", outputs), ("_gradients", gradients))
    )
    calling = replace(
        listing, unpack=(load.call,), forward=_calls(forward), backward=_calls(backward)
    )
    parts = [part.text for part in (load, *forward, *backward, returned, slopes)]
    return Whole(parts, calling, returned.call, slopes.call)


def _cut(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Cut blocks into runs that are short enough."""
    yield from (blocks[at : at + LONGEST] for at in range(0, len(blocks), LONGEST))


@dataclass(frozen=True)
class _Part:
    """A function, and its call."""

    text: str
    call: str


def _calls(parts: Iterable[_Part]) -> tuple[Block, ...]:
    return (Block((), tuple(part.call for part in parts)),)


@dataclass(frozen=True)
class _Scope:
    """The names around the function: those that stay, and those of one call."""

    held: frozenset[str]
    passed: frozenset[str]

    @classmethod
    def of(cls, listing: Listing) -> _Scope:
        """Return what the statements of a listing assign."""
        held = {MOST_EXPONENT_OF_TYPE} & listing.calls
        return cls(frozenset(_assigned(listing.setup) | held), frozenset(_assigned(listing.made)))

    def part(self, name: str, blocks: Iterable[Block], given: Iterable[str] = ()) -> _Part:
        """Return a function of blocks.

        Args:
            name: What it is called.
            blocks: What it does.
            given: Names that it is called with, besides those of one call that it needs.
        """
        every = tuple(blocks)
        used = dict.fromkeys(
            name for block in every for line in block.lines for name in _NAME.findall(line)
        )
        passed = [*given, *(name for name in used if name in self.passed)]
        defaults = (f"{name}={name}" for name in used if name in self.held)
        ended = [] if used else ["pass"]  # Comments alone are no body.
        text = defined(name, [*passed, *defaults], [*blocks_text(every), *ended])
        return _Part(text, f"{name}({', '.join(passed)})")


_NAME = re.compile(r"[A-Za-z_]\w*")


def _assigned(lines: Iterable[str]) -> set[str]:
    """Return the names that statements assign."""
    return {found[1] for line in lines if (found := re.match(r"(\w+) = ", line))}
