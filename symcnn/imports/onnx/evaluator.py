"""What a model computes, by the reference evaluator of the package ``onnx``, in float64.

Where the evaluator follows today's set of operators alone, those of older sets are put in its
place; and what a model states in 32 bits, such as 0.01, is taken as the number that is meant.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from fractions import Fraction
from math import copysign
from typing import Any

import numpy as np
from onnx.helper import make_attribute
from onnx.reference import ReferenceEvaluator

from symcnn.equations.values import Array
from symcnn.imports.onnx.bounds import Budget
from symcnn.imports.onnx.definitions import SOFTMAX_AXES, definitions

_DIGITS = 7
"""More digits than these tell that a number of 32 bits is no short decimal."""

_DENOMINATOR = 1_000


def evaluated(model: Any, opset: int, given: dict[str, Array]) -> dict[str, Any]:
    """Return all tensors that a model computes, by name.

    Raises:
        TooLargeError: Before a node is run that would make too much.
    """
    evaluator = ReferenceEvaluator(model, new_ops=definitions(opset))
    for node in evaluator.rt_nodes_:
        for name in node.attributes_names_:
            if isinstance(value := getattr(node, name, None), float | np.floating):
                setattr(node, name, meant(float(value)))
    budget, found = Budget(model, opset), {"": None, **evaluator.rt_inits_, **given}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for stated, node in zip(model.graph.node, evaluator.rt_nodes_, strict=True):
            inputs = [found[name] for name in node.input]
            budget.admit(stated, inputs)
            context = {"context": found} if node.need_context() else {}
            found |= zip(node.output, node.run(*inputs, **context), strict=False)
    return found


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
