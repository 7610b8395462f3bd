"""Functions of entries, and sums, differences, products and quotients of tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.reshaping import reshaped, together
from symcnn.imports.placed import Placed, with_last
from symcnn.network import layers

Numbers = Mapping[str, Constant | None]
Operand = Placed | Constant
Kept = TypeVar("Kept", Constant, Operand)


HUGE = 1e30
"""What stands for infinity where entries are masked: its exponential is 0 as well."""


def bounded(operand: Kept) -> Kept:
    """Return a constant whose infinite entries are huge: so scores are masked before a softmax."""
    if isinstance(operand, Placed) or not np.isinf(operand.array).any():
        return operand
    return Constant(np.clip(operand.array, -HUGE, HUGE))


def applied(b: Builder, x: Placed, layer: layers.Layer, numbers: Numbers | None = None) -> Placed:
    """Return a function of every entry: the order of axes does not matter."""
    return replace(x, layer=b.add(layer, [x], numbers))


def softmax(b: Builder, x: Placed, layer: layers.Layer, axis: int) -> Placed:
    """Return a softmax along an axis of the source."""
    axis = x.axis(axis)
    if len(x.shape) == 2 and axis != x.samples:
        return applied(b, x, layer)
    x = b.plain(x)
    return applied(b, b.ordered(x, with_last(x.order, axis)), layer)


def combined(b: Builder, xs: Sequence[Placed], layer: layers.Layer) -> Placed:
    """Return what a layer makes of several tensors, entry by entry, with broadcasting.

    Axes are compared from the last on, as everywhere.
    """
    parts = aligned(b, xs)
    shape = tuple(max(lengths) for lengths in zip(*(x.shape for x in parts), strict=True))
    return replace(parts[0], layer=b.add(layer, parts), shape=shape)


def aligned(b: Builder, xs: Sequence[Placed]) -> list[Placed]:
    """Return tensors with their axes in one order, and of one rank."""
    kinds = {(x.shape, x.samples, x.merged) for x in xs}
    if all(x.folded == xs[0].folded for x in xs) and len(kinds) == 1:
        return [xs[0], *(x if x.folded else b.ordered(x, xs[0].order) for x in xs[1:])]
    rank = max(len(x.stated) for x in xs)
    first, *others = together(b, [_of_rank(b, x, rank) for x in xs])
    return [first, *(b.ordered(x, first.order) for x in others)]


def _of_rank(b: Builder, x: Placed, rank: int) -> Placed:
    """Return a tensor with further axes of length 1 in front."""
    return reshaped(b, x, (*(1,) * (rank - len(x.stated)), *x.stated))


def learned(b: Builder, x: Placed, layer: layers.Layer, numbers: Numbers, axis: int = 1) -> Placed:
    """Return what a layer with a parameter for each entry of its last axis makes of a tensor."""
    if x.folded is not None:
        columns = x.folded.columns()
        moved = {k: n and n.moved(lambda array: array[columns]) for k, n in numbers.items()}
        return replace(x, layer=b.add(layer, [x], moved))
    x = b.ordered(x, with_last(x.order, x.axis(axis)))
    return replace(x, layer=b.add(layer, [x], numbers))


def shifted(b: Builder, x: Placed, by: Constant, factor: float = 1) -> Placed:
    """Return a tensor with a constant added, a number or an array."""
    by = bounded(by)
    if by.array.size == 1 and not by.parameter:
        return applied(b, x, layers.Scale(1, factor * by.array.item()))
    is_subtracted = factor == -1 and bool(by.parameter)
    if factor != 1 and not is_subtracted:
        by = Constant(factor * by.array)
    x, own, lengths = beside(b, x, by)
    if is_subtracted:  # what is learned is w, not -w
        return _with_learned(b, x, "x - w", own, lengths)
    if _is_beyond(x, lengths):
        return _with_learned(b, x, "x + w", own, lengths)
    return replace(x, layer=b.add(layers.AddParameter(own.array.shape), [x], {"bias": own}))


def stretched(b: Builder, x: Placed, by: Constant) -> Placed:
    """Return a tensor times a constant, a number or an array."""
    if by.array.size == 1 and not by.parameter:
        return applied(b, x, layers.Scale(by.array.item()))
    x, own, lengths = beside(b, x, by)
    if _is_beyond(x, lengths):
        return _with_learned(b, x, "w*x", own, lengths)
    return replace(x, layer=b.add(layers.MultiplyParameter(own.array.shape), [x], {"weight": own}))


def _is_beyond(x: Placed, lengths: Shape) -> bool:
    """Tell whether a tensor is repeated along axes of an array that it is combined with."""
    return any(own < n for own, n in zip(x.shape, lengths, strict=True))


def _with_learned(b: Builder, x: Placed, formula: str, own: Constant, lengths: Shape) -> Placed:
    """Return a formula of a tensor x, which is repeated, and an array w."""
    layer = layers.Elementwise(formula, own.array.shape)
    shape = tuple(max(lengths) for lengths in zip(x.shape, lengths, strict=True))
    return replace(x, layer=b.add(layer, [x], {"weight": own}), shape=shape)


def summed(b: Builder, x: Operand, y: Operand, by: float = 1) -> Placed:
    """Return x + by*y."""
    if isinstance(y, Constant):
        assert isinstance(x, Placed), _FOLDED
        return shifted(b, x, y, by)
    if isinstance(x, Placed) and abs(by) == 1:
        return combined(b, [x, y], layers.Add() if by == 1 else layers.Subtract())
    y = y if by == 1 else applied(b, y, layers.Scale(by))
    return combined(b, [x, y], layers.Add()) if isinstance(x, Placed) else shifted(b, y, x)


def multiplied(b: Builder, x: Operand, y: Operand) -> Placed:
    """Return the product of tensors, or of a tensor and a constant."""
    if isinstance(x, Constant):
        assert isinstance(y, Placed), _FOLDED
        return stretched(b, y, x)
    return stretched(b, x, y) if isinstance(y, Constant) else combined(b, [x, y], layers.Multiply())


_FOLDED = "what does not depend on the input is a constant of the graph"


def beside(b: Builder, x: Placed, constant: Constant) -> tuple[Placed, Constant, Shape]:
    """Return a tensor, an array in its order of axes, and the array's lengths in the source's."""
    missing = constant.array.ndim - len(x.stated)
    x = b.plain(x if missing <= 0 else reshaped(b, x, (*(1,) * missing, *x.stated)))
    lengths = (*(1,) * -missing, *constant.array.shape)
    spread = constant.moved(lambda array: x.apart(array.reshape(lengths)))
    at, order = x.samples, x.order
    if not (spread.array == spread.array.take([0], at)).all():
        raise SymcnnError("an array differs between samples: give it the axis of length 1")
    turned = spread.moved(lambda array: array.transpose(order)[0])
    used = next((n for n, k in enumerate(turned.array.shape) if k > 1), len(order) - 2)
    own = turned.moved(lambda array: array.reshape(array.shape[used:]))
    return x, own, spread.array.shape
