"""Random networks, as students and symcnn have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from random import Random

import symcnn as sc
from tests.classroom.marking.simulation.arrays import Array, Position, of, positions
from tests.classroom.marking.simulation.convolution import Convolution
from tests.classroom.marking.simulation.dense import Dense
from tests.classroom.marking.simulation.layer import Layer
from tests.classroom.marking.simulation.losses import (
    BinaryCrossEntropy,
    HalfSquared,
    Loss,
    MeanSquared,
    SoftmaxCrossEntropy,
)
from tests.classroom.marking.simulation.norm import BatchNorm
from tests.classroom.marking.simulation.pointwise import FUNCTIONS, Flatten
from tests.classroom.marking.simulation.pooling import AveragePool, GlobalAverage, MaxPool
from tests.classroom.marking.simulation.residual import Residual
from tests.classroom.marking.simulation.sliding import Window

RATE = Decimal("0.1")


@dataclass(frozen=True)
class Drawn:
    """A network with its numbers.

    Attributes:
        shape: The shape of the input, without the samples.
        samples: How many samples there are; None if there is no axis for them.
        layers: The layers.
        loss: The loss.
        numbers: What numbers are drawn from.
    """

    shape: Position
    samples: int | None
    layers: Sequence[Layer]
    loss: Loss
    numbers: Random

    @cached_property
    def problem(self) -> sc.Problem:
        """What symcnn marks."""
        layers = [layer.symcnn() for layer in self.layers]
        net = sc.Network(self.shape, layers, self.loss.symcnn(), batch=self.samples)
        given = {name: [*array.values()] for name, array in self.given(net).items()}
        return sc.Problem(net, given, learning_rate=RATE)

    @cached_property
    def names(self) -> list[str]:
        """What the layers are called."""
        return [stage.output.name for stage in self.problem.network.stages]

    @cached_property
    def values(self) -> dict[str, Array]:
        """The numbers of what is given; the sample comes first in x and the target."""
        found = dict[str, Array]()
        for name, numbers in self.problem.values.items():
            tensor = self.problem.network.tensors[name]
            shape = tuple(map(int, tensor.shape))
            if name in ("x", "target") and self.samples is None:
                shape = (1, *shape)
            found[name] = of(shape, (Decimal(int(n.p)) / Decimal(int(n.q)) for n in numbers))
        return found

    def given(self, net: sc.Network) -> dict[str, Array]:
        """Draw numbers."""
        found = {}
        for tensor in net.given:
            shape = tuple(map(int, tensor.shape))
            found[tensor.name] = of(shape, (self._number(tensor.name) for _ in positions(shape)))
        if isinstance(self.loss, SoftmaxCrossEntropy):
            target = dict.fromkeys(found["target"], Decimal(0))
            for n in range(self.samples or 1):
                m = self.numbers.randrange(target_units(target))
                target[(n, m) if self.samples else (m,)] = Decimal(1)
            found["target"] = target
        elif isinstance(self.loss, BinaryCrossEntropy):
            found["target"] = {at: Decimal(self.numbers.randint(0, 1)) for at in found["target"]}
        return found

    def _number(self, name: str) -> Decimal:
        places = 2 if "." in name else 1
        number = self.numbers.randint(-9, 9) if places == 1 else self.numbers.randint(-99, 99)
        return Decimal(number or 1).scaleb(-places)


def target_units(target: Array) -> int:
    return max(at[-1] for at in target) + 1


@lru_cache(maxsize=4)
def drawn(seed: int) -> Drawn:
    """Draw a network; the students of a class have the same one."""
    numbers = Random(seed)
    made = numbers.choice((_convolutional, _convolutional, _flat, _normalised, _residual))
    shape, layers = made(numbers)
    loss, more = _loss(numbers)
    samples = numbers.choice((None, None, 2, 3) if made is not _convolutional else (None, None, 2))
    return Drawn(shape, samples, (*layers, *more), loss, numbers)


def _loss(r: Random) -> tuple[Loss, list[Layer]]:
    loss = r.choice((HalfSquared, MeanSquared, BinaryCrossEntropy, SoftmaxCrossEntropy))()
    bias = r.random() < 0.5
    if isinstance(loss, BinaryCrossEntropy):
        return loss, [Dense(r.randint(1, 2), bias), FUNCTIONS["sigmoid"]()]
    layers: list[Layer] = [Dense(r.randint(2, 3), bias)]
    if isinstance(loss, SoftmaxCrossEntropy):
        return loss, layers
    if r.random() < 0.4:
        layers.append(FUNCTIONS[r.choice(("sigmoid", "tanh"))]())
    return loss, layers if r.random() < 0.7 else [Dense(1, bias), *layers[1:]]


def _function(r: Random) -> Layer:
    return FUNCTIONS[r.choice(("relu", "relu", "leaky relu", "sigmoid", "tanh"))]()


def _window(r: Random, lengths: Position, *, overlaps: bool, dilates: bool) -> Window:
    """Draw a window that fits."""
    while True:
        axes = len(lengths)
        size = (r.randint(2, 3),) * axes if r.random() < 0.8 else (2, 3)[:axes]
        stride = (r.choice((1, 1, 2)),) * axes
        if not overlaps and r.random() < 0.6:
            stride = size
        padding = (r.choice((0, 0, 1)),) * axes
        dilation = (r.choice((1, 1, 2)) if dilates else 1,) * axes
        window = Window(size, stride, padding, dilation)
        outputs = window.outputs(lengths)
        spans = (d * (k - 1) + 1 for d, k in zip(dilation, size, strict=True))
        fits = all(span <= n for span, n in zip(spans, lengths, strict=True))
        if fits and min(outputs) >= 1 and max(outputs) <= 5:
            return window


def _convolutional(r: Random) -> tuple[Position, list[Layer]]:
    channels = r.randint(1, 2)
    shape = r.choice(((6, channels), (7, channels), (4, 4, channels), (5, 5, 1)))
    window = _window(r, shape[:-1], overlaps=True, dilates=True)
    convolution = Convolution(r.randint(1, 2), window, r.random() < 0.6)
    layers, after = [convolution, _function(r)], convolution.shape(shape)
    if r.random() < 0.2 and len(after) == 3:
        return shape, [*layers, GlobalAverage()]
    if min(after[:-1]) >= 2 and r.random() < 0.8:
        pool = MaxPool if r.random() < 0.7 else AveragePool
        layers.append(pool(_window(r, after[:-1], overlaps=False, dilates=False)))
    return shape, [*layers, Flatten()]


def _flat(r: Random) -> tuple[Position, list[Layer]]:
    units = r.randint(2, 4)
    return (r.randint(2, 4),), [Dense(units, r.random() < 0.6), _function(r)]


def _normalised(r: Random) -> tuple[Position, list[Layer]]:
    shape = (r.randint(4, 5), r.randint(1, 2))
    window = _window(r, shape[:-1], overlaps=True, dilates=False)
    convolution = Convolution(r.randint(1, 2), window, bias=False)
    if max(convolution.shape(shape)[:-1]) < 3:
        return _normalised(r)
    return shape, [convolution, BatchNorm(), _function(r), Flatten()]


def _residual(r: Random) -> tuple[Position, list[Layer]]:
    channels = r.randint(1, 2)
    same = Window((3,), (1,), (1,), (1,))
    first = Convolution(channels, same, r.random() < 0.5)
    second = Convolution(channels, same, r.random() < 0.5)
    return (4, channels), [first, second, Residual(), _function(r), Flatten()]
