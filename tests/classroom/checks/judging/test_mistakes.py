"""Functions written with loops, each with one mistake of the catalogue, which is named."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.judging.explaining import IN_CODE
from symcnn.classroom.marking.mistakes import CATALOGUE


def windows(positions, kernel):
    """Run over the positions of a kernel and its entries."""
    for i in range(positions[0]):
        for j in range(positions[1]):
            for u in range(kernel[0]):
                for v in range(kernel[1]):
                    yield i, j, u, v


def conv_forward(x, w, b, s=1, d=1, p=(0, 0), *, flip=False, keep=None, biases=1):
    y = np.zeros((len(x), *positions(x, w, s, d, p), w.shape[3]))
    for i, j, u, v in windows(y.shape[1:3], w.shape):
        row, column = s * i + d * u - p[0], s * j + d * v - p[0]
        if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
            kernel = w[-1 - u, -1 - v] if flip else w[u, v]
            channels = slice(None) if keep is None else slice(keep, keep + 1)
            y[:, i, j] += x[:, row, column, channels] @ kernel[channels]
    return y + biases * b


def positions(x, w, s=1, d=1, p=(0, 0)):
    return [(x.shape[n + 1] + sum(p) - d * (w.shape[n] - 1) - 1) // s + 1 for n in (0, 1)]


def conv_backward(dout, x, w, b, s=1, d=1, p=(0, 0), *, of_x=None, of_w=None, write="add"):
    """Return the gradients; what is read at other places is said by of_x and of_w."""
    dx, dw, seen = np.zeros_like(x), np.zeros_like(w), np.zeros(x.shape[1:3], bool)
    places = [(s, d, p[0]) if place is None else place for place in (of_x, of_w)]
    for i, j in np.ndindex(*dout.shape[1:3]):
        own = np.zeros(x.shape[1:3], bool)
        for u, v in np.ndindex(*w.shape[:2]):
            (a, c, e), (f, g, h) = places
            row, column = a * i + c * u - e, a * j + c * v - e
            if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                term = dout[:, i, j] @ w[u, v].T
                if write == "first" and seen[row, column]:
                    term = 0 * term
                if write == "last":
                    dx[:, row, column] = 0
                dx[:, row, column] += term
                own[row, column] = True
            row, column = f * i + g * u - h, f * j + g * v - h
            if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                dw[u, v] += x[:, row, column].T @ dout[:, i, j]
        seen |= own
    return dx, dw, dout.sum((0, 1, 2))


def pool_backward(dout, x, s=2, k=2, *, rule="winner"):
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dout.shape):
        window = x[n, s * i : s * i + k, s * j : s * j + k]
        chosen = window[..., 0 if rule == "channel 0" else c]
        won = np.zeros((k, k))
        won.flat[np.argmax(chosen)] = 1
        share = {"all": np.ones((k, k)), "mean": np.full((k, k), 1 / k**2)}.get(rule, won)
        dx[n, s * i : s * i + k, s * j : s * j + k, c] += share * dout[n, i, j, c]
    return dx


def pool_forward(x):
    y = np.zeros((len(x), x.shape[1] // 2, x.shape[2] // 2, x.shape[3]))
    for n, i, j, c in np.ndindex(*y.shape):
        y[n, i, j, c] = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c].mean()
    return y


def dense_backward(dout, x, w, b, *, dx=1, dw=1, db=1, samples=slice(None)):
    return dx * dout @ w, dw * dout[samples].T @ x[samples], db * dout[samples].sum(0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def batch_norm_backward(dout, x, gamma, beta, *, ddof=0):
    variance = x.var(0) * len(x) / (len(x) - ddof)
    deviation = (variance + 1e-5) ** -0.5
    normal, g = (x - x.mean(0)) * deviation, dout * gamma
    right = deviation * (g - g.mean(0) - (normal * g).mean(0) * normal)
    return right, (dout * normal).sum(0), dout.sum(0)


def network():
    layers = [sc.Dense(3), sc.Tanh(), sc.Dense(3)]
    return sc.Network((4,), layers, sc.MeanSquaredError(), batch=5)


def gradients(w1, b1, w2, b2, x, t, *, sign=1, taken="dz", transposed=False):
    a = np.tanh(x @ w1.T + b1)
    dy = sign * 2 * (a @ w2.T + b2 - t) / t.size
    da = dy @ (w2.T if transposed else w2)
    dz = {"dz": da * (1 - a**2), "dy": dy}[taken]
    return dz.T @ x, dz.sum(0), dy.T @ a, dy.sum(0)


PADDED = sc.Conv2D(2, (3, 2), stride=2, padding=1)
DILATED = sc.Conv2D(2, 2, dilation=2)
PLAIN = sc.Conv2D(3, (3, 2))
UNEVEN = sc.Conv2D(2, 2, padding=((2, 1), (2, 1)))


def first_term(dout, x, w, b):
    dx, dw, db = conv_backward(dout, x, w, b)
    for u, v in np.ndindex(*w.shape[:2]):
        dw[u, v] = x[:, u, v].T @ dout[:, 0, 0]
    return dx, dw, db


def one_bias(dout, x, w, b):
    dx, dw, _ = conv_backward(dout, x, w, b)
    return dx, dw, dout[:, 0, 0].sum(0)


def broadcast(x, w, b):
    return x.sum(1, keepdims=True) * w.sum(1) + b


def one_channel(x, w, b):
    return conv_forward(x, w, b, keep=0)


def backward(function, layer):
    return lambda: sc.check_backward(function, layer)


def forward(function, layer):
    return lambda: sc.check_forward(function, layer)


def whole(**wrong):
    def function(w1, b1, w2, b2, x, t):
        return gradients(w1, b1, w2, b2, x, t, **wrong)

    return lambda: sc.check_gradients(function, network())


def one_path():
    """Return gradients of a residual block, of whose two paths back one is forgotten."""
    layers = [sc.Dense(3), sc.Dense(3), sc.Add(inputs=("dense2", "dense1"))]

    def function(w1, b1, w2, b2, x, t):
        z = w1 @ x + b1
        d = w2 @ z + b2 + z - t
        dz = w2.T @ d
        return np.outer(dz, x), dz, np.outer(d, z), d

    return sc.check_gradients(function, sc.Network((3,), layers, sc.HalfSquaredError()))


def conv_case(layer, **wrong):
    def function(dout, x, w, b):
        return conv_backward(dout, x, w, b, **wrong)

    return backward(function, layer)


def pool_case(rule, layer=None):
    def function(dout, x):
        return pool_backward(dout, x, rule=rule)

    return backward(function, layer or sc.MaxPool2D(2))


def dense_case(**wrong):
    def function(dout, x, w, b):
        return dense_backward(dout, x, w, b, **wrong)

    return backward(function, sc.Dense(3))


def norm_case(**wrong):
    def function(dout, x, w, b):
        return batch_norm_backward(dout, x, w, b, **wrong)

    return backward(function, sc.BatchNorm())


CASES = {
    "softmax not normalised": forward(lambda x: np.exp(x), sc.Softmax()),
    "logarithm to another base": forward(
        lambda x: np.log10(np.exp(x) / np.exp(x).sum(-1, keepdims=True)), sc.LogSoftmax()
    ),
    "wrong sign of the loss's derivative": whole(sign=-1),
    "wrong sign": dense_case(dx=-1),
    "factor 2 too many": dense_case(db=2),
    "factor 2 missing": dense_case(dw=0.5),
    "error signal passed to all": pool_case("all"),
    "error signal shared": pool_case("mean"),
    "winners taken from another channel": pool_case("channel 0"),
    "mean instead of maximum": forward(pool_forward, sc.MaxPool2D(2)),
    "slope forgotten": backward(lambda dout, x: dout, sc.Tanh()),
    "slope at the output": backward(
        lambda dout, x: dout * (1 - np.tanh(np.tanh(x)) ** 2), sc.Tanh()
    ),
    "output's formula at the input": backward(lambda dout, x: dout * x * (1 - x), sc.Sigmoid()),
    "broadcast product": forward(broadcast, sc.Dense(3)),
    "positions not summed": backward(first_term, PLAIN),
    "bias summed at one position only": backward(one_bias, PLAIN),
    "samples not summed": dense_case(samples=slice(1)),
    "channels not summed": forward(one_channel, PLAIN),
    "bias forgotten": forward(lambda x, w, b: x @ w.T, sc.Dense(3)),
    "bias added to every product": forward(
        lambda x, w, b: conv_forward(x, w, b, biases=w[..., 0].size), PLAIN
    ),
    "mean instead of sum": backward(
        lambda dout, x, w, b: (dout @ w, dout.T @ x / len(x), dout.mean(0)), sc.Dense(3)
    ),
    "sum instead of mean": forward(lambda x: x.sum((1, 2)), sc.GlobalAvgPool2D()),
    "n - 1 instead of n": norm_case(ddof=1),
    "path missing": one_path,
    "transposed weight": whole(transposed=True),
    "kernel flipped": forward(lambda x, w, b: conv_forward(x, w, b, flip=True), PLAIN),
    "stride ignored": conv_case(PADDED, s=2, p=(1, 1), of_w=(1, 1, 1)),
    "dilation ignored": conv_case(DILATED, d=2, of_w=(1, 1, 0)),
    "padding ignored": conv_case(PADDED, s=2, p=(1, 1), of_x=(2, 1, 0)),
    "padding on one side": forward(lambda x, w, b: conv_forward(x, w, b, p=(3, 0)), UNEVEN),
    "windows overwritten": conv_case(PLAIN, write="last"),
    "one window kept": conv_case(PLAIN, write="first"),
    "another quantity": whole(taken="dy"),
}

ELSEWHERE = {
    "updated weights used",
    "sign of the step",
    "learning rate forgotten",
    "divided by the learning rate",
    "only the change given",
    "plain gradient step",
    "bias correction forgotten",
    "weight decay forgotten",
}
"""What concerns a step of gradient descent, which a check of gradients does not take."""


@pytest.mark.parametrize("name", CASES)
def test_it_is_named(name):
    verdict = CASES[name]()
    found = {finding.mistake for finding in verdict.findings}
    assert name in found, verdict.to_text()
    assert not verdict


def test_every_mistake_has_its_function():
    listed = {mistake.name for mistake in CATALOGUE}
    assert {*CASES} <= listed
    assert listed - {*CASES} - ELSEWHERE == set()


def test_what_mistakes_are_in_code_is_said_of_mistakes_that_there_are():
    assert {*IN_CODE} <= {mistake.name for mistake in CATALOGUE}
