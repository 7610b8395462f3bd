"""Layers that make several inputs, for a layer or a loss by itself, of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from symcnn.equations import Equation, Tensor, define, strides
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, expanded, number_of, size
from symcnn.network.layers import (
    AddParameter,
    Attention,
    AvgPool3D,
    Conv3D,
    ConvTranspose3D,
    Einsum,
    Elementwise,
    Input,
    Layer,
    MatMul,
    MaxPool3D,
    MaxUnpool2D,
    MultiplyParameter,
    Pad,
    PixelShuffle,
    ReduceProd,
    Reshape,
    Slice,
)
from symcnn.network.layers.declarations import per_axis


@dataclass(frozen=True)
class Share(Layer):
    """Some of what x has along its last axis, as one of several inputs.

        y[r, i, j] = x[r, p + J i + j]

    Attributes:
        first: The first entry p along the axis.
        shape: The shape of what is made of the axis; that of the others stays.
    """

    first: Size
    shape: Shape

    type_name: ClassVar[str] = ""
    prefix: ClassVar[str] = "input"
    letter: ClassVar[str] = "n"
    axes: ClassVar[str] = "ijc"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input that is made."""
        return (*shape[:-1], *self.shape)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads the entries."""
        kept = len(x.shape) - 1
        others, own = y.indices[:kept], y.indices[kept:]
        steps = zip(own, strides(self.shape), strict=True)
        place = sum((index * step for index, step in steps), start=self.first)
        over = dict(zip(own, self.shape, strict=True))
        return (define(y[y.indices], x[(*others, place.expand())], over=over),)


_A, _P, _Q = (size(name, least=0) for name in "APQ")
_B, _C, _D, _E, _H, _J, _K, _S, _W = (size(name) for name in "BCDEHJKSW")

REPRESENTATIVES: Mapping[type[Layer], Callable[[Shape], Layer]] = {
    Einsum: lambda shape: Einsum("ij,jk->ik"),
    Reshape: lambda shape: Reshape((-1, shape[-1])),
    Slice: lambda shape: Slice(0, _A, _B, _S),
    AddParameter: AddParameter,
    Pad: lambda shape: Pad(((_P, _Q),)),
    Input: Input,
    PixelShuffle: lambda shape: PixelShuffle(_S),
    MaxUnpool2D: lambda shape: MaxUnpool2D((_K, _J)),
    MultiplyParameter: lambda shape: MultiplyParameter(shape[-1:]),
    Elementwise: lambda shape: Elementwise("exp(-x**2)"),
    ReduceProd: lambda shape: ReduceProd(-1),
}
"""For layers whose settings depend on the shape of the input, or that have no usual ones: those
that a class stands for."""

_FACTORS = 3
"""A product is written out, so that it has a number of factors."""


def _pooled(layer: Any) -> Shape:
    """Return the shape of an image that ends with the last of its windows, H x W of them."""
    size = per_axis(layer.pool_size, 2, "pool_size")
    stride = size if layer.stride is None else per_axis(layer.stride, 2, "stride")
    ends = (s * (n - 1) + k for s, n, k in zip(stride, (_H, _W), size, strict=True))
    return (*(expanded(end) for end in ends), _C)


def _factors(layer: Any) -> tuple[tuple[str, Shape], ...]:
    """Return the shapes of what is multiplied: a letter for every index that has no number."""
    words = layer.equation.partition("->")[0].replace(" ", "").split(",")
    own = [shape for shape in (layer.weight_shape, layer.factor_shape) if shape]
    count = len(words) - len(own)
    pairs = zip("".join(words[count:]), (n for shape in own for n in shape), strict=True)
    lengths: dict[str, Size] = dict(pairs)
    for letter, length in zip(dict.fromkeys("".join(words)), (_H, _C, _W, _D, _E), strict=False):
        lengths.setdefault(letter, length)
    shapes = [tuple(lengths[letter] for letter in word) for word in words[:count]]
    return tuple(zip("abcdef", shapes, strict=False))


VOLUMES = (Conv3D, ConvTranspose3D, MaxPool3D, AvgPool3D)
"""The layers that read volumes."""

INPUTS: Mapping[type[Layer], Callable[[Any], tuple[tuple[str, Shape], ...]]] = {
    MatMul: lambda layer: (
        ("a", (_C, _H) if layer.transpose_a else (_H, _C)),
        ("b", (_W, _C) if layer.transpose_b else (_C, _W)),
    ),
    Einsum: _factors,
    ReduceProd: lambda layer: (("a", (_H, _FACTORS)),),
    MaxUnpool2D: lambda layer: (("p", (_H, _W, _C)), ("a", _pooled(layer))),
    Attention: lambda layer: (
        ("q", (_H, _D * layer.heads)),
        ("k", (_W, _D * layer.heads)),
        ("v", (_W, _E * layer.heads)),
    ),
}
"""For layers with several inputs of different shapes: a letter and the shape of each."""


def divisor(layer: Layer) -> Size:
    """Return by what a layer divides the channels, if it does."""
    if isinstance(layer, PixelShuffle):
        return number_of([layer.factor, layer.factor])
    groups: Size = getattr(layer, "groups", 1)
    return groups
