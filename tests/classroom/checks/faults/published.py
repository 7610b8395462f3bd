"""Faults that were published, re-created in our own words as small functions.

Each is a table entry with its source. The functions are ours; what a source says of the fault is
in a sentence beside them. Where the source names a symptom alone, the sentence says what is
assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import symcnn as sc
from tests.classroom.checks.faults.right.batch_norm import batchnorm_forward
from tests.classroom.checks.faults.right.convolution_groups import backward as groups_backward
from tests.classroom.checks.faults.right.convolution_loops import conv_forward_naive
from tests.classroom.checks.faults.right.convolution_strides import backward as views_backward
from tests.classroom.checks.faults.right.max_pooling_loops import max_pool_forward_naive


@dataclass(frozen=True)
class Published:
    """A published fault.

    Attributes:
        source: Where it was published.
        said: What is wrong.
        functions: A backward pass, or a forward and a backward pass.
        layer: The layer.
        shape: The shape of the input, where the fault shows at few sizes; None for any.
        array: The array that is wrong.
        mistakes: The names that it may be given; none where the shape is wrong.
        options: How the functions are called.
    """

    source: str
    said: str
    functions: Any
    layer: sc.Layer
    shape: tuple[int, ...] | None
    array: str
    mistakes: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.source.split(",")[0]


def pooled_with_equals(dout: Any, cache: Any) -> Any:
    x, settings = cache
    size, stride = settings["pool_height"], settings["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size]
        u, v = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * stride + u, j * stride + v] = dout[n, c, i, j]
    return dx


def convolved_with_equals(dout: Any, cache: Any) -> Any:
    x, w, _, settings = cache
    stride, pad = settings["stride"], settings["pad"]
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in np.ndindex(dout.shape[2:]):
        seen = np.s_[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        dw += np.einsum("nf,ncuv->fcuv", dout[:, :, i, j], padded[seen])
        dpadded[seen] = np.einsum("nf,fcuv->ncuv", dout[:, :, i, j], w)
    height, width = x.shape[2:]
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def unpooled_by_assignment(dout: Any, x: Any, pool_size: int, stride: int) -> Any:
    dx = np.zeros_like(x)
    samples, channels, positions = dout.shape
    for i in range(positions):
        window = x[:, :, i * stride : i * stride + pool_size]
        place = i * stride + window.argmax(axis=2)
        dx[np.arange(samples)[:, None], np.arange(channels), place] = dout[:, :, i]
    return dx


def _transposed_backward(dout: Any, x: Any, w: Any, stride: int, dilation: int) -> Any:
    """Return gradients of a transposed convolution without padding, zeros beyond the output."""
    n, height, width, _ = x.shape
    kh, kw = w.shape[:2]
    tall, wide = (stride * size + dilation * k for size, k in ((height, kh), (width, kw)))
    beyond = np.zeros((n, max(tall, dout.shape[1]), max(wide, dout.shape[2]), dout.shape[3]))
    beyond[:, : dout.shape[1], : dout.shape[2]] = dout
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for u, v in np.ndindex(kh, kw):
        seen = beyond[
            :,
            dilation * u : dilation * u + stride * height : stride,
            dilation * v : dilation * v + stride * width : stride,
        ]
        dx += seen @ w[u, v].T
        dw[u, v] = np.tensordot(x, seen, axes=([0, 1, 2], [0, 1, 2]))
    return dx, dw, dout.sum(axis=(0, 1, 2))


def transposed_with_exchange(dout: Any, x: Any, w: Any, b: Any, stride: int, dilation: int) -> Any:
    return _transposed_backward(dout, x, w, stride=dilation, dilation=stride)


def transposed_without_stride(dout: Any, x: Any, w: Any, b: Any, stride: int) -> Any:
    _, dw, db = _transposed_backward(dout, x, w, stride=stride, dilation=1)
    dx, _, _ = _transposed_backward(dout, x, w, stride=1, dilation=1)
    return dx, dw, db


def weights_of_groups(dout: Any, x: Any, w: Any, stride: int, padding: int, groups: int) -> Any:
    """Pair channel r G + g of the input with weight r of the filters of group g."""
    filters, channels, kh, kw = w.shape
    each = filters // groups
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dw = np.zeros_like(w)
    rows, columns = dout.shape[2:]
    for k, r, u, v in np.ndindex(filters, channels, kh, kw):
        down, across = slice(u, u + stride * rows, stride), slice(v, v + stride * columns, stride)
        dw[k, r, u, v] = (padded[:, r * groups + k // each, down, across] * dout[:, k]).sum()
    dx, _, _ = groups_backward(dout, x, w, stride, padding, groups)
    return dx, dw


def spread_too_small(dout: Any, x: Any, w: Any, stride: int, padding: int) -> Any:
    """Compute dx only where windows reach, in a buffer whose rows are read as whole ones."""
    n, channels, height, width = x.shape
    kh, kw = w.shape[2:]
    rows, columns = dout.shape[2:]
    tall, wide = stride * (rows - 1) + kh, stride * (columns - 1) + kw
    covered = np.zeros((n, channels, tall, wide))
    for i, j in np.ndindex(rows, columns):
        part = np.einsum("nf,fcuv->ncuv", dout[:, :, i, j], w)
        covered[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += part
    small = covered[:, :, padding : tall - padding, padding : wide - padding].reshape(
        n, channels, -1
    )
    buffer = np.zeros((n, channels, height * width))
    buffer[:, :, : small.shape[2]] = small
    _, dw, _ = views_backward(dout, x, w, stride, padding)
    return buffer.reshape(x.shape), dw


def longer_than_the_kernel(dout: Any, x: Any, w: Any, stride: int, padding: int) -> Any:
    """Slide the spread error signal over all of the padded input, past where the kernel ends."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = dout.shape[2:]
    tall, wide = (
        size - stride * (n - 1) for size, n in zip(padded.shape[2:], (rows, columns), strict=True)
    )
    dw = np.zeros((w.shape[0], 1, tall, wide))
    for u, v in np.ndindex(tall, wide):
        down, across = slice(u, u + stride * rows, stride), slice(v, v + stride * columns, stride)
        dw[:, 0, u, v] = np.einsum("nfij,nfij->f", padded[:, :, down, across], dout)
    dx, _, _ = groups_backward(dout, x, w, stride, padding, x.shape[1])
    return dx, dw


