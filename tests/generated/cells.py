"""Every layer with every loss, in a batch or not, with a bias or not: problems with numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import NamedTuple

import numpy as np

import symcnn as sc
from symcnn.network.losses import Loss
from tests.network.layers.examples import EXAMPLES, Example
from tests.supplied import supplied

LOSSES = (
    *(sc.HalfSquaredError, sc.SquaredError, sc.MeanSquaredError),
    *(sc.BinaryCrossEntropy, sc.CrossEntropy, sc.SoftmaxCrossEntropy),
    *(sc.SumOfOutputs, sc.Upstream),
    *(sc.Huber, sc.Hinge, sc.KLDivergence, sc.Focal, sc.Dice),
)
INTO_THE_RANGE = {
    **dict.fromkeys([sc.BinaryCrossEntropy, sc.Focal, sc.Dice], sc.Sigmoid),
    **dict.fromkeys([sc.CrossEntropy, sc.KLDivergence], sc.Softmax),
}
"""Losses of probabilities, and what makes probabilities of any output."""


class Cell(NamedTuple):
    """One kind of network: a layer, a loss, a batch."""

    example: Example
    loss: type[Loss]
    batch: int | None

    def __str__(self) -> str:
        batch = f", {self.batch} samples" if self.batch else ""
        return f"{self.example} of {self.example.input_shape}, {self.loss.__name__}{batch}"


def both_ways(example: Example) -> list[Example]:
    """Return a layer as it is, and without its bias if it has one."""
    switches = [key for key in ("bias", "affine") if getattr(example.layer, key, False)]
    return [example] + [
        example._replace(layer=replace(example.layer, **{key: False})) for key in switches
    ]


LAYERS = [way for example in EXAMPLES for way in both_ways(example)]
CELLS = [Cell(*cell) for cell in product(LAYERS, LOSSES, (None, 2))]


def problem(cell: Cell) -> sc.Problem:
    """Return the layer behind the input, and before the loss, with short decimals."""
    layers = cell.example.layers
    if cell.loss in INTO_THE_RANGE:
        layers.append(INTO_THE_RANGE[cell.loss]())
    network = sc.Network(cell.example.input_shape, layers, cell.loss(), cell.batch)
    return sc.Problem(network, numbers(network, Random(str(cell))), title=str(cell))


def numbers(network: sc.Network, drawn: Random) -> dict[str, list[Fraction]]:
    """Draw tenths from -1 to 1 for all that is given; targets that the loss takes."""
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    values = {t.name: [Fraction(drawn.randint(-10, 10), 10) for _ in range(t.size)] for t in given}
    others = supplied(network, np.random.default_rng(drawn.randrange(2**32)))
    values |= {name: [Fraction(v) for v in n.ravel().tolist()] for name, n in others.items()}
    if network.target is not None:
        values[network.target.name] = target(network, drawn)
    return values


def target(network: sc.Network, drawn: Random) -> list[Fraction]:
    """Return a distribution over the classes, or numbers from 0 to 1."""
    shape = network.target.shape
    if isinstance(network.loss, sc.Hinge):
        return [Fraction(drawn.choice([-1, 1])) for _ in range(prod(shape))]
    distributions = sc.SoftmaxCrossEntropy | sc.CrossEntropy | sc.KLDivergence
    if not isinstance(network.loss, distributions):
        return [Fraction(drawn.randint(0, 10), 10) for _ in range(prod(shape))]
    *rows, classes = shape
    return [share for _ in range(prod(rows)) for share in shares(classes, drawn)]


def shares(classes: int, drawn: Random) -> list[Fraction]:
    """Divide 1 among the classes."""
    weights = [drawn.randint(1, 9) for _ in range(classes)]
    return [Fraction(weight, sum(weights)) for weight in weights]
