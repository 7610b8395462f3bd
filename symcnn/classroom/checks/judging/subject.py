"""What is checked, at one choice of sizes: its derivation, and which array is which tensor.

A layer is checked alone. Its loss is the inner product of the output with a given array, which is
then the error signal of the output. A layer with several inputs reads them as parts of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal

from symcnn.classroom.checks.code.source_text import STATISTICS
from symcnn.classroom.checks.judging.evaluation import Evaluation, Stages
from symcnn.classroom.checks.judging.numbers import drawn
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.marking.formulas import Formulas
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.network.layers import Scale, Sigmoid, Slice
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.merge import Merge
from symcnn.network.losses import Loss, Upstream
from symcnn.network.meaning import PLACING
from symcnn.network.network import Network
from symcnn.problems import Problem

Kind = Literal["backward", "forward", "gradients"]

_MOST_INPUTS = 3


@dataclass(frozen=True, eq=False)
class Subject:
    """Something that is checked, at given sizes.

    Attributes:
        network: The network.
        kind: What a function returns: gradients of a layer, its output, gradients of a network.
        names: The tensors, by what the arrays are called.
        wanted: The arrays that a function returns, in their natural order.
        offered: Those that it may return besides: the statistics of a normalisation.
    """

    network: Network
    kind: Kind
    names: Mapping[str, str]
    wanted: tuple[str, ...]
    offered: tuple[str, ...] = ()

    @property
    def layer(self) -> Layer:
        """The layer that is checked; of a network the last one."""
        return self.network.stages[-1].layer

    def layer_of(self, tensor: Tensor) -> Layer:
        """Return the layer that a parameter belongs to; of what belongs to none, the last one."""
        owners = (stage for stage in self.network.stages if tensor in stage.parameters.values())
        return next((stage.layer for stage in owners), self.layer)

    @property
    def given(self) -> tuple[str, ...]:
        """The arrays that can be passed, in their natural order."""
        returned = self.due if self.kind == "forward" else ()
        return tuple(name for name in self.names if name not in returned)

    @property
    def due(self) -> tuple[str, ...]:
        """The arrays that can be returned."""
        return (*self.wanted, *self.offered)

    @property
    def read(self) -> str:
        """What a layer or a loss reads, or the first of several arrays."""
        return next(name for name in self.given if name.startswith(("x", "prediction")))

    @property
    def batch(self) -> int:
        """The number of samples."""
        return 1 if self.network.batch is None else int(self.network.batch)

    @cached_property
    def formulas(self) -> Formulas:
        """The equations of everything."""
        numbers = {name: array.tolist() for name, array in drawn(self.network, 0).items()}
        return Formulas(Problem(self.network, numbers))

    @cached_property
    def stages(self) -> Stages:
        """The same in the order of evaluation."""
        return Stages(self.formulas.derivation)

    @cached_property
    def terms(self) -> int:
        """How many terms all equations have, forward and backward."""
        backward = (step.equation for step in self.formulas.derivation.steps)
        return sum(int(e.terms) for e in (*self.network.equations, *backward))

    def tensor(self, name: str) -> Tensor:
        """Return the tensor whose entries a returned array holds."""
        of = self.network.tensors[self.names[name]]
        if self.kind == "forward":
            return of
        return self.formulas.derivation.adjoints[of.name]

    def inputs(self, evaluation: Evaluation) -> dict[str, Array]:
        """Return the arrays that a function is given, by what they are called."""
        tensors = ((name, self.network.tensors[self.names[name]]) for name in self.given)
        return {name: evaluation.due(tensor).value for name, tensor in tensors}


def of_layer(layer: Layer, shape: tuple[int, ...], batch: int, kind: Kind) -> Subject | None:
    """Return a layer at given sizes, made once for equal ones; None if it does not take them."""
    try:
        return _of_layer(layer, shape, batch, kind)
    except TypeError:  # a setting is a list, which cannot be looked up
        return _of_layer.__wrapped__(layer, shape, batch, kind)


@lru_cache(maxsize=2048)
def _of_layer(layer: Layer, shape: tuple[int, ...], batch: int, kind: Kind) -> Subject | None:
    for count in range(1, _MOST_INPUTS + 1):
        try:
            layer.joined_shape([shape] * count)  # most sizes fail here already
            network = _alone(layer, shape, batch, count)
        except SymcnnError:
            continue
        return Subject(network, kind, *_called(network, kind))
    for other in _fitting(layer, shape):
        network = _unlike(layer, other, shape, batch)
        return Subject(network, kind, *_called(network, kind))
    return None


def _fitting(layer: Layer, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Run over the smaller shapes of the first of two inputs, the second of which has a shape."""
    for lengths in (
        product(*(range(1, n + 1) for n in shape[:-1])) if isinstance(layer, Merge) else ()
    ):
        other = (*lengths, shape[-1])
        with suppress(SymcnnError):
            layer.joined_shape([other, shape])
            yield other


