"""A formula of somebody else as a tree: entries with indices, sums, products and whole arrays.

A tree says how a formula is read, and nothing of what its letters stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar


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

    @property
    def below(self) -> tuple[Node, ...]:
        """The indices below, none without any."""
        return self.subs or ()

    @property
    def indices(self) -> list[str]:
        """The letters that stand below and above as they are."""
        return [n.base for n in (*self.below, *self.upper) if isinstance(n, Ref)]


@dataclass(frozen=True)
class Ones(Node):
    """The vector of ones, as long as what it is multiplied by."""


WHOLE = Ref("\\cdot")
"""The index of a whole axis, as in w_{\\cdot k}."""


@dataclass(frozen=True)
class Neg(Node):
    """Minus something."""

    body: Node


@dataclass(frozen=True)
class Bin(Node):
    """Two operands: ``+ - * / ^``, ``odot`` by entries, ``star`` a convolution.

    ``sign`` is how it is written, "" for juxtaposition. The ``mode`` of a convolution may be
    ``full``, ``valid`` or ``same``.
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


N = TypeVar("N", bound=Node)
Where = tuple[str, int | None]
"""Where a part of a node stands: a field, and a position in it."""
Put = Callable[[Node], Node]
"""What puts another part in the place of one."""


def parts(node: Node) -> Iterator[tuple[Where, Node]]:
    """Run over the parts of a node, each with where it is."""
    for name, value in vars(node).items():
        if isinstance(value, Node):
            yield (name, None), value
        elif isinstance(value, tuple):
            yield from (((name, n), part) for n, part in enumerate(value) if isinstance(part, Node))


def with_part(node: Node, where: Where, part: Node) -> Node:
    """Return the node with another part."""
    name, position = where
    old = getattr(node, name)
    new = part if position is None else (*old[:position], part, *old[position + 1 :])
    return replace(node, **{name: new})  # type: ignore[type-var]


def walk(node: Node) -> Iterator[Node]:
    """Run over a node and all parts of it but what stands above letters, from the top down."""
    left = [node]
    while left:
        yield (one := left.pop())
        left += reversed([part for (name, _), part in parts(one) if name != "upper"])


def nodes(kind: type[N], *roots: Node) -> Iterator[N]:
    """Run over the parts of a kind, as ``walk`` does."""
    return (node for root in roots for node in walk(root) if isinstance(node, kind))


def rebuilt(node: Node, change: Put) -> Node:
    """Return the tree with every part changed, from the bottom up."""
    made = node
    for where, part in parts(node):
        new = rebuilt(part, change)
        if new is not part:
            made = with_part(made, where, new)
    return change(made)


def exchanged(node: Node, new: Mapping[Ref, Node]) -> Node:
    """Return the tree with others in the place of some letters."""
    return rebuilt(node, lambda part: new.get(part, part) if isinstance(part, Ref) else part)


def places(node: Node) -> Iterator[tuple[Node, Put]]:
    """Run over all parts, each with what puts another one in its place."""
    yield node, lambda new: new
    for where, part in parts(node):
        for found, put in places(part):
            yield found, _outer(node, where, put)


def _outer(node: Node, where: Where, put: Put) -> Put:
    return lambda new: with_part(node, where, put(new))


def names_in(*roots: Node | None) -> set[str]:
    """Return the letters without indices that trees hold."""
    refs = nodes(Ref, *(root for root in roots if root is not None))
    return {n.base for n in refs if n.subs is None and not n.grad}


def size_name(ref: Ref) -> str:
    """Return the name of a letter for a size, with what stands below it."""
    below = [n.base if isinstance(n, Ref) else str(getattr(n, "value", "")) for n in ref.below]
    return "_".join((ref.base, *below))


def summed(node: Node) -> list[str]:
    """Return the indices of the sums in a tree."""
    return [own.index for n in nodes(Sum, node) for own in n.ranges]


ONE = Num(Fraction(1))


HALF = Bin("/", ONE, Num(Fraction(2)))
"""The power of a square root."""


def number(value: int | Fraction | str) -> Num:
    """Return a number as a node, exactly."""
    return Num(Fraction(value))


def plus(node: Node, by: int) -> Node:
    """Return an index moved by a whole number, as one would write it."""
    if isinstance(node, Num):
        return number(node.value + by)
    if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Num):
        by += int(node.right.value) * (1 if node.op == "+" else -1)
        node = node.left
    return Bin("+" if by > 0 else "-", node, number(abs(by))) if by else node
