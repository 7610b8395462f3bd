"""Formulas of entries, each read by one layer: constants are numbers in it, or its own tensors.

where(x1 != 0, x2, 0.5)      a mask, a tensor and a number
max(x, w)                    a tensor and a parameter
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import (
    Operand,
    aligned,
    applied,
    beside,
    bounded,
    combined,
    shifted,
    stretched,
)
from symcnn.imports.placed import Placed
from symcnn.network.layers import Clip, Divide, Elementwise, ReLU, ReLU6

_PRECISE = 1e15
"""Larger numbers are shorter with an exponent."""


def written(number: float) -> str:
    """Return a number as it stands in a formula."""
    short = int(number) if number == int(number) and abs(number) < _PRECISE else number
    return f"({short!r})" if short < 0 else repr(short)


def computed(b: Builder, formula: str, *operands: Operand) -> Placed:
    """Return what a formula of {0}, {1}, ... makes of operands, entry by entry, with broadcasting.

    One of them at least is a tensor.
    """
    xs = [*dict.fromkeys(x for x in operands if isinstance(x, Placed))]
    called = ["x"] if len(xs) == 1 else [f"x{number}" for number in range(1, len(xs) + 1)]
    arrays = [x for x in operands if isinstance(x, Constant)]
    own = {k: [c for c in arrays if _key(c) == k] for k in ("weight", "constant")}
    if any(len({id(c) for c in constants}) > 1 for constants in own.values()):
        raise SymcnnError("several arrays are combined at once: combine them one after the other")
    names = [
        called[xs.index(x)] if isinstance(x, Placed) else _NAMES.get(_key(x), _number(x))
        for x in operands
    ]
    return _made(b, formula.format(*names), xs, {k: found[0] for k, found in own.items() if found})


_NAMES = {"weight": "w", "constant": "c"}
"""What a formula calls the tensors of the layer itself."""


def _key(operand: Operand) -> str:
    """Return what a layer calls a constant, if it is no number."""
    if isinstance(operand, Placed) or (operand.array.size == 1 and not operand.parameter):
        return ""
    is_learned = operand.parameter and operand.array.dtype.kind == "f"
    return "weight" if is_learned else "constant"


def _number(operand: Operand) -> str:
    assert isinstance(operand, Constant), "it is no tensor that depends on the input"
    return written(operand.array.item()) if operand.array.size == 1 else ""


def _made(b: Builder, formula: str, xs: Sequence[Placed], own: dict[str, Constant]) -> Placed:
    """Add the layer of a formula, with its own tensors in the order of axes of the others."""
    if own:
        xs = [b.plain(x) for x in xs]
    first, *others = aligned(b, xs)
    numbers, lengths = {}, [x.shape for x in (first, *others)]
    for key, constant in own.items():
        rank = len(first.stated)
        first, numbers[key], length = beside(b, first, constant)
        lengths.append(length)
        if others and len(first.stated) != rank:
            raise SymcnnError("an array has more axes than the tensors: reshape them to its rank")
    shapes = {f"{key}_shape": constant.array.shape for key, constant in numbers.items()}
    name = b.add(Elementwise(formula, **shapes), [first, *others], numbers)
    if first.folded is not None:
        return replace(first, layer=name)
    shape = (max(axis) for axis in zip(first.shape, *lengths[1:], strict=True))
    return replace(first, layer=name, shape=tuple(shape))


def clamped(b: Builder, x: Placed, low: float | None, high: float | None) -> Placed:
    """Return the entries, clipped to an interval that may be open on one side."""
    if low is None and high is None:
        return x
    if high is None and low is not None:
        return applied(b, x, ReLU() if low == 0 else Elementwise(f"max(x, {written(low)})"))
    assert high is not None, "one of them is given"
    if low is None:
        return applied(b, x, Elementwise(f"min(x, {written(high)})"))
    return applied(b, x, ReLU6() if (low, high) == (0, 6) else Clip(low, high))


def divided(b: Builder, x: Operand, by: Operand) -> Placed:
    """Return a tensor divided by another, or by a constant, or a constant by a tensor."""
    if isinstance(x, Constant):
        return computed(b, "{0} / {1}", x, by)
    if isinstance(by, Placed):
        return combined(b, [x, by], Divide())
    if not by.array.all():
        raise SymcnnError("a tensor is divided by 0: remove the division")
    return stretched(b, x, Constant(1 / by.array))


def chosen(b: Builder, mask: Operand, one: Operand, other: Operand) -> Placed:
    """Return ``one`` where a mask is not 0, and ``other`` elsewhere."""
    one, other = bounded(one), bounded(other)
    if isinstance(mask, Constant) and _key(mask):
        holds = mask.array.astype(bool)
        if isinstance(other, Constant) and _key(other) == "constant":
            kept = computed(b, "where({0} != 0, {1}, 0)", mask, one)
            return shifted(b, kept, Constant(np.where(holds, 0, other.array)))
        if isinstance(one, Constant) and _key(one) == "constant":
            kept = computed(b, "where({0} != 0, 0, {1})", mask, other)
            return shifted(b, kept, Constant(np.where(holds, one.array, 0)))
    return computed(b, "where({0} != 0, {1}, {2})", mask, one, other)
