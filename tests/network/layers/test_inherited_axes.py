"""A layer reads axes of any letters: none of its own indices is mistaken for one of them."""

from dataclasses import dataclass

import numpy as np
import pytest

import symcnn as sc
from tests.draws import some
from tests.network.layers.check import assert_forward
from tests.network.layers.examples import EXAMPLES

LETTERS = "gmkurhijvqs"
"""All that layers call their own indices."""


@dataclass(frozen=True)
class Reversed(sc.Layer):
    """All entries from the last to the first; its axes do not take the letters of its input's."""

    axes: str
    prefix = "reversed"
    letter = "y"

    def output_shape(self, shape):
        return shape

    def forward(self, y, x):
        ends = zip(x.shape, y.indices, strict=True)
        return sc.define(y[y.indices], x[tuple(n - 1 - i for n, i in ends)])


def behind(letters, example):
    """Return an example whose layer reads axes of these letters."""

    def reference(layer, x, **learned):
        return example.reference(layer, np.flip(x), **learned)

    return example._replace(before=(Reversed(letters),), reference=reference)


BEHIND = [e for e in EXAMPLES if e.layer.inputs is None and not (e.before or e.layer.takes_indices)]

CASES = [
    behind((LETTERS * 2)[first : first + len(example.input_shape)], example)
    for number, example in enumerate(BEHIND)
    for first in sorted({0, number % len(LETTERS)})
]


@pytest.mark.parametrize("example", some(CASES, 12), ids=str)
def test_forward(example):
    assert_forward(example)


@pytest.mark.parametrize("letters", ["gm", "mg", "rg"])
def test_channels_are_shuffled_whatever_the_axes_are_called(letters):
    net = sc.Network((2, 6), [Reversed(letters), sc.ChannelShuffle(2)], sc.SumOfOutputs())
    x = [[11, 10, 9, 8, 7, 6], [5, 4, 3, 2, 1, 0]]
    made = sc.evaluate(sc.Problem(net, {"x": x})).outputs["channel_shuffle1"]
    assert made.tolist() == [[0, 3, 1, 4, 2, 5], [6, 9, 7, 10, 8, 11]]


class Inner(sc.Layer):
    """A layer's own k is not the axis k of its input, wherever its equation has both."""

    prefix, letter = "inner", "y"

    def output_shape(self, shape):
        return shape

    def forward(self, y, x):
        (i,), k = y.indices, sc.index("k")
        return sc.define(y[i], x[i] * x[k], over={k: x.shape[0]})


def test_an_own_index_of_a_user_is_no_axis():
    net = sc.Network((3,), [Reversed("k"), Inner()], sc.SumOfOutputs())
    made = sc.evaluate(sc.Problem(net, {"x": [1, 2, 4]})).outputs["inner1"]
    assert made.tolist() == [28, 14, 7]


class Pairs(sc.Loss):
    """A loss's own k is not the output's axis."""

    given = None

    def forward(self, loss, y, t=None):
        (i,), k = y.indices, sc.index("k")
        return sc.define(loss[0], y[i] * y[k], over={k: y.shape[0]})


def test_nor_is_one_of_a_loss():
    net = sc.Network((3,), [Reversed("k")], Pairs())
    assert sc.evaluate(sc.Problem(net, {"x": [1, 2, 4]})).loss == 49


def test_errors_call_axes_by_their_letters():
    class Twice(Inner):
        def forward(self, y, x):
            return sc.define(y[y.indices], sc.index("k") * x[y.indices])

    with pytest.raises(sc.SymcnnError, match=r"k\*x\[q\] of y\[q\] contains k outside a tensor"):
        sc.Network((3,), [Twice()], sc.SumOfOutputs())
