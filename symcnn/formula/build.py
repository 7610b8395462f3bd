r"""Formulas put together by hand: row("y", "=", scripts("x", "1")) is the tree of y = x_{1}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.formula.tree import Atom, Fenced, Fraction, Node, Row, Scripts, Word, group

Part = Node | str
"""A part of a formula; a string is one letter, number, sign or command."""

DELTA, PARTIAL, TIMES = Atom(r"\delta"), Atom(r"\partial"), Atom(r"\times")
MINUS, PLUS, COMMA = Atom("-"), Atom("+"), Atom(",")


def row(*parts: Part) -> Row:
    """Return parts beside each other; those of a row among them are parts themselves."""
    return Row(tuple(_flat(parts)))


def _flat(parts: Iterable[Part]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Row):
            yield from part.parts
        else:
            yield Atom(part) if isinstance(part, str) else part


def joined(parts: Sequence[Part], *between: Part) -> Row:
    """Return parts with the same between each two: a, b, c."""
    first, *others = parts
    return row(first, *(piece for part in others for piece in (*between, part)))


def scripts(base: Part, sub: Part | None = None, sup: Part | None = None) -> Scripts:
    """Return a base with what stands below and above it."""
    return Scripts(_one(base), *(None if part is None else _one(part) for part in (sub, sup)))


def fraction(above: Part, below: Part) -> Fraction:
    """Return one part above another."""
    return Fraction(_one(above), _one(below))


def derivative(of: Part, by: Part) -> Fraction:
    """Return d(of) / d(by)."""
    return fraction(row(PARTIAL, of), row(PARTIAL, by))


def parenthesized(body: Part) -> Fenced:
    """Return a part in parentheses that are as high as it is."""
    return Fenced("(", row(body), ")")


def applied(function: Part, body: Part) -> Row:
    """Return a function of something."""
    return row(function, parenthesized(body))


def words(text: str) -> Word:
    """Return upright letters."""
    return Word(text)


def number(text: str) -> Row:
    """Return a decimal number, whose sign is a part of its own."""
    return row("-", text[1:]) if text.startswith("-") else row(text)


def _one(part: Part) -> Node:
    return group(row(part))
