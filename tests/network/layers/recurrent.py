"""What recurrent layers mean, step by step in plain loops over arrays of numbers."""

from __future__ import annotations

import mpmath
import numpy as np

from tests.network.layers.reference import zeros


def weighed(rows, vector, bias):
    """Return a row times a vector for each row, and its bias."""
    sums = [sum(w * v for w, v in zip(row, vector, strict=True)) for row in rows]
    return np.array([s + b for s, b in zip(sums, bias, strict=True)], dtype=object)


def each(function, vector):
    return np.array([function(v) for v in vector], dtype=object)


def sigmoid(z):
    return 1 / (1 + mpmath.exp(-z))


def rnn(layer, x, weight, recurrent_weight, bias=None):
    none = zeros(layer.units)
    h, outputs = none, []
    for step in x:
        read = weighed(weight, step, none if bias is None else bias)
        h = each(mpmath.tanh, read + weighed(recurrent_weight, h, none))
        outputs.append(h)
    return np.array(outputs)


def lstm(layer, x, weight, recurrent_weight, bias=None):
    none = zeros(layer.units)
    h, c, outputs = none, none, []
    biases = [none] * 4 if bias is None else bias
    for step in x:
        read = [weighed(w, step, b) for w, b in zip(weight, biases, strict=True)]
        i, f, z, o = (a + weighed(u, h, none) for a, u in zip(read, recurrent_weight, strict=True))
        c = each(sigmoid, f) * c + each(sigmoid, i) * each(mpmath.tanh, z)
        h = each(sigmoid, o) * each(mpmath.tanh, c)
        outputs.append(h)
    return np.array(outputs)


def gru(layer, x, weight, recurrent_weight, bias=None, recurrent_bias=None):
    none = zeros(layer.units)
    h, outputs = none, []
    biases = [none] * 3 if bias is None else bias
    seconds = [none] * 3 if recurrent_bias is None else recurrent_bias
    for step in x:
        a = [weighed(w, step, b) for w, b in zip(weight, biases, strict=True)]
        s = [weighed(u, h, d) for u, d in zip(recurrent_weight, seconds, strict=True)]
        r, z = (each(sigmoid, a[gate] + s[gate]) for gate in (0, 1))
        h = (1 - z) * each(mpmath.tanh, a[2] + r * s[2]) + z * h
        outputs.append(h)
    return np.array(outputs)
