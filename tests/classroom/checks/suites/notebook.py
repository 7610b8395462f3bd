"""The functions of Coursera's notebook on convolutions, as a student may write them: right."""

# ruff: noqa: N803, N806 - the names are those of the course

import numpy as np


def zero_pad(X, pad):
    """Put zeros around the images."""
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_forward(A_prev, W, b, hparameters):
    """Slide every filter over the padded images."""
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, height, width, _ = A_prev.shape
    f, _, _, n_C = W.shape
    n_H, n_W = (height - f + 2 * pad) // stride + 1, (width - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = zero_pad(A_prev, pad)
    for i, h, w, c in np.ndindex(m, n_H, n_W, n_C):
        window = padded[i, h * stride : h * stride + f, w * stride : w * stride + f, :]
        Z[i, h, w, c] = np.sum(window * W[..., c]) + float(b[0, 0, 0, c])
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    """Add what every window contributes."""
    A_prev, W, b, hparameters = cache
    stride, pad, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    padded = zero_pad(A_prev, pad)
    dpadded, dW, db = np.zeros(padded.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        rows, columns = slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)
        dpadded[i, rows, columns] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += padded[i, rows, columns] * dZ[i, h, w, c]
        db[0, 0, 0, c] += dZ[i, h, w, c]
    _, height, width, _ = A_prev.shape
    dA_prev = dpadded[:, pad : pad + height, pad : pad + width]
    return dA_prev, dW, db


def pool_forward(A_prev, hparameters, mode="max"):
    """Take the largest entry of every window, or the mean."""
    f, stride = hparameters["f"], hparameters["stride"]
    m, height, width, n_C = A_prev.shape
    A = np.zeros((m, 1 + (height - f) // stride, 1 + (width - f) // stride, n_C))
    for i, h, w, c in np.ndindex(*A.shape):
        window = A_prev[i, h * stride : h * stride + f, w * stride : w * stride + f, c]
        A[i, h, w, c] = np.max(window) if mode == "max" else np.mean(window)
    return A, (A_prev, hparameters)


def pool_backward(dA, cache, mode="max"):
    """Give what arrives at a window to its largest entry, or to all alike."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        rows, columns = slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)
        window = A_prev[i, rows, columns, c]
        if mode == "max":
            dA_prev[i, rows, columns, c] += (window == np.max(window)) * dA[i, h, w, c]
        else:
            dA_prev[i, rows, columns, c] += dA[i, h, w, c] / f**2
    return dA_prev
