"""Gradients of long dense layers, whose factors blocks of samples hand over."""

from itertools import product

import numpy as np
import pytest

import symcnn as sc
from tests.draws import one_of, slow

LAYERS = {
    "two long ones": [sc.Flatten(), sc.Dense(50), sc.Tanh(), sc.Dense(60), sc.Dense(2)],
    "behind a convolution": [sc.Conv2D(4, 3), sc.ReLU(), sc.Flatten(), sc.Dense(70), sc.Dense(3)],
    "of the input": [sc.Flatten(), sc.Dense(90)],
    "with shared weights": [
        sc.Flatten(),
        sc.Dense(36, name="a"),
        sc.Sigmoid(),
        sc.Dense(36, weight_from="a", name="b"),
    ],
    "behind a pool": [sc.MaxPool2D(2), sc.Flatten(), sc.Dense(80, bias=False), sc.Dense(40)],
}
LOSSES = {
    "a mean": sc.SoftmaxCrossEntropy(),
    "a sum and a penalty": sc.SquaredError(reduction="sum", l2=0.1),
}
BATCH = 5


def network(layers, loss):
    return sc.Network((6, 6, 1), LAYERS[layers], LOSSES[loss], batch=BATCH)


@pytest.mark.parametrize(
    ("layers", "loss", "blocks"),
    one_of(product(LAYERS, LOSSES, [{"block": 2}, {"block": 5}, {"threads": 2}])),
)
def test_gradients_are_those_of_the_whole_batch(layers, loss, blocks):
    if "threads" in blocks:
        pytest.importorskip("threadpoolctl")
    agree(network(layers, loss), "array", blocks)


def test_a_program_of_single_numbers():
    net = sc.Network((16,), [sc.Tanh(), sc.Dense(30)], sc.SquaredError(), batch=2)
    agree(net, "scalar", {"block": 1})


def agree(net, backend, blocks):
    derivation = sc.derive(net)
    random = np.random.default_rng(1)
    values = {t.name: random.normal(size=t.shape) / 4 for t in derivation.network.given}
    whole = sc.lambdify(derivation, "array", results="training")(values)
    program = sc.lambdify(derivation, backend, results="training", **blocks)
    for _ in range(2):  # nothing of the first call is left in the second
        made = program(values)
        assert made.loss == pytest.approx(whole.loss, rel=1e-12)
        assert list(made.gradients) == list(whole.gradients)
        assert list(made.outputs) == list(whole.outputs)
        for name, gradient in whole.gradients.items():
            np.testing.assert_allclose(made.gradients[name], gradient, rtol=1e-9, atol=1e-13)


def test_the_product_of_a_long_layer_is_made_once_of_all_samples(monkeypatch):
    """No block has a gradient of the long layer; the short ones are added up."""
    from symcnn.programs.factors import Factored

    seen = []
    own = Factored.multiplied
    monkeypatch.setattr(
        Factored, "multiplied", lambda self, found: seen.append(found) or own(self, found)
    )
    net = network("two long ones", "a mean")
    program = sc.lambdify(sc.derive(net), "array", results="training", block=2)
    values = {t.name: np.ones(t.shape) for t in net.given}
    program(values)
    (found,) = seen
    shapes = {array.shape for array in found.values()}
    assert (60, 50) not in shapes
    assert {(BATCH, 60), (BATCH, 50), (2, 60)} <= shapes


@slow
def test_the_whole_batch_is_written_where_its_text_is_asked_for():
    """Statements for each entry of all samples would be too many, and are not needed."""
    layers = [sc.Tanh(), sc.Dense(30)]
    net = sc.Network((16,), layers, sc.SquaredError(), batch=64)
    asked = {"results": "training", "block": 4}
    program = sc.lambdify(sc.derive(net), "scalar", **asked)
    values = {t.name: np.ones(t.shape) for t in net.given}
    expected = sc.lambdify(sc.derive(net), "array", **asked)(values).loss
    assert program(values).loss == pytest.approx(expected, rel=1e-12)
    with pytest.raises(sc.TooLargeError):
        _ = program.source
