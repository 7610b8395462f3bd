"""What a model computes, by the reference evaluator of the package ``onnx``, in float64.

Where the evaluator follows today's set of operators alone, those of older sets are put in its
place; and what a model states in 32 bits, such as 0.01, is taken as the number that is meant. So
are operators taken by their definitions that it composes of others, with constants of 32 bits.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import copysign, erf, pi, sqrt
from typing import Any

import numpy as np
from onnx.helper import make_attribute
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from symcnn.equations.values import Array
from symcnn.imports.onnx.bounds import Budget
from symcnn.imports.registering import REGISTERED

SOFTMAX_AXES = 13
"""Before this set, a softmax took the axes from the given one on together."""

TRAINING_MODE = 14
"""Before this set, a batch normalisation with a single output used the given statistics."""


def definitions(opset: int) -> list[Any]:
    """Return what is computed here in a set of operators."""
    made: list[Any] = [HardSwish, Gelu, Erf, GroupNormalization, GlobalMaxPool, LRN]
    made += [Softmax, LogSoftmax] if opset < SOFTMAX_AXES else []
    made += [BatchNormalization] if opset < TRAINING_MODE else []
    return [*made, *_registered()]


def _registered() -> Iterator[Any]:
    """Yield what stands for operators that were registered with a function of arrays."""
    for operator, registered in REGISTERED.items():
        if registered.computes is not None:
            domain, _, name = operator.rpartition("::")
            yield type(name, (OpRun,), {"op_domain": domain, "_run": _run_by(registered.computes)})


def _run_by(function: Callable[..., Any]) -> Callable[..., tuple[Array]]:
    def run(_: Any, *arrays: Any, **attributes: Any) -> tuple[Array]:
        return (np.asarray(function(*arrays, **attributes)),)

    return run


class _Operator(OpRun):  # type: ignore[misc]
    """An operator of ONNX's own."""

    op_domain = ""


class Softmax(_Operator):
    """Exponentials that sum to 1 over the axes from the given one on."""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (np.exp(_log_softmax(x, axis)),)


class LogSoftmax(_Operator):
    """The logarithm of these."""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (_log_softmax(x, axis),)


class HardSwish(_Operator):
    """x min(max(0, x + 3), 6) / 6: the evaluator's own has 1/6 in 32 bits."""

    def _run(self, x: Array) -> tuple[Array]:
        return (x * np.clip(x + 3, 0, 6) / 6,)


class BatchNormalization(_Operator):
    """By the given statistics: the evaluator takes momentum for a sign of training."""

    def _run(self, x: Array, *given: Array, **settings: Any) -> tuple[Array]:
        ones = (1,) * (x.ndim - 2)
        scale, bias, mean, variance = (array.reshape(-1, *ones) for array in given)
        return (scale * (x - mean) / np.sqrt(variance + settings["epsilon"]) + bias,)


class GlobalMaxPool(_Operator):
    """The largest entry of every channel: the evaluator's own is that of images alone."""

    def _run(self, x: Array) -> tuple[Array]:
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


class LRN(_Operator):
    """A quotient by a power of squares nearby: the evaluator computes some channels alone."""

    def _run(self, x: Array, **settings: Any) -> tuple[Array]:
        size, squares = settings["size"], x**2
        first = (size - 1) // 2
        sums = [
            squares[:, max(0, c - first) : c - first + size].sum(axis=1) for c in range(x.shape[1])
        ]
        mean = np.stack(sums, axis=1) / size
        return (x / (settings["bias"] + settings["alpha"] * mean) ** settings["beta"],)


class Gelu(_Operator):
    """x Phi(x), with the normal distribution function or its approximation by tanh."""

    def _run(self, x: Array, approximate: str = "none") -> tuple[Array]:
        if approximate == "tanh":
            inner = sqrt(2 / pi) * (x + 0.044715 * x**3)
            return (x * (1 + np.tanh(inner)) / 2,)
        return (x * (1 + _erf(x / sqrt(2))) / 2,)


class Erf(_Operator):
    """The error function: the evaluator's own is in 32 bits."""

    def _run(self, x: Array) -> tuple[Array]:
        return (_erf(x),)


class GroupNormalization(_Operator):
    """Groups of channels with mean 0 and variance 1, then scaled and shifted."""

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


_DIGITS = 7
"""More digits than these tell that a number of 32 bits is no short decimal."""

_DENOMINATOR = 1_000


def evaluated(model: Any, opset: int, given: Mapping[str, Array]) -> dict[str, Any]:
    """Return all tensors that a model computes, by name.

    Raises:
        TooLargeError: Before a node is run that would make too much.
    """
    evaluator = evaluator_of(model, opset)
    budget, found = Budget(model, opset), {"": None, **evaluator.rt_inits_, **given}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for stated, node in zip(model.graph.node, evaluator.rt_nodes_, strict=True):
            inputs = [found[name] for name in node.input]
            budget.admit(stated, inputs)
            context = {"context": found} if node.need_context() else {}
            made = zip(node.output, node.run(*inputs, **context), strict=False)
            found |= {name: array for name, array in made if name}
    return found


def evaluator_of(model: Any, opset: int) -> ReferenceEvaluator:
    """Return what evaluates a model, with the numbers that its settings mean."""
    evaluator = ReferenceEvaluator(model, new_ops=definitions(opset))
    for node in evaluator.rt_nodes_:
        for name in node.attributes_names_:
            if isinstance(value := getattr(node, name, None), float | np.floating):
                setattr(node, name, meant(float(value)))
    return evaluator


def explicit(node: Any, opset: int) -> None:
    """State the axis of a softmax that is taken along the usual one of its set of operators."""
    is_softmax = node.op_type in ("Softmax", "LogSoftmax")
    if is_softmax and opset < SOFTMAX_AXES and not node.attribute:
        node.attribute.append(make_attribute("axis", 1))


def meant(value: float) -> float:
    """Return the short decimal, the simple fraction or a root of one that 32 bits stand for."""
    single = np.float32(value)
    text = str(single)
    digits = len(text.partition("e")[0].replace("-", "").replace(".", "").strip("0"))
    if digits <= _DIGITS or not np.isfinite(single):
        return float(text)
    return next((n for n in _simple(value) if np.float32(n) == single), float(text))


def _simple(value: float) -> Iterator[float]:
    """Yield the nearest fraction, and roots of simpler ones: the factors of attention and GELU."""
    for power in (1, 2, 4):
        whole = Fraction(abs(value) ** power).limit_denominator(_DENOMINATOR // power**2)
        yield copysign(float(whole) ** (1 / power), value)
