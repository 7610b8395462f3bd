"""Bounds of rounding errors hold for right implementations, and are no wider than they need be."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.judging.rounded import Rounded, reproduces
from tests.draws import seeds


def conv(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw = w.shape[:2]
    seen = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), (1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcuv,uvck->nijk", seen, w) + b, seen


def conv_backward(dout, x, w, b, stride=1, padding=0):
    _, seen = conv(x, w, b, stride, padding)
    kh, kw = w.shape[:2]
    height, width = x.shape[1] + 2 * padding, x.shape[2] + 2 * padding
    dx = np.zeros((x.shape[0], height, width, x.shape[3]), x.dtype)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u, u + stride * dout.shape[1], stride)
            columns = slice(v, v + stride * dout.shape[2], stride)
            dx[:, rows, columns] += dout @ w[u, v].T
    inside = dx[:, padding : height - padding, padding : width - padding]
    return inside, np.einsum("nijk,nijcuv->uvck", dout, seen), dout.sum((0, 1, 2))


def batch_norm_backward(dout, x, gamma, beta, eps=1e-5):
    deviation = 1 / np.sqrt(x.var(0) + x.dtype.type(eps))
    normal = (x - x.mean(0)) * deviation
    slope = dout * gamma
    dx = deviation * (slope - slope.mean(0) - normal * (slope * normal).mean(0))
    return dx, (dout * normal).sum(0), dout.sum(0)


def one_pass_batch_norm_backward(dout, x, gamma, beta, eps=1e-5):
    variance = (x * x).mean(0) - x.mean(0) ** 2
    deviation = (variance + x.dtype.type(eps)) ** -0.5
    count, centred = len(x), x - x.mean(0)
    slope = dout * gamma
    through = -(slope * centred).sum(0) * deviation**3 / 2
    mean = -slope.sum(0) * deviation - 2 * through * centred.mean(0)
    dx = slope * deviation + (2 * through * centred + mean) / count
    return dx, (dout * centred).sum(0) * deviation, dout.sum(0)


def softmax_backward(dout, x):
    e = np.exp(x)
    y = e / e.sum(-1, keepdims=True)
    return y * (dout - (dout * y).sum(-1, keepdims=True))


def gelu_backward(dout, x):
    from math import erf

    cdf = (1 + np.vectorize(erf)(x / np.sqrt(2))) / 2
    made = dout * (cdf + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi))
    return made.astype(x.dtype)


def sigmoid_backward(dout, x):
    y = 1 / (1 + np.exp(-x))
    return dout * y * (1 - y)


def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


def layer_norm_backward(dout, x, gamma, beta, eps=1e-5):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    deviation = (variance + x.dtype.type(eps)) ** -0.5
    normal = (x - mean) * deviation
    g = dout * gamma
    centred = g - g.mean(-1, keepdims=True) - normal * (g * normal).mean(-1, keepdims=True)
    return centred * deviation, (dout * normal).sum(0), dout.sum(0)


NAMES = ("dout", "x", "weight", "bias")
RIGHT = {
    "conv": (conv_backward, sc.Conv2D(3, (3, 2)), NAMES),
    "strided": (
        lambda *arrays: conv_backward(*arrays, stride=2, padding=1),
        sc.Conv2D(2, 3, stride=2, padding=1),
        NAMES,
    ),
    "batch norm": (batch_norm_backward, sc.BatchNorm(), NAMES),
    "batch norm in one pass": (one_pass_batch_norm_backward, sc.BatchNorm(), NAMES),
    "layer norm": (layer_norm_backward, sc.LayerNorm(), NAMES),
    "softmax": (softmax_backward, sc.Softmax(), NAMES[:2]),
    "gelu": (gelu_backward, sc.GELU(), NAMES[:2]),
    "sigmoid": (sigmoid_backward, sc.Sigmoid(), NAMES[:2]),
    "tanh": (tanh_backward, sc.Tanh(), NAMES[:2]),
}


def in_type(function, dtype):
    def cast(*arrays):
        return function(*(array.astype(dtype) for array in arrays))

    return cast


def checked(function, layer, names, **options):
    learned = names[2:]
    return sc.check_backward(function, layer, arguments=names, returns=("x", *learned), **options)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", RIGHT)
def test_right_implementations_are_within_the_bound(case, dtype):
    function, layer, names = RIGHT[case]
    verdict = checked(in_type(function, dtype), layer, names)
    assert verdict, verdict.to_text()
    assert all(finding.error <= 1 for finding in verdict.findings)


@pytest.mark.parametrize("case", ["strided", "batch norm", "softmax"])
def test_single_precision_in_doubles_is_imprecise(case):
    function, layer, names = RIGHT[case]

    def accumulated(*arrays):
        made = in_type(function, "float32")(*arrays)
        parts = made if isinstance(made, tuple) else (made,)
        return tuple(part.astype(float) for part in parts)

    verdict = checked(accumulated, layer, names)
    words = {finding.name: finding.verdict for finding in verdict.findings}
    assert words["gradient of x"] == "imprecise", verdict.to_text()
    assert set(words.values()) <= {"imprecise", "right"}


@pytest.mark.parametrize("case", ["conv", "layer norm", "sigmoid"])
def test_a_small_fault_is_no_imprecision(case):
    function, layer, names = RIGHT[case]

    def off(*arrays):
        made = function(*arrays)
        parts = made if isinstance(made, tuple) else (made,)
        return tuple(part * (1 + 1e-6) for part in parts)

    verdict = checked(off, layer, names)
    assert all(finding.verdict == "wrong" for finding in verdict.findings), verdict.to_text()


def test_fourier_transforms_are_right_as_a_whole():
    def backward(dout, x, w, b):
        height, width = x.shape[1:3]
        axes, size = (1, 2), (height + w.shape[0], width + w.shape[1])
        signal = np.fft.rfft2(dout, size, axes)
        image = np.fft.rfft2(x, size, axes)
        kernel = np.fft.rfft2(w, size, (0, 1))
        dx = np.fft.irfft2(np.einsum("nijk,ijck->nijc", signal, kernel), size, axes)
        dw = np.einsum("nijk,nijc->ijck", signal.conj(), image)
        dw = np.fft.irfft2(dw, size, (0, 1))
        return dx[:, :height, :width], dw[: w.shape[0], : w.shape[1]], dout.sum((0, 1, 2))

    verdict = checked(backward, sc.Conv2D(2, (3, 2)), NAMES)
    assert verdict, verdict.to_text()


@pytest.mark.parametrize("seed", seeds(1, 0.3))
def test_sums_in_any_order_are_within_the_bound(seed):
    order = np.random.default_rng(seed)

    def backward(dout, x, w, b):
        shuffled = order.permutation(len(x))
        terms = np.einsum("nk,nc->nkc", dout, x).astype(np.float32)
        dw = np.zeros_like(w, dtype=np.float32)
        for n in shuffled:
            dw += terms[n]
        columns = order.permutation(w.shape[0])
        dx = sum(np.float32(dout[:, [k]]) * np.float32(w[k]) for k in columns)
        return dx, dw, dout.astype(np.float32).sum(0)

    assert checked(backward, sc.Dense(7), NAMES, batch=9)


def test_one_entry_without_a_bound_makes_no_array_of_another():
    vague = Rounded(np.array([1.0, 2.0]), np.array([1e30, 1.0]))
    assert reproduces(vague, np.array([7.0, 2.0]))
    assert not reproduces(vague, np.array([7.0, 2.5]))
