"""A formula of somebody else as a tree: entries with indices, sums, products and whole arrays.

A tree says how a formula is read, and nothing of what its letters stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any


class Node:
    """A part of a formula."""


@dataclass(frozen=True)
class Num(Node):
    """A number, exactly."""

    value: Fraction


@dataclass(frozen=True)
class Ref(Node):
    """A letter, with its indices if it has any.

    Attributes:
        base: The letter: ``w``, ``delta``, ``xhat``.
        subs: The indices below; None without any.
        upper: What stands above in parentheses or brackets: a layer or a sample.
        grad: Whether it is the derivative of the loss with respect to what the letter stands for.
    """

    base: str
    subs: tuple[Node, ...] | None = None
    upper: tuple[Node, ...] = ()
    grad: bool = False


@dataclass(frozen=True)
class Neg(Node):
    """Minus something."""

    body: Node


@dataclass(frozen=True)
class Bin(Node):
    """Two operands: ``+ - * / ^``, ``odot`` by entries, ``star`` a convolution.

    Attributes:
        op: The operation.
        left: The first operand.
        right: The second operand.
        sign: How it is written: "" for juxtaposition, or the sign.
        mode: Of a convolution, ``full``, ``valid``, ``same`` or "".
    """

    op: str
    left: Node
    right: Node
    sign: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Call(Node):
    """A function of arguments, with as many primes as it has."""

    name: str
    args: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True)
class Range(Node):
    """An index of a sum, with its limits where they are given (the upper one included)."""

    index: str
    lower: Node | None = None
    upper: Node | None = None


@dataclass(frozen=True)
class Sum(Node):
    """A sum, or a maximum or a mean, over indices; without indices over all entries."""

    ranges: tuple[Range, ...]
    body: Node
    kind: str = "sum"
    where: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Rel(Node):
    """A condition: ``< <= > >= == !=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Bracket(Node):
    """1 where all conditions hold, else 0."""

    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class Cases(Node):
    """A value for each condition; that without one is for all other places."""

    values: tuple[Node, ...]
    conditions: tuple[Node | None, ...]


@dataclass(frozen=True)
class Transposed(Node):
    """A matrix, transposed."""

    body: Node


@dataclass(frozen=True)
class Flipped(Node):
    """An array, reversed along its axes."""

    body: Node


@dataclass(frozen=True)
class Entry(Node):
    """An entry of what parentheses hold."""

    body: Node
    subs: tuple[Node, ...]


def parts(node: Node) -> Iterator[tuple[tuple[str, int | None], Node]]:
    """Run over the parts of a node, each with where it is: a field, and a position in it."""
    kind: Any = type(node)
    for name in _fields(kind):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield (name, None), value
        elif isinstance(value, tuple):
            for position, part in enumerate(value):
                if isinstance(part, Node):
                    yield (name, position), part


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(own.name for own in fields(kind)) if is_dataclass(kind) else ()


def with_part(node: Node, where: tuple[str, int | None], part: Node) -> Node:
    """Return the node with another part."""
    name, position = where
    if position is None:
        return replace(node, **{name: part})  # type: ignore[type-var]
    old = getattr(node, name)
    changed = (*old[:position], part, *old[position + 1 :])
    return replace(node, **{name: changed})  # type: ignore[type-var]


def walk(node: Node) -> Iterator[Node]:
    """Run over a node and all parts of it but what stands above letters, from the top down."""
    left = [node]
    while left:
        yield (one := left.pop())
        inside = [part for (name, _), part in parts(one) if name != "upper"]
        left += reversed(inside)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the tree with every part changed, from the bottom up."""
    made: Any = node
    for where, part in parts(node):
        new = rebuilt(part, change)
        if new is not part:
            made = with_part(made, where, new)
    return change(made)


Put = Callable[[Node], Node]
"""What puts another part in the place of one."""


def places(node: Node) -> Iterator[tuple[Node, Put]]:
    """Run over all parts, each with what puts another one in its place."""
    yield node, lambda new: new
    for where, part in parts(node):
        for found, put in places(part):
            yield found, _outer(node, where, put)


def _outer(node: Node, where: tuple[str, int | None], put: Put) -> Put:
    return lambda new: with_part(node, where, put(new))


def names_in(node: Node) -> set[str]:
    """Return the letters without indices that a tree holds."""
    return {n.base for n in walk(node) if isinstance(n, Ref) and n.subs is None and not n.grad}


ONE = Num(Fraction(1))


HALF = Bin("/", ONE, Num(Fraction(2)))
"""The power of a square root."""


def number(value: int | Fraction) -> Num:
    """Return a number as a node."""
    return Num(Fraction(value))


def plus(node: Node, by: int) -> Node:
    """Return an index moved by a whole number, as one would write it."""
    if isinstance(node, Num):
        return number(node.value + by)
    if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Num):
        by += int(node.right.value) * (1 if node.op == "+" else -1)
        node = node.left
    if not by:
        return node
    return Bin("+" if by > 0 else "-", node, number(abs(by)))
