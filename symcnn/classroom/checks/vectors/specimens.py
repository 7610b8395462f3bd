"""Layers by themselves, each at one choice of settings and shapes.

Several inputs are parts of one vector, which is what the network reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import prod
from typing import Any

from symcnn.classroom.checks.vectors.settings import needed, varied
from symcnn.document.theory.inputs import INPUTS, Share
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError, shown
from symcnn.network.layers import Layer
from symcnn.network.losses import Upstream
from symcnn.network.meaning import PLACING
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


@dataclass(frozen=True)
class Specimen:
    """A layer, alone in a network.

    Attributes:
        layer: The layer, as its user writes it.
        network: The network.
        chosen: The settings that were chosen, beyond those that the layer needs.
    """

    layer: Layer
    network: Network
    chosen: tuple[str, ...] = ()

    @cached_property
    def inputs(self) -> dict[str, Tensor]:
        """What the layer reads, by the names that its inputs have."""
        found = self.network.stages[-1].inputs
        if found == (self.network.input,):
            return {"x": found[0]}
        letters = type(self.layer).inputs_called
        called = letters if len(letters) == len(found) else "abcdef"
        return dict(zip(called, found, strict=False))

    @cached_property
    def parameters(self) -> dict[str, Tensor]:
        """What the layer learns, by its own names."""
        return dict(self.network.stages[-1].parameters)

    @cached_property
    def givens(self) -> dict[str, Tensor]:
        """What the layer is given besides."""
        return dict(self.network.stages[-1].givens)

    @property
    def output(self) -> Tensor:
        """What the layer makes."""
        return self.network.output

    @property
    def input_shapes(self) -> Shapes:
        """The shape of every input, of one sample."""
        return tuple(tensor.shape[1:] for tensor in self.inputs.values())


def specimens(subject: Layer | type[Layer], input_shape: Shape | None = None) -> list[Specimen]:
    """Return a class at several settings, or a layer with its own ones, at several shapes.

    Raises:
        SymcnnError: If it is no layer, or fits none of the inputs that are tried.
    """
    if isinstance(subject, Layer):
        found = [*_of_layer(subject, input_shape)]
    elif input_shape is not None:
        raise SymcnnError(
            f"input_shape = {shown(str(input_shape))} is for a layer with settings of its own: "
            "give an instance, such as Conv2D(3, 2)"
        )
    elif isinstance(subject, type) and issubclass(subject, Layer):
        found = [*_of_class(subject)]
    else:
        raise SymcnnError(
            f"test vectors are of a layer, not of {shown(str(subject))}: give a class such as "
            "Conv2D, or an instance"
        )
    if not found:
        raise SymcnnError(
            f"there are no test vectors of {shown(repr(subject))}: it takes none of the small "
            "inputs that are tried: give one, such as input_shape=(9, 8, 2), with an instance"
        )
    return found


def _of_layer(layer: Layer, input_shape: Shape | None = None) -> Iterator[Specimen]:
    """Run over inputs of a layer: one sample, and two of each shape."""
    bare = replace(layer, **dict.fromkeys(PLACING))
    tried = fitting(bare) if input_shape is None else ((input_shape,),)
    for number, shapes in enumerate(tried):
        for samples in (2,) if number else (1, 2):
            yield Specimen(bare, network_of(bare, shapes, samples))


def _of_class(made: type[Layer]) -> Iterator[Specimen]:
    """Run over the settings of a class."""
    found = _simplest(made)
    if found is None:
        return
    first, axes = found
    plain = [*_of_layer(made(**first))]
    yield from plain
    seen = {one.network.equations for one in plain}
    for others in varied(made, axes):
        for one in _at(made, {**first, **others}, tuple(others)):
            if one.network.equations not in seen:
                seen.add(one.network.equations)
                yield one


def _at(made: type[Layer], settings: dict[str, Any], chosen: tuple[str, ...]) -> Iterator[Specimen]:
    """Make samples of the first shape that the layer takes at some settings, if any.

    There are two where several settings go together, and one elsewhere, which keeps files small.
    """
    layer, samples = _layer(made, settings), 2 if len(chosen) > 1 else 1
    if layer is not None:
        for shapes in islice(fitting(layer), 1):
            yield Specimen(layer, network_of(layer, shapes, samples), chosen)


def _simplest(made: type[Layer]) -> tuple[dict[str, Any], int] | None:
    """Return the settings that a class needs, and the number of axes with positions."""
    for axes in (2, 3, 1, 0):
        for settings in needed(made, axes):
            layer = _layer(made, settings)
            if layer is None:
                continue
            for shapes in fitting(layer):
                if made in INPUTS or len(shapes[0]) == axes + 1:
                    return settings, axes
    return None


def _layer(made: type[Layer], settings: dict[str, Any]) -> Layer | None:
    try:
        return made(**settings)
    except REFUSALS:
        return None