def _unlike(layer: Layer, first: tuple[int, ...], second: tuple[int, ...], batch: int) -> Network:
    """Return the network of a layer with two inputs of unlike shapes, cut from one in rows."""
    height = first[0]
    cuts: list[Layer] = [Slice(0, height, height + second[0], name="x2", inputs=("x",))]
    read = "x"
    for axis, length in enumerate(first[:-1]):
        name = "x1" if axis == len(first) - 2 else f"cut{axis}"
        cuts.append(Slice(axis, 0, length, name=name, inputs=(read,)))
        read = name
    joined = replace(layer, name=None, inputs=("x1", "x2"))
    whole = (height + second[0], *second[1:])
    return Network(whole, [*cuts, joined], Upstream(), batch=batch)


def _alone(layer: Layer, shape: tuple[int, ...], batch: int, count: int) -> Network:
    """Return the network of a layer; of one with several inputs, they are cut from one."""
    placed = replace(layer, **dict.fromkeys(PLACING))
    if count == 1:
        return Network(shape, [placed], Upstream(), batch=batch)
    whole = (*shape[:-1], shape[-1] * count)
    cuts = [Slice(-1, n * shape[-1], (n + 1) * shape[-1], name=f"x{n + 1}") for n in range(count)]
    cuts = [replace(cut, inputs=("x",)) for cut in cuts]
    joined = replace(placed, inputs=tuple(f"x{n + 1}" for n in range(count)))
    return Network(whole, [*cuts, joined], Upstream(), batch=batch)


def _called(
    network: Network, kind: Kind
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Return what the arrays of a layer are called, and which are or may be returned."""
    stage = network.stages[-1]
    several = len(stage.inputs) > 1
    read = {f"x{n}" if several else "x": t.name for n, t in enumerate(stage.inputs, start=1)}
    learned = {key: tensor.name for key, tensor in stage.parameters.items()}
    supplied = {key: tensor.name for key, tensor in stage.givens.items()}
    output = {"y": stage.output.name}
    if kind == "forward":
        computed = {k: t.name for k, t in stage.auxiliaries.items() if k in STATISTICS}
        return {**read, **learned, **supplied, **output, **computed}, ("y",), tuple(computed)
    names = {"dout": "gradient", **read, **learned, **supplied, **output}
    inputs = () if stage.layer.takes_indices else tuple(read)
    return names, (*inputs, *learned), ()


@lru_cache(maxsize=128)
def of_loss(loss: Loss, shape: tuple[int, ...], batch: int, kind: Kind) -> Subject | None:
    """Return a loss of outputs of given sizes, or its gradient with respect to these.

    A function is given the outputs under the name prediction, and the target if there is one; for
    a loss that needs probabilities, outputs are between 0 and 1. None is returned if the loss
    takes no such sizes.
    """
    outputs = Sigmoid() if loss.needs else Scale()
    try:
        network = Network(shape, [outputs], loss, batch=batch)
    except SymcnnError:
        return None
    given = {tensor.name: tensor.name for tensor in network.given if tensor.role != "input"}
    names = {"prediction": network.output.name, **given}
    if kind == "forward":
        return Subject(network, kind, {**names, "loss": "loss"}, ("loss",))
    return Subject(network, "gradients", names, ("prediction",))


def of_network(network: Network) -> Subject:
    """Return a network, whose gradients are checked: those with respect to its parameters.

    Of one that has none, the gradient with respect to the input is.
    """
    learned = tuple(tensor.name for tensor in network.parameters)
    given = tuple(tensor.name for tensor in network.given if tensor.name not in learned)
    names = {name: name for name in (*learned, *given)}
    return Subject(network, "gradients", names, learned or (network.input.name,))
