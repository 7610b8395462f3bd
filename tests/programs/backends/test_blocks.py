"""Matrix products that are cut into blocks: the same numbers."""

import numpy as np
import pytest

from symcnn import Conv2D, HalfSquaredError, Network, derive, lambdify
from symcnn.programs.backends.numpy import lowered, products
from symcnn.programs.backends.numpy.products import BLOCK_MULTIPLICATIONS
from symcnn.programs.backends.numpy.statements import AddBlocks, Product, View, Views
from symcnn.programs.plans.plan import plan_of
from tests.draws import seeds
from tests.programs.random_networks import example

against_pytorch = pytest.importorskip("tests.programs.against_pytorch")


@pytest.fixture
def everything_is_cut(monkeypatch):
    monkeypatch.setattr(products, "BLOCK_MULTIPLICATIONS", 1)
    monkeypatch.setattr(products, "SHORTEST", 1)
    monkeypatch.setattr(products, "SKINNY", 10**9)


@pytest.mark.parametrize("seed", seeds(9000, 0.2))
def test_random_networks(seed, everything_is_cut):
    network, values = example(seed)
    evaluation = lambdify(derive(network), "array")(values)
    against_pytorch.assert_equal_to_pytorch(evaluation, network, values)


def test_no_product_is_longer_than_it_should_be():
    network = Network((32, 32, 4), [Conv2D(8, 5)], HalfSquaredError(), batch=64)
    program = lowered(plan_of(derive(network)))
    shapes = {made.name: made.shape for made in program.setup if isinstance(made, View | Views)}
    stages = (*program.forward, *program.backward)
    products = [s for x in stages for s in x.statements if isinstance(s, Product | AddBlocks)]
    assert len(products) == 3  # forward, by the weight and by the input
    for product in products:
        work = np.prod(shapes[product.left][-2:]) * shapes[product.right][-1]
        assert work <= BLOCK_MULTIPLICATIONS
