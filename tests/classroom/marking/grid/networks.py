"""Small networks of every kind of layer that students work, so that many hand-ins can be marked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from random import Random

from tests.classroom.marking.grid.numbers import exactly, tidy
from tests.classroom.marking.simulation.arrays import Array, Position
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
from tests.classroom.marking.simulation.networks import Drawn, drawn
from tests.classroom.marking.simulation.norm import BatchNorm
from tests.classroom.marking.simulation.pen import Pen
from tests.classroom.marking.simulation.pointwise import FUNCTIONS, Flatten
from tests.classroom.marking.simulation.pooling import AveragePool, MaxPool
from tests.classroom.marking.simulation.residual import Residual
from tests.classroom.marking.simulation.sliding import Window
from tests.classroom.marking.simulation.student import Student

LARGE = 12
"""One network in so many is one of the larger ones that other tests draw."""

Body = tuple[Position, list[Layer]]


class Given:
    """A network with what can be known of it once, for all who work it.

    Attributes:
        drawn: The network with its numbers.
    """

    def __init__(self, net: Drawn) -> None:
        self.drawn = net
        with exactly():
            self._student = Student(net, Pen(50, fixed=False, carries=False, up=False))

    @cached_property
    def true(self) -> dict[str, Array]:
        """The true numbers."""
        with exactly():
            return {
                q: {at: tidy(n) for at, n in self._student.exact(q).items()}
                for q in self._student.quantities
            }

    @cached_property
    def mistakes(self) -> dict[str, list[tuple[str, str]]]:
        """The mistakes that can be made, each with the quantities it can be made in."""
        found = dict[str, list[tuple[str, str]]]()
        with exactly():
            for quantity in self._student.quantities:
                for name in self._student.possible(quantity):
                    found.setdefault(name.partition(":")[0], []).append((quantity, name))
        return found

    @cached_property
    def is_normed(self) -> bool:
        """Whether a layer normalises its input: it has stages, and reads every entry often."""
        return any(isinstance(layer, BatchNorm) for layer in self.drawn.layers)

    def reads_often(self, quantity: str) -> bool:
        """Tell whether the formulas of a quantity read an entry more than once, or have stages."""
        is_loss = isinstance(self.drawn.loss, SoftmaxCrossEntropy) and quantity == "loss"
        return self.is_normed or is_loss or self.is_softmax_slope(quantity)

    def is_softmax_slope(self, quantity: str) -> bool:
        """Tell whether a quantity is the derivative that a softmax makes of probabilities."""
        is_softmax = isinstance(self.drawn.loss, SoftmaxCrossEntropy)
        return is_softmax and quantity == f"gradient of {self.drawn.names[-1]}"

    def shown_in(self, quantity: str) -> str:
        """Return the first quantity that is written down where a mistake in another one shows."""
        return self._student.shown_in(quantity)

    @property
    def asked(self) -> list[str]:
        """What students write down."""
        return self._student.asked

    @property
    def quantities(self) -> list[str]:
        """What they compute, also what only moves numbers."""
        return self._student.quantities


@lru_cache(maxsize=8)
def given(number: int) -> Given:
    """Draw a network."""
    random = Random(f"network {number}")
    if number % LARGE == LARGE - 1:
        return Given(drawn(number))
    shape, layers = random.choice((_dense, _convolved, _convolved, _pooled, _normed, _added))(
        random
    )
    loss, more = _end(random)
    samples = random.choice((None, None, 2)) if len(layers) < 4 else None
    return Given(Drawn(shape, samples, (*layers, *more), loss, random))


def _end(r: Random) -> tuple[Loss, list[Layer]]:
    loss = r.choice((HalfSquared, MeanSquared, BinaryCrossEntropy, SoftmaxCrossEntropy))()
    bias = r.random() < 0.5
    if isinstance(loss, BinaryCrossEntropy):
        return loss, [Dense(1, bias), FUNCTIONS["sigmoid"]()]
    units = 2 if isinstance(loss, SoftmaxCrossEntropy) else r.choice((1, 1, 2))
    return loss, [Dense(units, bias)]


def _function(r: Random) -> Layer:
    made: Callable[[], Layer] = FUNCTIONS[r.choice(("relu", "leaky relu", "sigmoid", "tanh"))]
    return made()


def _dense(r: Random) -> Body:
    return (r.randint(1, 3),), [Dense(r.randint(1, 2), r.random() < 0.5), _function(r)]


def _convolved(r: Random) -> Body:
    if r.random() < 0.3:
        window = Window((2, 2), (1, 1), (0, 0), (1, 1))
        return (3, 3, 1), [Convolution(1, window, r.random() < 0.5), _function(r), Flatten()]
    window = Window((2,), (r.choice((1, 2)),), (r.choice((0, 1)),), (r.choice((1, 2)),))
    convolution = Convolution(r.choice((1, 2)), window, r.random() < 0.5)
    return (r.choice((4, 5)), 1), [convolution, _function(r), Flatten()]


def _pooled(r: Random) -> Body:
    pool = r.choice((MaxPool, MaxPool, AveragePool))
    side_by_side, overlapping = (Window((2,), (s,), (0,), (1,)) for s in (2, 1))
    first = r.random()
    if first < 0.25:
        return (4, 1), [pool(side_by_side), Flatten()]
    convolution = Convolution(1, overlapping, r.random() < 0.5)
    if first < 0.5:
        return (4, 1), [convolution, pool(overlapping), Flatten()]
    if first < 0.65:
        two = Convolution(2, Window((2,), (1,), (0,), (1,)), bias=False)
        return (5, 1), [two, _function(r), MaxPool(side_by_side), Flatten()]
    return (5, 1), [convolution, _function(r), pool(side_by_side), Flatten()]


def _normed(r: Random) -> Body:
    convolution = Convolution(1, Window((2,), (1,), (0,), (1,)), bias=False)
    return (4, 1), [convolution, BatchNorm(), _function(r), Flatten()]


def _added(r: Random) -> Body:
    same = Window((3,), (1,), (1,), (1,))
    first, second = (Convolution(1, same, r.random() < 0.5) for _ in range(2))
    return (3, 1), [first, second, Residual(), _function(r), Flatten()]
