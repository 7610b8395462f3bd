"""Convolutions; as in every framework, the operation is cross-correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, not_above, positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Parameter, grid, per_axis, quotient
from symcnn.network.layers.layer import WEIGHT_AND_BIAS, Layer, bias_of, weight_and_bias
from symcnn.network.layers.window import (
    Padding,
    Pair,
    Window,
    entries,
    ranges,
    transposed_windows,
    windows,
)
from symcnn.network.meaning import Meaning, Once, When


@dataclass(frozen=True)
class Kernel(Layer):
    """Weighted sums over a window along one or more axes, which a subclass names in ``axes``.

    Attributes:
        filters: The number of output channels.
        kernel_size: The length of the kernel: one number per axis, or one for all axes.
        stride: The step between positions, likewise.
        padding: n, one n or (before, after) per axis, "valid" or "same".
    """

    filters: Size
    kernel_size: Pair
    stride: Pair = 1
    padding: Padding = 0

    source: ClassVar[str] = sources.CONVOLUTION
    prefix: ClassVar[str] = "conv"
    letter: ClassVar[str] = "z"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS
    kernels: ClassVar[tuple[str, ...]] = ("weight",)


@dataclass(frozen=True)
class _Convolution(Kernel):
    """A kernel that slides over the input.

    Attributes:
        dilation: The spacing of the kernel entries, likewise.
        groups: The number of blocks of channels that are convolved separately.
        bias: Whether there is a bias b.
    """

    dilation: Pair = 1
    groups: Size = 1
    bias: bool = True

    taps: ClassVar[str]
    """The letters of the offsets in the kernel."""

    @property
    def cited(self) -> str:
        """The work that introduced groups, where there are any."""
        return sources.IMAGENET if self.groups != 1 else self.source

    @property
    def is_pointwise(self) -> bool:
        """Whether the kernel covers a single position."""
        sizes: Any = self.kernel_size
        return {*sizes} == {1} if isinstance(sizes, tuple | list) else sizes == 1

    def stands_still(self, shape: Shape) -> bool:
        """Tell whether the kernel has one position alone."""
        return all(window.positions == 1 for window in self.windows(shape))

    def maps_positions(self, shape: Shape) -> bool:
        """Tell whether it is one linear map of the channels at each position: no window slides."""
        return self.groups == 1 and all(window.is_single for window in self.windows(shape))

    def has_one_weight(self, shape: Shape) -> bool:
        """Tell whether each filter has a single weight."""
        channels, _ = channels_of_groups(shape[-1], self.filters, self.groups)
        return {channels, *(window.kernel for window in self.windows(shape))} == {1}

    def scales(self, shape: Shape) -> bool:
        """Tell whether each filter multiplies all entries by one weight."""
        return self.maps_positions(shape) and self.has_one_weight(shape)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the kernel's window along every axis that it slides over."""
        return windows(
            grid(shape, len(self.taps)),
            self.padding,
            kernel_size=self.kernel_size,
            stride=self.stride,
            dilation=self.dilation,
        )

    def output_shape(self, shape: Shape) -> Shape:
        """Return the positions along every axis, and the filters."""
        return (
            *(w.positions for w in self.windows(shape)),
            positive_integer(self.filters, "filters"),
        )

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel and, unless ``bias`` is off, one bias per filter."""
        kernel = (w.kernel for w in self.windows(shape))
        channels, _ = channels_of_groups(shape[-1], self.filters, self.groups)
        return weight_and_bias((*kernel, channels, self.filters), f"{self.taps}ck", self.bias)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the weighted sum over the window, and the bias."""
        *positions, k = y.indices
        *taps, c, _ = tensors["weight"].indices
        windows = self.windows(x.shape)
        over, channel, unit = ranges(windows, positions, taps), c, k
        if self.groups != 1:
            channels, filters = channels_of_groups(x.shape[-1], self.filters, self.groups)
            g, m = index("g"), index("m")
            channel, unit = channels * g + c, filters * g + m
            over |= {g: self.groups, m: filters}
        is_pointwise = all(window.is_single for window in windows)
        at = positions if is_pointwise else entries(windows, positions, taps)
        read = x[(*at, channel)]
        weight = tensors["weight"][(*taps, c, unit)]
        products = define(y[(*positions, unit)], weight * read, over=over)
        return (products, *bias_of(y, tensors))


