"""Pooling by norms: the root of the sum of powers in each window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, Expr, Integer

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import is_whole
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.pooling import Pool
from symcnn.network.layers.window import Pair, Window
from symcnn.network.meaning import Meaning, When

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
