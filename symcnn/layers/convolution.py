"""Convolutions; as in every framework the operation is cross-correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.errors import SymcnnError
from symcnn.layers.layer import Layer, Parameter
from symcnn.layers.shapes import image
from symcnn.layers.window import Padding, Pair, Window, count, extents, windows
from symcnn.notation import Shape, index


@dataclass(frozen=True)
class Conv2D(Layer):
    """Two-dimensional convolution (cross-correlation, the kernel is not flipped).

        y[i,j,k] = b[k] + sum over u, v, c of w[u,v,c,k] x[s i + d u - p, s j + d v - p, c]

    With ``groups`` = G, filter k sees the k // (filters/G)-th block of C/G channels.

    Shapes: x (height, width, channels); weight (kernel height, kernel width,
    channels / groups, filters); bias (filters,); y (positions, positions, filters).

    Attributes:
        filters: The number of output channels.
        kernel_size: n or (height, width).
        stride: n or (vertical, horizontal).
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
        dilation: n or (vertical, horizontal): the distance of neighbouring taps.
        groups: Blocks of channels that do not see each other.
        bias: Whether b is there.

    Source: Dumoulin and Visin (2016).
    """

    filters: int
    kernel_size: Pair
    stride: Pair = 1
    padding: Padding = 0
    dilation: Pair = 1
    groups: int = 1
    bias: bool = True

    prefix: ClassVar[str] = "conv"
    letter: ClassVar[str] = "z"
    axes: ClassVar[str] = "ijk"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the kernel's window along height and width."""
        return windows(
            image(shape)[:2],
            extents(self.kernel_size, 2, "kernel_size"),
            extents(self.stride, 2, "stride"),
            self.padding,
            extents(self.dilation, 2, "dilation"),
        )

    def output_shape(self, shape: Shape) -> Shape:
        """Return (positions, positions, filters)."""
        rows, columns = self.windows(shape)
        return rows.positions, columns.positions, count(self.filters, "filters")

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel and, unless ``bias`` is off, one bias a filter."""
        rows, columns = self.windows(shape)
        channels, _ = self._per_group(shape)
        kernel = Parameter((rows.kernel, columns.kernel, channels, self.filters), "w", "uvck")
        bias = {"bias": Parameter((self.filters,), "b", "k")} if self.bias else {}
        return {"weight": kernel, **bias}

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the weighted sum over the window, and the bias."""
        i, j, k = y.indices
        u, v, c, _ = parameters["weight"].indices
        rows, columns = self.windows(x.shape)
        channels, filters = self._per_group(x.shape)
        sizes = {i: rows.positions, j: columns.positions, u: rows.kernel, v: columns.kernel}
        channel, unit = c, k
        if self.groups > 1:
            g, m = index("g"), index("m")
            channel, unit = channels * g + c, filters * g + m
            sizes |= {g: self.groups, m: filters}
        weight = parameters["weight"][u, v, c, unit]
        sum_of_products = define(
            y[i, j, unit], weight * x[rows.entry(i, u), columns.entry(j, v), channel], over=sizes
        )
        if not self.bias:
            return (sum_of_products,)
        return sum_of_products, define(y[i, j, k], parameters["bias"][k])

    def _per_group(self, shape: Shape) -> tuple[int, int]:
        channels, groups = shape[2], count(self.groups, "groups")
        if channels % groups or count(self.filters, "filters") % groups:
            raise SymcnnError(
                f"groups = {groups} does not divide {channels} input channels and "
                f"{self.filters} filters: choose a common divisor"
            )
        return channels // groups, self.filters // groups
