"""Second derivatives by adding up paths, against the matrix of closed forms and PyTorch."""

from fractions import Fraction

import numpy as np
import pytest

import symcnn as sc
from symcnn.network.layers import Activation
from symcnn.reference import Dual, ExactForward, Forward
from symcnn.reference.enclosures import Precision, to_sympy
from tests.derivation.test_second_order import NETWORKS, numbers, of_pytorch
from tests.draws import one_of

SEED = sc.examples.cnn_by_hand()


@pytest.mark.parametrize("name", one_of(NETWORKS))
def test_floats_agree_with_pytorch(name):
    network, values = NETWORKS[name], numbers(name)
    passed = Forward(network, values)
    by = network.parameters[0].name
    along = {at: passed.along(by, at) for at in network.tensors[by].positions()}
    for of in ("x", *(t.name for t in network.parameters)):
        expected = of_pytorch(name, of, by)
        found = np.zeros(expected.shape)
        for at, moved in along.items():
            for position in network.tensors[of].positions():
                found[(*position, *at)] = moved.signal(of, position)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-11), of


def test_exact_numbers_agree_with_the_closed_forms():
    """d^2 L / dv dw of the seed for all its weights, to 40 digits."""
    derivation, values = SEED.derivation, SEED.values
    parameters = derivation.network.parameters
    entries = [(t.name, at) for t in parameters for at in t.positions()]
    matrix = derivation.hessian([t.name for t in parameters])
    passed = ExactForward(derivation.network, SEED.values, Precision(60))
    point = derivation.at(values)
    for n, (by, at) in enumerate(entries):
        along = passed.along(by, at)
        for m, (of, position) in enumerate(entries):
            found = along.signal(of, position)
            assert isinstance(found, Dual)
            expected = point.value(matrix[m, n])
            assert abs(to_sympy(found.value, 50) - expected) < 10**-40


def test_exact_numbers_of_a_rational_function_are_exact():
    """L = (t - x^3)^2 / 2 with its second derivative 15 x^4 - 6 t x."""

    class Cube(Activation):
        def function(self, z):
            return z**3

    network = sc.Network((1,), [Cube()], sc.HalfSquaredError())
    x, t = sc.Problem(network, {"x": [0.3], "target": [2]}).values.values()
    passed = ExactForward(network, {"x": x, "target": t})
    found = passed.along("x", (0,)).signal("x", (0,)).value
    assert found == 15 * Fraction(3, 10) ** 4 - 6 * 2 * Fraction(3, 10)


@pytest.mark.parametrize("name", ["classes", "padded"])
def test_gauss_newton_leaves_the_layers_out(name):
    network, values = NETWORKS[name], numbers(name)
    passed, by = Forward(network, values), network.parameters[0].name
    expected = sc.hessian_block(sc.derive(network), values, "x", by, gauss_newton=True)
    for at in network.tensors[by].positions():
        along = passed.along(by, at)
        for position in network.tensors["x"].positions():
            found = along.gauss_newton("x", position, network.output.name)
            assert found == pytest.approx(expected[(*position, *at)], rel=1e-9, abs=1e-11)
