"""The text of a module: its imports, its helpers, and the function of a listing.

A reader finds above each block the equation that it computes. A long program has a function for
some equations each: Python compiles a function in a time that grows with the square of the number
of names that it shares with the function around it. A part has the names that it needs as
defaults, so that it shares none, and the time grows with the length of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import indent
from typing import NamedTuple

from symcnn.programs.backends.python.listing import FUNCTION, MAKER, ON_FLOATS, Block, Listing
from symcnn.programs.backends.python.printing import (
    HELPERS,
    MATH,
    MOST_EXPONENT,
    MOST_EXPONENT_OF_TYPE,
    NEEDS,
    with_needs,
)
from symcnn.writing.wrapping import WIDTH, filled, wrapped

_DOCSTRING = '''"""Return the loss L, and dL/dT for every tensor T as a dict by its name.

Arguments are arrays of these shapes:
{shapes}

If a dict is given as ``outputs``, it receives every layer's output by its name.{remark}
"""'''


_MAKER_DOCSTRING = '''"""Return the function {FUNCTION}, with arrays of its own.

They are made once and used by every call, so calls at the same time, from several
threads, need a function each: program() once more. Samples lie last in memory.
"""'''.replace("{FUNCTION}", FUNCTION)


_ON_FLOATS_DOCSTRING = '''"""Return the loss, all gradients and all outputs: floats in, floats out.

Gradients and outputs are a tuple of numbers each, in the order in which the function
below cuts them into arrays.
"""'''


def module_text(listing: Listing, dtype: str = "float64") -> str:
    """Return the listing as a module that imports NumPy alone, and Python's own math."""
    called = with_needs(listing.calls, NEEDS)
    helpers = [text for name, text in HELPERS.items() if name in called]
    by_math = ", ".join(name for name in MATH if name in called)
    imports = [f"from math import {by_math}"] if by_math else []
    if listing.setup:
        written: tuple[str, ...] = _maker(listing, dtype)
    else:
        written = (*([_on_floats(listing)] if listing.numbers else []), function_text(listing))
    parts = ["\n\n".join([*imports, "import numpy as np"]), *helpers, *written]
    return "\n\n\n".join(parts) + "\n"


def _maker(listing: Listing, dtype: str) -> tuple[str, str]:
    """Return the function that makes the arrays and then the function, and a call of it."""
    setup = "\n".join((*_constants(listing), *map(wrapped, listing.setup)))
    whole = in_parts(listing)
    function = defined(FUNCTION, [*listing.arguments, "outputs=None"], _body(whole))
    texts = [f"{_MAKER_DOCSTRING}\n{setup}", *whole.parts, function, f"return {FUNCTION}"]
    head = f"def {MAKER}(dtype=np.{dtype}):\n"
    return head + indented("\n\n".join(texts)), f"{FUNCTION} = {MAKER}()"


def _constants(listing: Listing) -> Iterator[str]:
    """Return the numbers that depend on the type of floats, where a statement reads one."""
    if MOST_EXPONENT_OF_TYPE in listing.calls:
        yield "# exp of this is near the end of the range of floats."
        chosen = "{float64} if dtype == np.float64 else {float32}".format(**MOST_EXPONENT)
        yield f"{MOST_EXPONENT_OF_TYPE} = {chosen}"


def _on_floats(listing: Listing) -> str:
    forward, backward = _passes(listing)
    body = [_ON_FLOATS_DOCSTRING, *forward, *backward, "", *listing.returned]
    return defined(ON_FLOATS, listing.numbers, body)


def function_text(listing: Listing, remark: str = "") -> str:
    """Return the function of arrays; a remark ends its docstring."""
    whole = Whole([], listing, dict_text(listing.outputs), dict_text(listing.gradients))
    return defined(FUNCTION, [*listing.arguments, "outputs=None"], _body(whole, remark))


def _body(whole: Whole, remark: str = "") -> Iterator[str]:
    """Run over the statements of the function, from its docstring to what it returns."""
    listing = whole.listing
    shapes = "\n".join(f"    {name}: {shape}" for name, shape in listing.arguments.items())
    yield _DOCSTRING.format(shapes=shapes, remark=remark)
    yield from (*map(wrapped, listing.made), *listing.unpack)
    forward, backward = ([], []) if listing.numbers else _passes(listing)
    yield from forward
    yield "\nif outputs is not None:"
    yield indented(f"outputs.update({whole.outputs})")
    yield from backward
    yield from ("", *map(wrapped, listing.pack))
    yield f"gradients = {whole.gradients}"
    yield f"return {listing.loss}, gradients"


def _passes(listing: Listing) -> tuple[list[str], list[str]]:
    forward, backward = map(blocks_text, (listing.forward, listing.backward))
    ahead = "\n# Backward pass: gradients, from the loss to the input."
    return ["\n# Forward pass.", *forward], [ahead, *backward]


def defined(name: str, arguments: Iterable[str], body: Iterable[str]) -> str:
    """Return a function."""
    signature = ", ".join(arguments)
    if len(signature) > WIDTH:
        signature = f"\n    {filled(signature)}\n"
    return f"def {name}({signature}):\n" + indented("\n".join(body))


def blocks_text(blocks: Iterable[Block]) -> Iterator[str]:
    """Run over the lines of blocks, each below the equations that it computes."""
    for block in blocks:
        yield from ("", *(f"# {text}" for text in block.notes), *map(wrapped, block.lines))


def dict_text(entries: Mapping[str, str]) -> str:
    """Return a dictionary of expressions."""
    rows = "".join(f"    {name!r}: {filled(text)},\n" for name, text in entries.items())
    return "{\n" + rows + "}"


def indented(text: str) -> str:
    """Return text inside of a function."""
    return indent(text, "    ")


LONGEST = 100
"""The equations of a pass that is written as a whole, or of a part of a longer one."""


class Whole(NamedTuple):
    """What the function of a program does."""

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
    return {found[1] for line in lines if (found := re.match(r"(\w+) = ", line))}
