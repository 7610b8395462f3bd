"""Logits of a thousand, and of 10^16: losses and gradients as on paper, without a warning."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from mpmath import mp
from sympy import exp, symbols

from symcnn import Auxiliary, LogSumExp, Network, define, derive, gradcheck, lambdify
from symcnn.network import layers, losses

pytestmark = pytest.mark.filterwarnings("error")

BACKENDS = pytest.mark.parametrize("backend", ["scalar", "array"])


class Halved(layers.Layer):
    """A softmax of one's own, of twice the half: y[k] = exp(2 h[k] - log(sum of exp(2 h)))."""

    prefix, letter = "halved", "y"

    def auxiliaries(self, shape):
        return {"half": Auxiliary(shape, "h", "q"), "normaliser": Auxiliary((1,), "ell", "l")}

    def forward(self, y, x, half, normaliser):
        k, q = symbols("k q", integer=True)
        return (
            define(half[q], x[q] / 2),
            define(normaliser[0], 2 * half[q], reduction=LogSumExp()),
            define(y[k], exp(2 * half[k] - normaliser[0])),
        )


SOFTMAXES = {
    "in the loss": ([layers.LeakyReLU(alpha=1)], losses.SoftmaxCrossEntropy()),
    "as a layer": ([layers.Softmax()], losses.CrossEntropy()),
    "flattened": ([layers.Softmax(), layers.Flatten()], losses.CrossEntropy()),
    "of one's own": ([Halved()], losses.CrossEntropy()),
}


@cache
def written(shape, chain, loss, batch, backend):
    derivation = derive(Network(shape, chain, loss, batch=batch))
    return derivation, lambdify(derivation, backend)


def evaluated(chain, loss, x, target, backend, batch=None):
    """Evaluate, and see that the gradient check agrees."""
    x = np.array(x, float)
    shape = x.shape if batch is None else x.shape[1:]
    derivation, program = written(shape, tuple(chain), loss, batch, backend)
    values = {"x": x} if target is None else {"x": x, "target": np.array(target, float)}
    evaluation = program(values)
    problem = SimpleNamespace(network=derivation.network, derivation=derivation, values=values)
    assert gradcheck(problem, evaluation.gradients).max_abs_error < 1e-12
    for numbers in (*evaluation.outputs.values(), *evaluation.gradients.values()):
        assert np.isfinite(numbers).all()
    return evaluation


@BACKENDS
@pytest.mark.parametrize("form", SOFTMAXES)
@pytest.mark.parametrize("far", [0, 1e16])
@pytest.mark.parametrize(
    ("logits", "target", "loss", "gradient"),
    [
        ([1000, 0], [0, 1], 1000, [1, -1]),
        ([1000, 0], [1, 0], 0, [0, 0]),
        ([-1000, 0], [1, 0], 1000, [-1, 1]),
        ([-1000, -1000], [1, 0], np.log(2), [-0.5, 0.5]),
        ([1000, 1000], [0.25, 0.75], np.log(2), [0.25, -0.25]),
        ([1000, -1000, 0], [0, 0.5, 0.5], 1500, [1, -0.5, -0.5]),
        ([-1000, -1000, -1000], [0, 0, 1], np.log(3), [1 / 3, 1 / 3, -2 / 3]),
    ],
)
def test_softmax_with_cross_entropy(form, logits, far, target, loss, gradient, backend):
    evaluation = evaluated(*SOFTMAXES[form], np.add(logits, far), target, backend)
    assert evaluation.loss == pytest.approx(loss, rel=1e-12, abs=1e-12)
    assert evaluation.gradients["x"] == pytest.approx(np.array(gradient), rel=1e-12, abs=1e-12)


@BACKENDS
@pytest.mark.parametrize("flat", [[], [layers.Flatten()]], ids=["", "flattened"])
@pytest.mark.parametrize(
    ("z", "target", "loss", "gradient"),
    [
        (1000, 0, 1000, 1),
        (1000, 1, 0, 0),
        (-1000, 1, 1000, -1),
        (-1000, 0, 0, 0),
        (1000, 0.25, 750, 0.75),
        (-1000, 0.25, 250, -0.25),
        (50, 0, 50, 1),
        (-50, 0, np.exp(-50), np.exp(-50)),
        (0, 0.5, np.log(2), 0),
    ],
)
def test_sigmoid_with_binary_cross_entropy(z, target, loss, gradient, flat, backend):
    chain = [layers.Sigmoid(), *flat]
    evaluation = evaluated(
        chain, losses.BinaryCrossEntropy(), [[z]] if flat else [z], [target], backend
    )
    assert evaluation.loss == pytest.approx(loss, rel=1e-12, abs=1e-30)
    assert evaluation.gradients["x"].item() == pytest.approx(gradient, rel=1e-12, abs=1e-30)


