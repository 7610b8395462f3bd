"""Products of copied windows, strip by strip: the same numbers, and the copy is never whole."""

from itertools import chain

import pytest

from symcnn import Conv2D, HalfSquaredError, Network, Tanh, derive, lambdify
from symcnn.programs.backends.numpy import lowered
from symcnn.programs.backends.numpy.statements import (
    Part,
    ProductsOfCopies,
    Statement,
    SumOfProducts,
)
from symcnn.programs.plans.plan import plan_of
from tests.draws import seeds
from tests.programs.backends.convolutions import chained
from tests.programs.random_networks import example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")


def statements(program) -> list[Statement]:
    stages = (*program.forward, *program.backward)
    return [*chain.from_iterable(stage.statements for stage in stages)]


@pytest.mark.parametrize("results", ["all", "training"])
def test_convolutions(results, everything_is_in_strips):
    network, values = chained()
    program = lambdify(derive(network), "array", results=results)
    program(values)
    against_pytorch.assert_equal_to_pytorch(program(values), network, values)


@pytest.mark.parametrize("seed", seeds(8400, 0.2))
def test_random_networks(seed, everything_is_in_strips):
    network, values = example(seed)
    program = lambdify(derive(network), "array", results="training")
    against_pytorch.assert_equal_to_pytorch(program(values), network, values)


def test_a_strip_has_the_rows_that_one_row_of_the_result_reads(everything_is_in_strips):
    """Of 10 rows with their border 3 are copied at once, 8 times, forward and back."""
    layers = [Conv2D(2, 3, padding=1), Tanh(), Conv2D(4, 3, padding=1)]
    network = Network((8, 9, 1), layers, HalfSquaredError(), batch=2)
    program = lowered(plan_of(derive(network), "training"))
    every = statements(program)
    assert [type(s) for s in every if isinstance(s, ProductsOfCopies | SumOfProducts)] == [
        *(ProductsOfCopies, ProductsOfCopies),
        *(SumOfProducts, SumOfProducts),
    ]
    shapes = {made.shape for made in program.setup if isinstance(made, Part)}
    assert (3, 3, 2, 9, 2) in shapes
    assert (10, 3, 2, 9, 2) not in shapes
