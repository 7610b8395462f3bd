"""Transposed convolutions: each input entry adds a multiple of the kernel to the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.layers.convolution import Kernel
from symcnn.layers.declarations import Parameter
from symcnn.layers.layer import bias_of, weight_and_bias
from symcnn.layers.shapes import grid, positive_integer
from symcnn.layers.window import Window, entries, ranges, transposed_windows
from symcnn.notation import Shape, index


@dataclass(frozen=True)
class ConvTranspose2D(Kernel):
    """Two-dimensional transposed convolution, which enlarges an image.

        y[s i + u - p, s j + v - p, k]  <-  sum over i, j, u, v, c of w[u,v,c,k] x[i,j,c]

    plus b[k] everywhere. Without the bias, it is the adjoint of a convolution.
    Terms outside the output are omitted: padding crops the output.

    Shapes: x (height, width, channels); weight (kernel height, kernel width, channels,
    filters); bias (filters,); y ((n - 1)*stride - before - after + kernel, likewise,
    filters).

    Attributes:
        filters: The number of output channels.
        kernel_size: n or (height, width).
        stride: n or (vertical, horizontal): the step between copies of the kernel.
        padding: The border that is cropped: n, (n, m), ((top, bottom), (left, right)), "valid"
            (nothing), or "same" (down to n*stride).
        bias: Whether there is a bias b.

    Source: Dumoulin and Visin (2016), chapter 4.
    """

    bias: bool = True

    prefix: ClassVar[str] = "conv_transpose"
    axes: ClassVar[str] = "rsk"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the kernel's window over the output, along height and width."""
        sizes, settings = grid(shape, 2), {"kernel_size": self.kernel_size, "stride": self.stride}
        return transposed_windows(sizes, self.padding, **settings)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (height, width, filters) of the output."""
        return (*(w.size for w in self.windows(shape)), positive_integer(self.filters, "filters"))

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel and, unless ``bias`` is off, one bias per filter."""
        kernel = (w.kernel for w in self.windows(shape))
        return weight_and_bias((*kernel, shape[-1], self.filters), "uvck", self.bias)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the contribution of every entry of the input, and the bias."""
        *taps, c, k = tensors["weight"].indices
        positions, windows = (index("i"), index("j")), self.windows(x.shape)
        target = y[(*entries(windows, positions, taps), k)]
        value = tensors["weight"][(*taps, c, k)] * x[(*positions, c)]
        laid = define(target, value, over=ranges(windows, positions, taps))
        return (laid, *bias_of(y, tensors))
