"""Products with the Hessian, against an independent implementation and on paper."""

import numpy as np
import pytest

from symcnn import (
    HalfSquaredError,
    HessianVectorProduct,
    Network,
    Sigmoid,
    SymcnnError,
    derive,
    hessian_vector_product,
)
from symcnn.network import layers, losses
from tests.draws import seeds
from tests.programs.random_networks import example, tiny_example

pytestmark = pytest.mark.filterwarnings("error")


def direction_for(network, seed):
    drawn = np.random.default_rng(seed)
    moving = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    return {tensor.name: drawn.normal(size=tensor.shape) for tensor in moving}


def assert_equal_to_pytorch(network, values, direction, backend):
    reference = pytest.importorskip("tests.programs.torch_reference")
    ours = HessianVectorProduct(derive(network), backend)(values, direction)
    theirs = reference.hessian_vector_product(network, values, direction)
    assert ours.keys() == theirs.keys()
    largest = max(np.abs(product).max() for product in theirs.values())
    for name, product in theirs.items():
        assert ours[name].shape == product.shape
        assert np.abs(ours[name] - product).max() <= 1e-11 * largest + 1e-14, name


def away_from_kinks(drawn):
    """Move the input by a little: where a slope jumps there is no second derivative."""
    network, values = drawn
    moved = values["x"] + 0.1 * np.random.default_rng(6).normal(size=values["x"].shape)
    return network, values if "x" in network.indexing else {**values, "x": moved}


@pytest.mark.parametrize("seed", seeds(2000, 0.2))
def test_arrays_on_random_networks(seed):
    network, values = away_from_kinks(example(seed))
    assert_equal_to_pytorch(network, values, direction_for(network, seed), "array")


@pytest.mark.parametrize("seed", seeds(3000, 0.1))
def test_straight_lines_on_tiny_random_networks(seed):
    network, values = away_from_kinks(tiny_example(seed, most_terms=150))
    assert_equal_to_pytorch(network, values, direction_for(network, seed), "scalar")


def test_a_direction_may_leave_tensors_out():
    network = Network((2,), [layers.Dense(1, bias=False)], HalfSquaredError())
    values = {"x": [3, 4], "dense1.weight": [[1, 2]], "target": [10]}
    product = hessian_vector_product(derive(network), values, {"x": [1, 1]})
    # L = (w.x - t)^2/2 with w.x - t = 1: by x it is w w^T, by w and x it is I + x w^T.
    assert product["x"].tolist() == [3, 6]
    assert product["dense1.weight"].tolist() == [[1 + 9, 1 + 12]]


def test_saturated_classes_have_no_curvature():
    network = Network((2,), [layers.Softmax()], losses.CrossEntropy())
    values = {"x": [1000, -1000], "target": [0, 1]}
    assert hessian_vector_product(derive(network), values, {"x": [1, 0]})["x"].tolist() == [0, 0]


def test_what_moves_nothing_is_zero():
    network = Network((2,), [Sigmoid()], losses.SumOfOutputs())
    shared = Network((2,), [layers.Flatten()], losses.SumOfOutputs())
    assert hessian_vector_product(derive(shared), {"x": [1, 2]}, {"x": [1, 0]})["x"].sum() == 0
    assert hessian_vector_product(derive(network), {"x": [0, 0]}, {"x": [1, 0]})["x"].sum() == 0


@pytest.mark.parametrize(
    ("direction", "message"),
    [({"z": [1]}, "direction of z"), ({"x": [1]}, "direction of x has the shape")],
)
def test_a_direction_that_does_not_fit(direction, message):
    network = Network((2,), [Sigmoid()], losses.SumOfOutputs())
    with pytest.raises(SymcnnError, match=message):
        hessian_vector_product(derive(network), {"x": [1, 2]}, direction)
