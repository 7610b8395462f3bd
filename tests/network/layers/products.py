"""What layers mean that multiply what is computed, in plain loops over arrays of numbers."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np

from tests.network.layers.reference import each, real, zeros


def matmul(layer, a, b):
    a = np.swapaxes(a, -1, -2) if layer.transpose_a else a
    b = np.swapaxes(b, -1, -2) if layer.transpose_b else b
    y = zeros(*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1])
    for *before, i, j in np.ndindex(y.shape):
        first, second = (m[near(m, before)] for m in (a, b))
        y[(*before, i, j)] = sum(first[i, q] * second[q, j] for q in range(a.shape[-1]))
    return y


def near(matrices, before):
    """Return where a matrix stands; along axes of length 1 there is one."""
    own = before[len(before) - (matrices.ndim - 2) :]
    return tuple(0 if n == 1 else i for i, n in zip(own, matrices.shape, strict=False))


def put_back(layer, pooled, x):
    """Put every entry where the first largest entry of its window is; others are 0."""
    y, size = zeros(*x.shape), each(layer.pool_size, 2)
    strides = size if layer.stride is None else each(layer.stride, 2)
    for i, j, c in np.ndindex(pooled.shape):
        top, left = strides[0] * i, strides[1] * j
        places = [(top + u, left + v, c) for u, v in np.ndindex(*size)]
        y[max(places, key=lambda place: x[place])] = pooled[i, j, c]
    return y


def attention(layer, q, k, v):
    """Attend head by head, and query by query."""
    y = np.empty((*q.shape[:-1], v.shape[-1]), object)
    for *before, i, column in np.ndindex(y.shape):
        place, size = tuple(before), q.shape[-1] // layer.heads
        head = column // (v.shape[-1] // layer.heads)
        features = range(head * size, (head + 1) * size)
        keys = range(k.shape[-2]) if not layer.causal else range(min(i + 1, k.shape[-2]))
        dots = [sum(q[place][i, f] * k[place][j, f] for f in features) for j in keys]
        powers = [mpmath.exp(real(dot) * factor(layer, size)) for dot in dots]
        shares = [power / mpmath.fsum(powers) for power in powers]
        y[(*place, i, column)] = mpmath.fsum(
            share * real(v[place][j, column]) for share, j in zip(shares, keys, strict=True)
        )
    return y


def factor(layer, size):
    return 1 / mpmath.sqrt(size) if layer.scale is None else real(Fraction(str(layer.scale)))


def cumsum(layer, x):
    moved = np.moveaxis(x, layer.axis, 0)[:: -1 if layer.reverse else 1]
    y = np.cumsum(moved, axis=0) - moved * int(layer.exclusive)
    return np.moveaxis(y[:: -1 if layer.reverse else 1], 0, layer.axis)


def einsum(layer, *xs, **own):
    """Add up the product of every assignment of numbers to letters."""
    factors, made = layer.equation.split("->")
    arrays = [*xs, *(own[key] for key in ("weight", "factor") if key in own)]
    named = [*zip(factors.split(","), arrays, strict=True)]
    lengths = {
        letter: n for word, array in named for letter, n in zip(word, array.shape, strict=True)
    }
    y = zeros(*(lengths[letter] for letter in made)) if made else zeros(1)
    for numbers in np.ndindex(*lengths.values()):
        at = dict(zip(lengths, numbers, strict=True))
        place = tuple(at[letter] for letter in made) or (0,)
        term = 1
        for word, array in named:
            term = term * array[tuple(at[letter] for letter in word)]
        y[place] = y[place] + term
    return y
