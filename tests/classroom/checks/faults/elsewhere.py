"""Faults that were published, of functions that are right for vectors in contiguous memory.

As in ``published``: the functions are ours, and what a source says stands beside them. Each has the
function as it should be, which is right in any memory and for any number of axes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

import symcnn as sc


@dataclass(frozen=True)
class Elsewhere:
    """A published fault that shows for some numbers of axes, or in some memory, alone.

    Attributes:
        source: Where it was published.
        said: What is wrong.
        wrong: A backward pass.
        right: The same, mended.
        layer: The layer.
        where: Where it shows.
        mistake: What it is called.
        shape: The shape of the input, if the functions take no other.
    """

    source: str
    said: str
    wrong: Callable[..., Any]
    right: Callable[..., Any]
    layer: sc.Layer
    where: str
    mistake: str = "read as if it were contiguous"
    shape: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        return self.source.split(",")[0]


def _by_rows(x: Any, rows: int) -> tuple[Any, Any]:
    """Return the mean and the inverse deviation of each of so many rows."""
    flat = x.reshape(rows, -1)
    return flat.mean(axis=1, keepdims=True), 1 / np.sqrt(flat.var(axis=1, keepdims=True) + 0.25)


def layer_norm_backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
    mean, rstd = _by_rows(x, x.size // w.size)
    xhat = (x.reshape(-1, w.size) - mean) * rstd
    g = dout.reshape(xhat.shape)
    scaled = g * w
    inner = scaled - scaled.mean(axis=1, keepdims=True)
    dx = rstd * (inner - xhat * (scaled * xhat).mean(axis=1, keepdims=True))
    return dx.reshape(x.shape), (g * xhat).sum(axis=0), g.sum(axis=0)


def layer_norm_of_matrices(dout: Any, x: Any, w: Any, b: Any) -> Any:
    """Take the first axis for that of rows, of which there are more, and write past w."""
    rows, length = len(x), x.size // len(x)
    mean, rstd = (found[:rows] for found in _by_rows(x, x.size // w.size))
    xhat, g = (x.reshape(rows, length) - mean) * rstd, dout.reshape(rows, length)
    scaled = g * np.resize(w, length)
    inner = scaled - scaled.mean(axis=1, keepdims=True)
    dx = rstd * (inner - xhat * (scaled * xhat).mean(axis=1, keepdims=True))
    return dx.reshape(x.shape), (g * xhat).sum(axis=0)[: w.size], g.sum(axis=0)[: w.size]


def layer_norm_of_columns(dout: Any, x: Any, w: Any, b: Any) -> Any:
    """Step through the rows of dout by its stride, and through the columns by 1."""
    flat = dout.reshape(-1, w.size)
    read = as_strided(flat, flat.shape, (flat.strides[0], flat.itemsize))
    return layer_norm_backward(read, x, w, b)


def causal_backward(dout: Any, x: Any, w: Any) -> Any:
    """Return the gradients of a convolution of sequences in which every channel has a filter."""
    length, steps = len(w), dout.shape[1]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for u in range(length):
        dx[:, u : u + steps] += dout * w[u, 0]
        dw[u, 0] = (dout * x[:, u : u + steps]).sum(axis=(0, 1))
    return dx, dw


def causal_with_fixed_strides(dout: Any, x: Any, w: Any) -> Any:
    """Read dout at row t and channel d of sample n from address (n T + t) D + d."""
    return causal_backward(as_strided(dout, dout.shape, np.empty(dout.shape).strides), x, w)


def scaled_probabilities(dout: Any, x: Any) -> Any:
    """Return the gradient of the logarithm of a sum of exponentials, for each row."""
    shares = np.exp(x - x.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True) * dout[..., None]


def scaled_with_unit_stride(dout: Any, x: Any) -> Any:
    """Read one factor a row, in steps of 1 where there are several."""
    read = as_strided(dout.reshape(-1), (dout.size,), (dout.itemsize,)) if dout.size > 1 else dout
    return scaled_probabilities(read.reshape(dout.shape), x)


ELSEWHERE: tuple[Elsewhere, ...] = (
    Elsewhere(
        "flagos-ai/FlagGems issue 5392, layer_norm_backward",
        "The number of rows is that of the first axis, and all other entries make a row, so that "
        "dx, dw and db are wrong from three axes on, and dw is written past its end.",
        layer_norm_of_matrices,
        layer_norm_backward,
        sc.LayerNorm(epsilon=0.25),
        "only where the input has several axes",
        "",
    ),
    Elsewhere(
        "unslothai/unsloth pull request 10675, Fast_Layernorm",
        "The kernels assume contiguous columns: a gradient such as dout[..., ::2] is read with "
        "wrong offsets.",
        layer_norm_of_columns,
        layer_norm_backward,
        sc.LayerNorm(epsilon=0.25),
        "only where dout is transposed",
    ),
    Elsewhere(
        "fla-org/flash-linear-attention pull request 871, causal_conv1d_bwd",
        "The kernel reads dy with the strides (D, 1), but what comes back through a concatenation "
        "is a part of longer rows.",
        causal_with_fixed_strides,
        causal_backward,
        sc.Conv1D(3, 2, groups=3, bias=False),
        "only where dout is transposed",
        shape=(5, 3),
    ),
    Elsewhere(
        "ROCm/TransformerEngine pull request 623, cross_entropy_backward",
        "The gradient of a sum is a single number, expanded with stride 0; the kernel reads one "
        "number a row with stride 1, past the end of the memory.",
        scaled_with_unit_stride,
        scaled_probabilities,
        sc.ReduceLogSumExp(axis=-1),
        "only where dout is every second entry of longer rows",
    ),
)
