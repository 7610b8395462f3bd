"""Shuffles: channels become positions, or are interleaved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.reshaping import STAYED
from symcnn.network.layers.shapes import grid, quotient
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class PixelShuffle(Layer):
    """Every k^2 channels become k x k positions of one channel.

        y[k i + u, k j + v, c] = x[i, j, k^2 c + k u + v]

    Shapes: x (height, width, channels), y (k height, k width, channels / k^2).

    Attributes:
        factor: The factor k.

    Source: Shi et al. (2016).
    """

    factor: Size

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "factor",
            "With factor 1 no entry moves.",
            "Channels become places: the entries that {block} channels have at a position fill "
            "a square with {factor} entries on each side. No number changes.",
            value=1,
        ),
        backward=When(
            "factor",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
            value=1,
        ),
    )
    source: ClassVar[str] = sources.PIXEL_SHUFFLE
    departs: ClassVar[str] = "There the channels of the input are in another order."
    prefix: ClassVar[str] = "pixel_shuffle"
    axes: ClassVar[str] = "ijc"

    @property
    def block(self) -> Size:
        """The number of channels that become one."""
        return positive_integer(self.factor, "factor") ** 2

    def output_shape(self, shape: Shape) -> Shape:
        """Return the enlarged height and width, and the channels that are left."""
        k = positive_integer(self.factor, "factor")
        height, width = grid(shape, 2)
        if (channels := quotient(shape[-1], k**2)) is None:
            raise SymcnnError(
                f"factor = {k} makes one channel of {k**2}, which does not divide {shape[-1]} "
                "channels: choose another factor or number of channels"
            )
        return height * k, width * k, channels

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that moves every entry."""
        k, (i, j, c), u, v = self.factor, y.indices, index("u"), index("v")
        over = {i: x.shape[0], j: x.shape[1], u: k, v: k, c: y.shape[2]}
        return (define(y[k * i + u, k * j + v, c], x[i, j, k**2 * c + k * u + v], over=over),)


@dataclass(frozen=True)
class ChannelShuffle(Layer):
    """The channels of G groups in turn: one of each group, then the next of each.

        y[..., G m + g] = x[..., M g + m],    M = channels / G

    Shapes: x and y have the same shape.

    Attributes:
        groups: The number of groups G.

    Source: Zhang et al. (2018).
    """

    groups: Size

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_order",
            When(
                "groups",
                "There is one group alone, so the channels of {x} keep their order.",
                "Each group is a single channel, so the channels of {x} keep their order.",
                value=1,
            ),
            "The channels of {x} are dealt like cards: one of each of the {groups} groups in "
            "turn. No number changes.",
        ),
        backward=When(
            "keeps_order",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
        ),
    )
    source: ClassVar[str] = sources.CHANNEL_SHUFFLE
    prefix: ClassVar[str] = "channel_shuffle"

    def keeps_order(self, shape: Shape) -> bool:
        """Tell whether there is one group alone, or one channel in each."""
        return self.groups in (1, shape[-1])

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        self._members(shape)
        return shape

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that moves every channel."""
        *place, _ = y.indices
        g, m, members = index("g"), index("m"), self._members(x.shape)
        source, target = (*place, members * g + m), (*place, self.groups * m + g)
        return (define(y[target], x[source], over={g: self.groups, m: members}),)

    def _members(self, shape: Shape) -> Size:
        groups = positive_integer(self.groups, "groups")
        if (members := quotient(shape[-1], groups)) is None:
            raise SymcnnError(f"groups = {groups} must divide the number of channels ({shape[-1]})")
        return members
