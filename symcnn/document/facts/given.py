"""What a document is given besides its derivation, as far as it tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import Sensitivities
from symcnn.document.facts.scope import Position
from symcnn.equations import Tensor
from symcnn.network.network import Network


class Figure(NamedTuple):
    """A named quantity and its numbers.

    Attributes:
        quantity: Its name.
        values: The numbers.
        verbatim: Whether they are what a source prints.
        written: How it prints them, if its digits are known.
    """

    quantity: str
    values: Sequence[Expr]
    verbatim: bool = False
    written: Sequence[str] = ()


class Figures(NamedTuple):
    """A quantity as a source has it, and as it is right; either may be missing."""

    printed: Figure | None
    right: Figure | None


class Told(NamedTuple):
    """A fault of a source.

    Attributes:
        text: What is said of it, with formulas between dollar signs.
        figures: The figures that show it.
        work: The work that has it, as bibliographies name it, if it is not that of the problem.
    """

    text: str
    figures: Figures
    work: str = ""


class Correction(NamedTuple):
    """What is wrong in the source that a problem comes from.

    Attributes:
        title: The heading of the section.
        figures: Everything that the source printed, beside what is right.
        faults: Its faults.
        is_kept: Whether the derivation follows the source, mistakes included.
    """

    title: str
    figures: Sequence[Figures]
    faults: Sequence[Told]
    is_kept: bool = False


class Whole(NamedTuple):
    """The network that the layers of a document are some of.

    Attributes:
        title: The title of its problem.
        network: The network.
        part: What the layers are called together.
        layers: The names of the layers.
        arriving: The tensor of the others that they read.
        leaving: Their tensor that the others, or the loss, read.
    """

    title: str
    network: Network
    part: str
    layers: Sequence[str]
    arriving: Tensor
    leaving: Tensor


class Chosen(NamedTuple):
    """All that is chosen in one equation: at ties of a maximum, or at kinks of a function.

    Attributes:
        tensor: The name of the tensor that the equation computes.
        positions: Its entries whose largest terms are equal, or which are computed at a kink.
        argument: The name of the tensor that is read at kinks; nothing at ties.
        places: The entries of it that are at kinks.
        changed: The entries of which other choices change the derivative, by the names of
            their tensors.
    """

    tensor: str
    positions: Sequence[Position]
    argument: str
    places: Sequence[Position]
    changed: Mapping[str, Sequence[Position]]


@dataclass(frozen=True)
class Curvature:
    """Second derivatives of the loss.

    Attributes:
        moving: What moves with each second variable, in the order of the network.
        values: The value of any expression of its entries, by the second variable's name; nothing
            where the network is too large for numbers.
        error: The largest difference of a printed number from a second computation; None where
            no number is printed.
        pairs: How many pairs of parameters there are, if those of different ones are too many.
        are_chosen: Whether the pairs were chosen one by one.
    """

    moving: tuple[Sensitivities, ...]
    values: Mapping[str, Callable[[Expr], Expr]]
    error: float | None = None
    pairs: int | None = None
    are_chosen: bool = False

    @property
    def entries(self) -> int:
        """The number of entries of all blocks."""
        return sum(int(block.result.size) for made in self.moving for block in made.blocks)

    def is_printed(self, block: SecondOrder) -> bool:
        """Tell whether the numbers of a block are written out."""
        is_small = block.result.size <= limits.HESSIAN_PRINTED
        return bool(self.values and block.groups) and is_small


class Nudge(NamedTuple):
    """One weight changed by a little, and the loss there.

    Attributes:
        weight: The weight.
        slope: The derivative with respect to it.
        change: By how much it is changed, so that the loss falls.
        after: The loss then.
    """

    weight: Symbol
    slope: Symbol
    change: Expr
    after: Expr


class Compared(NamedTuple):
    """One derivative of the gradient check: the derived value beside the measured one.

    They are floats, or decimals where floats do not hold them. Derivatives along a direction
    have its number as their position, and no name.
    """

    name: str
    position: tuple[int, ...]
    analytic: Any
    numeric: Any


class Check(NamedTuple):
    """The gradient check: how it was made, and what it gave.

    Attributes:
        method: The numerical method.
        rows: What was compared.
        max_abs_error: The largest difference.
        is_apart: Whether it was made at other numbers than those of the problem, near them.
    """

    method: str
    rows: Sequence[Compared]
    max_abs_error: float
    is_apart: bool = False

    @property
    def directions(self) -> int:
        """How many directions derivatives are taken along; 0 where they are single entries'."""
        return sum(not row.name for row in self.rows)


class Descent(NamedTuple):
    """One step of gradient descent: the loss before and after it.

    Attributes:
        rate: The learning rate.
        squares: The sum of the squares of all weights' derivatives; none where the step is another
            than that of plain gradient descent.
        before: The loss at the problem's numbers.
        slope: The one-sided derivative along the step, where ties or kinks make it another
            than minus this sum; else None.
        predicted: What the slopes predict: before - rate * squares, or before + rate * slope;
            none where that is left out, or the step is another.
        after: The loss with the updated weights.
    """

    rate: Expr
    squares: Expr | None
    slope: Expr | None
    before: Expr
    predicted: Expr | None
    after: Expr
