"""Sums, means, maxima, products and log-sum-exps along axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import (
    SUM,
    Equation,
    LogSumExp,
    Max,
    Mean,
    Product,
    Reduction,
    Tensor,
    define,
)
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.reduction import Ties
from symcnn.network.layers.declarations import axes_of, axis_of
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class _Reduce(Layer):
    """A reduction along some axes.

    Attributes:
        axis: The axis, or several; from 0 on, negative ones count from the last. By default all.
        keepdims: Whether these axes remain, with length 1.
    """

    axis: int | tuple[int, ...] | None = None
    keepdims: bool = False

    reduction: ClassVar[Reduction]

    def takes_all(self, shape: Shape) -> bool:
        """Tell whether all axes are reduced."""
        return len(axes_of(shape, self.axis)) == len(shape)

    def takes_one(self, shape: Shape) -> bool:
        """Tell whether a single axis is reduced."""
        return len(axes_of(shape, self.axis)) == 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the other axes, and the reduced ones with length 1 if they remain."""
        along = axes_of(shape, self.axis)
        if self.keepdims:
            return tuple(1 if axis in along else n for axis, n in enumerate(shape))
        return tuple(n for axis, n in enumerate(shape) if axis not in along) or (1,)

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the reduction of x along the axes."""
        along = axes_of(x.shape, self.axis)
        spare = spare_letters({symbol.name for symbol in y.indices})
        if self.keepdims:
            own = list(y.indices)
            target = tuple(0 if axis in along else i for axis, i in enumerate(y.indices))
        else:
            kept = iter(y.indices)
            own = [index(next(spare)) if a in along else next(kept) for a in range(len(x.shape))]
            target = y.indices if len(along) < len(x.shape) else (0,)
        return (define(y[target], x[tuple(own)], reduction=self.reduced_by),)

    @property
    def reduced_by(self) -> Reduction:
        """The reduction, with its settings."""
        return self.reduction


def _along(of_all: str, of_some: str) -> When:
    """Say what is reduced, all entries or those along one axis or several."""
    axes = When("takes_one", "one of its axes.", "several of its axes.")
    return When("takes_all", of_all, (of_some, axes))


@dataclass(frozen=True)
class ReduceSum(_Reduce):
    """The sum along one axis or several: y[i] = sum over j, c of x[i,j,c].

    Shapes: y has the axes of x but those that are summed over; of all, it is one number.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=_along(
            "All entries of {x} are added up.",
            "The entries of {x} are added up along",
        ),
        backward="A sum passes its error signal on to each of its terms, unchanged.",
    )
    prefix: ClassVar[str] = "sum"
    reduction: ClassVar[Reduction] = SUM


@dataclass(frozen=True)
class ReduceMean(_Reduce):
    """The mean along one axis or several: y[i] = mean over j, c of x[i,j,c].

    Shapes: y has the axes of x but those that the mean is taken over; of all, it is one number.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=_along(
            "{y} is the mean of all entries of {x}.",
            "The entries of {x} are averaged along",
        ),
        backward="A mean hands an equal share of its error signal to every entry that it is taken "
        "over.",
    )
    prefix: ClassVar[str] = "mean"
    reduction: ClassVar[Reduction] = Mean()


@dataclass(frozen=True)
class ReduceMax(_Reduce):
    """The maximum along one axis or several: y[i] = max over j, c of x[i,j,c].

    Shapes: y has the axes of x but those that the maximum is taken over; of all, it is one number.

    Attributes:
        ties: Which of several equal maxima receives the derivative: "first", in row-major order,
            or "split", equal shares.
    """

    ties: Ties = "first"

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=_along(
            "{y} is the largest entry of {x}.",
            "The largest entry of {x} is taken along",
        ),
        backward=When(
            "ties",
            "The error signal is shared equally among the largest entries.",
            "The error signal goes to the largest entry, and to it alone.",
            value="split",
        ),
    )
    prefix: ClassVar[str] = "max"
    reduction: ClassVar[Reduction] = Max()

    @property
    def reduced_by(self) -> Reduction:
        """The maximum, with its rule for ties."""
        return Max(self.ties)


@dataclass(frozen=True)
class ReduceProd(_Reduce):
    """The product along one axis or several: y[i] = product over j, c of x[i,j,c].

    Its derivative with respect to a factor is the product of the others, whether or not factors
    are 0.

    Shapes: y has the axes of x but those that are multiplied; of all, it is one number.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=_along(
            "All entries of {x} are multiplied.",
            "The entries of {x} are multiplied along",
        ),
        backward="Each factor receives the error signal of its product, times all other factors.",
    )
    prefix: ClassVar[str] = "product"
    reduction: ClassVar[Reduction] = Product()


@dataclass(frozen=True)
class ReduceLogSumExp(_Reduce):
    """The log-sum-exp along one axis or several: y[i] = log(sum over j, c of exp(x[i,j,c])).

    It is a smooth maximum: its derivatives are the softmax of x along these axes.

    Shapes: y has the axes of x but those that are summed over; of all, it is one number.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=_along(
            "{y} is the logarithm of the sum of the exponentials of all entries of {x}.",
            "The logarithm of the sum of the exponentials of {x} is taken along",
        ),
        backward="An entry receives the share of the error signal that its exponential has in the "
        "sum.",
    )
    prefix: ClassVar[str] = "log_sum_exp"
    reduction: ClassVar[Reduction] = LogSumExp()


# Cumulative sums.


@dataclass(frozen=True)
class CumSum(Layer):
    """The sum of the entries up to each place of an axis: y[i, c] = sum over q <= i of x[q, c].

    Shapes: x and y have the same shape.

    Attributes:
        axis: The axis, from 0 on; a negative one counts from the last.
        exclusive: Whether the entry at the place itself is left out: q < i.
        reverse: Whether the entries from each place on are added up: q >= i.
    """

    axis: int = 0
    exclusive: bool = False
    reverse: bool = False

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "Each entry of {y} is the sum, along an axis, of the entries of {x}",
            When(
                "exclusive",
                When("reverse", "behind its place.", "before its place."),
                When("reverse", "from its place on.", "up to its place."),
            ),
        ),
        backward=(
            "An entry is part of the sums",
            When(
                "exclusive",
                When("reverse", "at all places before it", "at all places behind it"),
                When(
                    "reverse", "at its own place and all before", "at its own place and all behind"
                ),
            ),
            ": it receives the sum of their error signals.",
        ),
    )
    type_name: ClassVar[str] = "cumsum"
    prefix: ClassVar[str] = "cumsum"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        axis_of(shape, self.axis)
        return shape

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sum over the entries on one side."""
        axis = axis_of(x.shape, self.axis)
        i, q = y.indices[axis], index(next(spare_letters({s.name for s in y.indices})))
        distance = (q - i if self.reverse else i - q) - int(self.exclusive)
        read = x[(*y.indices[:axis], q, *y.indices[axis + 1 :])]
        return (define(y[y.indices], read, inside=[(distance, x.shape[axis])]),)
