"""Random small networks with numbers, the same ones each time.

Layers of every type stand one behind the other, now and then added to or concatenated
with an earlier one, or using the weights of an earlier one.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace
from functools import cache
from math import prod
from typing import NamedTuple

import numpy as np

from symcnn import Network, SymcnnError
from symcnn.equations.notation import Shape
from symcnn.network import layers, losses
from tests.programs.random_layers import drawn_layer
from tests.supplied import supplied

MOST_ENTRIES = 150
"""The most entries of a layer's output."""

LOSSES = (
    *(losses.HalfSquaredError, losses.SquaredError, losses.MeanSquaredError),
    *(losses.BinaryCrossEntropy, losses.CrossEntropy, losses.SoftmaxCrossEntropy),
    *(losses.SumOfOutputs, losses.Upstream),
    *(losses.Huber, losses.Hinge, losses.KLDivergence, losses.Focal, losses.Dice),
)


MERGES = (
    "Add",
    "Subtract",
    "Multiply",
    "Divide",
    "Concatenate",
    "MatMul",
    "Attention",
    "MaxUnpool2D",
)
"""The layers that read several others, which a graph puts in."""


class Example(NamedTuple):
    network: Network
    values: dict[str, np.ndarray]


@cache
def example(seed: int, most: int = 6) -> Example:
    """Draw a network whose shapes fit; images have at most ``most`` rows and columns."""
    drawn = random.Random(seed)
    while True:
        try:
            network = _network(drawn, most)
        except SymcnnError:
            continue
        return Example(network, _values(network, seed, whole=drawn.random() < 0.3))


def tiny_example(seed: int, most_terms: int = 400) -> Example:
    """Draw a network that is small enough to be written out entry by entry."""
    numbers = itertools.count(seed * 1000)
    drawn = (example(number, most=3) for number in numbers)
    return next(e for e in drawn if terms(e.network) <= most_terms)


def terms(network: Network) -> int:
    return sum(prod(loop.size for loop in e.loops) for e in network.equations)


def _network(drawn: random.Random, most: int) -> Network:
    ranks = [(1, 2, 3), (0, 2), (0, 2, 3), (0, 2, 3), (0, 2)]
    rank, most = drawn.choice([(1, most), (2, most), (3, most), (3, most), (3, most), (4, 2)])
    shape = (*(drawn.randint(2, most) for _ in range(rank - 1)), drawn.choice(ranks[rank]) or 1)
    graph = _Graph(drawn, shape)
    if rank < 3 and drawn.random() < 0.2:
        graph.put(layers.Embedding(drawn.randint(1, 4), drawn.randint(1, 3)))
    for _ in range(drawn.randint(1, 5)):
        graph.grow()
    loss = drawn.choice(LOSSES)
    if loss in (losses.BinaryCrossEntropy, losses.Focal, losses.Dice):
        graph.put(layers.Sigmoid())
    if loss in (losses.CrossEntropy, losses.KLDivergence):
        graph.put(drawn.choice([layers.Softmax(), layers.Softmax(), layers.Sigmoid()]))
    if loss in LOSSES[3:5] and drawn.random() < 0.3:
        graph.put(layers.Flatten())
    options = {"l2": drawn.choice([0, 0, 0.25])}
    if loss not in (losses.SumOfOutputs, losses.Upstream):
        options["reduction"] = drawn.choice(["mean", "sum"])
    if issubclass(loss, losses.HalfSquaredError | losses.CrossEntropy | losses.BinaryCrossEntropy):
        options["weighted"] = drawn.random() < 0.2
    if "CrossEntropy" in loss.__name__:
        options["label_smoothing"] = drawn.choice([0, 0, 0.25])
    return Network(shape, graph.layers, loss(**options), batch=drawn.choice([None, 1, 2, 3]))