def shorter_than_the_input(dout: Any, x: Any, w: Any, stride: int) -> Any:
    """Give the remainder of the division by the stride back up to one entry alone."""
    kernel, positions = w.shape[2], dout.shape[2]
    covered = stride * (positions - 1) + kernel
    dx = np.zeros((*x.shape[:2], min(x.shape[2], covered + 1)))
    for i in range(positions):
        dx[:, :, i * stride : i * stride + kernel] += np.einsum("nf,fcu->ncu", dout[:, :, i], w)
    _, dw, _ = views_backward(dout[..., None], x[..., None], w[..., None], stride, 0)
    return dx, dw[..., 0]


def stride_of_one_position(dout: Any, x: Any, w: Any, stride: int) -> Any:
    """Take 1 for the stride along an axis where the output has one position, and broadcast."""
    rows, columns = dout.shape[2:]
    down, across = stride if rows > 1 else 1, stride if columns > 1 else 1
    dx = np.zeros_like(x)
    dx[:, :, ::down, ::across] = np.einsum("nfij,fc->ncij", dout, w[:, :, 0, 0])
    _, dw, _ = views_backward(dout, x, w, stride, 0)
    return dx, dw


def statistics_as_constants(dout: Any, cache: Any) -> Any:
    xhat, gamma, _, ivar, *_ = cache
    return dout * gamma * ivar, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def stride_missing(dZ: Any, A_prev: Any, W: Any, b: Any, stride: int) -> Any:  # noqa: N803
    """Let the windows of the backward pass begin at h and w; those of the forward at h s, w s."""
    f = W.shape[0]
    dx, dw = np.zeros_like(A_prev), np.zeros_like(W)
    for h, w in np.ndindex(dZ.shape[1:3]):
        window = A_prev[:, h : h + f, w : w + f]
        dx[:, h : h + f, w : w + f] += np.einsum("nk,uvck->nuvc", dZ[:, h, w], W)
        dw += np.einsum("nk,nuvc->uvck", dZ[:, h, w], window)
    return dx, dw, dZ.sum(axis=(0, 1, 2))


def dilation_of_rows(dout: Any, x: Any, w: Any, dilation: Any) -> Any:
    """Use the first number of the dilation along both axes of dx."""
    dx, dw, (rows, columns) = np.zeros_like(x), np.zeros_like(w), dout.shape[2:]
    d, e = dilation
    for u, v in np.ndindex(w.shape[2:]):
        part = np.einsum("nfij,fc->ncij", dout, w[:, :, u, v])
        across = min(columns, x.shape[3] - d * v)
        dx[:, :, d * u : d * u + rows, d * v : d * v + across] += part[..., :across]
        seen = x[:, :, d * u : d * u + rows, e * v : e * v + columns]
        dw[:, :, u, v] = np.einsum("nfij,ncij->fc", dout, seen)
    return dx, dw


NCHW: dict[str, Any] = {"layout": "NCHW"}
OIHW: dict[str, Any] = {"layout": "NCHW", "kernel_layout": "OIHW"}
HWIO: dict[str, Any] = {"layout": "NHWC", "kernel_layout": "HWIO"}
_WINDOWS = ("windows overwritten",)
_WINNERS = ("error signals of a winner overwritten",)

