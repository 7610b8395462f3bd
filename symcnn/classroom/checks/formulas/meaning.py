"""What a formula means once its letters are bound: its value at every place, in one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from symcnn.classroom.checks.formulas.axes import Tags
from symcnn.classroom.checks.formulas.tree import Ref

Kind = Literal["value", "gradient", "sample", "identity", "root", "deviation"]


class Quantity(NamedTuple):
    """What a letter stands for.

    Attributes:
        name: The tensor.
        kind: Its value, dL/dT, the same times the number of samples (``sample``), the root of its
            value (``deviation``), of its value plus epsilon (``root``), or 1 where two
            indices are equal (``identity``).
    """

    name: str
    kind: Kind = "value"

    @property
    def words(self) -> str:
        """What it is, in words."""
        return {
            "value": self.name,
            "gradient": f"the gradient with respect to {self.name}",
            "sample": f"the gradient with respect to {self.name} of each sample's own loss",
            "identity": "1 where both indices are equal, and 0 elsewhere",
            "root": f"the square root of {self.name} + epsilon",
            "deviation": f"the square root of {self.name}",
        }[self.kind]


Letter = tuple[str, tuple[str, ...], bool]
"""A letter, what stands above it, and whether it is a derivative with respect to it."""

Key = tuple[Tags, int, bool]
"""A kind of tensor, the number of its indices, and whether the sample stands above."""


@dataclass(frozen=True)
class Reading:
    """How a formula is read.

    Attributes:
        letters: What each letter stands for.
        orders: Which axes the indices of a kind of tensor stand for.
        sizes: What letters without indices stand for, by what the numbers are.
        base: The number of the first entry along an axis of positions.
        first: That along all other axes.
        centred: Whether kernels are numbered from their centre.
        star: What ``*`` is: the sliding product with the kernel as it is, or flipped.
        rows: Whether samples are the rows of matrices, and vectors rows.
        left: What is computed, with its free indices.
        each: Whether the formula is one for every sample, whose index is left out.
        target: What is to be computed.
        layer: The number of the layer l, if the formula names it.
    """

    letters: Mapping[Letter, Quantity] = field(default_factory=dict)
    orders: Mapping[Key, Tags] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)
    base: int = 0
    first: int = 0
    centred: bool = False
    star: Literal["correlation", "convolution"] = "correlation"
    rows: bool = False
    left: Ref | None = None
    each: bool = False
    target: Quantity = field(default=Quantity("x", "gradient"))
    layer: int | None = None


def letter_of(ref: Ref, samples: frozenset[str]) -> Letter:
    """Return a letter without its indices; a sample above it is one of these."""
    upper = tuple(spelled(node) for node in ref.upper if not is_sample(node, samples))
    return ref.base, upper, ref.grad


def is_sample(node: object, samples: frozenset[str]) -> bool:
    """Tell whether what stands above is the index of a sample."""
    return isinstance(node, Ref) and node.subs is None and node.base in samples


def spelled(node: object) -> str:
    """Return what stands above a letter as text, such as l+1."""
    from symcnn.classroom.checks.formulas.tree import Bin, Num

    if isinstance(node, Num):
        return str(node.value)
    if isinstance(node, Ref):
        return "l" if node.base == "ell" else node.base
    if isinstance(node, Bin) and node.op == "*":
        return f"{spelled(node.left)}^({spelled(node.right)})"
    if isinstance(node, Bin):
        return spelled(node.left) + node.op + spelled(node.right)
    return "?"
