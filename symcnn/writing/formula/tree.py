"""The tree of a formula: its parts beside, above and inside each other.

Named tuples, because they are made by the thousand in a process that takes a tenth of a
second.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast


class Atom(NamedTuple):
    r"""A letter, a number, a sign, or a command such as \cdot, as LaTeX writes it."""

    text: str


class Operator(NamedTuple):
    """An operator as ``operators.explicit`` tells it, seen or not.

    Attributes:
        text: Its character.
        form: Whether it is a sign ("prefix") or stands between terms ("infix"), where its
            place in the row does not say so.
        tight: Whether there is no space around it.
        high: The height in em of a parenthesis that is higher than a line of letters.
    """

    text: str
    form: str = ""
    tight: bool = False
    high: float = 0.0


class Word(NamedTuple):
    """Upright letters that belong together.

    Attributes:
        text: The letters.
        is_upright: Always true: as tuples, a word and an atom of one letter would be equal, and
            what is cached of one were given for the other.
    """

    text: str
    is_upright: bool = True


class Formula(NamedTuple):
    """Parts beside each other."""

    parts: tuple[Node, ...]


class Scripts(NamedTuple):
    """A base with a subscript, a superscript, or both."""

    base: Node
    sub: Node | None
    sup: Node | None


class Fraction(NamedTuple):
    """One part above another, with a bar between them."""

    above: Node
    below: Node


class Root(NamedTuple):
    """The square root, or that of a degree."""

    body: Node
    degree: Node | None = None


class Accent(NamedTuple):
    r"""A mark such as \hat above a part."""

    mark: str
    body: Node


class Fenced(NamedTuple):
    r"""What stands between \left and \right; a fence that is not drawn is a dot."""

    left: str
    body: Formula
    right: str


class Cases(NamedTuple):
    """Values below each other behind a brace, each with the condition under which it holds.

    Attributes:
        values: A row for each case.
        conditions: As many rows; the last is empty if it stands for all other cases.
    """

    values: Formula
    conditions: Formula


class Gap(NamedTuple):
    """An empty box for the reader's answer, in points beside letters of 10 points.

    Attributes:
        wide: Its width.
        high: Its height.
        name: What a script finds it by.
    """

    wide: float
    high: float
    name: str = ""


class Bound(NamedTuple):
    """A figure or a name that belongs to an entry, where a page lets numbers be changed.

    Attributes:
        body: The figure as it is printed now, or the name.
        key: The number of the expression that it stands for.
        place: Where it stands: beside an operator ("operand"), so that a negative one is in
            parentheses; alone ("alone"), so that a rounded one says so; with its relation
            ("related"); a name, which stays ("name"); or anywhere else.
    """

    body: Node
    key: int
    place: str = ""


Node = (
    Atom
    | Operator
    | Word
    | Formula
    | Scripts
    | Fraction
    | Root
    | Accent
    | Fenced
    | Cases
    | Gap
    | Bound
)


def nodes(node: Node) -> Iterator[Node]:
    """Run over a tree from left to right, each part before what it is made of."""
    yield node
    for part in node.parts if isinstance(node, Formula) else node:
        if isinstance(part, tuple):
            yield from nodes(cast(Node, part))
