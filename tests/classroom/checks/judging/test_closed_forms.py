"""Closed forms with one product, one statistic or one quotient that is another one."""

import numpy as np
import pytest

import symcnn as sc


def softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_backward(dout, x, join=np.multiply):
    y = softmax(x)
    return join(y, dout - (dout * y).sum(axis=1, keepdims=True))


def sigmoid_backward(dout, x, join=np.multiply):
    y = 1 / (1 + np.exp(-x))
    return join(dout, y) * (1 - y)


def norm_backward(dout, x, gamma, beta, *, below=np.multiply, join=np.multiply, keep=1):
    n, std = len(x), np.sqrt(x.var(axis=0) + 0.25)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    dx = gamma / below(n, std) * (keep * n * dout - (2 * keep - 1) * dbeta - join(xhat, dgamma))
    return dx, dgamma, dbeta


def norm_forward(x, gamma, beta, *, momentum=None, begun=1.0, correction=0):
    """Normalise with the statistics of the batch, or with running ones after one step."""
    mean, var = x.mean(axis=0), x.var(axis=0, ddof=correction)
    if momentum is not None:
        mean, var = (1 - momentum) * mean, momentum * begun + (1 - momentum) * var
    return gamma * (x - mean) / np.sqrt(var + 0.25) + beta


NORM = sc.BatchNorm(epsilon=0.25)
SUM, QUOTIENT, LEFT = "sum instead of product", "divided instead of multiplied", "factor missing"


def found(function, layer, check=sc.check_backward, **options):
    return check(lambda *arrays: function(*arrays, **options), layer, arguments=_NAMES[function])


_NAMES = {
    softmax_backward: "dout, x",
    sigmoid_backward: "dout, x",
    norm_backward: "dout, x, weight, bias",
    norm_forward: "x, weight, bias",
}


@pytest.mark.parametrize(
    ("function", "layer", "options", "mistake"),
    [
        (softmax_backward, sc.Softmax(), {"join": np.add}, SUM),
        (softmax_backward, sc.Softmax(), {"join": lambda y, other: y}, LEFT),
        (sigmoid_backward, sc.Sigmoid(), {"join": np.add}, SUM),
        (sigmoid_backward, sc.Sigmoid(), {"join": lambda dout, y: 1}, LEFT),
        (norm_backward, NORM, {"below": np.add}, SUM),
        (norm_backward, NORM, {"join": np.divide}, QUOTIENT),
        (norm_backward, NORM, {"join": lambda xhat, dgamma: xhat}, LEFT),
        (norm_backward, NORM, {"keep": 0}, "terms missing, and a sign"),
    ],
)
def test_a_product_that_is_something_else(function, layer, options, mistake):
    assert found(function, layer)
    first = found(function, layer, **options).findings[0]
    assert (first.verdict, first.mistake) == ("wrong", mistake)


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"momentum": 0.9}, "normalised with running statistics"),
        ({"momentum": 0.1, "begun": 0.0, "correction": 1}, "normalised with running statistics"),
        ({"momentum": 1.0}, "normalised with running statistics"),
        ({"correction": 1}, "n - 1 instead of n"),
        ({"momentum": 0.0}, ""),
    ],
)
def test_running_statistics_in_training(options, mistake):
    (finding,) = found(norm_forward, NORM, sc.check_forward, **options).findings
    assert (finding.verdict, finding.mistake) == ("wrong" if mistake else "right", mistake)


def pool(x, divide):
    y = np.zeros((len(x), x.shape[1] // 2, x.shape[2] // 2, x.shape[3]))
    for n, i, j, c in np.ndindex(*y.shape):
        y[n, i, j, c] = divide(x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c].sum(), 4)
    return y


def test_quotients_that_are_rounded_down():
    right = sc.check_forward(lambda x: pool(x, np.divide), sc.AvgPool2D(2))
    assert right, right.to_text()
    (finding,) = sc.check_forward(lambda x: pool(x, np.floor_divide), sc.AvgPool2D(2)).findings
    assert finding.mistake == "quotient rounded down"
    assert "1/4, rounded down, of the sum over u, v of x[" in " ".join(finding.explanation.split())

    def whole(dout, x, w, b):
        return dout @ w, dout.T @ x, dout.sum(axis=0).astype(int)

    findings = sc.check_backward(whole, sc.Dense(3)).findings
    assert [f.mistake for f in findings] == ["", "", "cut to whole numbers"]


@pytest.mark.parametrize(
    ("reach", "choose", "mistake"),
    [
        (3, np.argmax, ""),
        (4, np.argmax, "winners of other windows"),
        (2, np.argmax, "winners of other windows"),
        (3, np.argmin, "smallest instead of largest"),
    ],
)
def test_winners_of_other_windows(reach, choose, mistake):
    def backward(dout, x):
        dx = np.zeros_like(x)
        for n, i, c in np.ndindex(*dout.shape):
            dx[n, 2 * i + choose(x[n, 2 * i : 2 * i + reach, c]), c] += dout[n, i, c]
        return dx

    (finding,) = sc.check_backward(backward, sc.MaxPool1D(3, stride=2), ties=False).findings
    assert finding.mistake == mistake
    assert finding.verdict == ("wrong" if mistake else "right")
