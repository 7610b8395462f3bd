"""The value of a formula, for all of its free indices at once: a rule for each kind of part.

An array has an axis for every index in scope, in their order, and behind these the axes of whole
arrays such as W in ``W x``. What is read outside of a tensor is 0, and so is an entry whose index
is no whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.axes import POSITIONS
from symcnn.classroom.checks.formulas.entries import NoValueError, Scope, number_for
from symcnn.classroom.checks.formulas.meaning import letter_of
from symcnn.classroom.checks.formulas.operations import (
    activation,
    convolved,
    joined,
    plain,
    product,
)
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
    Ones,
    Ref,
    Rel,
    Sum,
    Transposed,
    nodes,
)
from symcnn.equations.values import Array


class Evaluation(Summing):
    """A formula at one case, as it is read."""

    def computed(self) -> Array:
        """Return what the formula gives where ``due`` has what is due, with its shape.

        Raises:
            NoValueError: If it has no value.
        """
        due, scope, whole = self.due
        found, count = self.value(self.formula, scope), len(scope)
        own, wanted = found.shape[count:], due.shape[count:]
        if len(own) > whole:
            if any(n != 1 for n in own):
                raise NoValueError("the formula gives an array where an entry is due")
            own = ()
        if own and len(own) != whole:
            raise NoValueError("the formula gives an array with another number of axes")
        fills = any(nodes(Ones, self.formula))  # what is multiplied by ones
        if own and own != wanted and not fills:
            shapes = f"{_shape_word(own)}, and {_shape_word(wanted)} is due"
            raise NoValueError(f"the formula gives {shapes}")
        if whole and not own and not fills and due.size > 1 and prod(wanted) > 1:
            raise NoValueError("the formula gives one number where an array is due")
        try:
            found = found.reshape((*found.shape[:count], *(own or (1,) * whole)))
            return np.broadcast_to(found, due.shape)
        except ValueError:
            raise NoValueError("the formula gives an array of another shape") from None

    def value(self, node: Node, scope: Scope) -> Array:
        """Return the value of a part for all indices in scope."""
        return _RULES[type(node)](self, node, scope)


def _shape_word(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) + " entries" if shape else "one number"


def _binary(e: Summing, node: Bin, scope: Scope) -> Array:
    if node.op == "*" and any(map(_is_ones, factors := [*_factors(node)])):
        return _with_ones(e, factors, scope)
    if node.op == "^" and isinstance(node.left, Call) and node.left.name == "diag":
        powers = tuple(replace(node, left=one) for one in node.left.args)
        return e.value(replace(node.left, args=powers), scope)
    left, right = e.value(node.left, scope), e.value(node.right, scope)
    if node.op == "^" and isinstance(node.left, Ref) and node.left.base == "e":
        return np.exp(right)
    count = len(scope)
    try:
        if node.op == "star" and not _slides(e):
            return product(left, right, count, "odot")
        if node.op == "star":
            is_kernel = _is_kernel(e, node, left.shape[count:], right.shape[count:])
            image, kernel = (right, left) if is_kernel else (left, right)
            star, mode = _STARS.get(node.sign, e.reading.star), node.mode
            wanted = e.due[0].shape[len(e.due[1]) :]  # by which full and valid are told apart
            if e.reading.own:
                mode = "full" if star == "convolution" else "valid"
            return convolved(image, kernel, count, star, mode, wanted)
        if node.op == "*":
            return product(left, right, count, node.sign)
        if node.op == "outer":
            return product(left, np.swapaxes(right, -1, -2), count, "@")
        return joined(_ARITHMETIC[node.op], left, right, count)
    except ValueError as error:
        raise NoValueError(str(error)) from None


def _factors(node: Node) -> Iterator[Node]:
    """Run over the factors of a product of matrices."""
    if isinstance(node, Bin) and node.op == "*":
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node


def _is_ones(node: Node) -> bool:
    return isinstance(node.body if isinstance(node, Transposed) else node, Ones)


def _with_ones(e: Summing, factors: Sequence[Node], scope: Scope) -> Array:
    """Return a product with vectors of ones, which add up the rows or columns beside them."""
    if not factors:
        return number_for(1.0, scope)
    if not any(map(_is_ones, factors)):
        made = e.value(factors[0], scope)
        for factor in factors[1:]:
            made = product(made, e.value(factor, scope), len(scope), "")
        return made
    ones = [n for n, factor in enumerate(factors) if _is_ones(factor)]
    first = next((n for n in ones if isinstance(factors[n], Transposed)), None)
    at = ones[-1] if first is None else first
    parts = [_with_ones(e, part, scope) for part in (factors[:at], factors[at + 1 :])]
    summed, axis = (0, -1) if first is None else (1, -2)
    if parts[summed].ndim - len(scope) == 2:
        parts[summed] = parts[summed].sum(axis=axis, keepdims=True)
    return product(parts[0], parts[1], len(scope), "")


_STARS = {"conv": "convolution", "corr": "correlation", "star": "correlation"}


def _slides(e: Summing) -> bool:
    """Tell whether anything here has positions that a kernel can slide over."""
    names = (e.reading.target.name, *(q.name for q in e.reading.letters.values()))
    return any(tag in POSITIONS for name in names for tag in e.case.tags.get(name, ()))


def _is_kernel(e: Summing, node: Bin, left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Tell whether the left operand slides: the weights do, or else the smaller image."""
    first, second = (_has_weights(e, side) for side in (node.left, node.right))
    return first if first != second else prod(left) < prod(right)


