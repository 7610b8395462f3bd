"""Pooling: one value for each window, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, Rational

from symcnn.equations import Equation, Max, Reduction, Sum, Tensor, define
from symcnn.equations.reduction import Ties
from symcnn.errors import SymcnnError
from symcnn.layers.layer import Layer
from symcnn.layers.shapes import image
from symcnn.layers.window import Padding, Pair, Window, extents, windows
from symcnn.notation import Shape, index


@dataclass(frozen=True)
class _Pool2D(Layer):
    """y[i,j,c] = REDUCE over u, v of the window's entries x[s i + u - p, s j + v - p, c].

    Attributes:
        pool_size: n or (height, width).
        stride: n or (vertical, horizontal); by default ``pool_size``.
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
    """

    pool_size: Pair
    stride: Pair | None = None
    padding: Padding = 0

    prefix: ClassVar[str] = "pool"
    letter: ClassVar[str] = "p"
    axes: ClassVar[str] = "ijc"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the window along height and width."""
        size = extents(self.pool_size, 2, "pool_size")
        stride = size if self.stride is None else extents(self.stride, 2, "stride")
        return windows(image(shape)[:2], size, stride, self.padding, (1, 1))

    def output_shape(self, shape: Shape) -> Shape:
        """Return (positions, positions, channels)."""
        rows, columns = self.windows(shape)
        return rows.positions, columns.positions, shape[2]

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the reduction over every window."""
        i, j, c = y.indices
        u, v = index("u"), index("v")
        rows, columns = self.windows(x.shape)
        entry = x[rows.entry(i, u), columns.entry(j, v), c]
        over = {i: y.shape[0], j: y.shape[1], u: rows.kernel, v: columns.kernel}
        weight, reduction = self.rule(rows, columns)
        return (define(y[i, j, c], weight * entry, over=over, reduction=reduction),)

    def rule(self, rows: Window, columns: Window) -> tuple[Expr, Reduction]:
        """Return each entry's factor and how the window's entries combine."""
        raise NotImplementedError


@dataclass(frozen=True)
class MaxPool2D(_Pool2D):
    """The largest entry of every window; padding takes no part.

        y[i,j,c] = max over u, v of x[s i + u - p, s j + v - p, c]

    Attributes:
        ties: Who answers for equal maxima: the "first" in row-major order, or all
            of them in equal shares ("split").
    """

    ties: Ties = "first"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows; one that holds padding alone has no maximum."""
        made = super().windows(shape)
        for axis, window in enumerate(made):
            if (position := window.misses_input()) is not None:
                raise SymcnnError(
                    f"padding = {self.padding!r} leaves the window at position {position} of axis "
                    f"{axis} without an entry to take: use padding smaller than the window"
                )
        return made

    def rule(self, rows: Window, columns: Window) -> tuple[Expr, Reduction]:
        """Take the maximum."""
        if self.ties not in ("first", "split"):
            raise SymcnnError(f'ties = {self.ties!r} is not known: "first" and "split" are')
        return Rational(1), Max(self.ties)


@dataclass(frozen=True)
class AvgPool2D(_Pool2D):
    """The mean of every window of K x L entries; padding counts as zeros.

    y[i,j,c] = sum over u, v of x[s i + u - p, s j + v - p, c] / (K L)
    """

    def rule(self, rows: Window, columns: Window) -> tuple[Expr, Reduction]:
        """Sum the entries, each divided by the window's size."""
        return Rational(1, rows.kernel * columns.kernel), Sum()
