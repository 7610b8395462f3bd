"""The program as data: blocks of statements, and the text of the module they make.

What is written in Python is a ``Listing``; ``module_text`` prints it. A reader finds above
each block the equation that it computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import indent, wrap
from typing import NamedTuple

from symcnn.backends.python.helpers import HELPERS, MATH, NEEDS, with_needs
from symcnn.backends.python.printing import MOST_EXPONENT, MOST_EXPONENT_OF_TYPE

FUNCTION = "loss_and_gradients"
MAKER = "program"
ON_FLOATS = "on_floats"
RESERVED = {
    *(FUNCTION, MAKER, ON_FLOATS, "outputs", "gradients", MOST_EXPONENT_OF_TYPE),
    *MATH,
    *HELPERS,
}
"""Names that a module has of its own: nothing else is called so."""

WIDTH = 84

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


@dataclass(frozen=True)
class Block:
    """Statements and the equations that they compute.

    Attributes:
        notes: The equations.
        lines: The statements.
        operations: How many operations they take.
    """

    notes: tuple[str, ...]
    lines: tuple[str, ...]
    operations: int = 0


class Operations(NamedTuple):
    """Operations of the forward pass, and of the gradients after it."""

    forward: int
    gradients: int

    @property
    def ratio(self) -> float:
        """(forward + gradients) / forward."""
        return (self.forward + self.gradients) / self.forward


@dataclass(frozen=True)
class Listing:
    """A forward and backward pass, statement by statement.

    Attributes:
        arguments: The shape of every argument of the function, by its identifier.
        unpack: Statements that read the arguments.
        forward: The forward pass.
        backward: The gradients.
        loss: The expression of the loss.
        outputs: The expression of every layer's output, by the layer's name.
        pack: Statements that prepare the arrays of the gradients.
        gradients: The expression of every gradient, by the tensor's name.
        setup: Statements that make arrays once for all calls.
        numbers: The name of every entry of the arguments, where a function of single floats
            does the work.
        returned: The statements that return its results.
        calls: The helpers and functions of Python's math that statements call, and the
            constants that they read.
    """

    arguments: Mapping[str, tuple[int, ...]]
    unpack: tuple[str, ...]
    forward: tuple[Block, ...]
    backward: tuple[Block, ...]
    loss: str
    outputs: Mapping[str, str]
    gradients: Mapping[str, str]
    pack: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()

    @property
    def operations(self) -> Operations:
        """How many operations the statements take, as their blocks say."""
        passes = (self.forward, self.backward)
        return Operations(*(sum(block.operations for block in part) for part in passes))


def filled(text: str) -> str:
    """Break a long text that stands in brackets at its blanks."""
    lines = wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n    ".join(lines)


def wrapped(statement: str) -> str:
    """Break a long assignment over several lines, its value in parentheses."""
    name, equals, value = statement.partition(" = ")
    if len(statement) <= WIDTH or "\n" in statement or not equals:
        return statement
    return f"{name} = (\n    {filled(_glued(value))}\n)".replace("\0", " ")


def _glued(value: str) -> str:
    """Leave blanks to break at only in front of a sum's terms, if it is a sum."""
    terms = value.split(" + ")
    if any(term.count("(") != term.count(")") for term in terms):
        return value
    return " +\0".join(term.replace(" ", "\0") for term in terms) if len(terms) > 1 else value


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
    text = f"{_MAKER_DOCSTRING}\n{setup}\n\n{function_text(listing)}\n\nreturn {FUNCTION}"
    head = f"def {MAKER}(dtype=np.{dtype}):\n"
    return head + _indented(text), f"{FUNCTION} = {MAKER}()"


def _constants(listing: Listing) -> Iterator[str]:
    """Return the numbers that depend on the type of floats, where a statement reads one."""
    if MOST_EXPONENT_OF_TYPE in listing.calls:
        yield "# exp of this is near the end of the range of floats."
        chosen = "{float64} if dtype == np.float64 else {float32}".format(**MOST_EXPONENT)
        yield f"{MOST_EXPONENT_OF_TYPE} = {chosen}"


def _on_floats(listing: Listing) -> str:
    forward, backward = _passes(listing)
    body = [_ON_FLOATS_DOCSTRING, *forward, *backward, "", *listing.returned]
    return _defined(ON_FLOATS, listing.numbers, body)


def function_text(listing: Listing, remark: str = "") -> str:
    """Return the function of arrays; a remark ends its docstring."""
    return _defined(FUNCTION, [*listing.arguments, "outputs=None"], _body(listing, remark))


def _defined(name: str, arguments: Iterable[str], body: Iterable[str]) -> str:
    signature = ", ".join(arguments)
    if len(signature) > WIDTH:
        signature = f"\n    {filled(signature)}\n"
    return f"def {name}({signature}):\n" + _indented("\n".join(body))


def _body(listing: Listing, remark: str) -> Iterator[str]:
    """Run over the statements of the function, from its docstring to what it returns."""
    shapes = "\n".join(f"    {name}: {shape}" for name, shape in listing.arguments.items())
    yield _DOCSTRING.format(shapes=shapes, remark=remark)
    yield from listing.unpack
    forward, backward = ([], []) if listing.numbers else _passes(listing)
    yield from forward
    yield "\nif outputs is not None:"
    yield _indented("outputs.update(" + _dict(listing.outputs) + ")")
    yield from backward
    yield from ("", *map(wrapped, listing.pack))
    yield "gradients = " + _dict(listing.gradients)
    yield f"return {listing.loss}, gradients"


def _passes(listing: Listing) -> tuple[list[str], list[str]]:
    forward = _blocks("Forward pass.", listing.forward)
    return [*forward], [
        *_blocks("Backward pass: gradients, from the loss to the input.", listing.backward)
    ]


def _blocks(title: str, blocks: Iterable[Block]) -> Iterator[str]:
    yield f"\n# {title}"
    for block in blocks:
        yield from ("", *(f"# {text}" for text in block.notes), *map(wrapped, block.lines))


def _dict(entries: Mapping[str, str]) -> str:
    rows = "".join(f"    {name!r}: {filled(text)},\n" for name, text in entries.items())
    return "{\n" + rows + "}"


def _indented(text: str) -> str:
    return indent(text, "    ")
