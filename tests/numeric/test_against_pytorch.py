"""Outputs, loss and every gradient against an independent implementation."""

import numpy as np
import pytest

from symcnn import Conv2D, Dense, HalfSquaredError, Network, Sigmoid, derive, lambdify
from tests.numeric.random_networks import example, tiny_example

torch_reference = pytest.importorskip("tests.numeric.torch_reference")

pytestmark = pytest.mark.filterwarnings("error")


def assert_close(ours, theirs, name):
    assert ours.shape == theirs.shape, name
    tolerance = 1e-12 * max(np.abs(theirs).max(), 1e-300) + 1e-15
    assert np.abs(ours - theirs).max() <= tolerance, name


def assert_equal_to_pytorch(network, values, backend):
    evaluation = lambdify(derive(network), backend)(values)
    reference = torch_reference.Reference(network, values)
    assert evaluation.loss == pytest.approx(reference.loss.item(), rel=1e-12)
    assert evaluation.outputs.keys() == reference.outputs.keys()
    assert evaluation.gradients.keys() == reference.gradients.keys()
    for name, output in evaluation.outputs.items():
        assert_close(output, reference.outputs[name], name)
    for name, gradient in evaluation.gradients.items():
        assert_close(gradient, reference.gradients[name], f"gradient of {name}")


@pytest.mark.parametrize("seed", range(200))
def test_arrays_on_random_networks(seed):
    assert_equal_to_pytorch(*example(seed), "array")


@pytest.mark.parametrize("seed", range(1000, 1050))
def test_straight_lines_on_random_networks(seed):
    assert_equal_to_pytorch(*tiny_example(seed), "scalar")


@pytest.mark.parametrize("backend", ["scalar", "array"])
@pytest.mark.parametrize("z", [-1000.0, -700.0, -40.0, -20.0, 0.0, 20.0, 36.0, 40.0, 1000.0])
def test_saturated_sigmoids(z, backend):
    network = Network((1,), [Dense(1, bias=False), Sigmoid()], HalfSquaredError())
    values = {"x": [1.0], "dense1.weight": [[z]], "target": [0.25]}
    assert_equal_to_pytorch(network, {k: np.array(v) for k, v in values.items()}, backend)


def test_a_larger_batch():
    layers = [Conv2D(6, 5, padding="same"), Sigmoid(), Conv2D(8, 3, stride=2, groups=2)]
    network = Network((20, 19, 4), layers, HalfSquaredError(), batch=16)
    drawn = np.random.default_rng(5)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    values = {tensor.name: drawn.normal(size=tensor.shape) for tensor in given}
    assert_equal_to_pytorch(network, values, "array")
