"""Array = scalar = by hand on every layer type and loss; by hand in exact arithmetic."""

import numpy as np
import pytest
from sympy import Rational

from symcnn import Network, derive, lambdify
from symcnn.network import layers, losses
from symcnn.problems import catalog
from tests.draws import half, some
from tests.network.layers.examples import EXAMPLES
from tests.supplied import supplied

IMAGE, SEQUENCE, VECTOR = (3, 2, 2), (4, 2), (3,)

LAYERS = {
    **{f"{e} of {e.input_shape}": (e.input_shape, e.layers) for e in EXAMPLES},
    "grouped": (IMAGE, [layers.Conv2D(2, 2, stride=(2, 1), padding="same", groups=2)]),
    "add": (VECTOR, [layers.Dense(3), layers.Add(inputs=("x", "dense1"))]),
    "concatenate": (SEQUENCE, [layers.Tanh(), layers.Concatenate(inputs=("tanh1", "x", "x"))]),
    "shared weights": (VECTOR, [layers.Dense(3), layers.Dense(3, weight_from="dense1")]),
    "tied weights": (
        VECTOR,
        [layers.Dense(2), layers.Dense(3, weight_from="dense1", weight_axes=(1, 0))],
    ),
    "tied kernels": (
        IMAGE,
        [
            layers.Conv2D(3, (1, 2)),
            layers.Conv2D(2, (2, 1), weight_from="conv1", weight_axes=(1, 0, 3, 2)),
        ],
    ),
}
LOSSES = {
    "HalfSquaredError": ([], losses.HalfSquaredError(l2=0.1)),
    "SquaredError": ([], losses.SquaredError(reduction="sum")),
    "MeanSquaredError": ([], losses.MeanSquaredError()),
    "BinaryCrossEntropy": ([layers.Sigmoid()], losses.BinaryCrossEntropy()),
    "CrossEntropy": ([layers.Softmax()], losses.CrossEntropy()),
    "SoftmaxCrossEntropy": ([], losses.SoftmaxCrossEntropy()),
    "Huber": ([], losses.Huber(delta=0.5)),
    "Hinge": ([], losses.Hinge()),
    "KLDivergence": ([layers.Softmax()], losses.KLDivergence()),
    "Focal": ([layers.Sigmoid()], losses.Focal(alpha=0.25)),
    "Dice": ([layers.Sigmoid()], losses.Dice()),
    "SumOfOutputs": ([layers.Tanh()], losses.SumOfOutputs()),
    "Upstream": ([], losses.Upstream()),
}


def fractions(network):
    """Draw small fractions, with repetitions so that maxima are tied."""
    drawn = np.random.default_rng(4)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    values = {t.name: [Rational(int(k), 4) for k in drawn.integers(-3, 4, t.size)] for t in given}
    values |= {n: v.ravel().tolist() for n, v in supplied(network, drawn).items()}
    if network.target is not None:  # a distribution serves every loss
        values[network.target.name] = [Rational(1, network.target.shape[-1])] * network.target.size
    return values


def assert_the_readings_agree(network):
    derivation, values = derive(network), fractions(network)
    point = derivation.at(values, 30)

    def by_hand(tensor):
        return np.array([float(point.value(tensor.symbol(p))) for p in tensor.positions()])

    for backend in ("scalar", "array"):
        evaluation = lambdify(derivation, backend)(values)
        assert evaluation.loss == pytest.approx(by_hand(network.loss_tensor).item(), rel=1e-13)
        for name, output in evaluation.outputs.items():
            exact = by_hand(network.tensors[name])
            assert output.ravel() == pytest.approx(exact, rel=1e-13, abs=1e-14), name
        for name, gradient in evaluation.gradients.items():
            exact = by_hand(derivation.adjoints[name])
            assert gradient.ravel() == pytest.approx(exact, rel=1e-12, abs=1e-14), name


@pytest.mark.parametrize("case", some(LAYERS, 3))
def test_on_every_layer(case):
    """Every second in a batch; tests/generated walks through each with and without."""
    shape, chain = LAYERS[case]
    batch = 2 if [*LAYERS].index(case) % 2 else None
    assert_the_readings_agree(Network(shape, chain, losses.HalfSquaredError(), batch=batch))


@pytest.mark.parametrize("batch", [None, 2], ids=["", "batch"])
@pytest.mark.parametrize("case", half(list(LOSSES)))
def test_on_every_loss(case, batch):
    last, loss = LOSSES[case]
    assert_the_readings_agree(Network(VECTOR, [layers.Dense(2), *last], loss, batch=batch))


def test_every_loss_has_its_case():
    assert {kind.made.__name__ for kind in catalog.LOSSES.values()} == {*LOSSES}
