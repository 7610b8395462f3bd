"""Array = scalar = by hand on every layer type and loss; by hand in exact arithmetic."""

import numpy as np
import pytest
from sympy import Rational

from symcnn import Network, derive, lambdify, layers, losses
from symcnn.problems import catalog

IMAGE, SEQUENCE, VECTOR = (3, 2, 2), (4, 2), (3,)

LAYERS = {
    "Conv1D": (SEQUENCE, [layers.Conv1D(2, 2, padding=1, dilation=2)]),
    "Conv2D": (IMAGE, [layers.Conv2D(2, 2, stride=(2, 1), padding="same", groups=2)]),
    "ConvTranspose2D": (IMAGE, [layers.ConvTranspose2D(1, 2, stride=2, padding=((1, 0), (0, 1)))]),
    "MaxPool1D": (SEQUENCE, [layers.MaxPool1D(2, stride=1, dilation=2)]),
    "MaxPool2D": (IMAGE, [layers.MaxPool2D(2, stride=1, padding=1, ties="split")]),
    "AvgPool1D": (SEQUENCE, [layers.AvgPool1D(3, padding=1, count_include_pad=False)]),
    "AvgPool2D": (IMAGE, [layers.AvgPool2D(2, padding=1, count_include_pad=False)]),
    "GlobalAvgPool2D": (IMAGE, [layers.GlobalAvgPool2D()]),
    "BatchNorm": (SEQUENCE, [layers.BatchNorm()]),
    "Flatten": (IMAGE, [layers.Flatten()]),
    "Dense": (VECTOR, [layers.Dense(2)]),
    **{
        kind.__name__: (VECTOR, [kind()])
        for kind in (
            *(layers.Sigmoid, layers.Tanh, layers.ReLU, layers.LeakyReLU, layers.ELU),
            *(layers.Softplus, layers.SiLU, layers.GELU, layers.Softmax, layers.LogSoftmax),
        )
    },
    "Add": (VECTOR, [layers.Dense(3), layers.Add(inputs=("x", "dense1"))]),
    "Concatenate": (SEQUENCE, [layers.Tanh(), layers.Concatenate(inputs=("tanh1", "x", "x"))]),
    "shared weights": (VECTOR, [layers.Dense(3), layers.Dense(3, weight_from="dense1")]),
}
LOSSES = {
    "HalfSquaredError": ([], losses.HalfSquaredError(l2=0.1)),
    "SquaredError": ([], losses.SquaredError(reduction="sum")),
    "MeanSquaredError": ([], losses.MeanSquaredError()),
    "BinaryCrossEntropy": ([layers.Sigmoid()], losses.BinaryCrossEntropy()),
    "CrossEntropy": ([layers.Softmax()], losses.CrossEntropy()),
    "SoftmaxCrossEntropy": ([], losses.SoftmaxCrossEntropy()),
    "SumOfOutputs": ([layers.Tanh()], losses.SumOfOutputs()),
    "Upstream": ([], losses.Upstream()),
}


def fractions(network):
    """Draw small fractions, with repetitions so that maxima are tied."""
    drawn = np.random.default_rng(4)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter")]
    values = {t.name: [Rational(int(k), 4) for k in drawn.integers(-3, 4, t.size)] for t in given}
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


@pytest.mark.parametrize("batch", [None, 2], ids=["", "batch"])
@pytest.mark.parametrize("case", LAYERS)
def test_on_every_layer(case, batch):
    shape, chain = LAYERS[case]
    assert_the_readings_agree(Network(shape, chain, losses.HalfSquaredError(), batch=batch))


@pytest.mark.parametrize("batch", [None, 2], ids=["", "batch"])
@pytest.mark.parametrize("case", LOSSES)
def test_on_every_loss(case, batch):
    last, loss = LOSSES[case]
    assert_the_readings_agree(Network(VECTOR, [layers.Dense(2), *last], loss, batch=batch))


def test_every_layer_and_loss_has_its_case():
    named = {kind.made.__name__ for kind in catalog.LAYERS.values()}
    assert named == {*LAYERS} - {"shared weights"}
    assert {kind.made.__name__ for kind in catalog.LOSSES.values()} == {*LOSSES}