class _Graph:
    """Layers that fit each other, and the shapes of what they make."""

    def __init__(self, drawn: random.Random, shape: Shape) -> None:
        self.layers: list[layers.Layer] = []
        self._drawn, self._shapes, self._numbers = drawn, {"x": shape}, Counter()

    def grow(self) -> None:
        """Put one more layer, or a merge, behind the last."""
        merges = [self._arithmetic, self._divide, self._concatenate, *[self._share] * 4]
        merges += [self._matmul, self._attention] if len(self._last) > 1 else []
        merges += [self._unpool] if len(self._last) == 3 else []
        if self._drawn.random() < 0.3 and self._drawn.choice(merges)():
            return
        self.put(drawn_layer(self._drawn, self._last))

    def put(self, layer: layers.Layer) -> None:
        """Put a layer behind the last, unless it names its inputs."""
        shapes = [self._last] if layer.inputs is None else [*map(self._shapes.get, layer.inputs)]
        shape = layer.joined_shape(shapes)
        if prod(shape) > MOST_ENTRIES:
            raise SymcnnError("the output is too large for a small network")
        self._numbers[layer.prefix] += 1
        self._shapes[f"{layer.prefix}{self._numbers[layer.prefix]}"] = shape
        self.layers.append(layer)

    @property
    def _last(self) -> Shape:
        return next(reversed(self._shapes.values()))

    def _arithmetic(self) -> bool:
        kind = self._drawn.choice([layers.Add, layers.Add, layers.Subtract, layers.Multiply])
        return self._merge(kind, self._broadcast())

    def _divide(self) -> bool:
        """Divide by numbers that are not near 0."""
        other = self._drawn.choice(self._broadcast())
        self.put(layers.Clip(0.5, 2))
        return self._merge(layers.Divide, [other])

    def _broadcast(self) -> list[str]:
        """Return the layers whose shapes go with that of the last."""
        return [name for name, shape in self._shapes.items() if self._goes_with_last(shape)]

    def _goes_with_last(self, shape: Shape) -> bool:
        both = zip(reversed(shape), reversed(self._last), strict=False)
        return all(one == other or 1 in (one, other) for one, other in both)

    def _concatenate(self) -> bool:
        fitting = [n for n, shape in self._shapes.items() if shape[:-1] == self._last[:-1]]
        return self._merge(layers.Concatenate, fitting)

    def _matmul(self) -> bool:
        """Multiply by a matrix that fits, which the last always does when it is transposed."""
        options = {"transpose_a": self._drawn.random() < 0.5}
        options["transpose_b"] = not options["transpose_a"]
        inner = -2 if options["transpose_a"] else -1
        fitting = [
            name
            for name, shape in self._shapes.items()
            if len(shape) > 1 and shape[inner] == self._last[inner] and self._stacks(shape)
        ]
        return self._merge(layers.MatMul, fitting, **options)

    def _stacks(self, shape: Shape) -> bool:
        both = zip(reversed(shape[:-2]), reversed(self._last[:-2]), strict=False)
        return all(one == other or 1 in (one, other) for one, other in both)

    def _unpool(self) -> bool:
        """Pool the last, and put the maxima back."""
        image, size = next(reversed(self._shapes)), self._drawn.choice([1, 2, (2, 1)])
        self.put(layers.MaxPool2D(size))
        last = next(reversed(self._shapes))
        self.put(layers.MaxUnpool2D(size, inputs=(last, image)))
        return True

    def _attention(self) -> bool:
        """Let queries of the shape of the last attend to it."""
        last, features = next(reversed(self._shapes)), self._last[-1]
        fitting = [name for name, shape in self._shapes.items() if shape == self._last]
        heads = self._drawn.choice([n for n in range(1, features + 1) if features % n == 0])
        inputs = (self._drawn.choice(fitting), last, last)
        self.put(layers.Attention(heads, self._drawn.random() < 0.4, inputs=inputs))
        return True

    def _merge(self, kind: type, fitting: list[str], **options: bool) -> bool:
        last = next(reversed(self._shapes))
        self.put(kind(**options, inputs=(self._drawn.choice(fitting), last)))
        return True

    def _share(self) -> bool:
        """Use an earlier layer's weights on what it would make, if that fits."""
        for name, layer in zip(list(self._shapes)[1:], self.layers, strict=True):
            try:
                parameters = layer.parameters(self._last)
                fits = {k: p.shape for k, p in parameters.items()} == self._learned(layer, name)
            except SymcnnError:
                continue
            if parameters and fits and not layer.takes_indices:
                self.put(replace(layer, inputs=None, weight_from=name))
                return True
        return False

    def _learned(self, layer: layers.Layer, name: str) -> dict[str, Shape]:
        before = list(self._shapes)[list(self._shapes).index(name) - 1]
        return {k: p.shape for k, p in layer.parameters(self._shapes[before]).items()}


def numbers_of(network: Network, seed: int) -> dict[str, np.ndarray]:
    """Draw moderate numbers for a network that was not drawn here."""
    return _values(network, seed, whole=False)


def _values(network: Network, seed: int, whole: bool) -> dict[str, np.ndarray]:
    """Draw moderate numbers, or whole ones so that maxima are tied."""
    drawn = np.random.default_rng(seed)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    values = {
        t.name: drawn.integers(-2, 3, t.shape).astype(float)
        if whole and t.role == "input"
        else drawn.normal(size=t.shape) / max(1, t.size) ** 0.25
        for t in given
    }
    values |= supplied(network, drawn)
    if network.target is not None:
        values[network.target.name] = _target(network, drawn)
    return {name: np.asarray(array, float) for name, array in values.items()}


def _target(network: Network, drawn: np.random.Generator) -> np.ndarray:
    shape, loss = network.target.shape, network.loss
    if isinstance(loss, losses.SoftmaxCrossEntropy):
        return drawn.dirichlet(np.ones(shape[-1]), shape[:-1])
    if isinstance(loss, losses.Hinge):
        return drawn.choice([-1.0, 1.0], shape)
    probable = losses.BinaryCrossEntropy | losses.CrossEntropy | losses.KLDivergence
    if isinstance(loss, probable | losses.Focal | losses.Dice):
        return drawn.uniform(size=shape)
    return drawn.normal(size=shape)