@BACKENDS
def test_a_batch_of_them(backend):
    chain, x = [layers.Sigmoid(), layers.Flatten()], [[[1000, -1000]], [[0, 1000]]]
    loss = losses.BinaryCrossEntropy(reduction="mean")
    evaluation = evaluated(chain, loss, x, [[0, 1], [0, 1]], backend, batch=2)
    assert evaluation.loss == pytest.approx((2000 + np.log(2)) / 2, rel=1e-14)
    assert evaluation.gradients["x"].tolist() == [[[0.5, -0.5]], [[0.25, 0]]]


@BACKENDS
@pytest.mark.parametrize("z", [-1000.0, 1000.0])
def test_log_softmax_and_activations(z, backend):
    logs = evaluated([layers.LogSoftmax()], losses.SumOfOutputs(), [z, 0], None, backend)
    assert logs.outputs["log_softmax1"].tolist() == [min(z, 0), min(-z, 0)]
    right = float(z > 0)
    for kind, slope in [
        *((layers.Softplus, right), (layers.SiLU, right), (layers.GELU, right)),
        *((layers.ELU, right), (layers.ReLU, right), (layers.Sigmoid, 0), (layers.Tanh, 0)),
    ]:
        evaluation = evaluated([kind()], losses.SumOfOutputs(), [z], None, backend)
        assert evaluation.gradients["x"].item() == slope, kind


@BACKENDS
def test_what_is_infinite_on_paper_is_kept_within_floats(backend):
    """By the probability itself the slope is -1/a = -exp(2000): it stays at exp(700)."""
    chain = [layers.Softmax()]
    beyond = evaluated(chain, losses.CrossEntropy(), [1000, -1000], [0, 1], backend)
    assert beyond.gradients["softmax1"].tolist() == [0, -np.exp(700)]
    within = evaluated(chain, losses.CrossEntropy(), [300, -300], [0, 1], backend)
    assert within.gradients["softmax1"] == pytest.approx(np.array([0, -np.exp(600)]))


@pytest.mark.parametrize(
    ("backend", "dtype", "far", "near"),
    [
        ("scalar", "float64", 1e16, 1e-15),
        ("array", "float64", 1e16, 1e-15),
        ("array", "float32", 1e4, 3e-7),
    ],
)
@pytest.mark.parametrize("target", [[0, 1, 0, 0], [0.1, 0.2, 0.3, 0.4], [1, 1, 0, 0]])
def test_what_is_added_to_all_logits_goes_out(target, backend, dtype, far, near):
    """L = log(sum of e^z) - sum of t z: by 1 - sum of t times it, which may be rounding alone."""
    network = Network((4,), [layers.LeakyReLU(alpha=1)], losses.SoftmaxCrossEntropy())
    program, z = lambdify(derive(network), backend, dtype=dtype), [0, 2, -2, 4]
    evaluation = program({"x": np.add(z, far), "target": target})
    powers = [mp.exp(number) for number in z]
    loss = mp.log(sum(powers)) - mp.fdot(target, z) + far * (1 - round(sum(target), 9))
    assert evaluation.loss == pytest.approx(float(loss), rel=near)
    slopes = [float(power / sum(powers) - t) for power, t in zip(powers, target, strict=True)]
    assert evaluation.gradients["x"] == pytest.approx(np.array(slopes), abs=near)


def test_the_symbolic_forms_stay_the_textbook_ones():
    network = Network((2,), [layers.Sigmoid()], losses.BinaryCrossEntropy())
    partial = derive(network).partial("sigmoid1", (0,), staged=True)
    a, t = network.output.symbol((0,)), network.target.symbol((0,))
    assert partial.equals(-t / a + (1 - t) / (1 - a))
