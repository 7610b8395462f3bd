"""Means of windows, where padding counts or does not, and sums divided by a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, Expr, Indexed, Integer, S

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_whole, number_of, positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, numbers_of_entries
from symcnn.network.layers.pooling import KEPT, RETURNS, Pool
from symcnn.network.layers.window import Pair, Window
from symcnn.network.meaning import Meaning, When

_AVERAGE = Meaning(
    forward={
        "entries": When("entries", "{entries} is the number of entries per window that count."),
        "y": When(
            "divisor",
            "Each window of {x} is replaced by the sum of its entries, divided by {divisor}.",
            When("holds_one", KEPT, "Each window of {x} is replaced by the mean of its entries."),
        ),
    },
    backward=When(
        "divisor",
        "Each window hands its error signal, divided by {divisor}, to every entry in it.",
        When(
            "holds_one",
            RETURNS,
            "Each window hands an equal share of its error signal to every entry in it.",
        ),
    ),
)


@dataclass(frozen=True)
class _AvgPool(Pool):
    count_include_pad: bool = True
    dilation: Pair = 1
    divisor: Size | None = None

    @property
    def needs_entries(self) -> bool:
        """Whether a window that lies in the padding alone has no value."""
        return not (self.count_include_pad or self.divisor)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows; where padding does not count, none is without an entry."""
        made = self.dilated(shape, self.dilation)
        return self.without_padding_alone(made) if self.needs_entries else made

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return how many entries of a window count, where windows differ in that."""
        made = self.windows(shape)
        if self.divisor is not None:
            positive_integer(self.divisor, "divisor")
            return {}
        if not any(w.added if self.count_include_pad else w.before or w.after for w in made):
            return {}
        positions, axes = tuple(w.positions for w in made), self.axes[:-1]
        return numbers_of_entries(positions, axes)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum of every window's entries, each divided by their number."""
        entry, over = self.scan(y, x)
        if "entries" not in tensors:
            divisor = self.divisor or number_of(w.kernel for w in self.windows(x.shape))
            share = 1 / S(divisor)
            return (define(y[y.indices], share * entry, over=over),)
        held = tensors["entries"][y.indices[:-1]]
        inside = self._counted(entry, self.windows(x.shape))
        counted = define(held, S.One, over=over, inside=inside)
        return counted, define(y[y.indices], entry / held, over=over)

    def _counted(self, entry: Indexed, made: tuple[Window, ...]) -> list[tuple[Expr, Size]]:
        """Return ranges in which the entries of a window count."""
        if self.count_include_pad:
            axes = zip(entry.indices, made, strict=False)
            return [(at + w.before, w.padded - w.added) for at, w in axes]
        return [(at, w.size) for at, w in zip(entry.indices, made, strict=False)]


