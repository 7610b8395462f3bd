"""What is read of a network from elsewhere: a graph of operators, in the source's own layouts.

PyTorch and ONNX become the same graph. A tensor is called by its name; its first axis, in the
source, counts the samples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, NoReturn, TypeVar

import numpy as np

from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, fitted, shown

Step = TypeVar("Step")
Found = TypeVar("Found")
Move = Callable[[Array], Array]
"""Takes entries of an array to other places, and computes nothing."""


class Ref(NamedTuple):
    """A tensor that depends on the input, by its name in the graph."""

    name: str


@dataclass(frozen=True)
class Constant:
    """An array that does not depend on the input.

    Attributes:
        array: Its numbers.
        parameter: The parameter of the source whose entries these are, if they are any.
        moves: How they got to their places, from the parameter's own shape.
        stored: What the source stores whose entries these are: the parameter, or a statistic.
        computed_of: The parameters of the source that the numbers are computed of otherwise.
    """

    array: Array
    parameter: str = ""
    moves: tuple[Move, ...] = ()
    stored: str = ""
    computed_of: frozenset[str] = frozenset()

    def moved(self, move: Move) -> Constant:
        """Return the array with its entries in other places."""
        return replace(self, array=move(self.array), moves=(*self.moves, move))

    def entries(self, shape: Shape) -> Array:
        """Return which entry of a parameter of this shape stands at each place."""
        size = int(np.prod(shape))
        number = np.arange(size, dtype=np.min_scalar_type(-size)).reshape(shape)
        for move in self.moves:
            number = move(number)
        return number


class Kept(NamedTuple):
    """An array that a source stores.

    Attributes:
        shape: Its shape.
        numbers: What the source calls the type of its numbers.
        read: Returns its numbers, floats in float64.
        first: The first of the names that the same array has.
    """

    shape: Shape
    numbers: str
    read: Callable[[], Array]
    first: str


@dataclass(frozen=True)
class Node:
    """One operator in its place.

    Attributes:
        name: What the source calls the node.
        operator: What the source calls the operator.
        layer: What the layer is to be called.
        arguments: Its arguments by name: ``Ref`` and ``Constant``, numbers, texts, lists of these.
        outputs: The tensors that it makes.
        shapes: The shape of each, in the source.
    """

    name: str
    operator: str
    layer: str
    arguments: Mapping[str, Any]
    outputs: tuple[str, ...]
    shapes: tuple[Shape, ...]

    def get(self, key: str, default: Any = None) -> Any:
        """Return an argument, or the default where it is not given."""
        found = self.arguments.get(key)
        return default if found is None else found

    def called(self, *names: str) -> str:
        """Return the first of several names that an argument has: sources differ in them."""
        return next((name for name in names if name in self.arguments), names[0])

    def integers(self, key: str) -> list[int] | None:
        """Return integers, whether they are a setting or an array."""
        found = self.get(key)
        return [*map(int, found.array.ravel())] if isinstance(found, Constant) else found

    @property
    def shape(self) -> Shape:
        """The shape of the first output."""
        return self.shapes[0]

    @property
    def reads(self) -> Iterator[Ref]:
        """The tensors that it reads."""
        yield from refs(self.arguments.values())

    def refused(self, why: str, remedy: str) -> NoReturn:
        """Say that this cannot be imported, and what can be done.

        Raises:
            SymcnnError: One line with the node, the operator and the shapes.
        """
        made = ", ".join(map(dimensions, self.shapes))
        before = f"node {shown(self.name)} ({self.operator}, output {made}): "
        raise SymcnnError(fitted(before, why, f": {remedy}"))


@dataclass(frozen=True)
class Graph:
    """A network as its source states it.

    Attributes:
        input: The tensor that is the input of the network.
        shape: Its shape, the samples first.
        nodes: The operators, in order.
        output: The tensor that is the output.
        parameters: The shapes of what the source learns, by name.
        others: Further inputs of which every sample has its own, by name: they are given tensors.
        stored: The arrays that the source stores, by name.
    """

    input: str
    shape: Shape
    nodes: Sequence[Node]
    output: str
    parameters: Mapping[str, Shape] = field(default_factory=dict)
    others: Mapping[str, Array] = field(default_factory=dict)
    stored: Mapping[str, Kept] = field(default_factory=dict)

    def pruned(self) -> Graph:
        """Return the graph without what the output does not depend on."""
        kept = needed(
            self.nodes, [self.output], lambda n: n.outputs, lambda n: [ref.name for ref in n.reads]
        )
        return replace(self, nodes=kept)


def needed(
    steps: Sequence[Step],
    outputs: Iterable[str],
    made: Callable[[Step], Iterable[str]],
    read: Callable[[Step], Iterable[str]],
) -> list[Step]:
    """Return the steps that outputs depend on, by the names of what each has made and read."""
    wanted, kept = {*outputs}, list[Step]()
    for step in reversed(steps):
        if not wanted.isdisjoint(made(step)):
            kept.append(step)
            wanted.update(read(step))
    return kept[::-1]


def refs(value: Any) -> Iterator[Ref]:
    """Return the tensors in an argument, which may be a list."""
    return _all(value, Ref)


def constants(value: Any) -> Iterator[Constant]:
    """Return the arrays in an argument, which may be a list."""
    return _all(value, Constant)


def _all(value: Any, kind: type[Found]) -> Iterator[Found]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, Sequence | type({}.values())) and not isinstance(value, str):
        for part in value:
            yield from _all(part, kind)


Reason = tuple[str, str]

RANDOM: Reason = ("it draws random numbers", "remove it, or give its numbers as a buffer")

_KINDS: Sequence[tuple[str, Reason]] = (
    (r"rand|bernoulli|multinomial|normal_|^normal\b|poisson|uniform|exponential|rrelu", RANDOM),
    (
        r"fft|^stft|^istft|^dft$|complex|as_real|^angle",
        ("it computes complex numbers", "state it in real numbers, such as a matrix product"),
    ),
    (
        r"^cond$|^while_loop|^if$|^loop$|^scan$|^map_impl",
        ("its steps depend on data", "compute all ways, and choose among the results by where"),
    ),
    (
        r"grad_enabled|^autocast|^wrap_with_autocast",
        ("it is a block inside of forward", "remove torch.no_grad or autocast, or use .detach()"),
    ),
    (
        r"grid_?sample|roi_?align|roi_pool|^nms|deform|nonmaxsuppression|affine_grid",
        ("which entries it reads depends on data", "read fixed places, as interpolate does"),
    ),
    (
        r"quantize|qlinear|matmulinteger|convinteger",
        ("it computes with rounded whole numbers", "import the network in floats"),
    ),
    (
        r"^argm|argsort|^sort|^nonzero|^unique|^bincount|^searchsorted|^bucketize",
        ("its result is whole numbers, which have no derivatives", "return what it is found of"),
    ),
)

_ELSE: Reason = (
    "no layer is known for this operator",
    "remove it from the module, or write the layer yourself: docs/imports.md",
)


def unknown(operator: str) -> Reason:
    """Return why an operator is not imported, and the remedy.

    >>> unknown("aten.randn_like.default")[0], unknown("DFT")[0]
    ('it draws random numbers', 'it computes complex numbers')
    """
    name = operator.removeprefix("aten.").split(".")[0].lower()
    return next((reason for kind, reason in _KINDS if re.search(kind, name)), _ELSE)
