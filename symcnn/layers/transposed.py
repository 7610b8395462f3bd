"""Transposed convolutions: every entry of the input lays a kernel down on the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.layers.layer import WEIGHT_AND_BIAS, Layer, Parameter
from symcnn.layers.shapes import grid, per_axis, positive_integer
from symcnn.layers.window import Padding, Pair, Window, entries, ranges, transposed_windows
from symcnn.notation import Shape, index


@dataclass(frozen=True)
class ConvTranspose2D(Layer):
    """Two-dimensional transposed convolution, which enlarges an image.

        y[s i + u - p, s j + v - p, k]  <-  sum over i, j, u, v, c of w[u,v,c,k] x[i,j,c]

    and b[k] everywhere. Read from the output back to the input, this is a convolution
    with the same window. What falls outside of the output is left out: padding crops.

    Shapes: x (height, width, channels); weight (kernel height, kernel width, channels,
    filters); bias (filters,); y ((n - 1)*stride - before - after + kernel, likewise,
    filters).

    Attributes:
        filters: The number of output channels.
        kernel_size: n or (height, width).
        stride: n or (vertical, horizontal): the distance of neighbouring kernels.
        padding: What is cropped: n, (n, m), ((top, bottom), (left, right)), "valid"
            (nothing), or "same" (down to n*stride).
        bias: Whether b is there.

    Source: Dumoulin and Visin (2016), chapter 4.
    """

    filters: int
    kernel_size: Pair
    stride: Pair = 1
    padding: Padding = 0
    bias: bool = True

    prefix: ClassVar[str] = "conv_transpose"
    letter: ClassVar[str] = "z"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS
    axes: ClassVar[str] = "rsk"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the kernel's window over the output, along height and width."""
        kernel, stride = (
            per_axis(value, 2, name)
            for value, name in ((self.kernel_size, "kernel_size"), (self.stride, "stride"))
        )
        return transposed_windows(grid(shape, 2), kernel, stride, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (height, width, filters) of the output."""
        return (*(w.size for w in self.windows(shape)), positive_integer(self.filters, "filters"))

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel and, unless ``bias`` is off, one bias a filter."""
        kernel = (w.kernel for w in self.windows(shape))
        weight = Parameter((*kernel, shape[-1], self.filters), "w", "uvck")
        bias = {"bias": Parameter((self.filters,), "b", "k")} if self.bias else {}
        return {"weight": weight, **bias}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return what every entry of the input lays down, and the bias."""
        u, v, c, k = tensors["weight"].indices
        positions, taps = (index("i"), index("j")), (u, v)
        windows = self.windows(x.shape)
        target = y[(*entries(windows, positions, taps), k)]
        value = tensors["weight"][u, v, c, k] * x[(*positions, c)]
        laid = define(target, value, over=ranges(windows, positions, taps))
        if not self.bias:
            return (laid,)
        return laid, define(y[y.indices], tensors["bias"][y.indices[-1]])
