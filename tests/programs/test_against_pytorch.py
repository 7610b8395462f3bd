"""Outputs, loss and every gradient against an independent implementation."""

import numpy as np
import pytest

from symcnn import Conv2D, Dense, HalfSquaredError, Network, Sigmoid, derive, lambdify
from tests.draws import seeds, slow
from tests.programs.random_layers import KINDS
from tests.programs.random_networks import LOSSES, MERGES, example, tiny_example

torch_reference = pytest.importorskip("tests.programs.torch_reference")
against_pytorch = pytest.importorskip("tests.programs.against_pytorch")

pytestmark = pytest.mark.filterwarnings("error")


def assert_all_equal(network, values, *backends):
    for backend in backends:
        evaluation = lambdify(derive(network), backend)(values)
        reference = against_pytorch.assert_equal_to_pytorch(evaluation, network, values)
        assert evaluation.outputs.keys() == reference.outputs.keys()
        assert evaluation.gradients.keys() == reference.gradients.keys()


@pytest.mark.parametrize("seed", seeds(0))
def test_arrays_on_random_networks(seed):
    assert_all_equal(*example(seed), "array")


@pytest.mark.parametrize("seed", seeds(1000, 0.2))
def test_both_backends_on_tiny_random_networks(seed):
    assert_all_equal(*tiny_example(seed), "scalar", "array")


@slow
def test_every_layer_and_loss_is_drawn():
    networks = [example(seed).network for seed in range(100)]
    kinds = {type(layer).__name__ for network in networks for layer in network.layers}
    others = {"Embedding", "Gather", "ScatterAdd", "CumSum", "Einsum", "RNN", "LSTM", "GRU"}
    assert kinds <= {*torch_reference.RULES} == {*KINDS, *MERGES, *others}  # in no random network
    assert len(kinds) >= 40
    assert {type(network.loss) for network in networks} == {*LOSSES}
    assert any(stage.shares for seed in range(1000) for stage in example(seed).network.stages)


@pytest.mark.parametrize("backend", ["scalar", "array"])
@pytest.mark.parametrize("z", [-1000.0, -700.0, -40.0, -20.0, 0.0, 20.0, 36.0, 40.0, 1000.0])
def test_saturated_sigmoids(z, backend):
    network = Network((1,), [Dense(1, bias=False), Sigmoid()], HalfSquaredError())
    values = {"x": [1.0], "dense1.weight": [[z]], "target": [0.25]}
    assert_all_equal(network, {k: np.array(v) for k, v in values.items()}, backend)


def test_a_larger_batch():
    layers = [Conv2D(6, 5, padding="same"), Sigmoid(), Conv2D(8, 3, stride=2, groups=2)]
    network = Network((20, 19, 4), layers, HalfSquaredError(), batch=16)
    drawn = np.random.default_rng(5)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    values = {tensor.name: drawn.normal(size=tensor.shape) for tensor in given}
    assert_all_equal(network, values, "array")