PUBLISHED: tuple[Published, ...] = (
    Published(
        "0809zheng/CS231n-assignment2019 issue 19, max_pool_backward_naive",
        "The error signal is assigned with = to the winner, so that of overlapping windows the "
        "last one stays; the course's test has stride 2 and windows of 2.",
        (max_pool_forward_naive, pooled_with_equals),
        sc.MaxPool2D(3, stride=2),
        None,
        "x",
        _WINNERS,
        NCHW,
    ),
    Published(
        "CS231n-style conv_backward_naive, the same fault in windows of a convolution",
        "The class of issue 19 above, in the convolution; no single source.",
        (conv_forward_naive, convolved_with_equals),
        sc.Conv2D(3, (3, 2), stride=1, padding=1),
        None,
        "x",
        _WINDOWS,
        OIHW,
    ),
    Published(
        "jmschrei/tangermeme pull request 95, max_unpool1d",
        "What is passed back is put in place by max_unpool, which assigns and does not add.",
        unpooled_by_assignment,
        sc.MaxPool1D(4, stride=2),
        None,
        "x",
        _WINNERS,
        {"layout": "NCL"},
    ),
    Published(
        "huggingface/candle pull request 2337, ConvTranspose2D",
        "Stride and dilation were exchanged in the derivative with respect to the input. There "
        "the shapes then differed; here zeros are read beyond the output.",
        transposed_with_exchange,
        sc.ConvTranspose2D(3, 2, stride=2),
        None,
        "x",
        ("stride and dilation exchanged",),
        HWIO,
    ),
    Published(
        "pytorch/pytorch issue 63314, transposed convolution with stride 2 on the CPU",
        "dx at i takes the error signal at i in place of 2 i.",
        transposed_without_stride,
        sc.ConvTranspose2D(3, 2, stride=2),
        None,
        "x",
        ("stride ignored",),
        HWIO,
    ),
    Published(
        "pytorch/pytorch issue 51430, torch.nn.grad.conv2d_weight with groups",
        "By repeat and view, weight r of a filter of group g meets channel r G + g; the channels "
        "of a group are adjacent. (The pairing was worked out from the views of that time.)",
        weights_of_groups,
        sc.Conv2D(4, (3, 2), stride=2, padding=1, groups=2, bias=False),
        None,
        "weight",
        ("groups interleaved",),
        {**OIHW},
    ),
    Published(
        "flagos-ai/FlagGems pull request 1576, conv2d",
        "Where the stride leaves a remainder, the spread error signal was too small and the "
        "indices of the convolution were misaligned. (Assumed: rows laid side by side.)",
        spread_too_small,
        sc.Conv2D(3, 3, stride=3, padding=1, bias=False),
        None,
        "x",
        ("rows of another length",),
        {**OIHW},
    ),
    Published(
        "ROCm/MIOpen issue 1495 and pull request 1496, 1 x 1 kernel with stride 2 on 2 x 2",
        "The stride was replaced by 1 where the size is 1, for the size of the wrong side. "
        "(Assumed: the one position is broadcast.)",
        stride_of_one_position,
        sc.Conv2D(3, 1, stride=2, bias=False),
        (2, 2, 2),
        "x",
        ("same value along an axis",),
        {**OIHW},
    ),
    Published(
        "tracel-ai/burn issue 1877 and pull request 1891, conv2d_weight_grad_groups",
        "With as many groups as channels and a stride that leaves a remainder, what a group "
        "assigns to its slice of dw is larger than that slice.",
        longer_than_the_kernel,
        sc.Conv2D(2, 3, stride=2, padding=1, groups=2, bias=False),
        (4, 4, 2),
        "weight",
        (),
        {**OIHW},
    ),
    Published(
        "tracel-ai/burn pull request 4806, conv1d_x_backward",
        "Where the stride drops two entries or more at the end, dx is shorter than x.",
        shorter_than_the_input,
        sc.Conv1D(3, 3, stride=4, bias=False),
        (9, 2),
        "x",
        (),
        {"layout": "NCL", "kernel_layout": "OIL"},
    ),
    Published(
        "tracel-ai/burn pull request 4466, max_pool2d_with_indices_backward",
        "The dilation of the first axis was used along both. (Re-created with a convolution.)",
        dilation_of_rows,
        sc.Conv2D(3, 2, dilation=(2, 1), bias=False),
        None,
        "x",
        ("dilation of one axis used for both",),
        {**OIHW},
    ),
    Published(
        "facebookresearch/CrypTen pull request 143, batchnorm in training",
        "That mean and variance depend on the input was ignored.",
        (batchnorm_forward, statistics_as_constants),
        sc.BatchNorm(epsilon=0.25),
        None,
        "x",
        ("statistics treated as constants",),
    ),
    Published(
        "Kulbear/deep-learning-coursera pull request 34, conv_backward",
        "The stride was missing where the backward pass places its windows.",
        stride_missing,
        sc.Conv2D(3, 2, stride=2),
        None,
        "x",
        ("stride ignored",),
        HWIO,
    ),
)