_AGAIN = "and multiplies and adds as before"
_MEETS = When(
    "has_one_weight",
    ("multiplies the entry there by its weight", When("bias", "and adds a bias")),
    (
        "multiplies the entries that it covers by its weights, one by one, and adds",
        When("bias", "the products and a bias", "the products"),
    ),
)
_SLIDES = (
    When("filters", "The filter", "Each filter", value=1),
    When(
        "stands_still",
        ("lies on {x} at one position", Once((": it", _MEETS), _AGAIN)),
        When(
            "is_pointwise",
            ("covers one position of {x} at a time", Once((": it", _MEETS), _AGAIN)),
            ("slides over {x}", Once((": at each position it", _MEETS), _AGAIN)),
        ),
    ),
    ".",
)
_MEANING = Meaning(
    forward=When(
        "scales",
        When(
            "filters",
            (
                "Every entry of {x} is multiplied by the one weight {weight}",
                When("bias", ", and {bias} is added"),
                ".",
            ),
            (
                "Each filter multiplies every entry of {x} by its weight",
                When("bias", "and adds its bias"),
                ".",
            ),
            value=1,
        ),
        _SLIDES,
    ),
    backward=When(
        "maps_positions",
        When(
            "filters",
            "An entry of {x} reached one entry of {y}, at its own position: it receives the error "
            "signal there, times the weight between them.",
            "An entry of {x} reached every entry of {y} at its own position: its error signal is "
            "the sum of theirs, each times the weight between them.",
            value=1,
        ),
        (
            When(
                "y",
                "An entry of {x} that the window covers receives the error signal of {y}, times "
                "the weight that it met.",
                (
                    "An entry of {x} reached every entry of {y}",
                    When("groups", "", "of its group", value=1),
                    "whose window covers it: its error signal is the sum of theirs, each times "
                    "the weight that the entry met there.",
                ),
                value=1,
            ),
        ),
    ),
)


def channels_of_groups(channels: Size, filters: Size, groups: Size) -> tuple[Size, Size]:
    """Return how many channels and filters a group has.

    Raises:
        SymcnnError: If the groups do not divide them.
    """
    groups, filters = positive_integer(groups, "groups"), positive_integer(filters, "filters")
    own, made = quotient(channels, groups), quotient(filters, groups)
    if own is None or made is None:
        raise SymcnnError(
            f"groups = {groups} must divide both the number of input channels ({channels}) and the "
            f"number of filters ({filters})"
        )
    return own, made


