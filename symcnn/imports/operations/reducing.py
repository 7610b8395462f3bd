"""Reductions along axes of the source, norms and variances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf, prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.operations.elementwise import written
from symcnn.imports.operations.entrywise import applied, combined
from symcnn.imports.placed import Placed, one_a_sample
from symcnn.network.layers import (
    Elementwise,
    Layer,
    ReduceMax,
    ReduceMean,
    ReduceSum,
    Scale,
    Subtract,
)


def reduced(b: Builder, x: Placed, layer: Layer, axes: Iterable[int], keep: bool) -> Placed:
    """Return what a layer makes along some axes, which may stay with length 1."""
    gone = _gone(x, axes)
    if not gone:
        return x
    if isinstance(layer, ReduceMax) or len(gone) < len(x.own_shape):
        x = b.plain(x)  # otherwise the entries are taken in any order
    along = tuple(sorted(x.position(axis) for axis in gone))
    axis = along[0] if len(along) == 1 else along
    own = replace(layer, axis=axis, keepdims=keep)  # type: ignore[call-arg]  # of reductions
    return replace(_left(x, gone, keep), layer=b.add(own, [x]), folded=None)


def norm(b: Builder, x: Placed, power: float, axes: Iterable[int], keep: bool) -> Placed:
    """Return the p-norm of the entries along some axes: the root of the sum of their powers."""
    inner, layer, outer = _of_power(power)
    made = reduced(b, applied(b, x, Elementwise(inner)), layer, axes, keep)
    return applied(b, made, Elementwise(outer)) if outer else made


def _of_power(power: float) -> tuple[str, Layer, str]:
    """Return the function of the entries, how it is reduced, and the function of the result."""
    if power == inf:
        return "abs(x)", ReduceMax(ties="split"), ""
    if power == -inf:
        return "-abs(x)", ReduceMax(ties="split"), "-x"
    if power == 0:
        return "x != 0", ReduceSum(), ""
    if power == 1:
        return "abs(x)", ReduceSum(), ""
    if power == 2:
        return "x**2", ReduceSum(), "sqrt(x)"
    return f"abs(x)**{written(power)}", ReduceSum(), f"x**(1/{written(power)})"


def mean_and_variance(
    b: Builder, x: Placed, axes: Iterable[int], keep: bool, correction: float
) -> tuple[Placed, Placed]:
    """Return the mean along some axes, and the variance: n less a correction is the divisor."""
    listed = [*axes]
    count = prod(x.shape[axis] for axis in _gone(x, listed))
    if count <= correction:
        raise SymcnnError(f"the variance of {count} entries has no value: use correction = 0")
    mean = reduced(b, x, ReduceMean(), listed, True)
    squares = applied(b, combined(b, [x, mean], Subtract()), Elementwise("x**2"))
    variance = reduced(b, squares, ReduceMean(), listed, keep)
    if correction:
        variance = applied(b, variance, Scale(count / (count - correction)))
    return mean if keep else reduced(b, x, ReduceMean(), listed, False), variance


def _gone(x: Placed, axes: Iterable[int]) -> set[int]:
    gone = {x.axis(axis) for axis in axes}
    if x.samples in gone:
        raise SymcnnError("samples are added up: reduce the other axes alone")
    return gone


def _left(x: Placed, gone: set[int], keep: bool) -> Placed:
    if keep:
        return replace(x, shape=tuple(1 if a in gone else n for a, n in enumerate(x.shape)))
    left = [axis for axis in range(len(x.shape)) if axis not in gone]
    if len(left) == 1:
        return one_a_sample(x.layer, x.shape[x.samples])
    order = tuple(left.index(axis) for axis in x.order if axis not in gone)
    return replace(x, shape=tuple(x.shape[axis] for axis in left), order=order)
