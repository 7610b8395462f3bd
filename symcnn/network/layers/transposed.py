"""Transposed convolutions: each input entry adds a multiple of the kernel to the output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, not_above, positive_integer
from symcnn.network.layers.convolution import Kernel, channels_of_groups
from symcnn.network.layers.declarations import Parameter
from symcnn.network.layers.layer import bias_of, weight_and_bias
from symcnn.network.layers.shapes import grid, per_axis
from symcnn.network.layers.window import Pair, Window, entries, ranges, transposed_windows
from symcnn.network.meaning import Meaning, When


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


_MEANING = Meaning(
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

    meaning: ClassVar[Meaning | None] = _MEANING
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

    meaning: ClassVar[Meaning | None] = _MEANING
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

    meaning: ClassVar[Meaning | None] = _MEANING
    axes: ClassVar[str] = "rsgk"
    taps: ClassVar[str] = "uvo"
    places: ClassVar[str] = "ijl"