@dataclass(frozen=True)
class Conv1D(_Convolution):
    """One-dimensional convolution (cross-correlation: the kernel is not flipped).

        y[i,k] = b[k] + sum over u, c of w[u,c,k] x[s i + d u - p, c]

    With ``groups`` = G, filter k reads only the k // (filters/G)-th block of C/G channels.

    Shapes: x (length, channels); weight (kernel size, channels / groups, filters);
    bias (filters,); y (positions, filters).

    Attributes: those of ``Conv2D``, with one number where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _MEANING
    axes: ClassVar[str] = "ik"
    taps: ClassVar[str] = "u"


@dataclass(frozen=True)
class Conv2D(_Convolution):
    """Two-dimensional convolution (cross-correlation: the kernel is not flipped).

        y[i,j,k] = b[k] + sum over u, v, c of w[u,v,c,k] x[s i + d u - p, s j + d v - p, c]

    With ``groups`` = G, filter k reads only the k // (filters/G)-th block of C/G channels.

    Shapes: x (height, width, channels); weight (kernel height, kernel width,
    channels / groups, filters); bias (filters,); y (positions, positions, filters).

    Attributes:
        filters: The number of output channels.
        kernel_size: n or (height, width).
        stride: n or (vertical, horizontal).
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
        dilation: n or (vertical, horizontal): the spacing of the kernel entries.
        groups: The number of blocks of channels that are convolved separately.
        bias: Whether there is a bias b.

    Source: Dumoulin and Visin (2016).
    """

    meaning: ClassVar[Meaning | None] = _MEANING
    axes: ClassVar[str] = "ijk"
    taps: ClassVar[str] = "uv"


@dataclass(frozen=True)
class Conv3D(_Convolution):
    """Three-dimensional convolution (cross-correlation: the kernel is not flipped).

        y[i,j,l,k] = b[k] + sum over u, v, o, c of
                     w[u,v,o,c,k] x[s i + d u - p, s j + d v - p, s l + d o - p, c]

    With ``groups`` = G, filter k reads only the k // (filters/G)-th block of C/G channels.

    Shapes: x (depth, height, width, channels); weight (kernel depth, kernel height, kernel width,
    channels / groups, filters); bias (filters,); y (positions, positions, positions, filters).

    Attributes: those of ``Conv2D``, with three numbers where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _MEANING
    axes: ClassVar[str] = "ijlk"
    taps: ClassVar[str] = "uvo"


# Transposed convolutions: each input entry adds a multiple of the kernel to the output.


@dataclass(frozen=True)
class _ConvTranspose(Kernel):
    """A kernel that is laid down on the output, once for every position of the input.

    Attributes:
        bias: Whether there is a bias b.
        output_padding: How many entries the output has behind those that the last copy of the
            kernel reaches or that are left by cropping; less than the stride.
        dilation: The spacing of the kernel entries, likewise.
        groups: The number of blocks of channels that are treated separately.
    """

    bias: bool = True
    output_padding: Pair = 0
    dilation: Pair = 1
    groups: Size = 1

    prefix: ClassVar[str] = "conv_transpose"
    taps: ClassVar[str]
    """The letters of the offsets in the kernel."""
    places: ClassVar[str]
    """The letters of the positions in the input."""

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the kernel's window over the output, along every axis that it is laid on."""
        return transposed_windows(
            grid(shape, len(self.taps)),
            self.padding,
            self.output_padding,
            kernel_size=self.kernel_size,
            stride=self.stride,
            dilation=self.dilation,
        )

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that what is added behind is less than the stride."""
        axes = len(self.taps)
        more = per_axis(self.output_padding, axes, "output_padding", 0)
        steps = per_axis(self.stride, axes, "stride")
        return tuple(c for n, s in zip(more, steps, strict=True) for c in not_above(n, s - 1))

    def output_shape(self, shape: Shape) -> Shape:
        """Return the lengths of the output, and the filters."""
        return (*(w.size for w in self.windows(shape)), positive_integer(self.filters, "filters"))

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the kernel and, unless ``bias`` is off, one bias per filter."""
        kernel = (w.kernel for w in self.windows(shape))
        channels, _ = channels_of_groups(shape[-1], self.filters, self.groups)
        return weight_and_bias((*kernel, channels, self.filters), f"{self.taps}ck", self.bias)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the contribution of every entry of the input, and the bias."""
        *taps, c, k = tensors["weight"].indices
        positions, windows = [index(letter) for letter in self.places], self.windows(x.shape)
        over, channel, unit = ranges(windows, positions, taps), c, k
        if self.groups != 1:
            channels, filters = channels_of_groups(x.shape[-1], self.filters, self.groups)
            g, m = index("g"), index("m")
            channel, unit = channels * g + c, filters * g + m
            over |= {g: self.groups, m: filters}
        target = y[(*entries(windows, positions, taps), unit)]
        value = tensors["weight"][(*taps, c, unit)] * x[(*positions, channel)]
        return (define(target, value, over=over), *bias_of(y, tensors))


_TRANSPOSED_MEANING = Meaning(
    forward=(
        "Each entry of {x} lays a copy of",
        When(
            "filters",
            "the kernel",
            ("each kernel", When("groups", "", "of its group", value=1)),
            value=1,
        ),
        ", multiplied by the entry, onto {y}; where copies overlap, they add up",
        When("bias", ", and a bias is added everywhere"),
        ".",
    ),
    backward="An entry of {x} reached every entry of {y} below its copy of the kernel: its error "
    "signal is the sum of theirs, each times the weight that the entry met there.",
)


@dataclass(frozen=True)
class ConvTranspose1D(_ConvTranspose):
    """One-dimensional transposed convolution, which enlarges a sequence.

        y[s i + d u - p, k]  <-  sum over i, u, c of w[u,c,k] x[i,c]

    plus b[k] everywhere. Terms outside the output are omitted: padding crops the output.

    Shapes: x (length, channels); weight (kernel size, channels / groups, filters); bias
    (filters,); y ((length - 1)*stride - before - after + span + output_padding, filters), where a
    kernel spans d (kernel size - 1) + 1 entries.

    Attributes: those of ``ConvTranspose2D``, with one number where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _TRANSPOSED_MEANING
    axes: ClassVar[str] = "rk"
    taps: ClassVar[str] = "u"
    places: ClassVar[str] = "i"


