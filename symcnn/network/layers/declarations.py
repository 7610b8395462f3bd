"""What a layer or a loss declares: parameters, given tensors and intermediate ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeAlias

from symcnn.equations.notation import Shape
from symcnn.equations.tensor import Role
from symcnn.errors import SymcnnError, expect, shown
from symcnn.network.layers.shapes import checked_shape


@dataclass(frozen=True)
class Parameter:
    """A tensor that a layer learns.

    Attributes:
        shape: Its shape, e.g. (kernel height, kernel width, input channels, filters).
        letter: Its letter in formulas, e.g. "w".
        axes: The names of its index symbols, one letter per axis, e.g. "uvck".
        penalised: Whether the ``l2`` penalty of the loss includes it.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    penalised: bool = True
    instead: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "parameter shape"))


@dataclass(frozen=True)
class Auxiliary:
    """An intermediate tensor of a layer, such as a mean.

    Attributes:
        shape: Its shape, for one sample.
        letter: Its letter in formulas.
        axes: The names of its index symbols, one letter per axis.
        sampled: Whether every sample has its own; otherwise a batch shares one.
        constant: Whether it depends on no input or parameter and so has no derivative.
        noun: What a sentence calls it, if not by its name: "log-sum-exp".
        positive: Whether its entries are positive wherever the layer exists; theorems then do not
            suppose that what divides by them is not 0.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    sampled: bool = True
    constant: bool = False
    noun: str = ""
    positive: bool = field(default=False, kw_only=True)
    instead: str = field(default="", kw_only=True)

    @property
    def role(self) -> Role:
        """What it is in the network."""
        return "constant" if self.constant else "auxiliary"

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "auxiliary shape"))


@dataclass(frozen=True)
class Given:
    """A tensor whose numbers are given and not learned: a mask, running statistics, noise.

    Derivatives with respect to it are taken on request alone.

    Attributes:
        shape: Its shape, for one sample.
        letter: Its letter in formulas.
        axes: The names of its index symbols, one letter per axis.
        sampled: Whether every sample has its own; otherwise a batch shares one.
        instead: Its letter in networks in which ``letter`` stands for something else.
    """

    shape: Shape
    letter: str
    axes: str
    sampled: bool = False
    instead: str = field(default="", kw_only=True)

    @property
    def role(self) -> Role:
        """What it is in the network."""
        return "given"

    def __post_init__(self) -> None:
        """Check the shape: a tensor has one entry at least."""
        object.__setattr__(self, "shape", checked_shape(self.shape, "shape of what is given"))


Own: TypeAlias = Auxiliary | Given
"""What belongs to one layer or loss and is not learned."""


def check_declared(
    learned: Mapping[str, Parameter],
    supplied: Mapping[str, Given],
    computed: Mapping[str, Auxiliary],
) -> None:
    """Refuse one name for two tensors, what is no letter, and axes that do not fit a shape."""
    _check_kind("parameters", learned, Parameter)
    _check_kind("givens", supplied, Given)
    _check_kind("auxiliaries", computed, Auxiliary)
    kinds = (("a parameter", learned), ("a given tensor", supplied), ("an auxiliary", computed))
    for (one, first), (other, second) in combinations(kinds, 2):
        if both := first.keys() & second.keys():
            raise SymcnnError(f"{one} and {other} are both named {min(both)!r}: rename one")
    parts: dict[str, Parameter | Own] = {**learned, **supplied, **computed}
    for key, part in parts.items():
        if not (isinstance(part.letter, str) and part.letter.isascii() and part.letter.isalpha()):
            raise SymcnnError(
                f"the {key} cannot be called {shown(part.letter)}: use a Latin letter or the "
                "name of a Greek one"
            )
        if len(part.axes) != len(part.shape):
            raise SymcnnError(
                f"the {key} of shape {part.shape} has the axes {part.axes!r}: give one "
                "letter per axis"
            )


def _check_kind(method: str, returned: Any, kind: type) -> None:
    """Refuse what is no table of parameters, or of auxiliaries."""
    remedy = f'return a table such as {{"weight": {kind.__name__}((3, 2), "w", "ij")}}'
    expect(returned, Mapping, f"what {method} returns", remedy)
    for key, part in returned.items():
        expect(part, kind, f"what {method} returns as {shown(key)}", remedy)


def numbers_of_entries(positions: Shape, axes: str) -> dict[str, Auxiliary]:
    """Return the tensor of how many entries each window holds, one at least."""
    noun = "number of entries per window"
    own = Auxiliary(positions, "N", axes, False, constant=True, noun=noun, positive=True)
    return {"entries": own}
