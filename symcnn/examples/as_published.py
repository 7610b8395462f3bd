"""A layer from outside the core: a shape, a kernel and one equation are all it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.layers import Layer, Parameter
from symcnn.notation import Shape, index


@dataclass(frozen=True)
class BroadcastConvolution(Layer):
    """What ``np.sum(W[:, :, k] * X[i:i+K, 0, 0])`` computes by broadcasting.

        y[i,j,k] = sum over u, h, v, c of w[u,v,c,k] x[i + h, j + v, c]

    Every row u of the kernel meets every row h of the window, so with two rows it is
    (w_1 + w_2)(x_i + x_{i+1}). A convolution has h = u. Shapes as in ``Conv2D``.
    """

    filters: int
    kernel_size: tuple[int, int]

    prefix: ClassVar[str] = "conv"
    letter: ClassVar[str] = "z"
    axes: ClassVar[str] = "ijk"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (positions, positions, filters)."""
        rows, columns = self.kernel_size
        return shape[0] - rows + 1, shape[1] - columns + 1, self.filters

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel."""
        return {"weight": Parameter((*self.kernel_size, shape[2], self.filters), "w", "uvck")}

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the sum over all pairs of a kernel row and a window row."""
        i, j, k = y.indices
        (u, v, c, _), h = parameters["weight"].indices, index("h")
        over = {i: y.shape[0], j: y.shape[1], h: self.kernel_size[0]}
        return (
            define(y[i, j, k], parameters["weight"][u, v, c, k] * x[i + h, j + v, c], over=over),
        )
