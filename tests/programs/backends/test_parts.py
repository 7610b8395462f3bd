"""Long programs, written in parts: the same numbers, and no function that shares many names."""

from types import CodeType

import pytest

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, Network, ReLU, derive, lambdify
from symcnn.programs.backends.numpy import layout
from symcnn.programs.backends.python import module
from tests.draws import one_of, seeds
from tests.programs.random_networks import example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")


@pytest.mark.parametrize("results", ["all", "training"])
@pytest.mark.parametrize("seed", seeds(7000, 0.2))
def test_random_networks(seed, results, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 2)
    monkeypatch.setattr(layout, "PASSED_ENTRIES", 4)  # some names are of one call, others stay
    network, values = example(seed)
    program = lambdify(derive(network), "array", results=results)
    against_pytorch.assert_equal_to_pytorch(program(values), network, values)


@pytest.mark.parametrize("results", one_of(["all", "training"]))
def test_no_function_of_a_deep_network_shares_many_names(results):
    """Compiling takes the square of their number: a first call took 22 s at 1,600 layers."""
    chain = [Conv2D(2, 3, padding=1), ReLU()] * 120
    network = Network((4, 4, 2), [*chain, Flatten(), Dense(2)], HalfSquaredError())
    source = lambdify(derive(network), "array", results=results).source
    shared = [len(code.co_cellvars) for code in functions(compile(source, "<module>", "exec"))]
    assert len(shared) > 8
    assert max(shared) < 20


def functions(code):
    """Run over the functions in a module."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from functions(constant)
