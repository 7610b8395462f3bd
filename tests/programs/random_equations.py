"""Layers of equations that are drawn at random: indices, guards, terms and reductions."""

from dataclasses import dataclass
from itertools import chain
from random import Random

from sympy import Abs, Rational, sympify, tanh

from symcnn import Layer, LogSumExp, Max, Mean, Parameter, Sum, SymcnnError, define, index
from symcnn.equations import accesses

LOOPS = tuple(map(index, "ijk"))
OTHERS = (Max(), Max("split"), LogSumExp(), Mean())


@dataclass(frozen=True)
class Drawn(Layer):
    """Up to three sums, or one other reduction, of whatever a seed gives."""

    seed: int = 0

    def output_shape(self, shape):
        return shape_of(Random(self.seed))

    def parameters(self, shape):
        draw = Random(self.seed + 1)
        size = draw.randint(1, 3)
        return {"weight": Parameter((size,), "w", "u")} if draw.random() < 0.6 else {}

    def forward(self, y, x, weight=None):
        draw = Random(self.seed + 2)
        sizes = {loop: draw.randint(1, 4) for loop in LOOPS}
        tensors = (x,) if weight is None else (x, weight)
        if draw.random() < 0.2:
            return (_equation(draw, sizes, y, tensors, draw.choice(OTHERS)),)
        count = draw.choice((1, 1, 2, 3))
        return tuple(_equation(draw, sizes, y, tensors, Sum()) for _ in range(count))


def shape_of(draw):
    """Return a shape of one or two axes."""
    return tuple(draw.randint(1, 4) for _ in range(draw.choice((1, 1, 2))))


def _equation(draw, sizes, y, tensors, reduction):
    bare = not isinstance(reduction, Sum) or draw.random() < 0.35
    target = y[y.indices] if bare else _entry(draw, y)
    value = sympify(_value(draw, tensors))
    inside = [(_index(draw, 3), draw.randint(1, 3))] if draw.random() < 0.2 else []
    reads = (target, *accesses(value))
    indices = [*chain(*(read.indices for read in reads)), *(sympify(e) for e, _ in inside)]
    used = set().union(*(i.free_symbols for i in indices))
    over = {loop: n for loop, n in sizes.items() if loop in used}
    return define(target, value, over=over, inside=inside, reduction=reduction)


def _entry(draw, tensor):
    return tensor[tuple(_index(draw, size) for size in tensor.shape)]


def _index(draw, size):
    """Return an integer, a loop, or an affine form of one or two loops."""
    kind = draw.random()
    if kind < 0.2:
        return draw.randrange(size)
    if kind < 0.5:
        return draw.choice(LOOPS)
    loops = draw.sample(LOOPS, draw.randint(1, 2))
    return sum(draw.choice((1, 1, 2, -1)) * loop for loop in loops) + draw.randint(-2, 2)


def _value(draw, tensors):
    """Return a product of entries, or something of it."""
    value = _entry(draw, tensors[0])
    if len(tensors) > 1 and draw.random() < 0.7:
        value *= _entry(draw, tensors[1])
    other = _entry(draw, tensors[0])
    forms = (tanh(value), value * other, value + other / 2, value**2, Abs(value), Rational(2))
    return draw.choice((value, value, value, *forms))


def drawn(make, seeds):
    """Run over networks of seeds, without those that are refused in one line."""
    for seed in seeds:
        try:
            yield seed, make(seed)
        except SymcnnError as error:
            message = str(error)
            assert message.startswith("layers[")
            assert "\n" not in message
