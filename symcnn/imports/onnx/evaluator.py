"""What a model computes, by the reference evaluator of the package ``onnx``, in float64.

Where the evaluator follows today's set of operators alone, those of older sets are put in its
place; and what a model states in 32 bits, such as 0.01, is taken as the number that is meant.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from onnx.helper import make_attribute
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from symcnn.values import Array

SOFTMAX_AXES = 13
"""Before this set, a softmax took the axes from the given one on together."""

_DIGITS = 7
"""More digits than these tell that a number of 32 bits is no short decimal."""

_DENOMINATOR = 1_000


class Softmax(OpRun):  # type: ignore[misc]  # it is read as untyped
    """Exponentials that sum to 1 over the axes from the given one on."""

    op_domain = ""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (np.exp(_log_softmax(x, axis)),)


class LogSoftmax(OpRun):  # type: ignore[misc]  # it is read as untyped
    """The logarithm of these."""

    op_domain = ""

    def _run(self, x: Array, axis: int = 1) -> tuple[Array]:
        return (_log_softmax(x, axis),)


class HardSwish(OpRun):  # type: ignore[misc]  # it is read as untyped
    """x min(max(0, x + 3), 6) / 6: the evaluator's own has 1/6 in 32 bits."""

    op_domain = ""

    def _run(self, x: Array) -> tuple[Array]:
        return (x * np.clip(x + 3, 0, 6) / 6,)


def evaluated(model: Any, opset: int, given: dict[str, Array]) -> dict[str, Any]:
    """Return all tensors that a model computes, by name."""
    older = [Softmax, LogSoftmax] if opset < SOFTMAX_AXES else []
    evaluator = ReferenceEvaluator(model, new_ops=[HardSwish, *older])
    for node in evaluator.rt_nodes_:
        for name in node.attributes_names_:
            if isinstance(value := getattr(node, name, None), float | np.floating):
                setattr(node, name, meant(float(value)))
    found = evaluator.run(None, given, intermediate=True)
    assert isinstance(found, dict)
    return found


def explicit(node: Any, opset: int) -> None:
    """State the axis of a softmax that is taken along the usual one of its set of operators."""
    is_softmax = node.op_type in ("Softmax", "LogSoftmax")
    if is_softmax and opset < SOFTMAX_AXES and not node.attribute:
        node.attribute.append(make_attribute("axis", 1))


def meant(value: float) -> float:
    """Return the short decimal or the simple fraction that a number of 32 bits stands for."""
    single = np.float32(value)
    text = str(single)
    digits = len(text.partition("e")[0].replace("-", "").replace(".", "").strip("0"))
    simple = Fraction(value).limit_denominator(_DENOMINATOR) if np.isfinite(value) else Fraction(0)
    if digits > _DIGITS and np.float32(float(simple)) == single:
        return float(simple)
    return float(text)


def _log_softmax(x: Array, axis: int) -> Array:
    axis %= x.ndim
    flat = x.reshape(int(np.prod(x.shape[:axis])), -1)
    shifted = flat - flat.max(axis=1, keepdims=True)
    made: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return made.reshape(x.shape)