@dataclass(frozen=True)
class ConvTranspose2D(_ConvTranspose):
    """Two-dimensional transposed convolution, which enlarges an image.

        y[s i + d u - p, s j + d v - p, k]  <-  sum over i, j, u, v, c of w[u,v,c,k] x[i,j,c]

    plus b[k] everywhere. Without the bias, it is the adjoint of a convolution.
    Terms outside the output are omitted: padding crops the output. With ``groups`` = G, filter k
    reads only the k // (filters/G)-th block of C/G channels.

    Shapes: x (height, width, channels); weight (kernel height, kernel width, channels / groups,
    filters); bias (filters,); y ((n - 1)*stride - before - after + span + output_padding,
    likewise, filters), where a kernel spans d (kernel size - 1) + 1 entries.

    Attributes:
        filters: The number of output channels.
        kernel_size: n or (height, width).
        stride: n or (vertical, horizontal): the step between copies of the kernel.
        padding: The border that is cropped: n, (n, m), ((top, bottom), (left, right)), "valid"
            (nothing), or "same" (down to n*stride).
        bias: Whether there is a bias b.
        output_padding: n or (vertical, horizontal): how many entries the output has behind those
            that are left; less than the stride. They hold what would be cropped, or the bias.
        dilation: n or (vertical, horizontal): the spacing of the kernel entries.
        groups: The number of blocks of channels that are treated separately.

    Source: Dumoulin and Visin (2016), chapter 4.
    """

    meaning: ClassVar[Meaning | None] = _TRANSPOSED_MEANING
    axes: ClassVar[str] = "rsk"
    taps: ClassVar[str] = "uv"
    places: ClassVar[str] = "ij"


@dataclass(frozen=True)
class ConvTranspose3D(_ConvTranspose):
    """Three-dimensional transposed convolution, which enlarges a volume.

        y[s i + d u - p, ...]  <-  sum over i, j, l, u, v, o, c of w[u,v,o,c,k] x[i,j,l,c]

    plus b[k] everywhere. Terms outside the output are omitted: padding crops the output.

    Shapes: x (depth, height, width, channels); weight (three axes, channels / groups, filters);
    bias (filters,); y with the lengths of ``ConvTranspose2D`` along each axis.

    Attributes: those of ``ConvTranspose2D``, with three numbers where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _TRANSPOSED_MEANING
    axes: ClassVar[str] = "rsgk"
    taps: ClassVar[str] = "uvo"
    places: ClassVar[str] = "ijl"
