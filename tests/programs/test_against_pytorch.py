"""Outputs, loss and every gradient against an independent implementation.

How many random networks are drawn is a matter of time: ``SYMCNN_NETWORKS`` says it.
"""

import os

import numpy as np
import pytest

from symcnn import Conv2D, Dense, HalfSquaredError, Network, Sigmoid, derive, lambdify
from tests.programs.random_networks import LOSSES, example, tiny_example

torch_reference = pytest.importorskip("tests.programs.torch_reference")

pytestmark = pytest.mark.filterwarnings("error")

NETWORKS = int(os.environ.get("SYMCNN_NETWORKS", "100"))


def assert_close(ours, theirs, name, terms):
    """Compare to 1e-12; what is 0 on paper, to the rounding of the terms that cancel."""
    assert ours.shape == theirs.shape, name
    tolerance = 1e-12 * np.abs(theirs).max() + 1e-15 * max(1.0, terms)
    assert np.abs(ours - theirs).max() <= tolerance, name


def assert_equal_to_pytorch(network, values, *backends):
    derivation, reference = derive(network), torch_reference.Reference(network, values)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    for evaluation in (lambdify(derivation, backend)(values) for backend in backends):
        assert evaluation.loss == pytest.approx(reference.loss.item(), rel=1e-12, abs=1e-14)
        assert evaluation.outputs.keys() == reference.outputs.keys()
        assert evaluation.gradients.keys() == reference.gradients.keys()
        for name, output in evaluation.outputs.items():
            assert_close(output, reference.outputs[name], name, 1.0)
        for name, gradient in evaluation.gradients.items():
            assert_close(gradient, reference.gradients[name], f"gradient of {name}", 10 * largest)


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_arrays_on_random_networks(seed):
    assert_equal_to_pytorch(*example(seed), "array")


@pytest.mark.parametrize("seed", range(1000, 1000 + NETWORKS // 6))
def test_both_backends_on_tiny_random_networks(seed):
    assert_equal_to_pytorch(*tiny_example(seed), "scalar", "array")


def test_every_layer_and_loss_is_drawn():
    networks = [example(seed).network for seed in range(NETWORKS)]
    kinds = {type(layer).__name__ for network in networks for layer in network.layers}
    assert kinds == {*torch_reference.RULES}
    assert len(kinds) >= 23, "every layer that PyTorch has as well has a rule there"
    assert {type(network.loss) for network in networks} == {*LOSSES}
    assert any(stage.shares for network in networks for stage in network.stages)


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
