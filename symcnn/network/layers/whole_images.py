"""Pooling over whole images: one value for every channel, or a grid of a given size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, S

from symcnn.equations import Equation, Max, Mean, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.reduction import Ties
from symcnn.equations.sizes import Size
from symcnn.network.layers.declarations import Auxiliary, numbers_of_entries
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import grid, per_axis, quotient
from symcnn.network.layers.window import Pair
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class GlobalAvgPool2D(Layer):
    """The mean of every channel: y[c] = mean over i, j of x[i,j,c].

    Shapes: x (height, width, channels), y (channels,).
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "y",
            "{x} is averaged over all positions.",
            "Each channel of {x} is averaged over all positions.",
            value=1,
        ),
        backward=When(
            "y",
            "Every entry of {x} receives an equal share of the error signal of {y}.",
            "Each channel hands an equal share of its error signal to every entry in it.",
            value=1,
        ),
    )
    prefix: ClassVar[str] = "pool"
    letter: ClassVar[str] = "p"
    instead: ClassVar[str] = "h"
    axes: ClassVar[str] = "c"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the channels."""
        grid(shape, 2)
        return shape[-1:]

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the mean over all positions."""
        (c,) = y.indices
        return (define(y[c], x[index("i"), index("j"), c], reduction=Mean()),)


@dataclass(frozen=True)
class GlobalMaxPool2D(Layer):
    """The largest entry of every channel: y[c] = max over i, j of x[i,j,c].

    Shapes: x (height, width, channels), y (channels,).

    Attributes:
        ties: Which of several equal maxima receives the derivative: the "first" in
            row-major order, or each an equal share ("split").
    """

    ties: Ties = "first"

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "y",
            "Of {x} only the largest entry is kept, wherever it is.",
            "Each channel of {x} keeps its largest entry, wherever it is.",
            value=1,
        ),
        backward=(
            When("y", "The error signal of the channel", "The error signal of a channel", value=1),
            When(
                "ties",
                "is shared equally among its largest entries.",
                "goes to its winner, and to it alone.",
                value="split",
            ),
        ),
    )
    prefix: ClassVar[str] = "pool"
    letter: ClassVar[str] = "p"
    instead: ClassVar[str] = "h"
    axes: ClassVar[str] = "c"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the channels."""
        grid(shape, 2)
        return shape[-1:]

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the maximum over all positions."""
        (c,) = y.indices
        return (define(y[c], x[index("i"), index("j"), c], reduction=Max(self.ties)),)


@dataclass(frozen=True)
class AdaptiveAvgPool2D(Layer):
    """The means of a grid of windows that cover the image.

        y[i,j,c] = mean of x[r,s,c]  where  floor(i H / A) <= r < ceil((i + 1) H / A)
                                     and    floor(j W / B) <= s < ceil((j + 1) W / B)

    A x B is the size of the grid. If it divides the image, the windows are H/A x W/B and next to
    each other; otherwise they overlap or differ in size.

    Shapes: x (height, width, channels), y (A, B, channels).

    Attributes:
        output_size: n or (rows, columns) of the output.
    """

    output_size: Pair

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "entries": When("entries", "{entries} is the number of entries per window."),
            "y": "{x} is covered by a grid of windows, and each is replaced by its mean.",
        },
        backward="Each window hands an equal share of its error signal to every entry in it.",
    )
    prefix: ClassVar[str] = "pool"
    letter: ClassVar[str] = "p"
    instead: ClassVar[str] = "h"
    axes: ClassVar[str] = "ijc"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the grid and the channels."""
        return (*self._grid(shape), shape[-1])

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return how many entries a window holds, where windows differ in that."""
        if self._kernel(shape) is not None:
            return {}
        return numbers_of_entries(self._grid(shape), "ij")

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the mean of every window."""
        *positions, c = y.indices
        kernel = self._kernel(x.shape)
        if kernel is not None:
            u, v = index("u"), index("v")
            places = (n * i + t for n, i, t in zip(kernel, positions, (u, v), strict=True))
            over = {u: kernel[0], v: kernel[1]}
            return (define(y[y.indices], x[(*places, c)], over=over, reduction=Mean()),)
        r, s = index("r"), index("s")
        over = {r: x.shape[0], s: x.shape[1]}
        axes = zip(positions, (r, s), x.shape[:2], y.shape[:2], strict=True)
        inside = [_in_window(*axis) for axis in axes]
        held = tensors["entries"][tuple(positions)]
        counted = define(held, S.One, over=over, inside=inside)
        return counted, define(y[y.indices], x[r, s, c] / held, over=over, inside=inside)

    def _grid(self, shape: Shape) -> Shape:
        grid(shape, 2)
        return per_axis(self.output_size, 2, "output_size")

    def _kernel(self, shape: Shape) -> Shape | None:
        pairs = zip(shape[:2], self._grid(shape), strict=True)
        sizes = [quotient(length, count) for length, count in pairs]
        return None if None in sizes else tuple(size for size in sizes if size is not None)


def _in_window(position: Expr, entry: Expr, length: Size, count: Size) -> tuple[Expr, Size]:
    """Return an index that lies within a size where a window holds an entry.

    Without the roundings, the window is position*length < (entry + 1)*count and
    entry*count < (position + 1)*length, each of which leaves 1 at least.
    """
    return (position + 1) * length - entry * count - 1, length + count - 1
