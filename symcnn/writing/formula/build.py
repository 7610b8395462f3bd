r"""Formulas built by hand: row("y", "=", scripts("x", "1")) is the tree of y = x_{1}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from symcnn.writing.formula.tree import (
    Atom,
    Bound,
    Cases,
    Fenced,
    Formula,
    Fraction,
    Node,
    Scripts,
    nodes,
)

Part = Node | str
"""A part of a formula; a string is one letter, number, sign or command."""

PARTIAL, MINUS = Atom(r"\partial"), Atom("-")
_OPEN, _CLOSE = Atom("("), Atom(")")
NAME = "name"
"""The place of a bound name, which is no figure."""

INDENT = Atom(r"\quad")
"""What a line begins with that goes on with summands."""


def row(*parts: Part) -> Formula:
    """Return parts beside each other; those of a row among them are parts themselves."""
    return Formula(tuple(_flat(parts)))


def _flat(parts: Iterable[Part]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Formula):
            yield from part.parts
        else:
            yield Atom(part) if isinstance(part, str) else part


def joined(parts: Sequence[Part], *between: Part) -> Formula:
    """Return parts with the same between each two: a, b, c."""
    first, *others = parts
    return row(first, *(piece for part in others for piece in (*between, part)))


def braced(part: Part) -> Node:
    """Return what stands in braces: the one thing in it, if scripts may follow that."""
    made = row(part)
    alone = len(made.parts) == 1 and not isinstance(made.parts[0], Scripts)
    return made.parts[0] if alone else made


def scripts(base: Part, sub: Part | None = None, sup: Part | None = None) -> Scripts:
    """Return a base with a subscript and a superscript."""
    return Scripts(braced(base), *(None if part is None else braced(part) for part in (sub, sup)))


def fraction(above: Part, below: Part) -> Fraction:
    """Return one part above another."""
    return Fraction(braced(above), braced(below))


def derivative(of: Part, by: Part) -> Fraction:
    """Return d(of) / d(by)."""
    return fraction(row(PARTIAL, of), row(PARTIAL, by))


def parenthesized(body: Part) -> Fenced:
    """Return a part in parentheses of its height."""
    return Fenced("(", row(body), ")")


def cases(pairs: Iterable[tuple[Part, Part]]) -> Cases:
    """Return values, each with its condition; an empty row stands for all other cases."""
    values, conditions = zip(*pairs, strict=True)
    return Cases(*(Formula(tuple(map(row, parts))) for parts in (values, conditions)))


def grown(formula: Formula) -> Formula:
    """Let a pair of parentheses grow with a fraction or a sum between them, or with others that do.

    One whose other one is on another line stays as it is.
    """
    made, openings = list[Node](), list[int]()
    for part in formula.parts:
        made.append(part)
        if part == _OPEN:
            openings.append(len(made) - 1)
        elif part == _CLOSE and openings:
            start = openings.pop()
            body = Formula(tuple(made[start + 1 : -1]))
            if any(isinstance(inside, Fenced | Fraction) for inside in nodes(body)):
                made[start:] = [Fenced("(", body, ")")]
    return Formula(tuple(made))


def applied(function: Part, body: Part) -> Formula:
    """Return a function of something."""
    return row(function, parenthesized(body))


def decimal(text: str, mark: str = ".") -> Formula:
    """Return a number as Python writes it, -1.5 or 2e-07, with its sign as a part of its own."""
    mantissa, _, exponent = text.partition("e")
    digits = mantissa.removeprefix("-").replace(".", mark)
    power = (r"\times", scripts("10", sup=decimal(str(int(exponent))))) if exponent else ()
    return row(*(("-",) if mantissa.startswith("-") else ()), digits, *power)


def added(terms: Sequence[Formula]) -> Formula:
    """Return a sum; what begins with a minus is subtracted."""
    first, *others = terms
    return row(first, *map(signed, others))


def signed(term: Formula) -> Formula:
    """Return a summand that is not the first one: with its sign in front."""
    return term if is_negative(term) else row("+", term)


def is_negative(term: Formula) -> bool:
    """Tell whether a term begins with a minus sign."""
    return term.parts[0] == MINUS


def unbound(node: Node) -> Node:
    """Return a part as it is printed."""
    return unbound(node.body) if isinstance(node, Bound) else node


def operand(number: Formula) -> Formula:
    """Return a number as it stands beside an operator: a negative one in parentheses."""
    first = number.parts[0]
    if isinstance(first, Bound) and first.place != NAME:
        return row(first._replace(body=operand(row(first.body)), place="operand"))
    return row("(", number, ")") if is_negative(number) else number


def raised(base: Formula, exponent: Part) -> Formula:
    """Return a base of which the last part gets an exponent; a number stands above an index."""
    *front, last = base.parts
    if isinstance(last, Bound) and last.place == NAME:
        return row(*front, last._replace(body=braced(raised(row(last.body), exponent))))
    above = braced(exponent)
    if isinstance(last, Scripts) and isinstance(above, Atom) and above.text[0].isdecimal():
        return row(*front, Scripts(last.base, last.sub, above))
    return row(*front, Scripts(braced(last), None, above))


def level(formula: Formula) -> Formula:
    """Return a formula with (a + b)/c for fractions, as it is readable in a script."""
    return row(*map(_level, formula.parts))


def _level(node: Node) -> Formula:
    if isinstance(node, Fraction):
        above, below = (row(_level(part)) for part in node)
        return row(_operand(above) if _is_sum(above) else above, "/", _operand(below))
    if isinstance(node, Formula):
        return level(node)
    if isinstance(node, Fenced):
        return row(Fenced(node.left, level(node.body), node.right))
    return row(node)


def _is_sum(part: Formula) -> bool:
    """Tell whether anything is added or subtracted; H r/A is the same however it is read."""
    return any(sign in part.parts for sign in (Atom("+"), MINUS))


def _operand(part: Formula) -> Part:
    """Return what stands beside a stroke: sums and products in parentheses."""
    return part if len(part.parts) == 1 else parenthesized(part)


def replaced(formula: Formula, letters: Mapping[str, Formula]) -> Formula:
    """Put other symbols in place of letters."""
    return row(_replaced(formula, letters)) if letters else formula


def _replaced(node: Node, letters: Mapping[str, Formula]) -> Node:
    if isinstance(node, Atom):
        return braced(letters[node.text]) if node.text in letters else node
    if isinstance(node, Formula):
        return row(*(_replaced(part, letters) for part in node.parts))
    parts = (_replaced(cast(Node, p), letters) if isinstance(p, tuple) else p for p in node)
    return cast(Node, cast(Any, type(node))(*parts))
