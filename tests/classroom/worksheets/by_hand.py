"""Two networks solved as a student does, from the problem file alone: loops over entries.

Nothing of symcnn is used; the derivatives are those that a textbook states for each layer.
"""

import tomllib
from itertools import product
from math import exp, log

import numpy as np


def solved(text):
    """Solve the network of a problem file by its number of layers: maxima have five."""
    table = tomllib.loads(text)
    layers = table["layers"]
    solve = _maxima if layers[1]["type"] == "relu" else _dilated
    return solve(table, [_numbers(layer) for layer in layers])


def _numbers(layer):
    return {k: np.array(layer[k], float) for k in ("weight", "bias_values") if k in layer}


def _convolution(x, kernel, bias, stride, padding, dilation):
    """Return the sums over all windows, and where each product comes from."""
    filters, size = kernel.shape[-1], kernel.shape[0]
    span = dilation * (size - 1) + 1
    out = (x.shape[0] + 2 * padding - span) // stride + 1
    z, uses = np.zeros((out, out, filters)), []
    for i, j, k in product(range(out), range(out), range(filters)):
        z[i, j, k] = bias[k]
        for u, v in product(range(size), repeat=2):
            r, s = stride * i + dilation * u - padding, stride * j + dilation * v - padding
            if 0 <= r < x.shape[0] and 0 <= s < x.shape[1]:
                z[i, j, k] += kernel[u, v, 0, k] * x[r, s, 0]
                uses.append(((i, j, k), (u, v, 0, k), (r, s, 0)))
    return z, uses


def _slope_of_kernel(shape, uses, signal, x):
    slope = np.zeros(shape)
    for at, weight, entry in uses:
        slope[weight] += signal[at] * x[entry]
    return slope


def _maxima(table, numbers):
    x = np.array(table["input"]["values"], float).reshape(5, 5, 1)
    w, b = numbers[0]["weight"].reshape(3, 3, 1, 2), numbers[0]["bias_values"]
    v, c = numbers[4]["weight"].reshape(3, 8), numbers[4]["bias_values"]
    t = np.array(table["loss"]["target"], float)
    z, uses = _convolution(x, w, b, 2, 1, 1)
    a = np.maximum(z, 0)
    p, winner = np.zeros((2, 2, 2)), {}
    for i, j, k in product(range(2), repeat=3):
        window = [(i + u, j + v, k) for u, v in product(range(2), repeat=2)]
        winner[i, j, k] = max(window, key=lambda at: a[at])
        p[i, j, k] = a[winner[i, j, k]]
    f = p.ravel()
    y = v @ f + c
    shares = np.exp(y) / sum(map(exp, y))
    dy = shares - t
    dp = (v.T @ dy).reshape(p.shape)
    da = np.zeros(a.shape)
    for at, entry in winner.items():
        da[entry] += dp[at]
    dz = da * (z > 0)
    slopes = {"conv1.weight": _slope_of_kernel(w.shape, uses, dz, x), "conv1.bias": dz.sum((0, 1))}
    slopes |= {"dense1.weight": np.outer(dy, f), "dense1.bias": dy}
    outputs = {"conv1": z, "relu1": a, "pool1": p, "dense1": y, "loss": -log(shares[t.argmax()])}
    signals = {"conv1": dz, "relu1": da, "pool1": dp, "dense1": dy}
    return _sheet(table, outputs, signals, slopes, {"conv1": (w, b), "dense1": (v, c)})


def _dilated(table, numbers):
    x = np.array(table["input"]["values"], float).reshape(6, 6, 1)
    w, b = numbers[0]["weight"].reshape(3, 3, 1, 2), numbers[0]["bias_values"]
    v, c = numbers[3]["weight"].reshape(1, 2), numbers[3]["bias_values"]
    t = float(table["loss"]["target"][0])
    z, uses = _convolution(x, w, b, 1, 0, 2)
    a = np.where(z > 0, z, 0.1 * z)
    p = a.mean(axis=(0, 1))
    y = float((v @ p + c)[0])
    o = 1 / (1 + exp(-y))
    loss = -t * log(o) - (1 - t) * log(1 - o)
    do = -t / o + (1 - t) / (1 - o)
    dy = do * o * (1 - o)
    dp = v[0] * dy
    da = np.broadcast_to(dp / 4, a.shape)
    dz = da * np.where(z > 0, 1, 0.1)
    slopes = {"conv1.weight": _slope_of_kernel(w.shape, uses, dz, x), "conv1.bias": dz.sum((0, 1))}
    slopes |= {"dense1.weight": [dy * p], "dense1.bias": [dy]}
    outputs = {"conv1": z, "leaky_relu1": a, "pool1": p, "dense1": [y], "sigmoid1": [o]}
    signals = {"conv1": dz, "leaky_relu1": da, "pool1": dp, "dense1": [dy], "sigmoid1": [do]}
    given = {"conv1": (w, b), "dense1": (v, c)}
    return _sheet(table, {**outputs, "loss": loss}, signals, slopes, given)


def _sheet(table, outputs, signals, slopes, given):
    """Return all figures by the names of their quantities, with the updated weights."""
    rate = table["training"]["learning_rate"]
    made = {**outputs, **{f"gradient of {name}": array for name, array in signals.items()}}
    for layer, tensors in given.items():
        for key, tensor in zip(("weight", "bias"), tensors, strict=True):
            slope = np.asarray(slopes[f"{layer}.{key}"])
            made[f"gradient of {layer}.{key}"] = slope
            made[f"updated {layer}.{key}"] = tensor - rate * slope
    return {name: np.asarray(array, float) for name, array in made.items()}
