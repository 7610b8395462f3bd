"""The chain rule on equations that no layer of the library has."""

from dataclasses import dataclass

import pytest
from sympy import Rational, diff, symbols, tanh

from symcnn import (
    HalfSquaredError,
    Layer,
    MaxPool2D,
    Network,
    Parameter,
    Sigmoid,
    Tanh,
    define,
    derive,
    index,
)

x1, x2, x3, t1, t2, t3 = symbols("x_1 x_2 x_3 t_1 t_2 t_3", real=True)


def partials(layer, entries):
    derivation = derive(Network((entries,), [layer], HalfSquaredError()))
    return [derivation.partial("x", (r,)) for r in range(entries)]


def half_squares(outputs, targets):
    return sum((t - y) ** 2 for y, t in zip(outputs, targets, strict=True)) / 2


def assert_same(got, loss, by):
    for partial, symbol in zip(got, by, strict=True):
        assert (partial - diff(loss, symbol)).expand() == 0


@dataclass(frozen=True)
class Neighbours(Layer):
    """y[i] = x[i] x[i+1]: one tensor read twice."""

    def output_shape(self, shape):
        return (shape[0] - 1,)

    def forward(self, y, x, **parameters):
        i = y.indices[0]
        return (define(y[i], x[i] * x[i + 1], over={i: y.shape[0]}),)


def test_a_tensor_that_is_read_twice():
    loss = half_squares([x1 * x2, x2 * x3], [t1, t2])
    assert_same(partials(Neighbours(), 3), loss, [x1, x2, x3])


@dataclass(frozen=True)
class TanhAndSquare(Layer):
    """y[i] = tanh(x[i]) + x[i]^2: two equations for one target."""

    def forward(self, y, x, **parameters):
        (i,) = y.indices
        return define(y[i], tanh(x[i])), define(y[i], x[i] ** 2)


def test_two_equations_add_to_one_target():
    loss = half_squares([tanh(x1) + x1**2, tanh(x2) + x2**2], [t1, t2])
    assert_same(partials(TanhAndSquare(), 2), loss, [x1, x2])


@dataclass(frozen=True)
class Spread(Layer):
    """y[i+u] <- tanh(x[i]): targets that overlap, as in a transposed convolution."""

    def output_shape(self, shape):
        return (shape[0] + 1,)

    def forward(self, y, x, **parameters):
        i, u = index("i"), index("u")
        return (define(y[i + u], tanh(x[i]), over={u: 2, i: x.shape[0]}),)


def test_targets_that_overlap():
    outputs = [tanh(x1), tanh(x1) + tanh(x2), tanh(x2)]
    assert_same(partials(Spread(), 2), half_squares(outputs, [t1, t2, t3]), [x1, x2])


@dataclass(frozen=True)
class Polynomial(Layer):
    """y[i] = p[0] + p[1] x[i] + ...: nonlinear in nothing but shared in everything."""

    letter = "y"

    def parameters(self, shape):
        return {"slope": Parameter((1,), "m", "q"), "power": Parameter((1,), "s", "q")}

    def forward(self, y, x, slope, power):
        (i,) = y.indices
        return (define(y[i], slope[0] * x[i] + power[0] * x[i] ** 3),)


def test_parameters_of_any_name_are_shared_by_all_entries():
    derivation = derive(Network((2,), [Polynomial()], HalfSquaredError()))
    m, s = symbols("m s", real=True)
    loss = half_squares([m * x1 + s * x1**3, m * x2 + s * x2**3], [t1, t2])
    got = [derivation.partial(f"layer1.{name}", (0,)) for name in ("slope", "power")]
    assert_same(got, loss, [m, s])
    assert [str(symbol) for symbol in derivation.partials()] == ["m", "s"]


@pytest.mark.parametrize(
    ("layer", "slope"), [(Sigmoid(), "(1 - a[q])*a[q]"), (Tanh(), "1 - a[q]**2")]
)
def test_an_activation_is_named_in_its_own_derivative(layer, slope):
    derivation = derive(Network((2,), [layer], HalfSquaredError()))
    (step,) = (s for s in derivation.steps if s.of.name == "x")
    assert str(step.local) == slope


@pytest.mark.parametrize("ties", ["first", "split"])
def test_a_three_way_tie_in_exact_numbers(ties):
    """All 1.9 as sums of different decimals: equal in exact arithmetic alone."""
    pool = MaxPool2D((3, 1), ties=ties)
    derivation = derive(Network((3, 1, 1), [pool], HalfSquaredError()))
    point = derivation.at({"x": [Rational(19, 10)] * 3, "target": [0]})
    got = [point.value(derivation.adjoints["x"].symbol((r, 0, 0))) for r in range(3)]
    shares = [1, 0, 0] if ties == "first" else [Rational(1, 3)] * 3
    assert got == [Rational(19, 10) * share for share in shares]


def test_an_input_that_nothing_reads_has_the_derivative_0():
    derivation = derive(Network((3, 1, 1), [MaxPool2D((2, 1))], HalfSquaredError()))
    assert derivation.partial("x", (2, 0, 0)) == 0
