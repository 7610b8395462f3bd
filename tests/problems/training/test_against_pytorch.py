"""The same start and the same batches as PyTorch: the same losses, step by step."""

from itertools import islice

import numpy as np
import pytest

import symcnn as sc
from symcnn.problems.training.feed import mini_batches
from tests.draws import MANY, one_of, slow

torch_reference = pytest.importorskip("tests.programs.torch_reference")

STEPS, RATE, BATCH = 50, 0.2, 8
COMPARED = STEPS if MANY else 4
"""PyTorch takes most of the time."""


def lenet(**options):
    """LeNet for images of 12 x 12."""
    layers = [
        *(sc.Conv2D(3, 3), sc.Tanh(), sc.MaxPool2D(2)),
        *(sc.Conv2D(4, 2), sc.Tanh(), sc.MaxPool2D(2)),
        *(sc.Flatten(), sc.Dense(8), sc.Tanh(), sc.Dense(3)),
    ]
    network = sc.Network((12, 12, 1), layers, sc.SoftmaxCrossEntropy(), **options)
    random = np.random.default_rng(0)
    values = {p.name: random.uniform(-0.4, 0.4, p.shape) for p in network.parameters}
    target = np.zeros(network.target.shape)
    target[..., 0] = 1
    return sc.Problem(network, {**values, "x": np.zeros(network.input.shape), "target": target})


def stripes():
    """Images of horizontal, vertical and slanted stripes, with noise."""
    random = np.random.default_rng(1)
    y = random.integers(0, 3, 70)
    i, j = np.indices((12, 12))
    along = np.array([i, j, i + j])[y] + random.integers(0, 4, (70, 1, 1))
    noise = random.normal(scale=0.3, size=(70, 12, 12))
    return {"x": (np.sin(along * np.pi / 2) + noise)[..., None], "y": y}


def losses_of_pytorch(problem, data):
    weights = {
        p.name: np.array(problem.values[p.name], float).reshape(p.shape)
        for p in problem.network.parameters
    }
    feed = mini_batches(problem, data, BATCH, 0, "float64")
    for batch in feed.batches:
        made = torch_reference.Reference(feed.network, {**weights, **batch})
        yield made.loss.item()
        weights = {name: w - RATE * made.gradients[name] for name, w in weights.items()}


@pytest.mark.parametrize(("dtype", "within"), one_of([("float64", 1e-10), ("float32", 1e-4)]))
def test_the_losses_are_the_same(dtype, within):
    problem, data = lenet(), stripes()
    options = {"data": data, "batch": BATCH, "dtype": dtype}
    made = sc.train(problem, STEPS, RATE, **options)
    theirs = [*islice(losses_of_pytorch(problem, data), COMPARED + 1)]
    assert len(made.losses) == STEPS + 1
    assert made.losses[: len(theirs)] == pytest.approx(theirs, abs=within, rel=0)
    assert np.mean(made.losses[-10:]) < 0.7 * np.mean(made.losses[:10])


@slow
def test_a_network_with_a_batch_trains_alike():
    """Its own batch of 8 is what a step takes unless another is asked for."""
    one = sc.train(lenet(), 5, RATE, stripes(), batch=BATCH)
    several = sc.train(lenet(batch=BATCH), 5, RATE, stripes())
    assert several.network.batch == BATCH
    assert several.losses == one.losses
