"""What a formula means once its letters are bound: its value at every place, in one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from symcnn.classroom.checks.formulas.axes import Tags
from symcnn.classroom.checks.formulas.spelling import LAYERS
from symcnn.classroom.checks.formulas.tree import Bin, Node, Num, Range, Ref, summed
from symcnn.errors import SymcnnError, shown
from symcnn.network.network import Network

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
        own: Whether it is written in the network's own notation: every letter is the name of a
            tensor, and the indices stand for the axes in their order, without those of length 1.
        ranges: What free indices run over, where it is said.
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
    own: bool = False
    ranges: tuple[Range, ...] = ()


def quantity_of(of: str, network: Network) -> Quantity:
    """Return what a formula is about: "gradient of conv1.weight", or "conv1" for its value.

    Raises:
        SymcnnError: If there is no such tensor, or it is given.
    """
    if not isinstance(of, str):
        raise SymcnnError('of says what the formula is of: give "gradient of conv1.weight"')
    name, kind = _said(of)
    listed = _listed(network)
    if name not in listed:
        raise SymcnnError(
            f"there is no {shown(name)} in the network: give gradient of {', '.join(listed[:6])}"
        )
    tensor = network.tensors[name]
    if kind == "value" and tensor.is_given:
        raise SymcnnError(f"{name} is given and has no formula: give gradient of {name}")
    if kind == "gradient" and tensor.role in ("target", "given"):
        raise SymcnnError(f"nothing is differentiated with respect to {name}: name another tensor")
    return Quantity(name, kind)


def chosen_quantity(text: str, network: Network) -> Quantity:
    """Return the tensor that a letter was bound to.

    Raises:
        SymcnnError: If there is no such tensor.
    """
    made, known = _said(str(text)), _listed(network)
    if made.name not in known:
        listed = ", ".join(known[:8])
        raise SymcnnError(
            f"there is no {made.name} that a letter can stand for: choose from {listed}"
        )
    return made


def _said(text: str) -> Quantity:
    said = " ".join(text.split())
    is_gradient = said.startswith(("gradient of ", "error signal of "))
    return Quantity(said.partition(" of ")[2], "gradient") if is_gradient else Quantity(said)


def _listed(network: Network) -> list[str]:
    return [name for name, tensor in network.tensors.items() if tensor.role != "loss"]


def samples_in(formula: Node, left: Ref | None) -> frozenset[str]:
    """Return the letters of samples, if they stand above: indices of sums, or free ones."""
    return frozenset({*summed(formula), *(left.indices if left is not None else ())} - LAYERS)


def samples_above(ref: Ref, samples: frozenset[str]) -> tuple[Node, ...]:
    """Return the indices of samples that stand above a letter."""
    return tuple(node for node in ref.upper if is_sample(node, samples))


def is_sample(node: Node, samples: frozenset[str]) -> bool:
    """Tell whether what stands above is the index of a sample."""
    return isinstance(node, Ref) and node.subs is None and node.base in samples


def key_of(ref: Ref, tags: Tags, samples: frozenset[str]) -> Key:
    """Return the kind of a letter of a tensor, for what its indices stand for."""
    axes = tuple(tag for tag in tags if tag != "-")
    return axes, len(ref.below), bool(samples_above(ref, samples))


def letter_of(ref: Ref, samples: frozenset[str]) -> Letter:
    """Return a letter without its indices; a sample above it is one of these."""
    upper = tuple(_spelled(node) for node in ref.upper if not is_sample(node, samples))
    return ref.base, upper, ref.grad


def _spelled(node: Node) -> str:
    """Return what stands above a letter as text, such as l+1."""
    if isinstance(node, Num):
        return str(node.value)
    if isinstance(node, Ref):
        return "l" if node.base == "ell" else node.base
    if not isinstance(node, Bin):
        return "?"
    left, right = _spelled(node.left), _spelled(node.right)
    return f"{left}^({right})" if node.op == "*" else left + node.op + right
