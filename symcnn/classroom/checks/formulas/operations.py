"""The values of sums, products, functions and conditions: a rule for each kind of part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.axes import POSITIONS
from symcnn.classroom.checks.formulas.elementwise import activation, plain
from symcnn.classroom.checks.formulas.entries import NoValueError, Scope, number_for
from symcnn.classroom.checks.formulas.matrices import convolved, joined, product
from symcnn.classroom.checks.formulas.meaning import letter_of
from symcnn.classroom.checks.formulas.summing import Summing
from symcnn.classroom.checks.formulas.tree import (
    Bin,
    Bracket,
    Call,
    Cases,
    Entry,
    Flipped,
    Neg,
    Node,
    Num,
    Ref,
    Rel,
    Sum,
    Transposed,
    walk,
)
from symcnn.equations.values import Array


def _binary(e: Summing, node: Bin, scope: Scope) -> Array:
    left, right = e.value(node.left, scope), e.value(node.right, scope)
    if node.op == "^" and isinstance(node.left, Ref) and node.left.base == "e":
        return np.exp(right)
    count = len(scope)
    try:
        if node.op == "star" and not _slides(e):
            return product(left, right, count, "odot")
        if node.op == "star":
            slides = _is_kernel(e, node, left.shape[count:], right.shape[count:])
            image, kernel = (right, left) if slides else (left, right)
            return convolved(image, kernel, count, _star(e, node), node.mode, _wanted(e))
        if node.op == "*":
            return product(left, right, count, node.sign)
        if node.op == "outer":
            return product(left, np.swapaxes(right, -1, -2), count, "@")
        return joined(_ARITHMETIC[node.op], left, right, count)
    except ValueError as error:
        raise NoValueError(str(error)) from None


def _slides(e: Summing) -> bool:
    """Tell whether anything here has positions that a kernel can slide over."""
    tags = e.case.tags
    names = (e.reading.target.name, *(q.name for q in e.reading.letters.values()))
    return any(tag in POSITIONS for name in names for tag in tags.get(name, ()))


def _star(e: Summing, node: Bin) -> str:
    own = {"conv": "convolution", "corr": "correlation", "star": "correlation"}
    return own.get(node.sign, e.reading.star)


def _is_kernel(e: Summing, node: Bin, left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Tell whether the left operand slides: the weights do, or else the smaller image."""
    first, second = (_has_weights(e, side) for side in (node.left, node.right))
    return first if first != second else prod(left) < prod(right)


def _has_weights(e: Summing, node: Node) -> bool:
    found = (
        e.reading.letters.get(letter_of(n, e.samples)) for n in walk(node) if isinstance(n, Ref)
    )
    return any(q is not None and "o" in e.case.tags.get(q.name, ()) for q in found)


def _wanted(e: Summing) -> tuple[int, ...]:
    """Return the shape of images that are due, by which full and valid are told apart."""
    return e.due[0].shape[len(e.due[1]) :] or ()


def _call(e: Summing, node: Call, scope: Scope) -> Array:
    arguments = [e.value(a, scope) for a in node.args]
    if (found := plain(node.name, arguments, len(scope))) is not None and not node.primes:
        return found
    function = activation(e.case.network, node.name, e.reading.target.name)
    if function is None:
        raise NoValueError(f"{node.name} is no function that is known, and there is no activation")
    if node.primes > 1 or len(arguments) != 1:
        raise NoValueError(f"{node.name} has one argument and at most one prime")
    return function(arguments[0], bool(node.primes))


def _relation(e: Summing, node: Rel, scope: Scope) -> Array:
    def compare(a: Array, b: Array) -> Array:
        return np.asarray(_COMPARED[node.op](a, b), dtype=float)

    return joined(compare, e.value(node.left, scope), e.value(node.right, scope), len(scope))


def _bracket(e: Summing, node: Bracket, scope: Scope) -> Array:
    made = e.value(node.conditions[0], scope)
    for condition in node.conditions[1:]:
        made = joined(np.multiply, made, e.value(condition, scope), len(scope))
    return made


def _cases(e: Summing, node: Cases, scope: Scope) -> Array:
    made: Array = number_for(0.0, scope)
    for value, condition in reversed([*zip(node.values, node.conditions, strict=True)]):
        number = e.value(value, scope)
        if condition is None:
            made = number
            continue
        holds = e.value(condition, scope)
        kept = joined(lambda h, m: np.where(h != 0, 0.0, m), holds, made, len(scope))
        chosen = joined(lambda h, n: np.where(h != 0, n, 0.0), holds, number, len(scope))
        made = joined(np.add, kept, chosen, len(scope))
    return made


def _transposed(e: Summing, node: Transposed, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    if made.ndim - len(scope) < 2:
        return made
    return np.swapaxes(made, -1, -2)


def _flipped(e: Summing, node: Flipped, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    return np.flip(made, tuple(range(len(scope), made.ndim)))


def _entry(e: Summing, node: Entry, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    rank, count = made.ndim - len(scope), len(node.subs)
    if rank == 2 and count == 1 and 1 in made.shape[-2:]:
        made = made.reshape(*made.shape[:-2], -1)
        rank = 1
    if rank != count:
        raise NoValueError("the parentheses hold an array with another number of axes")
    grids = [
        np.arange(n).reshape([-1 if a == k else 1 for a in range(len(scope))])
        for k, n in enumerate(made.shape[: len(scope)])
    ]
    places, inside = list[Array](), np.ones((1,) * len(scope), dtype=bool)
    for sub, size in zip(node.subs, made.shape[len(scope) :], strict=True):
        at = np.rint(e.value(sub, scope)).astype(int) - e.reading.base
        inside = inside & (at >= 0) & (at < size)
        places.append(np.clip(at, 0, size - 1))
    return np.where(inside, made[(*grids, *places)], 0.0)


def _ref(e: Summing, node: Ref, scope: Scope) -> Array:
    return e.ref(node, scope)


def _sum(e: Summing, node: Sum, scope: Scope) -> Array:
    return e.sum(node, scope)


_COMPARED: Mapping[str, Callable[[Array, Array], Any]] = {
    "<": np.less,
    "<=": lambda a, b: a <= b + 1e-12,
    ">": np.greater,
    ">=": lambda a, b: a >= b - 1e-12,
    "==": lambda a, b: np.abs(a - b) < 1e-12,
    "!=": lambda a, b: np.abs(a - b) >= 1e-12,
}


def _power(a: Array, b: Array) -> Array:
    return np.where((a < 0) & (b != np.rint(b)), np.nan, np.power(np.abs(a), b) * _sign(a, b))


def _sign(a: Array, b: Array) -> Array:
    return np.where((a < 0) & (np.rint(b) % 2 == 1), -1.0, 1.0)


_ARITHMETIC: Mapping[str, Callable[[Array, Array], Array]] = {
    "+": np.add,
    "-": np.subtract,
    "/": np.divide,
    "^": _power,
    "odot": np.multiply,
    "mod": np.mod,
}

RULES: Mapping[type, Callable[[Summing, Any, Scope], Array]] = {
    Num: lambda e, node, scope: number_for(float(node.value), scope),
    Ref: _ref,
    Neg: lambda e, node, scope: -e.value(node.body, scope),
    Bin: _binary,
    Call: _call,
    Sum: _sum,
    Rel: _relation,
    Bracket: _bracket,
    Cases: _cases,
    Transposed: _transposed,
    Flipped: _flipped,
    Entry: _entry,
}
