"""Laws that layers obey whatever the numbers, in exact fractions where they stay rational."""

from fractions import Fraction

import pytest
from sympy import Rational

from symcnn import (
    AvgPool1D,
    AvgPool2D,
    Conv1D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    GlobalAvgPool2D,
    HalfSquaredError,
    LogSoftmax,
    Network,
    Softmax,
    Upstream,
    derive,
)
from tests.network.layers.check import DIGITS, as_given, random_values

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

few = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 2**20)
fractions = st.fractions(-5, 5, max_denominator=9)
TINY = Rational(1, 10**45)


def outputs(net, values):
    """Return the entries of the output, exact where they are rational."""
    point = derive(net).at({name: v.tolist() for name, v in values.items()}, DIGITS)
    return [point.value(net.output.symbol(p)) for p in net.output.positions()]


@few
@given(
    st.lists(fractions, min_size=2, max_size=5), st.sampled_from([Softmax(), LogSoftmax()]), seeds
)
def test_a_constant_added_to_all_logits_changes_nothing(logits, layer, seed):
    """So the partials with respect to the logits sum to 0, whatever the gradient from above."""
    net = Network((len(logits),), [layer], Upstream())
    d = derive(net)
    values = {**as_given(random_values(net, seed)), "x": logits}
    point = d.at(values, DIGITS)
    partials = [point.value(d.adjoints["x"].symbol(p)) for p in net.input.positions()]
    assert abs(sum(partials)) < TINY
    moved = d.at({**values, "x": [v + 11 for v in logits]}, DIGITS)
    for p in net.output.positions():
        symbol = net.output.symbol(p)
        assert abs(point.value(symbol) - moved.value(symbol)) < TINY


@few
@given(st.lists(fractions, min_size=2, max_size=5))
def test_a_softmax_sums_to_1(logits):
    net = Network((len(logits),), [Softmax()], Upstream())
    point = derive(net).at({"x": logits}, DIGITS)
    values = [point.value(net.output.symbol(p)) for p in net.output.positions()]
    assert all(v > 0 for v in values)
    assert abs(sum(values) - 1) < TINY


LINEAR = [
    (Conv1D(2, 2, stride=2, padding=1), (4, 2)),
    (Conv2D(2, 2, padding="same", groups=2), (2, 3, 2)),
    (ConvTranspose2D(2, 2, stride=2, padding=1), (2, 2, 1)),
    (Dense(2), (3,)),
]


@few
@given(st.sampled_from(LINEAR), fractions, fractions, seeds)
def test_a_layer_is_linear_in_its_weights(case, a, b, seed):
    layer, shape = case
    net = Network(shape, [layer], HalfSquaredError())
    first, other = random_values(net, seed), random_values(net, seed + 1)
    other["x"] = first["x"]
    learned = {t.name for t in net.parameters}
    mixed = {n: a * v + b * other[n] if n in learned else v for n, v in first.items()}
    one, two, both = (outputs(net, values) for values in (first, other, mixed))
    a, b = (Rational(f.numerator, f.denominator) for f in (a, b))
    assert both == [a * v + b * w for v, w in zip(one, two, strict=True)]


TRANSPOSED = [
    ((2, 3), 1, ((1, 0), (0, 1)), (4, 4)),
    ((3, 2), 2, 0, (5, 4)),
    ((3, 3), 2, 1, (5, 3)),
]


@few
@given(st.sampled_from(TRANSPOSED), seeds)
def test_a_transposed_convolution_is_the_transpose(case, seed):
    """<conv(x), y> = <x, transposed(y)>, if the kernels are each other's transposes."""
    kernel, stride, padding, size = case
    conv = Conv2D(3, kernel, stride=stride, padding=padding, bias=False)
    back = ConvTranspose2D(2, kernel, stride=stride, padding=padding, bias=False)
    there = Network((*size, 2), [conv], HalfSquaredError())
    home = Network(there.output.shape, [back], HalfSquaredError())
    assert home.output.shape == (*size, 2)
    values, y = random_values(there, seed), random_values(home, seed + 1)
    y["conv_transpose1.weight"] = values["conv1.weight"].transpose(0, 1, 3, 2)
    left = zip(outputs(there, values), y["x"].ravel(), strict=True)
    right = zip(outputs(home, y), values["x"].ravel(), strict=True)
    assert inner(left) == inner(right)


def inner(pairs):
    return sum(v * Rational(w.numerator, w.denominator) for v, w in pairs)


@few
@given(
    st.sampled_from(
        [
            (AvgPool1D(3, stride=2, padding=1, count_include_pad=False), (5, 1)),
            (AvgPool2D(2, stride=1, padding="same", count_include_pad=False), (3, 2, 1)),
            (GlobalAvgPool2D(), (3, 2, 1)),
        ]
    ),
    fractions,
)
def test_the_mean_of_equal_entries_is_the_entry(case, value):
    layer, shape = case
    net = Network(shape, [layer], Upstream())
    values = random_values(net, seed=0)
    values["x"][...] = Fraction(value)
    assert set(outputs(net, values)) == {Rational(value.numerator, value.denominator)}