def _has_weights(e: Summing, node: Node) -> bool:
    found = (e.reading.letters.get(letter_of(n, e.samples)) for n in nodes(Ref, node))
    return any(q is not None and "o" in e.case.tags.get(q.name, ()) for q in found)


def _call(e: Summing, node: Call, scope: Scope) -> Array:
    arguments = [e.value(a, scope) for a in node.args]
    if (found := plain(node.name, arguments, len(scope))) is not None and not node.primes:
        return found
    name = "sigmoid" if e.reading.own and node.name == "sigma" else node.name
    function = activation(e.case.network, name, e.reading.target.name)
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
    return made if made.ndim - len(scope) < 2 else np.swapaxes(made, -1, -2)


def _flipped(e: Summing, node: Flipped, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    return np.flip(made, tuple(range(len(scope), made.ndim)))


def _entry(e: Summing, node: Entry, scope: Scope) -> Array:
    made, count = e.value(node.body, scope), len(scope)
    if made.ndim - count == 2 and len(node.subs) == 1 and 1 in made.shape[-2:]:
        made = made.reshape(*made.shape[:-2], -1)
    if made.ndim - count != len(node.subs):
        raise NoValueError("the parentheses hold an array with another number of axes")
    grids = np.ogrid[tuple(map(slice, made.shape[:count]))]
    places, inside = list[Array](), np.ones((1,) * count, dtype=bool)
    for sub, size in zip(node.subs, made.shape[count:], strict=True):
        at = np.rint(e.value(sub, scope)).astype(int) - e.reading.base
        inside = inside & (at >= 0) & (at < size)
        places.append(np.clip(at, 0, size - 1))
    return np.where(inside, made[(*grids, *places)], 0.0)


_COMPARED: Mapping[str, Callable[[Array, Array], Any]] = {
    "<": np.less,
    "<=": lambda a, b: a <= b + 1e-12,
    ">": np.greater,
    ">=": lambda a, b: a >= b - 1e-12,
    "==": lambda a, b: np.abs(a - b) < 1e-12,
    "!=": lambda a, b: np.abs(a - b) >= 1e-12,
    "|": lambda a, b: np.mod(b, a) == 0,
}


def _power(a: Array, b: Array) -> Array:
    sign = np.where((a < 0) & (np.rint(b) % 2 == 1), -1.0, 1.0)
    return np.where((a < 0) & (b != np.rint(b)), np.nan, np.power(np.abs(a), b) * sign)


_ARITHMETIC: Mapping[str, Callable[[Array, Array], Array]] = {
    **{"+": np.add, "-": np.subtract, "/": np.divide, "mod": np.mod},
    **{"^": _power, "odot": np.multiply},
}

_RULES: Mapping[type, Callable[[Summing, Any, Scope], Array]] = {
    Ones: lambda e, node, scope: number_for(1.0, scope),
    Num: lambda e, node, scope: number_for(float(node.value), scope),
    Ref: Summing.ref,
    Neg: lambda e, node, scope: -e.value(node.body, scope),
    Bin: _binary,
    Call: _call,
    Sum: Summing.sum,
    Rel: _relation,
    Bracket: _bracket,
    Cases: _cases,
    Transposed: _transposed,
    Flipped: _flipped,
    Entry: _entry,
}
