"""Arrays that share memory: the same numbers, in less of it."""

from math import prod

import numpy as np
import pytest

from symcnn import Conv2D, Dense, HalfSquaredError, Network, ReLU, Tanh, derive, lambdify
from symcnn.programs.backends.numpy import lowered
from symcnn.programs.backends.numpy.statements import Allocate, Memory, Part
from symcnn.programs.plans.plan import plan_of
from tests.draws import seeds
from tests.programs.random_networks import example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")


@pytest.mark.parametrize("results", ["all", "training"])
@pytest.mark.parametrize("seed", seeds(8000, 0.2))
def test_random_networks(seed, results, everything_is_shared):
    network, values = example(seed)
    program = lambdify(derive(network), "array", results=results)
    program(values)  # What a call leaves behind does no harm to the next one.
    against_pytorch.assert_equal_to_pytorch(program(values), network, values)


def test_a_deep_network_needs_no_more_than_its_layers_must_keep():
    """What a layer computes on its way back is gone when the next one comes."""
    chain = [layer for _ in range(4) for layer in (Conv2D(6, 3, padding=1), Tanh())]
    network = Network((16, 16, 6), chain, HalfSquaredError(), batch=16)
    setup = lowered(plan_of(derive(network), "training")).setup
    own = sum(prod(made.shape) for made in setup if isinstance(made, Part | Allocate))
    used = sum(made.size for made in setup if isinstance(made, Memory))
    used += sum(prod(made.shape) for made in setup if isinstance(made, Allocate))
    assert used < 0.6 * own


def rectified(*layers):
    return Network((16, 16, 6), [*layers, ReLU()], HalfSquaredError(), batch=16)


def used(network):
    """Return the entries of all memory of a program for training."""
    setup = lowered(plan_of(derive(network), "training")).setup
    whole = sum(made.size for made in setup if isinstance(made, Memory))
    return whole + sum(prod(made.shape) for made in setup if isinstance(made, Allocate))


def test_a_rectifier_needs_no_memory():
    """Its result takes the place of its argument, whose sign it has."""
    plain = Network((16, 16, 6), [Conv2D(6, 1)], HalfSquaredError(), batch=16)
    assert used(rectified(Conv2D(6, 1))) == used(plain)


def test_borders_of_one_form_share_their_memory():
    layers = [Conv2D(6, 3, padding=1), ReLU()]
    setup = lowered(plan_of(derive(rectified(*layers * 4)), "training")).setup
    shapes = [made.shape for made in setup if isinstance(made, Allocate) and made.fill == "0"]
    assert shapes.count((18, 6, 18, 16)) < 4


def test_a_long_gradient_is_returned_as_it_is_and_is_new_in_every_call(everything_is_shared):
    network = Network((3,), [Dense(2)], HalfSquaredError(), batch=2)
    program = lambdify(derive(network), "array", results="training")
    assert "delta_w.copy()" not in program.source
    values = {t.name: np.ones(t.shape) for t in program.given}
    first, second = program(values), program(values)
    for name, gradient in first.gradients.items():
        assert not np.shares_memory(gradient, second.gradients[name])
        assert not any(np.shares_memory(gradient, array) for array in values.values())


def test_arguments_of_any_kind_are_taken(everything_is_shared):
    """Other floats, other orders in memory: they are converted; none is written to."""
    network = Network((3,), [Dense(2)], HalfSquaredError(), batch=2)
    function = lambdify(derive(network), "array", results="training").function
    x, w, b, t = np.ones((2, 3)), np.arange(6.0).reshape(3, 2).T, np.zeros(2), np.zeros((2, 2))
    w.flags.writeable = False
    expected = (w.sum(axis=1) ** 2).sum() / 2  # the mean of two equal samples
    assert function(x, w, b, t)[0] == expected
    assert function(x, w.astype("float32"), b, t)[0] == expected


def test_small_networks_are_left_as_they_are():
    network = Network((4, 4, 1), [Conv2D(2, 2)], HalfSquaredError(), batch=2)
    setup = lowered(plan_of(derive(network))).setup
    assert not any(isinstance(made, Memory) for made in setup)
