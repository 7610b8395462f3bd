"""Brackets and cases: 1 where comparisons hold, else 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import pairwise

import numpy as np

from symcnn.writing.formula.tree import Cases, Formula
from symcnn.writing.reading.meaning import Array, Meaning, Read, Scene
from symcnn.writing.reading.parts import Parts, UnreadableError, seen, split

_NEAR = 1e-9

_COMPARED: dict[str, Callable[[Array, Array], Array]] = {
    "=": lambda a, b: np.abs(a - b) < _NEAR,
    r"\neq": lambda a, b: np.abs(a - b) >= _NEAR,
    r"\geq": lambda a, b: a >= b,
    r"\leq": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    r"\mid": lambda a, b: np.mod(b, a) == 0,
}
_COMPARED |= {r"\ge": _COMPARED[r"\geq"], r"\le": _COMPARED[r"\leq"], r"\ne": _COMPARED[r"\neq"]}

RELATIONS = frozenset(_COMPARED)
"""The signs of comparisons."""


def all_of(parts: Parts, read: Read) -> Meaning:
    """Return 1 where all comparisons of a list hold."""
    conditions = [condition(one, read) for one in split(parts, {",", ";"})[0]]
    return lambda scene: reduce(np.multiply, [own(scene) for own in conditions])


def condition(parts: Parts, read: Read) -> Meaning:
    r"""Return 1 where a comparison holds, or what \wedge and \vee join."""
    for sign, together in ((r"\vee", np.maximum), (r"\wedge", np.minimum)):
        found, signs = split(parts, {sign})
        if signs:
            made = [condition(own, read) for own in found]
            return lambda scene, made=made, f=together: reduce(f, [own(scene) for own in made])  # type: ignore[misc]
    if len(parts) == 1 and (inner := _in_parentheses(parts)) is not None:
        return condition(inner, read)
    return _chain(parts, read)


def _in_parentheses(parts: Parts) -> Parts | None:
    left, body = (getattr(parts[0], name, None) for name in ("left", "body"))
    return seen(body) if left == "(" else None


def _chain(parts: Parts, read: Read) -> Meaning:
    """Read a < b < c, each of which holds."""
    sides, signs = split(parts, RELATIONS)
    if not signs:
        raise UnreadableError("a comparison has no sign")
    values = [read(side) for side in sides]

    def holds(scene: Scene) -> Array:
        pairs = pairwise(value(scene) for value in values)
        made = (_COMPARED[sign](a, b) for sign, (a, b) in zip(signs, pairs, strict=True))
        return np.asarray(reduce(np.logical_and, made), dtype=float)

    return holds


def cases(node: Cases, read: Read) -> Meaning:
    """Return the first value whose condition holds."""
    pairs = list(_pairs(node, read))

    def value(scene: Scene) -> Array:
        made: Array = np.asarray(np.nan)
        for own, holds in reversed(pairs):
            made = np.where(holds(scene) != 0, own(scene), made)
        return made

    return value


def _pairs(node: Cases, read: Read) -> Iterator[tuple[Meaning, Meaning]]:
    for value, holds in zip(node.values.parts, node.conditions.parts, strict=True):
        own = (lambda scene: np.asarray(1.0)) if holds == Formula(()) else all_of(seen(holds), read)
        yield read(seen(value)), own
