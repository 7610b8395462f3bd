"""Expressions in place of others are named, in closed forms too, and only where they fit."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow

EPSILON = 0.25


def normalisation(change):
    """Return a closed form of batch normalisation's backward pass, made by a function."""

    def backward(dout, x, gamma, eps):
        n, std = len(x), np.sqrt(x.var(axis=0) + eps)
        xhat = (x - x.mean(axis=0)) / std
        return change(dout, x, gamma, n, std, xhat), (dout * xhat).sum(0), dout.sum(0)

    return backward


def closed(dout, first, gamma, n, std, xhat, count=None):
    n = n if count is None else count
    return gamma / (n * std) * (n * first - dout.sum(0) - xhat * (dout * xhat).sum(0))


CASES = [
    lambda d, x, g, n, s, h: closed(d, d, g, n, s, x / s),
    lambda d, x, g, n, s, h: closed(d, d, g, n, s, h, d.shape[1]),
]


@slow
@pytest.mark.parametrize("change", CASES, ids=["x not centred", "another count"])
def test_closed_forms_of_a_normalisation(change):
    verdict = sc.check_backward(normalisation(change), sc.BatchNorm(epsilon=EPSILON))
    finding = verdict.findings[0]
    assert (finding.verdict, finding.mistake) == ("wrong", "another quantity throughout")
    assert "due:" in finding.explanation
    assert "computed:" in finding.explanation


@slow
def test_what_follows_from_no_expression_at_hand_has_no_name():
    def change(dout, x, gamma, n, std, xhat):
        return closed(dout, dout, gamma, n, std, xhat) + 0.017 * np.cos(x)

    verdict = sc.check_backward(normalisation(change), sc.BatchNorm(epsilon=EPSILON))
    assert [finding.mistake for finding in verdict.findings] == ["", "", ""]


@slow
def test_a_constant_outside_of_the_root_shows_in_the_case():
    def backward(dout, x, gamma, beta, eps):
        xhat = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
        dx = closed(dout, dout, gamma, len(x), x.std(0) + eps, xhat)
        return dx, (dout * xhat).sum(0), dout.sum(0)

    finding = sc.check_backward(backward, sc.BatchNorm).findings[0]
    assert finding.mistake == "another factor of all terms"
    assert "/(sqrt(variance[q]) + 1/100000)" in finding.explanation
    assert np.abs(np.subtract(finding.case.due, finding.case.returned)).max() > 1e-3


def test_two_inputs_that_are_exchanged():
    def backward(dout, x, w):
        return x @ w, x.T @ dout

    layer = sc.Dense(4, bias=False)
    verdict = sc.check_backward(backward, layer, input_shape=(4,), batch=3, returns="dx, dw")
    assert verdict.findings[0].mistake == "dout and x exchanged"


@pytest.mark.parametrize(
    ("begin", "end"), [(0, 1), (-1, 0), (0, 9)], ids=["longer", "too early", "to the end"]
)
def test_a_window_that_begins_or_ends_elsewhere(begin, end):
    def backward(dout, x):
        dx = np.zeros_like(x)
        for i, j in np.ndindex(*dout.shape[1:3]):
            rows = slice(max(2 * i + begin, 0), 2 * i + 3 + end)
            dx[:, rows, 2 * j : 2 * j + 3] += dout[:, i : i + 1, j : j + 1] / 9
        return dx

    (finding,) = sc.check_backward(backward, sc.AvgPool2D(3, stride=2)).findings
    assert finding.mistake == "window begins or ends elsewhere"
    assert ">= 0" in finding.explanation


def test_the_border_of_a_rectifier():
    (finding,) = sc.check_backward(lambda dout, x: dout * (x > 1), sc.ReLU()).findings
    assert finding.mistake == "border at another number"


def test_one_sample_is_blamed_only_where_it_is_the_cause():
    def by_channels(dout, x):
        return dout * (x > 0) * (1 if x.shape[-1] < 4 else 2)

    def by_samples(dout, x):
        return dout * (x > 0) * (2 if len(x) == 1 else 1)

    wrong = [sc.check_backward(f, sc.ReLU()).findings[0] for f in (by_channels, by_samples)]
    assert "sample" not in wrong[0].where
    assert "only where there is one sample" in wrong[1].where


def test_a_network_without_parameters():
    network = sc.Network((4,), [sc.Tanh()], sc.HalfSquaredError())

    def gradient(x, target):
        y = np.tanh(x)
        return (y - target) * (1 - y**2)

    assert sc.check_gradients(gradient, network)
    (finding,) = sc.check_gradients(lambda x, target: np.tanh(x) - target, network).findings
    assert (finding.name, finding.mistake) == ("gradient of x", "slope forgotten")


@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_a_flattened_image_without_a_batch(layout):
    network = sc.Network((2, 3, 2), [sc.Flatten(), sc.Dense(2)], sc.HalfSquaredError())

    def gradients(w, b, x, target):
        error = w @ x.ravel() + b - target
        return np.outer(error, x.ravel()), error

    assert sc.check_gradients(gradients, network, layout=layout)


def test_inputs_of_unlike_shapes():
    def unpool(dout, pooled, image):
        received = np.zeros_like(pooled)
        for n, i, j, c in np.ndindex(pooled.shape):
            window = image[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c]
            u, v = np.unravel_index(window.argmax(), window.shape)
            received[n, i, j, c] = dout[n, 2 * i + u, 2 * j + v, c]
        return received, np.zeros_like(image)

    layer = sc.MaxUnpool2D(2)
    arguments = "dout, x1, x2"
    assert sc.check_backward(unpool, layer, arguments=arguments)
