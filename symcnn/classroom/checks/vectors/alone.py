"""The network of a layer alone, and the shapes of inputs that it takes.

Several inputs are parts of one vector, which is what the network reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from math import prod
from typing import Any

from symcnn.document.theory.inputs import INPUTS, Share
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.network.layers import Layer
from symcnn.network.losses import Upstream
from symcnn.network.network import Network

NAME = "layer"
"""What the layer is called in the network."""

Shapes = tuple[Shape, ...]
"""The shape of every input, of one sample."""

_GROWING: Sequence[Shape] = ((3, 3, 2), (2, 3, 4), (2, 2, 3, 2), (2, 2, 2, 4), (4, 2), (4, 4))
_WINDOWED: Sequence[Shape] = ((4, 5, 2), (4, 3, 4), (3, 2, 3, 2), (3, 2, 2, 4), (7, 2), (5, 4))
_PLAIN: Sequence[Shape] = ((2, 3, 4), (4,), (4, 3), (2, 2, 3, 2))
"""Shapes of inputs that are tried, the first that fits: of layers with windows, which may make more
positions than they read, and of others."""

_SHAPES = 2
"""So many numbers of axes are tried of a layer that takes any."""

_LETTERS = {"B": 2, "C": 3, "D": 2, "E": 3, "H": 3, "W": 2}
"""Numbers for the letters of inputs whose shapes are unlike."""

REFUSALS = (SymcnnError, TypeError, ValueError, IndexError, ArithmeticError, NotImplementedError)
"""What a layer may raise that does not take some settings, or a shape."""


def fitting(layer: Layer) -> Iterator[Shapes]:
    """Run over the shapes of the inputs that a layer takes: one of each number of axes."""
    if type(layer) in INPUTS:
        yield from _unlike(layer)
        return
    accepted = (shapes for shapes in _alone(layer) if _fits(layer, shapes))
    by_axes = {len(shapes[0]): shapes for shapes in reversed([*accepted])}
    if by_axes:
        yield from islice(reversed(by_axes.values()), _SHAPES)
    else:
        yield from (shapes for shapes in _together() if _fits(layer, shapes))


def _alone(layer: Layer) -> Iterator[Shapes]:
    """Run over shapes of a single input."""
    grows = any(_has_windows(layer, s) and _grows(layer, s) for s in _GROWING)
    windowed = [s for s in (_GROWING if grows else _WINDOWED) if _has_windows(layer, s)]
    wanted = 2 * max(getattr(layer, "groups", 1), 1)  # a group of one channel conceals mistakes
    for shape in sorted(windowed or _PLAIN, key=lambda s: bool(s[-1] % wanted)):
        yield (shape,)


def _together() -> Iterator[Shapes]:
    """Run over shapes of two inputs: the same, unlike channels, one number for each channel."""
    first, *_ = _PLAIN
    *positions, channels = first
    yield from ((first, other) for other in (first, (*positions, channels - 1), (channels,)))


def _has_windows(layer: Layer, shape: Shape) -> bool:
    try:
        return bool(layer.windows(shape)) and _fits(layer, (shape,))
    except REFUSALS:
        return False


def _grows(layer: Layer, shape: Shape) -> bool:
    """Tell whether there are twice as many positions in the output as in the input."""
    return prod(layer.output_shape(shape)[:-1]) >= 2 * prod(shape[:-1])


def _unlike(layer: Layer) -> Iterator[Shapes]:
    """Return the shapes of inputs that are unlike, with numbers in place of their letters."""
    try:
        named = INPUTS[type(layer)](layer)
        shapes = tuple(tuple(map(_number, shape)) for _, shape in named)
    except REFUSALS:
        return
    if _fits(layer, shapes):
        yield shapes


def _number(size: Any) -> int:
    letters = getattr(size, "free_symbols", ())
    return int(size.xreplace({s: _LETTERS[s.name] for s in letters}) if letters else size)


def _fits(layer: Layer, shapes: Shapes) -> bool:
    """Tell whether a layer takes these inputs."""
    try:
        network_of(layer, shapes, 1)
    except REFUSALS:
        return False
    return True


def network_of(layer: Layer, shapes: Shapes, samples: int) -> Network:
    """Return the network of a layer alone, whose loss takes any error signal."""
    if len(shapes) == 1:
        return Network(shapes[0], [replace(layer, name=NAME)], Upstream(), batch=samples)
    parts, first = list[Layer](), 0
    for number, shape in enumerate(shapes, 1):
        parts.append(Share(first, shape, name=f"input{number}", inputs=("x",)))
        first += prod(shape)
    read = tuple(str(part.name) for part in parts)
    whole = [*parts, replace(layer, name=NAME, inputs=read)]
    return Network((first,), whole, Upstream(), batch=samples)
