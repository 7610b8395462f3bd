"""Layers forward and backward in plain loops over arrays, which use nothing of symcnn.

Each takes the case of a file, and returns its arrays by the names that files have for them.
"""

from itertools import product

import numpy as np

from tests.classroom.checks.vectors.made import floats


def conv2d(case, *, overwrites=False, flips=False, one_sample=False):
    """Return the arrays of a convolution, or what comes of a mistake in its backward pass."""
    inputs, settings = case["inputs"], case["settings"]
    x, w, dy = floats(inputs["x"]), floats(inputs["weight"]), floats(case["error_signal"])
    b = floats(inputs["bias"]) if "bias" in inputs else np.zeros(w.shape[-1])
    y = np.zeros(dy.shape) + b
    dx, dw = 0 * x, 0 * w
    (s, t), (d, e), ((p, _), (q, _)) = (settings[key] for key in ("stride", "dilation", "padding"))
    seen = w.shape[-1] // settings["groups"]
    for n, i, j, k in np.ndindex(dy.shape):
        for u, v, c in np.ndindex(w.shape[:-1]):
            row, column = s * i + d * u - p, t * j + e * v - q
            if not (0 <= row < x.shape[1] and 0 <= column < x.shape[2]):
                continue
            at = n, row, column, k // seen * w.shape[2] + c
            y[n, i, j, k] += w[u, v, c, k] * x[at]
            met = w[-1 - u, -1 - v, c, k] if flips else w[u, v, c, k]
            dx[at] = (0 if overwrites else dx[at]) + met * dy[n, i, j, k]
            if n == 0 or not one_sample:
                dw[u, v, c, k] += x[at] * dy[n, i, j, k]
    made = {"y": y, "gradient of x": dx, "gradient of weight": dw}
    return {**made, "gradient of bias": dy.sum(axis=(0, 1, 2))} if "bias" in inputs else made


def max_pool2d(case, *, overwrites=False):
    """Return the arrays of max-pooling, whose error signal the first maximum receives."""
    x, dy, settings = floats(case["inputs"]["x"]), floats(case["error_signal"]), case["settings"]
    y, dx = 0 * dy, 0 * x
    (s, t), (d, e), ((p, _), (q, _)) = (settings[key] for key in ("stride", "dilation", "padding"))
    for n, i, j, c in np.ndindex(dy.shape):
        places = [
            (n, s * i + d * u - p, t * j + e * v - q, c)
            for u, v in product(*map(range, settings["pool_size"]))
        ]
        inside = [at for at in places if 0 <= at[1] < x.shape[1] and 0 <= at[2] < x.shape[2]]
        largest = max(x[at] for at in inside)
        winners = [at for at in inside if x[at] == largest]
        winners = winners if settings["ties"] == "split" else winners[:1]
        y[n, i, j, c] = largest
        for at in winners:
            dx[at] = (0 if overwrites else dx[at]) + dy[n, i, j, c] / len(winners)
    return {"y": y, "gradient of x": dx}


def due(case):
    """Return what the file says, by the same names."""
    slopes = {f"gradient of {name}": floats(array) for name, array in case["gradients"].items()}
    return {"y": floats(case["outputs"]["y"]), **slopes}
