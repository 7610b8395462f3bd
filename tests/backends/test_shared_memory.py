"""Arrays that share memory: the same numbers, in less of it."""

from math import prod

import pytest

from symcnn import Conv2D, HalfSquaredError, Network, Tanh, derive, lambdify
from symcnn.backends.numpy import lowered, memory
from symcnn.backends.numpy.statements import Allocate, Memory, Part
from symcnn.plans.plan import plan_of
from tests.draws import seeds
from tests.programs.random_networks import example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")


@pytest.fixture
def everything_is_shared(monkeypatch):
    monkeypatch.setattr(memory, "SHARED_ENTRIES", 1)


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


def test_small_networks_are_left_as_they_are():
    network = Network((4, 4, 1), [Conv2D(2, 2)], HalfSquaredError(), batch=2)
    setup = lowered(plan_of(derive(network))).setup
    assert not any(isinstance(made, Memory) for made in setup)
