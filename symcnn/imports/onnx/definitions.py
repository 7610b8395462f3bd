"""Operators by their definitions in float64, where the reference evaluator has others.

Its softmax is today's, whatever the set of operators, and what it composes of other operators has
constants of 32 bits.
"""

from __future__ import annotations

from math import erf, pi, sqrt
from typing import Any

import numpy as np
from onnx.reference.op_run import OpRun

from symcnn.equations.values import Array

SOFTMAX_AXES = 13
"""Before this set, a softmax took the axes from the given one on together."""

TRAINING_MODE = 14
"""Before this set, a batch normalisation with a single output used the given statistics."""


def definitions(opset: int) -> list[Any]:
    """Return what is computed here in a set of operators."""
    made: list[Any] = [HardSwish, Gelu, Erf, GroupNormalization, GlobalMaxPool, LRN]
    made += [Softmax, LogSoftmax] if opset < SOFTMAX_AXES else []
    return [*made, BatchNormalization] if opset < TRAINING_MODE else made


class Softmax(OpRun):  # type: ignore[misc]
    """Exponentials that sum to 1 over the axes from the given one on."""

    op_domain = ""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (np.exp(_log_softmax(x, axis)),)


class LogSoftmax(OpRun):  # type: ignore[misc]
    """The logarithm of these."""

    op_domain = ""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (_log_softmax(x, axis),)


class HardSwish(OpRun):  # type: ignore[misc]
    """x min(max(0, x + 3), 6) / 6: the evaluator's own has 1/6 in 32 bits."""

    op_domain = ""

    def _run(self, x: Array) -> tuple[Array]:
        return (x * np.clip(x + 3, 0, 6) / 6,)


class BatchNormalization(OpRun):  # type: ignore[misc]
    """By the given statistics: the evaluator takes momentum for a sign of training."""

    op_domain = ""

    def _run(self, x: Array, *given: Array, **settings: Any) -> tuple[Array]:
        ones = (1,) * (x.ndim - 2)
        scale, bias, mean, variance = (array.reshape(-1, *ones) for array in given)
        return (scale * (x - mean) / np.sqrt(variance + settings["epsilon"]) + bias,)


class GlobalMaxPool(OpRun):  # type: ignore[misc]
    """The largest entry of every channel: the evaluator's own is that of images alone."""

    op_domain = ""

    def _run(self, x: Array) -> tuple[Array]:
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


class LRN(OpRun):  # type: ignore[misc]
    """A quotient by a power of squares nearby: the evaluator computes some channels alone."""

    op_domain = ""

    def _run(self, x: Array, **settings: Any) -> tuple[Array]:
        size, squares = settings["size"], x**2
        first = (size - 1) // 2
        sums = [
            squares[:, max(0, c - first) : c - first + size].sum(axis=1) for c in range(x.shape[1])
        ]
        mean = np.stack(sums, axis=1) / size
        return (x / (settings["bias"] + settings["alpha"] * mean) ** settings["beta"],)


class Gelu(OpRun):  # type: ignore[misc]
    """x Phi(x), with the normal distribution function or its approximation by tanh."""

    op_domain = ""

    def _run(self, x: Array, approximate: str = "none") -> tuple[Array]:
        if approximate == "tanh":
            inner = sqrt(2 / pi) * (x + 0.044715 * x**3)
            return (x * (1 + np.tanh(inner)) / 2,)
        return (x * (1 + _erf(x / sqrt(2))) / 2,)


class Erf(OpRun):  # type: ignore[misc]
    """The error function: the evaluator's own is in 32 bits."""

    op_domain = ""

    def _run(self, x: Array) -> tuple[Array]:
        return (_erf(x),)


class GroupNormalization(OpRun):  # type: ignore[misc]
    """Groups of channels with mean 0 and variance 1, then scaled and shifted."""

    op_domain = ""

    def _run(self, x: Array, scale: Array, bias: Array, **settings: Any) -> tuple[Array]:
        groups = settings["num_groups"]
        grouped = x.reshape(x.shape[0], groups, -1)
        centred = grouped - grouped.mean(axis=2, keepdims=True)
        variance = (centred**2).mean(axis=2, keepdims=True)
        normal = (centred / np.sqrt(variance + settings["epsilon"])).reshape(x.shape)
        own = [np.repeat(a, x.shape[1] // len(a)) for a in (scale, bias)]
        gamma, beta = (a.reshape(-1, *(1,) * (x.ndim - 2)) for a in own)
        return (gamma * normal + beta,)


def _erf(x: Array) -> Array:
    return np.array([erf(value) for value in x.ravel()]).reshape(x.shape)


def _log_softmax(x: Array, axis: int) -> Array:
    axis %= x.ndim
    flat = x.reshape(int(np.prod(x.shape[:axis])), -1)
    shifted = flat - flat.max(axis=1, keepdims=True)
    made: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return made.reshape(x.shape)