@dataclass(frozen=True)
class AvgPool1D(_AvgPool):
    """The mean of every window of K entries; by default padding counts as zeros.

        y[i,c] = sum over u of x[s i + d u - p, c] / K

    Shapes: x (length, channels), y (positions, channels).

    Attributes: those of ``AvgPool2D``, with one number where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _AVERAGE
    axes: ClassVar[str] = "ic"


@dataclass(frozen=True)
class AvgPool2D(_AvgPool):
    """The mean of every window of K x L entries.

        y[i,j,c] = sum over u, v of x[s i + d u - p, s j + d v - p, c] / (K L)

    Without ``count_include_pad``, the divisor is N[i,j], the number of entries that lie
    inside the image, instead of K L. Where ``ceil_mode`` lets a window extend beyond the padding,
    N[i,j] leaves out what is there.

    Shapes: x (height, width, channels), y (positions, positions, channels).

    Attributes:
        pool_size: n or (height, width).
        stride: n or (vertical, horizontal); by default ``pool_size``.
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
        count_include_pad: Whether padding counts as zeros.
        dilation: n or (vertical, horizontal): the spacing of the window entries.
        divisor: What every sum is divided by, in place of K L or N[i,j].
        ceil_mode: Whether the number of positions is rounded up, as for ``MaxPool2D``.
    """

    meaning: ClassVar[Meaning | None] = _AVERAGE


@dataclass(frozen=True)
class AvgPool3D(_AvgPool):
    """The mean of every window of a volume; by default padding counts as zeros.

        y[i,j,l,c] = sum over u, v, o of x[s i + d u - p, s j + d v - p, s l + d o - p, c] / (K L M)

    Shapes: x (depth, height, width, channels), y (positions, positions, positions, channels).

    Attributes: those of ``AvgPool2D``, with three numbers where that has a pair.
    """

    meaning: ClassVar[Meaning | None] = _AVERAGE
    axes: ClassVar[str] = "ijlc"


# Pooling by norms: the root of the sum of powers in each window.


_OF_WINDOWS = When(
    "overlaps",
    "An entry receives the error signals of all windows that hold it,",
    "An entry receives the error signal of its window,",
)


@dataclass(frozen=True)
class LPPool2D(Pool):
    """The p-norm of every window; padding adds nothing.

        Z[i,j,c] = sum over u, v of |x[s i + d u - p_0, s j + d v - p_0, c]|^p
        y[i,j,c] = Z[i,j,c]^(1/p)

    Where all entries of a window are 0, the norm has no derivative for p = 2 and above.

    Shapes: x (height, width, channels), y (positions, positions, channels).

    Attributes:
        pool_size: n or (height, width).
        stride: n or (vertical, horizontal); by default ``pool_size``.
        padding: n, (n, m), ((top, bottom), (left, right)), "valid" or "same".
        norm: The number p, a positive integer.
        dilation: n or (vertical, horizontal): the spacing of the window entries.
        ceil_mode: Whether the number of positions is rounded up, as for ``MaxPool2D``.
    """

    norm: int = 2
    dilation: Pair = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "powers": When(
                "powers",
                When(
                    "norm",
                    "In each window of {x}, the entries are squared and added up.",
                    "In each window of {x}, the absolute values are raised to the power {norm} "
                    "and added up.",
                    value=2,
                ),
            ),
            "y": When(
                "powers",
                When(
                    "norm",
                    "The square root of {powers} is the 2-norm of the window.",
                    "The root of {powers} is the {norm}-norm of the window.",
                    value=2,
                ),
                "In each window of {x}, the absolute values are added up.",
            ),
        },
        backward={
            "powers": When("powers", "Each error signal is multiplied by the slope of the root."),
            "x": When(
                "powers",
                (
                    _OF_WINDOWS,
                    "times the slope of its power: within a window, the larger an entry is in "
                    "absolute value, the more it receives.",
                ),
                (_OF_WINDOWS, "times its own sign."),
            ),
        },
    )
    source: ClassVar[str] = sources.NORM_POOLING
    departs: ClassVar[str] = "There the powers are weighted."
    type_name: ClassVar[str] = "lp_pool2d"

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """Return the windows; none is without an entry."""
        return self.without_padding_alone(self.dilated(shape, self.dilation))

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums of powers."""
        if not is_whole(self.norm, 1):
            raise SymcnnError(f"norm = {self.norm!r} is invalid: give a positive integer")
        made = (*(w.positions for w in self.windows(shape)), shape[-1])
        noun = "sums of squares" if self.norm == 2 else "sums of powers"
        return {} if self.norm == 1 else {"powers": Auxiliary(made, "Z", self.axes, noun=noun)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum of powers over every window, and its root."""
        entry, over = self.scan(y, x)
        power: Expr = entry**self.norm if self.norm % 2 == 0 else Abs(entry) ** self.norm
        if self.norm == 1:
            return (define(y[y.indices], power, over=over),)
        powers = tensors["powers"][y.indices]
        root = powers ** (Integer(1) / self.norm)
        return define(powers, power, over=over), define(y[y.indices], root)
