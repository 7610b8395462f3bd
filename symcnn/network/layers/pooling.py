"""Pooling: one value for each window of each channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sympy import Expr, Indexed, S, Symbol

from symcnn.equations import Equation, Max, Mean, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.reduction import Ties
from symcnn.equations.sizes import Size
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import (
    Auxiliary,
    grid,
    numbers_of_entries,
    per_axis,
    quotient,
)
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.window import Padding, Pair, Window, entries, ranges, windows
from symcnn.network.meaning import Meaning, Once, When


@dataclass(frozen=True)
class Pool(Layer):
    """A reduction over every window of an image, or of what a subclass names in ``axes``.

    Attributes:
        pool_size: The length of the window: one number per axis, or one for all axes.
        stride: The step between positions, likewise; by default ``pool_size``.
        padding: n, one n or (before, after) per axis, "valid" or "same".
        ceil_mode: Whether the number of positions is rounded up: a last window, which begins in
            the input or in the padding before it, may extend beyond the padding.
    """

    pool_size: Pair
    stride: Pair | None = None
    padding: Padding = 0
    ceil_mode: bool = field(default=False, kw_only=True)

    source: ClassVar[str] = sources.CONVOLUTION
    prefix: ClassVar[str] = "pool"
    letter: ClassVar[str] = "p"
    instead: ClassVar[str] = "h"
    axes: ClassVar[str] = "ijc"

    @property
    def needs_entries(self) -> bool:
        """Whether a window that lies in the padding alone has no value."""
        return True

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the window along every axis but the channels."""
        return self.dilated(shape, 1)

    def dilated(self, shape: Shape, dilation: Pair) -> tuple[Window, ...]:
        """Return the windows whose neighbouring entries have a distance of ``dilation``."""
        stride = self.pool_size if self.stride is None else self.stride
        settings = {"pool_size": self.pool_size, "stride": stride, "dilation": dilation}
        sizes = grid(shape, len(self.axes) - 1)
        return windows(sizes, self.padding, self.ceil_mode, **settings)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the positions along every axis, and the channels."""
        return (*(w.positions for w in self.windows(shape)), shape[-1])

    def scan(self, y: Tensor, x: Tensor) -> tuple[Indexed, dict[Symbol, Size]]:
        """Return the entry that a window reads for y's own entry, and the indices' ranges."""
        *positions, c = y.indices
        offsets = [index(letter) for letter in "uvo"[: len(positions)]]
        made = self.windows(x.shape)
        return x[(*entries(made, positions, offsets), c)], ranges(made, positions, offsets)

    def holds_one(self, shape: Shape) -> bool:
        """Tell whether every window is a single entry."""
        return all(window.kernel == 1 for window in self.windows(shape))

    def skips(self, shape: Shape) -> bool:
        """Tell whether windows of one entry leave others out."""
        return any(w.stride > 1 and w.size > 1 for w in self.windows(shape))

    def overlaps(self, shape: Shape) -> bool:
        """Tell whether neighbouring windows share entries."""
        return any(window.overlaps for window in self.windows(shape))

    def without_padding_alone(self, made: tuple[Window, ...]) -> tuple[Window, ...]:
        """Return the windows; one that holds padding alone is an error."""
        for axis, window in enumerate(made):
            if (position := window.misses_input()) is not None:
                raise SymcnnError(
                    f"padding = {self.padding!r} leaves the window at position {position} of axis "
                    f"{axis} without an entry of the input: use padding smaller than the window"
                )
        return made


KEPT = (
    "Each window of {x} holds a single entry, which is kept",
    When("skips", "; the other entries are left out"),
    ".",
)
RETURNS = "Each error signal returns unchanged to the entry that was kept."
"""What is said of windows of one entry."""

_EACH = When("y", "the window", "each window", value=1)
_COLLECTS = "Windows overlap, so an entry collects the error signals of all windows that it won."

_LARGEST = Meaning(
    forward=When("holds_one", KEPT, ("Of", _EACH, "of {x} only the largest entry is kept.")),
    backward=When(
        "holds_one",
        RETURNS,
        (
            "The error signal of a window",
            When(
                "ties",
                "is shared equally among its largest entries.",
                "goes to its winner, and to it alone.",
                value="split",
            ),
            Once("A small change of a smaller entry leaves the maximum as it is."),
            When("overlaps", _COLLECTS),
        ),
    ),
)


@dataclass(frozen=True)
class _MaxPool(Pool):
    ties: Ties = "first"
    dilation: Pair = 1

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows; none is without an entry."""
        return self.without_padding_alone(self.dilated(shape, self.dilation))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the maximum over every window."""
        entry, over = self.scan(y, x)
        return (define(y[y.indices], entry, over=over, reduction=Max(self.ties)),)


@dataclass(frozen=True)
class MaxPool1D(_MaxPool):
    """The largest entry of every window of a sequence; padding is ignored.

        y[i,c] = max over u of x[s i + d u - p, c]

    Shapes: x (length, channels), y (positions, channels).

    Attributes: those of ``MaxPool2D``, with one number where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _LARGEST
    axes: ClassVar[str] = "ic"


@dataclass(frozen=True)
class MaxPool2D(_MaxPool):
    """The largest entry of every window; padding is ignored.

        y[i,j,c] = max over u, v of x[s i + d u - p, s j + d v - p, c]

    Shapes: x (height, width, channels), y (positions, positions, channels).

    Attributes:
        pool_size: n or (height, width).
        stride: n or (vertical, horizontal); by default ``pool_size``.
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
        ties: Which of several equal maxima receives the derivative: the "first" in
            row-major order, or each an equal share ("split").
        dilation: n or (vertical, horizontal): the spacing of the window entries.
        ceil_mode: Whether the number of positions is rounded up: a last window, which begins in
            the input or in the padding before it, may extend beyond the padding.
    """

    meaning: ClassVar[Meaning | None] = _LARGEST


@dataclass(frozen=True)
class MaxPool3D(_MaxPool):
    """The largest entry of every window of a volume; padding is ignored.

        y[i,j,l,c] = max over u, v, o of x[s i + d u - p, s j + d v - p, s l + d o - p, c]

    Shapes: x (depth, height, width, channels), y (positions, positions, positions, channels).

    Attributes: those of ``MaxPool2D``, with three numbers where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _LARGEST
    axes: ClassVar[str] = "ijlc"


# Pooling over whole images: one value for every channel, or a grid of a given size.


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
