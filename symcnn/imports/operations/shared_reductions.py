"""Reductions that PyTorch and ONNX both have: sums, means, maxima, products, norms, variances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import inf, prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, OfBoth, Operation
from symcnn.imports.graph import Node
from symcnn.imports.operations.elementwise import computed, written
from symcnn.imports.operations.entrywise import applied, combined
from symcnn.imports.operations.shared import X
from symcnn.imports.placed import Placed, one_a_sample
from symcnn.network import layers
from symcnn.network.layers import (
    Elementwise,
    Layer,
    ReduceMax,
    ReduceMean,
    ReduceSum,
    Scale,
    Subtract,
)

OPERATORS = OfBoth()

Reduced = Callable[[Builder, Placed, Sequence[int], bool], Placed]
"""What is made along some axes, which may stay with length 1."""


def _along(b: Builder, n: Node) -> tuple[Placed, Sequence[int], bool]:
    """Return a tensor, the axes that are given, or all of them, and whether these stay."""
    x, given = b.tensor(n, *X), n.get("dim")
    axes = [given] if isinstance(given, int) else given or n.integers("axes")
    keep = bool(n.get("keepdim", n.get("keepdims", False)))
    return x, axes or range(len(x.stated)), keep


def _reduction(made: Reduced) -> Operation:
    def operation(b: Builder, n: Node) -> Placed:
        x, axes, keep = _along(b, n)
        no_axes = not n.get("dim") and not n.integers("axes")
        if no_axes and n.get("noop_with_empty_axes", 0):
            return made(b, x, (), keep)
        return made(b, x, axes, keep)

    return operation


def _by(layer: layers.Layer) -> Reduced:
    return lambda b, x, axes, keep: reduced(b, x, layer, axes, keep)


def _least(ties: str) -> Reduced:
    def made(b: Builder, x: Placed, axes: Sequence[int], keep: bool) -> Placed:
        largest = reduced(b, applied(b, x, layers.Scale(-1)), _MAX[ties], axes, keep)
        return applied(b, largest, layers.Scale(-1))

    return made


def _of(inner: str, layer: layers.Layer, outer: str = "") -> Reduced:
    """Return a function of a reduction of a function."""

    def made(b: Builder, x: Placed, axes: Sequence[int], keep: bool) -> Placed:
        terms = applied(b, x, layers.Elementwise(inner)) if inner else x
        total = reduced(b, terms, layer, axes, keep)
        return applied(b, total, layers.Elementwise(outer)) if outer else total

    return made


_SUM, _MEAN = layers.ReduceSum(), layers.ReduceMean()
_MAX = {"first": layers.ReduceMax(), "split": layers.ReduceMax(ties="split")}

_REDUCTIONS: dict[tuple[str, str], Reduced] = {
    ("sum.dim_IntList sum.default", "ReduceSum"): _by(_SUM),
    ("mean.dim mean.default", "ReduceMean"): _by(_MEAN),
    ("amax.default max.default", "ReduceMax"): _by(_MAX["split"]),
    ("amin.default min.default", "ReduceMin"): _least("split"),
    ("prod.default prod.dim_int", "ReduceProd"): _by(layers.ReduceProd()),
    ("logsumexp.default", "ReduceLogSumExp"): _by(layers.ReduceLogSumExp()),
    ("", "ReduceSumSquare"): _of("x**2", _SUM),
    ("", "ReduceLogSum"): _of("", _SUM, "log(x)"),
    ("", "ReduceL1"): lambda b, x, axes, keep: norm(b, x, 1, axes, keep),
    ("", "ReduceL2"): lambda b, x, axes, keep: norm(b, x, 2, axes, keep),
}
"""Reductions by what PyTorch and ONNX call them; equal largest entries of both share alike."""

for (_torch, _onnx), _made in _REDUCTIONS.items():
    OPERATORS.of(_torch.split(), [_onnx] if _onnx else [])(_reduction(_made))


@OPERATORS.of(["max.dim", "min.dim"], [])
def _largest(b: Builder, n: Node) -> Placed:
    """Return the values; which entries they are is another output, without a derivative."""
    x, axes, keep = _along(b, n)
    made = _least("first") if n.operator.endswith("min.dim") else _by(_MAX["first"])
    return made(b, x, axes, keep)


@OPERATORS.of(["argmax.default", "argmin.default"], ["ArgMax", "ArgMin"])
def _place(b: Builder, n: Node) -> Placed:
    raise SymcnnError(
        "the place of a maximum has no derivative: end the network before it, and take the argmax "
        "of its output"
    )


@OPERATORS.of(
    ["linalg_vector_norm.default", "norm.ScalarOpt_dim", "norm.Scalar", "norm.default"],
    ["LpNormalization"],
)
def _norm(b: Builder, n: Node) -> Placed:
    order = n.get("ord", n.get("p", 2))
    if n.operator != "LpNormalization":
        x, axes, keep = _along(b, n)
        return norm(b, x, order, axes, keep)
    x = b.tensor(n, *X)
    return computed(b, "{0} / {1}", x, norm(b, x, order, [n.get("axis", -1)], True))


_STATISTICS = [
    f"{name}.{way}"
    for name in ("var", "std", "var_mean", "std_mean")
    for way in ("default", "dim", "correction")
]


@OPERATORS.of(_STATISTICS, [])
def _variance(b: Builder, n: Node) -> Sequence[Placed]:
    """Return the variance or its root, and the mean."""
    x, axes, keep = _along(b, n)
    correction = n.get("correction", int(n.get("unbiased", True)))
    mean, variance = mean_and_variance(b, x, axes, keep, correction)
    if "std" in n.operator:
        variance = applied(b, variance, layers.Elementwise("sqrt(x)"))
    return variance, mean


_SMALL = "1e-9"
"""What ONNX adds to the deviation in a normalisation by mean and variance."""


@OPERATORS.of([], ["MeanVarianceNormalization"])
def _normalised(b: Builder, n: Node) -> Placed:
    x, axes, _ = _along(b, n)
    mean, variance = mean_and_variance(b, x, axes, True, 0)
    return computed(b, f"({{0}} - {{1}}) / (sqrt({{2}}) + {_SMALL})", x, mean, variance)


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
