"""The parts of a formula as a person sees them: beside each other, without what only groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from symcnn.errors import UnverifiedError
from symcnn.writing.formula.signs import ORDINARY, SIGNS, Sign
from symcnn.writing.formula.tree import Atom, Bound, Formula, Node, Operator, Scripts

Parts = tuple[Node, ...]

_UNSEEN = ("space",)


class UnreadableError(UnverifiedError):
    """A formula that a person could read in two ways, or not at all."""


def seen(node: Node | None) -> Parts:
    """Return what is seen of a part of a formula: the braces of a group, and spaces, are not."""
    return () if node is None else tuple(_seen((node,)))


def _seen(parts: Sequence[Node]) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Formula):
            yield from _seen(part.parts)
        elif isinstance(part, Bound):
            yield from _seen((part.body,))
        elif isinstance(part, Scripts) and isinstance(part.base, Bound):
            yield from _seen((part._replace(base=part.base.body),))
        elif isinstance(part, Operator):
            yield Atom(part.text)
        elif sign_of(part).kind not in _UNSEEN:
            yield part


def sign_of(part: Node | None) -> Sign:
    """Return what a part is among signs; a letter with scripts is what the letter is."""
    if isinstance(part, Scripts):
        return sign_of(part.base)
    return SIGNS.get(part.text, ORDINARY) if isinstance(part, Atom) else ORDINARY


def is_atom(part: Node | None, *texts: str) -> bool:
    """Tell whether a part is one of some signs."""
    return isinstance(part, Atom) and part.text in texts


def is_number(part: Node | None) -> bool:
    """Tell whether a part is a number, with or without scripts."""
    if isinstance(part, Scripts):
        return is_number(part.base)
    return isinstance(part, Atom) and part.text[0].isdecimal()


def closing(parts: Parts, start: int) -> int:
    """Return where the parenthesis is closed that is opened at a place."""
    depth = 0
    for place in range(start, len(parts)):
        own = parts[place]
        own = own.base if isinstance(own, Scripts) else own
        depth += is_atom(own, "(") - is_atom(own, ")")
        if depth == 0:
            return place
    raise UnreadableError("a parenthesis is not closed")


def split(parts: Parts, signs: Collection[str]) -> tuple[list[Parts], list[str]]:
    """Return what stands between some signs, and these; those in parentheses are no such signs."""
    found: list[list[Node]] = [[]]
    between, place = list[str](), 0
    while place < len(parts):
        part = parts[place]
        if is_atom(part, "("):
            end = closing(parts, place)
            found[-1] += parts[place : end + 1]
            place = end
        elif isinstance(part, Atom) and part.text in signs:
            between.append(part.text)
            found.append([])
        else:
            found[-1].append(part)
        place += 1
    return [tuple(own) for own in found], between
