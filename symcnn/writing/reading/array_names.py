r"""Names of arrays: x_{\cdot c} is one of a tensor's arrays, b_{k} a number at every position.

A name without dots is a whole array if no other axis is longer than 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import Atom, Fraction, Node, Scripts
from symcnn.writing.reading.names import Named, Names, Symbol, is_letter, places_in
from symcnn.writing.reading.operands import differentiated, places_of
from symcnn.writing.reading.parts import Parts, UnreadableError
from symcnn.writing.reading.scene import Array, Read, Reading, Scene

Positions = tuple[Array, ...]
"""Positions of an array, along each axis."""

_DOT = (Atom(r"\cdot"),)


class _Chosen(NamedTuple):
    """Which of a tensor's arrays it is.

    Attributes:
        of: The tensor.
        axes: The axes of the array; a number has none.
        fixed: The indices along others.
    """

    of: Named
    axes: tuple[int, ...]
    fixed: Mapping[int, Reading]

    def values(self, scene: Scene, positions: Positions) -> Array:
        """Return the values at positions: 0 outside, and none where an index leaves its axis."""
        indices = [index(scene) - scene.base for index in self.fixed.values()]
        others, axes = tuple(self.fixed), self.axes
        _, beyond = places_of(self.of._replace(shown=axes), positions)
        _, missing = places_of(self.of._replace(shown=others), indices)
        both = self.of._replace(shown=(*axes, *others))
        places, _ = places_of(both, [*positions, *indices])
        values = np.where(beyond, 0.0, self.of.values(places))
        return np.where(missing, np.nan, values)


def array_of(
    node: Node, read: Read, *, alone: bool
) -> tuple[Callable[[Scene, Positions], Array], Callable[[Scene], tuple[int, ...]]]:
    """Return what gives the values of an array by its name, and its lengths.

    Args:
        node: The name, or a derivative of the loss.
        read: Reads indices.
        alone: Whether it is no operand: so it may be a number at every position.
    """
    symbol = _symbol(node)
    known: list[tuple[Names, int, _Chosen]] = []

    def chosen(scene: Scene) -> _Chosen:
        if not known or known[0][0] is not scene.names or known[0][1] != scene.base:
            found = _chosen(symbol, scene, read, alone=alone)
            if isinstance(node, Fraction):
                found = found._replace(of=_slopes(node, found.of, scene.names))
            known[:] = [(scene.names, scene.base, found)]
        return known[0][2]

    def at(scene: Scene, positions: Positions) -> Array:
        found = chosen(scene)
        return found.values(scene, positions if found.axes else ())

    def lengths(scene: Scene) -> tuple[int, ...]:
        found = chosen(scene)
        return tuple(found.of.shape[axis] for axis in found.axes)

    return at, lengths


def _symbol(node: Node) -> Symbol:
    entry = differentiated(node)[1] if isinstance(node, Fraction) else node
    symbol = Symbol(*entry) if isinstance(entry, Scripts) else Symbol(entry, None, None)
    if not is_letter(symbol.base):
        raise UnreadableError("the formula has a part that is no array")
    return symbol


def _slopes(node: Fraction, of: Named, names: Names) -> Named:
    slopes = names.slopes
    if differentiated(node)[0] != names.loss or slopes is None:
        raise UnreadableError("a derivative is of something other than the loss")
    return of._replace(values=lambda places: slopes((of.name,), places))


def _chosen(symbol: Symbol, scene: Scene, read: Read, *, alone: bool) -> _Chosen:
    """Return what a name stands for: of axes of length 1 the known ones are those of arrays."""
    count = len(scene.positions)
    every = []
    for named, below in scene.names.written(symbol):
        of_this = list(_ways(named, below, count, alone=alone))
        every += [(named, axes, fixed) for axes, fixed in of_this]
        if of_this:
            break
    if not every:
        raise UnreadableError(f"{latex(Scripts(*symbol))} is no array of {count} axes")
    own = (way for way in every if way[1] == scene.laid.get(way[0].name))
    of, axes, fixed = next(own, every[0])
    return _Chosen(of, axes, {axis: read(index) for axis, index in fixed.items()})


_Way = tuple[tuple[int, ...], Mapping[int, Parts]]
"""The axes of an array, and the indices along others."""


def _ways(named: Named, below: Parts, count: int, *, alone: bool) -> Iterator[_Way]:
    every = range(len(named.shape))
    if not below and not named.shown and alone:
        yield (), {}
    elif not below:
        chosen = combinations(every, count)
        yield from ((axes, {}) for axes in chosen if {*named.shown} <= {*axes})
    for length in range(max(1, len(named.shown)), len(every) + 1) if below else ():
        places = places_in(below, length)
        dots = 0 if places is None else places.count(_DOT)
        if places is None or dots not in ((0, count) if alone else (count,)):
            continue
        for axes in combinations(every, length):
            if {*named.shown} <= {*axes}:
                at = dict(zip(axes, places, strict=True))
                own = tuple(axis for axis, place in at.items() if place == _DOT)
                yield own, {axis: at[axis] for axis in axes if axis not in own}
