r"""Convolution notation: names with dots are arrays, \sum_{c=1}^{3} x_{\cdot c} \star w_{\cdot ck}.

    (f \star g)_i = \sum_u f_{i+u} g_u     (f \uparrow s)_i = f_{i/s}, or 0     pad_p(f)_i = f_{i-p}
    (f \ast g)_i  = \sum_u f_{i-u} g_u     (f \downarrow s)_i = f_{si}         crop_p(f)_i = f_{i+p}

An array is 0 outside of its positions, which count from 0. Nothing is made whole: what a formula
comes to is worked out at some positions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from math import prod
from typing import NamedTuple

import numpy as np

from symcnn.writing.formula.tree import Accent, Atom, Fenced, Formula, Fraction, Node, Scripts, Word
from symcnn.writing.reading.array_names import Positions, array_of
from symcnn.writing.reading.operators import is_operator, over
from symcnn.writing.reading.parts import Parts, UnreadableError, is_atom, seen, split
from symcnn.writing.reading.pieces import by_pieces
from symcnn.writing.reading.reader import read_back
from symcnn.writing.reading.scene import Array, Reading, Scene, whole


class _Field(NamedTuple):
    """An array: its values at positions, and the lengths outside of which it is 0."""

    at: Callable[[Scene, Positions], Array]
    lengths: Callable[[Scene], tuple[int, ...]]


_Factors = Callable[[Scene], tuple[int, ...]]
"""Gives a number for each axis."""


def read_arrays(formula: Formula) -> Reading:
    """Return what a formula in convolution notation means, at the positions of a scene.

    Raises:
        UnreadableError: If a person could read it in two ways, or it is no such formula.
    """
    field = _sum(seen(formula), alone=True)
    return lambda scene: field.at(scene, scene.positions)


def _scalar(parts: Parts) -> Reading:
    return read_back(Formula(parts))


def _sum(parts: Parts, *, alone: bool) -> _Field:
    """Read terms with their signs.

    Args:
        parts: The terms.
        alone: Whether no sign takes the sum as an array: so a number may stand for all positions.
    """
    terms, between = split(parts, {"+", "-"})
    first = [] if not terms[0] and between else ["+"]
    signs = [-1 if sign == "-" else 1 for sign in (*first, *between)]
    fields = [_term(term, alone=alone) for term in (terms if first else terms[1:])]

    def at(scene: Scene, i: Positions) -> Array:
        values = (s * field.at(scene, i) for s, field in zip(signs, fields, strict=True))
        return np.asarray(sum(values))

    def lengths(scene: Scene) -> tuple[int, ...]:
        return tuple(map(max, zip(*(field.lengths(scene) for field in fields), strict=True)))

    return _Field(at, lengths)


def _term(parts: Parts, *, alone: bool) -> _Field:
    """Read an expression with sums over indices in front, which go as far as it does."""
    sign = parts[0] if parts else None
    if not (isinstance(sign, Scripts) and is_operator(sign)):
        return _product(parts, alone=alone)
    if not is_atom(sign.base, r"\sum"):
        raise UnreadableError("arrays are added up alone")
    body = _term(parts[1:], alone=alone)

    def at(scene: Scene, i: Positions) -> Array:
        return over(sign, lambda inner: body.at(inner, i), _scalar)(scene)

    return body._replace(at=at)


def _product(parts: Parts, *, alone: bool) -> _Field:
    """Read two arrays with a sign between them, or an array with a number for each axis."""
    sides, signs = split(parts, {*_OF_ARRAYS, *_OF_NUMBERS})
    if len(signs) > 1:
        raise UnreadableError("two signs of arrays stand beside each other without parentheses")
    if not signs:
        return _operand(parts, alone=alone)
    (sign,), first = signs, _operand(sides[0], alone=False)
    if sign in _OF_ARRAYS:
        return _OF_ARRAYS[sign](first, _operand(sides[1], alone=False))
    return _OF_NUMBERS[sign](first, _behind_arrow(sides[1]))


def _operand(parts: Parts, *, alone: bool) -> _Field:
    """Read a name, what is in parentheses, or what is moved."""
    *front, last = parts or (None,)
    if isinstance(last, Fenced) and last.left == "(":
        inside = seen(last.body)
        if not front:
            return _sum(inside, alone=alone)
        if len(front) == 1 and (word := _word(front[0])):
            assert isinstance(front[0], Scripts)
            by = _factors(seen(front[0].sub))
            return _MOVED[word](_sum(inside, alone=False), by)
    if front or not isinstance(last, Atom | Accent | Scripts | Fraction):
        raise UnreadableError("the formula has a part that is no array")
    return _Field(*array_of(last, _scalar, alone=alone))


def _word(node: Node) -> str:
    """Return the word pad or crop, if it stands with numbers below it."""
    is_word = isinstance(node, Scripts) and isinstance(node.base, Word) and node.sup is None
    text = node.base.text if is_word else ""  # type: ignore[union-attr]
    return text if text in _MOVED else ""


def _behind_arrow(parts: Parts) -> _Factors:
    """Read the number behind an arrow; parentheses are around several, and around a sum."""
    (own,) = parts if len(parts) == 1 else (None,)
    if isinstance(own, Fenced) and own.left == "(":
        return _factors(seen(own.body))
    if not isinstance(own, Atom | Scripts):
        raise UnreadableError("no number stands behind an arrow")
    return _factors(parts)


def _factors(parts: Parts) -> _Factors:
    """Read one number for all axes, or one for each."""
    numbers = [_scalar(one) for one in split(parts, {","})[0]]

    def each(scene: Scene) -> tuple[int, ...]:
        made = [whole(np.unique(number(scene)).item()) for number in numbers]
        count = len(scene.positions)
        if len(made) not in (1, count) or min(made) < 0:
            raise UnreadableError(f"{made} are no numbers of {count} axes")
        return tuple(made if len(made) == count else made * count)

    return each


def _unravelled(numbers: Array, lengths: Sequence[int]) -> Positions:
    """Return the positions that are counted line by line.

    np.unravel_index errs in columns of more than 8192 numbers (NumPy's issue 31980).
    """
    found = list[Array]()
    for length in reversed(lengths):
        numbers, own = np.divmod(numbers, length)
        found.insert(0, own)
    return tuple(found)


def _from_zero(at: Callable[[Scene, Positions], Array]) -> Callable[[Scene, Positions], Array]:
    """Let an array be 0 in front of its first position."""

    def value(scene: Scene, i: Positions) -> Array:
        inside = reduce(np.logical_and, [n >= 0 for n in i])
        return np.where(inside, at(scene, i), 0.0)

    return value


def _multiplied(sign: int, first: _Field, second: _Field) -> _Field:
    """Return the cross-correlation of two arrays, or their convolution."""

    def at(scene: Scene, i: Positions) -> Array:
        lengths = second.lengths(scene)

        def collected(run: Array) -> tuple[Array, int]:
            inner, u = scene.deeper(), _unravelled(run.astype(np.int64), lengths)
            moved = tuple(n + sign * m for n, m in zip(i, u, strict=True))
            values = first.at(inner, moved) * second.at(inner, u)
            return np.asarray(values.sum(axis=0)), values.size

        known = {**scene.letters, **{f"position {n}": own for n, own in enumerate(i)}}
        return np.asarray(sum(by_pieces(0, prod(lengths) - 1, known, scene.axes, collected)))

    def lengths(scene: Scene) -> tuple[int, ...]:
        own, others = first.lengths(scene), second.lengths(scene)
        return own if sign > 0 else tuple(n + m - 1 for n, m in zip(own, others, strict=True))

    return _Field(_from_zero(at), lengths)


def _with_zeros(of: _Field, by: _Factors) -> _Field:

    def at(scene: Scene, i: Positions) -> Array:
        steps = by(scene)
        kept = reduce(np.logical_and, [n % s == 0 for n, s in zip(i, steps, strict=True)])
        own = tuple(n // s for n, s in zip(i, steps, strict=True))
        return np.where(kept, of.at(scene, own), 0.0)

    def lengths(scene: Scene) -> tuple[int, ...]:
        return tuple(s * (n - 1) + 1 for n, s in zip(of.lengths(scene), by(scene), strict=True))

    return _Field(at, lengths)


def _sampled(of: _Field, by: _Factors) -> _Field:

    def at(scene: Scene, i: Positions) -> Array:
        return of.at(scene, tuple(n * s for n, s in zip(i, by(scene), strict=True)))

    def lengths(scene: Scene) -> tuple[int, ...]:
        return tuple((n - 1) // s + 1 for n, s in zip(of.lengths(scene), by(scene), strict=True))

    return _Field(at, lengths)


def _moved(sign: int, of: _Field, by: _Factors) -> _Field:
    """Put zeros in front of the entries of an array, or leave its first ones out."""

    def at(scene: Scene, i: Positions) -> Array:
        return of.at(scene, tuple(n - sign * p for n, p in zip(i, by(scene), strict=True)))

    def lengths(scene: Scene) -> tuple[int, ...]:
        pairs: Sequence[tuple[int, int]] = [*zip(of.lengths(scene), by(scene), strict=True)]
        return tuple(max(n + sign * p, 0) for n, p in pairs)

    return _Field(_from_zero(at), lengths)


_OF_ARRAYS = {r"\star": partial(_multiplied, 1), r"\ast": partial(_multiplied, -1)}
_OF_NUMBERS = {r"\uparrow": _with_zeros, r"\downarrow": _sampled}
_MOVED = {"pad": partial(_moved, 1), "crop": partial(_moved, -1)}
