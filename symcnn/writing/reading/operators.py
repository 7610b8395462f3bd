r"""Sums, products and maxima over indices: \sum_{u=1}^{3}, \max_{1 \le u \le 3}, \sum_{u,c}.

Brackets and cases are 1 where comparisons hold, else 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import Atom, Cases, Formula, Node, Scripts
from symcnn.writing.reading.parts import Parts, UnreadableError, is_atom, seen, split
from symcnn.writing.reading.pieces import by_pieces
from symcnn.writing.reading.scene import Array, Read, Reading, Scene, number, whole

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


def all_of(parts: Parts, read: Read) -> Reading:
    """Return 1 where all comparisons of a list hold."""
    conditions = [condition(one, read) for one in split(parts, {",", ";"})[0]]
    return lambda scene: reduce(np.multiply, [own(scene) for own in conditions])


def condition(parts: Parts, read: Read) -> Reading:
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


def _chain(parts: Parts, read: Read) -> Reading:
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


def cases(node: Cases, read: Read) -> Reading:
    """Return the first value whose condition holds."""
    pairs = list(_pairs(node, read))

    def value(scene: Scene) -> Array:
        made: Array = np.asarray(np.nan)
        for own, holds in reversed(pairs):
            made = np.where(holds(scene) != 0, own(scene), made)
        return made

    return value


def _pairs(node: Cases, read: Read) -> Iterator[tuple[Reading, Reading]]:
    for value, holds in zip(node.values.parts, node.conditions.parts, strict=True):
        own = (lambda scene: np.asarray(1.0)) if holds == Formula(()) else all_of(seen(holds), read)
        yield read(seen(value)), own


_Collect = Callable[[Array, Array, Scene], Array]
"""Makes one value of all along the first axis that are within their limits."""

_LE = (r"\le", r"\leq")


class _Loop(NamedTuple):
    letter: str
    low: Reading
    high: Reading


def _total(values: Array, inside: Array, scene: Scene) -> Array:
    kept = np.where(inside, values, 0.0)
    return np.asarray((np.nan_to_num(kept) if scene.padded else kept).sum(axis=0))


def _product(values: Array, inside: Array, scene: Scene) -> Array:
    return np.asarray(np.where(inside, values, 1.0).prod(axis=0))


def _largest(values: Array, inside: Array, scene: Scene) -> Array:
    out = -np.inf
    return np.asarray(np.where(inside & ~np.isnan(values), values, out).max(axis=0))


def _least(values: Array, inside: Array, scene: Scene) -> Array:
    return -_largest(-values, inside, scene)


_COLLECTED: dict[str, _Collect] = {
    r"\sum": _total,
    r"\prod": _product,
    r"\max": _largest,
    r"\min": _least,
}


def is_operator(part: Node) -> bool:
    """Tell whether a part is an operator over indices."""
    return isinstance(part, Scripts) and is_atom(part.base, *_COLLECTED) and part.sub is not None


def over(sign: Scripts, body: Reading, read: Read) -> Reading:
    """Return an operator of what stands behind it."""
    assert isinstance(sign.base, Atom)
    collect = _COLLECTED[sign.base.text]
    loops, conditions = _ranges(sign, read)

    def value(scene: Scene) -> Array:
        return _nested(loops, conditions, body, collect, scene)

    return value


def _nested(
    loops: Sequence[_Loop],
    conditions: Sequence[Reading],
    body: Reading,
    collect: _Collect,
    scene: Scene,
) -> Array:
    """Work out the innermost value with the conditions, and collect along each axis in turn."""
    if not loops:
        made = body(scene)
        for holds in conditions:
            made = np.where(holds(scene) != 0, made, np.nan)
        return made
    loop, *others = loops
    low, high = loop.low(scene), loop.high(scene)

    def collected(run: Array) -> tuple[Array, int]:
        values = _nested(others, conditions, body, collect, scene.over(loop.letter, run))
        inside = (run >= low) & (run <= high)
        values = np.broadcast_to(values, np.broadcast_shapes(values.shape, inside.shape))
        return collect(values, inside, scene), values.size

    first, last = whole(np.min(low)), whole(np.max(high))
    parts = by_pieces(first, last, scene.letters, scene.axes, collected)
    return parts[0] if len(parts) == 1 else collect(np.stack(parts), np.array(True), scene)


def _ranges(sign: Scripts, read: Read) -> tuple[list[_Loop], list[Reading]]:
    below = seen(sign.sub)
    if sign.sup is not None:
        (index, low), signs = split(below, {"="})
        if signs != ["="]:
            raise UnreadableError("a sum has no limits")
        return [_Loop(_letter(index), read(low), read(seen(sign.sup)))], []
    loops, conditions = list[_Loop](), list[Reading]()
    for parts in split(below, {","})[0]:
        sides, signs = split(parts, _LE)
        if not signs and len(parts) == 1:
            loops.append(_Loop(_letter(parts), _first, _last(_letter(parts))))
        elif len(signs) == 2 and len(sides[1]) == 1:
            loops.append(_Loop(_letter(sides[1]), read(sides[0]), read(sides[2])))
        else:
            conditions.append(condition(parts, read))
    return loops, conditions


def _letter(parts: Parts) -> str:
    part = parts[0] if len(parts) == 1 else None
    if not isinstance(part, Atom | Scripts):
        raise UnreadableError("a sum is over no index")
    return latex(part)


def _first(scene: Scene) -> Array:
    return number(scene.base)(scene)


def _last(letter: str) -> Reading:
    """Return the last value of an index whose range is not printed."""

    def value(scene: Scene) -> Array:
        if letter not in scene.ranges:
            raise UnreadableError(f"the index {letter} has no range")
        return np.asarray(float(scene.ranges[letter] - 1 + scene.base))

    return value
