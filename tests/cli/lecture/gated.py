"""A convolution whose output passes through gates that a second convolution opens and closes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import symcnn as sc


@dataclass(frozen=True)
class GatedConv1D(sc.Layer):
    """A gated convolution without biases.

    y[i,k] = (sum over u, c of w[u,c,k] x[i+u,c]) * sigmoid(sum over u, c of v[u,c,k] x[i+u,c])

    Attributes:
        filters: The number of output channels.
        kernel_size: The number of positions that a window covers.
    """

    filters: int
    kernel_size: int
    learned: ClassVar[Mapping[str, str]] = {"weight": "", "gate": ""}
    meaning: ClassVar[sc.Meaning | None] = sc.Meaning(
        forward={
            "a": "A window slides over {x}, and {weight} is multiplied with what it covers.",
            "g": "A second kernel {gate} reads the same windows.",
            "y": "Each sum {a} passes as far as its gate, the logistic function of {g}, is open.",
        },
        backward={
            "a": "An open gate lets the error signal pass, a closed one stops it.",
            "g": "A gate learns in proportion to what would pass through it.",
        },
    )

    def output_shape(self, shape: Sequence[int]) -> tuple[int, ...]:
        """Return the shape of one sum for each window and filter."""
        return (shape[0] - self.kernel_size + 1, self.filters)

    def parameters(self, shape: Sequence[int]) -> Mapping[str, sc.Parameter]:
        """Return the two kernels."""
        size = (self.kernel_size, shape[1], self.filters)
        return {"weight": sc.Parameter(size, "w", "uck"), "gate": sc.Parameter(size, "v", "uck")}

    def auxiliaries(self, shape: Sequence[int]) -> Mapping[str, sc.Auxiliary]:
        """Return the sums of the two convolutions."""
        size = self.output_shape(shape)
        return {
            "a": sc.Auxiliary(size, "A", "ik", noun="sum"),
            "g": sc.Auxiliary(size, "G", "ik", noun="gate"),
        }

    def forward(
        self,
        y: sc.Tensor,
        x: sc.Tensor,
        weight: sc.Tensor,
        gate: sc.Tensor,
        a: sc.Tensor,
        g: sc.Tensor,
    ) -> tuple[sc.Equation, ...]:
        """Return two convolutions, and the product of one and the opened gates."""
        (i, k), (u, c, _) = y.indices, weight.indices
        over = {u: self.kernel_size, c: weight.shape[1]}
        return (
            sc.define(a[i, k], weight[u, c, k] * x[i + u, c], over=over),
            sc.define(g[i, k], gate[u, c, k] * x[i + u, c], over=over),
            sc.define(y[i, k], a[i, k] * sc.sigmoid(g[i, k])),
        )
