"""What layers mean that move entries, in plain loops over NumPy arrays of exact numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np


def pad(layer, x):
    sides = sides_of(layer.padding, x.ndim)
    y = np.empty(
        [before + n + after for n, (before, after) in zip(x.shape, sides, strict=True)], object
    )
    for place in np.ndindex(y.shape):
        moved = [i - before for i, (before, _) in zip(place, sides, strict=True)]
        found = [source(layer.mode, i, n) for i, n in zip(moved, x.shape, strict=True)]
        y[place] = (
            Fraction(str(layer.value)) + 0 * x.ravel()[0] if None in found else x[tuple(found)]
        )
    return y


def sides_of(padding, axes):
    """Return (before, after) for every axis."""
    given = padding if isinstance(padding, tuple) else (padding,) * (axes - 1)
    pairs = [one if isinstance(one, tuple) else (one, one) for one in given]
    return pairs + [(0, 0)] * (axes - len(pairs))


def source(mode, i, n):
    """Walk back onto an axis of n entries, one step after the other; None is nowhere."""
    if 0 <= i < n:
        return i
    if mode == "reflect":
        return source(mode, -i if i < 0 else 2 * (n - 1) - i, n)
    if mode == "circular":
        return source(mode, i + n if i < 0 else i - n, n)
    return {"replicate": 0 if i < 0 else n - 1, "constant": None}[mode]


def enlarged(layer, x):
    if layer.size is not None:
        return np.broadcast_to(layer.size, 2)
    return x.shape[:2] * np.broadcast_to(layer.factor, 2)


def nearest(layer, x):
    rows, columns = enlarged(layer, x)
    y = np.empty((rows, columns, x.shape[2]), object)
    for i, j, c in np.ndindex(y.shape):
        y[i, j, c] = x[i * x.shape[0] // rows, j * x.shape[1] // columns, c]
    return y


def bilinear(layer, x):
    rows, columns = enlarged(layer, x)
    y = np.empty((rows, columns, x.shape[2]), object)
    for i, j, c in np.ndindex(y.shape):
        top, down = between(layer, i, x.shape[0], rows)
        left, right = between(layer, j, x.shape[1], columns)
        below, beside = min(top + 1, x.shape[0] - 1), min(left + 1, x.shape[1] - 1)
        upper = x[top, left, c] * (1 - right) + x[top, beside, c] * right
        lower = x[below, left, c] * (1 - right) + x[below, beside, c] * right
        y[i, j, c] = upper * (1 - down) + lower * down
    return y


def between(layer, i, n, made):
    """Return the entry before a place, and how far behind it the place lies."""
    if layer.align_corners:
        place = Fraction(int(i) * (n - 1), max(1, int(made) - 1))
    else:
        place = max(Fraction(2 * int(i) + 1, 2) * n / int(made) - Fraction(1, 2), Fraction(0))
    first = min(place.numerator // place.denominator, n - 1)
    return first, place - first


def pixel_shuffle(layer, x):
    """Fill blocks of k x k positions, channel by channel."""
    k, (height, width, channels) = layer.factor, x.shape
    y = np.empty((height * k, width * k, channels // k**2), object)
    for i, j, channel in np.ndindex(x.shape):
        c, inside = divmod(channel, k**2)
        y[k * i + inside // k, k * j + inside % k, c] = x[i, j, channel]
    return y


def channel_shuffle(layer, x):
    members = x.shape[-1] // layer.groups
    return x[..., [members * g + m for m in range(members) for g in range(layer.groups)]]


def gather(layer, x, indices):
    return np.take(x, indices.astype(int), axis=layer.axis)


def scatter_add(layer, x, indices):
    y = np.zeros((layer.length, *np.delete(x.shape, layer.axis)), dtype=int).astype(object)
    for place, entries in zip(indices, np.moveaxis(x, layer.axis, 0), strict=True):
        y[int(place)] = y[int(place)] + entries
    return np.moveaxis(y, 0, layer.axis) + 0 * x.ravel()[0]
