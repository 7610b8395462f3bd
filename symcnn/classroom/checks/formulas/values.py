"""The value of a formula, for all of its free indices at once.

An array has an axis for every index in scope, in their order, and behind these the axes of whole
arrays such as W in ``W x``. What is read outside of a tensor is 0, and so is an entry whose index
is no whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.axes import POSITIONS, Tags
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.elementwise import activation, plain
from symcnn.classroom.checks.formulas.matrices import convolved, joined, product
from symcnn.classroom.checks.formulas.meaning import Quantity, Reading, is_sample, letter_of
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
    Range,
    Ref,
    Rel,
    Sum,
    Transposed,
    walk,
)
from symcnn.equations.values import Array
from symcnn.limits import formulas as limits


class NoValueError(Exception):
    """A formula has no value as it is read, with the reason."""


_EACH = Ref("each sample")
"""The index of a sample that a formula for every sample leaves out."""

Scope = tuple[tuple[str, Array], ...]
"""The indices in scope, with the numbers that they run over."""


class Evaluation:
    """A formula at one case, as it is read."""

    def __init__(self, case: Case, reading: Reading, formula: Node) -> None:
        """Take the case, how the formula is read, and the formula."""
        self.case, self.reading, self.formula = case, reading, formula
        self.samples = samples_in(formula, reading.left)
        self.each = reading.each and "n" in case.tags[reading.target.name]

    @cached_property
    def due(self) -> tuple[Array, Scope, int]:
        """What is due, the free indices with their ranges, and the number of further axes."""
        left, target = self.reading.left, self.reading.target
        array, tags = self.quantity(target)
        sampled = left is not None and any(is_sample(n, self.samples) for n in left.upper)
        if (left is None or (left.subs is None and not sampled)) and not self.each:
            whole = self._whole(array, tags)
            return whole, (), whole.ndim
        left = left or Ref("")
        indices, order, rest = self._placed(left, tags)
        moved, _ = self._moved(array, tags, order, rest)
        scope = list[tuple[str, Array]]()
        for node, tag, size in zip(indices, order, moved.shape, strict=False):
            if not isinstance(node, Ref):
                raise NoValueError("an index left of the equals sign is no letter")
            scope.append((node.base, np.arange(size) + self._first(tag, tags, size)))
        return moved, tuple(scope), moved.ndim - len(order)

    def computed(self) -> Array:
        """Return what the formula gives where ``due`` has what is due, with its shape.

        Raises:
            NoValueError: If it has no value.
        """
        due, scope, whole = self.due
        found = self.value(self.formula, scope)
        rank = found.ndim - len(scope)
        if rank > whole:
            if any(n != 1 for n in found.shape[len(scope) :]):
                raise NoValueError("the formula gives an array where an entry is due")
            found = found.reshape(found.shape[: len(scope)])
            rank = 0
        if rank and rank != whole:
            raise NoValueError("the formula gives an array with another number of axes")
        found = found.reshape(
            *found.shape[: len(scope)], *(1,) * (whole - rank), *found.shape[len(scope) :]
        )
        if rank and found.shape[len(scope) :] != due.shape[len(scope) :]:
            raise NoValueError(
                f"the formula gives {shape_word(found.shape[len(scope) :])}, and "
                f"{shape_word(due.shape[len(scope) :])} is due"
            )
        if whole and not rank and due.size > 1 and due[(0,) * len(scope)].size > 1:
            raise NoValueError("the formula gives one number where an array is due")
        try:
            return np.broadcast_to(found, due.shape)
        except ValueError:
            raise NoValueError("the formula gives an array of another shape") from None

    def value(self, node: Node, scope: Scope) -> Array:
        """Return the value of a part for all indices in scope."""
        return _RULES[type(node)](self, node, scope)

    # entries

    def quantity(self, quantity: Quantity) -> tuple[Array, Tags]:
        """Return the numbers of what a letter stands for, and what its axes are."""
        name, kind = quantity
        tags = self.case.tags.get(name)
        if tags is None:
            raise NoValueError(f"there is no {name} here")
        if kind == "value":
            return self.case.values[name], tags
        if kind in ("root", "deviation"):
            epsilon = self.case.sizes.get("the epsilon", 0.0) if kind == "root" else 0.0
            return np.sqrt(self.case.values[name] + epsilon), tags
        factor = self.case.sizes["the number of samples"] if kind == "sample" else 1.0
        return self.case.gradient(name) * factor, tags

    def _placed(self, ref: Ref, tags: Tags) -> tuple[tuple[Node, ...], Tags, Tags]:
        """Return the indices of a letter, the axes that they stand for, and the others."""
        above = tuple(node for node in ref.upper if is_sample(node, self.samples))
        below = ref.subs or ()
        sampled = bool(above)
        key = (tuple(t for t in tags if t != "-"), len(below), sampled)
        if sampled and "n" not in tags:
            raise NoValueError("there is only one sample")
        order = self.reading.orders.get(key)
        if order is None and below:
            raise NoValueError(f"{ref.base} has {len(below)} indices, and not as many axes")
        placed = (*("n" for _ in above), *(order or ()))
        if self.each and "n" in tags and "n" not in placed:
            above, placed = (*above, _EACH), ("n", *placed)
        return (*above, *below), placed, tuple(t for t in tags if t not in placed)

    def _moved(self, array: Array, tags: Tags, order: Tags, rest: Tags) -> tuple[Array, Tags]:
        """Return an array with the axes of the indices in front; others of length 1 go.

        What is left without an index is a whole array, if it has positions or entries.
        """
        sizes = [array.shape[tags.index(tag)] for tag in rest]
        is_entry = bool(order) and all(size == 1 for size in sizes)
        keep = rest if self._is_whole(rest) and not is_entry else ()
        for tag in rest:
            if tag not in keep and array.shape[tags.index(tag)] != 1:
                raise NoValueError(_MISSING.get(tag, "an index is missing"))
        axes = [tags.index(tag) for tag in (*order, *keep)]
        others = [axis for axis in range(array.ndim) if axis not in axes]
        moved = np.transpose(array, (*axes, *others))
        moved = moved.reshape(moved.shape[: len(axes)])
        whole = self._whole_of(moved, len(order), keep)
        return whole, keep

    @staticmethod
    def _is_whole(rest: Tags) -> bool:
        return any(tag in (*POSITIONS, "q") for tag in rest) or rest in (("i",), ("c",))

    def _whole_of(self, moved: Array, count: int, keep: Tags) -> Array:
        """Return the part behind the indices as a matrix, or an image."""
        if not keep:
            return moved
        own = moved.shape[count:]
        if any(tag in POSITIONS for tag in keep):
            images = [n for n, tag in zip(own, keep, strict=True) if tag in POSITIONS or n > 1]
            return moved.reshape(*moved.shape[:count], *images)
        if len(keep) == 1:
            own = (1, *own) if self.reading.rows else (*own, 1)
            return moved.reshape(*moved.shape[:count], *own)
        return moved

    def _whole(self, array: Array, tags: Tags) -> Array:
        """Return a whole tensor: a matrix of weights, a vector, or images."""
        kept = tuple(tag for tag in tags if tag != "-")
        array = array.reshape(tuple(n for n, t in zip(array.shape, tags, strict=True) if t != "-"))
        if kept == ("o", "i"):
            flipped = self.reading.orders.get((kept, 2, False)) == ("i", "o")
            return array.T if flipped else array
        if kept == ("n", "q"):
            return array if self.reading.rows else array.T
        return self._whole_of(array, 0, kept) if kept else array.reshape(())

    def _first(self, tag: str, tags: Tags, size: int) -> int:
        """Return the number of the first entry along an axis."""
        if self.reading.centred and tag in POSITIONS and "o" in tags:
            return -((size - 1) // 2)
        return self.reading.base if tag in POSITIONS else self.reading.first

    def ref(self, ref: Ref, scope: Scope) -> Array:
        """Return an entry for every place, a whole array, a size or an index."""
        names = [name for name, _ in scope]
        if ref.subs is None and not ref.grad and not ref.upper and ref.base in names:
            return _along(
                scope[names.index(ref.base)][1].astype(float), names.index(ref.base), scope
            )
        letter = letter_of(ref, self.samples)
        quantity = self.reading.letters.get(letter)
        if quantity is None:
            return self._size(ref, scope)
        if quantity.kind == "identity":
            first, second = (self.value(s, scope) for s in ref.subs or ())
            return np.asarray(first == second, dtype=float)
        array, tags = self.quantity(quantity)
        sampled = any(is_sample(n, self.samples) for n in ref.upper)
        if ref.subs is None and not sampled and not (self.each and "n" in tags):
            whole = self._whole(array, tags)
            return whole.reshape((1,) * len(scope) + whole.shape)
        indices, order, rest = self._placed(ref, tags)
        moved, _ = self._moved(array, tags, order, rest)
        return self._gathered(moved, indices, order, tags, scope)

    def _size(self, ref: Ref, scope: Scope) -> Array:
        name = size_name(ref)
        if name == "e":
            return _number(np.e, scope)
        if name == "pi":
            return _number(np.pi, scope)
        if name not in self.reading.sizes:
            raise NoValueError(f"{name} stands for nothing that is known")
        word = self.reading.sizes[name]
        if word not in self.case.sizes:
            raise NoValueError(f"there is no number for {word}")
        return _number(self.case.sizes[word], scope)

    def _gathered(
        self, moved: Array, indices: tuple[Node, ...], order: Tags, tags: Tags, scope: Scope
    ) -> Array:
        """Return the entries at some indices; what lies outside is 0."""
        inside: Any = True
        places = list[Array]()
        for node, tag, size in zip(indices, order, moved.shape, strict=False):
            at = self.value(node, scope)
            if at.ndim != len(scope):
                raise NoValueError("an index is an array")
            at = at - self._first(tag, tags, size)
            at = np.nan_to_num(at, nan=-1e9, posinf=-1e9, neginf=-1e9)
            near = np.rint(at)
            inside = inside & (np.abs(at - near) < 1e-6) & (near >= 0) & (near < size)
            places.append(np.clip(near, 0, size - 1).astype(int))
        self._check(np.broadcast_shapes(*(p.shape for p in places)), moved.shape[len(order) :])
        found = moved[tuple(places)]
        mask = np.asarray(inside)
        return np.where(mask.reshape(mask.shape + (1,) * (found.ndim - mask.ndim)), found, 0.0)

    @staticmethod
    def _check(*shapes: tuple[int, ...]) -> None:
        entries = int(np.prod([n for shape in shapes for n in shape], dtype=float))
        if entries > limits.ENTRIES:
            raise NoValueError("the formula has too many indices to be tried out")

    # sums

    def sum(self, node: Sum, scope: Scope) -> Array:
        """Return a sum over indices, one axis after another."""
        if not node.ranges:
            return self._over_all(node, scope)
        inner, inside = scope, list[tuple[Range, Array, Array]]()
        for own in node.ranges:
            if own.index in dict(inner):
                raise NoValueError(f"{own.index} is the index of two sums, or free as well")
            lower, upper = self._limits(own, node, inner)
            if max(lower.size, upper.size) > 1:
                inside.append((own, lower, upper))
            inner = (*inner, (own.index, self._numbers(own, node, lower, upper)))
        self._check(tuple(numbers.size for _, numbers in inner))
        body = self.value(node.body, inner)
        axes = tuple(range(len(scope), len(inner)))
        body = np.broadcast_to(
            body,
            (
                *body.shape[: len(scope)],
                *(inner[a][1].size for a in axes),
                *body.shape[len(inner) :],
            ),
        )
        for own, lower, upper in inside:
            body = self._within(own, lower, upper, body, inner)
        if node.where:
            holds: Any = True
            for condition in node.where:
                holds = holds & (self.value(condition, inner) != 0)
            holds = holds.reshape(holds.shape + (1,) * (body.ndim - holds.ndim))
            body = np.where(holds, body, 0.0 if node.kind != "max" else -np.inf)
        if any(inner[a][1].size == 0 for a in axes):
            return np.zeros((*body.shape[: len(scope)], *body.shape[len(inner) :]))
        return np.asarray(_REDUCED[node.kind](body, axis=axes))

    def _over_all(self, node: Sum, scope: Scope) -> Array:
        body = self.value(node.body, scope)
        axes = tuple(range(len(scope), body.ndim))
        return np.asarray(_REDUCED[node.kind](body, axis=axes)) if axes else body

    def _limits(self, own: Range, node: Sum, scope: Scope) -> tuple[Array, Array]:
        """Return the limits of an index, which may depend on the indices in scope."""
        natural = self._natural(own.index, node.body)
        ends = (natural[0], natural[-1]) if natural.size else (0, -1)
        return self._limit(own.lower, scope, ends[0]), self._limit(own.upper, scope, ends[1])

    def _numbers(self, own: Range, node: Sum, lower: Array, upper: Array) -> Array:
        """Return the numbers that an index of a sum runs over."""
        natural = self._natural(own.index, node.body)
        if upper.max() - lower.min() > 10_000:
            raise NoValueError("a sum has too many terms to be tried out")
        made = np.arange(lower.min(), upper.max() + 1)
        given = own.lower is not None and own.upper is not None
        if given and self._is_plain(own.index, node.body) and natural.size:
            if made.size and (made[0] < natural[0] or made[-1] > natural[-1]):
                raise NoValueError(f"the sum over {own.index} runs beyond the entries")
        return made

    def _limit(self, node: Node | None, scope: Scope, default: int) -> Array:
        if node is None:
            return np.array([int(default)])
        found = self.value(node, scope)
        if found.ndim != len(scope) or not np.all(np.isfinite(found)):
            raise NoValueError("a limit of a sum is no number")
        return np.asarray(np.floor(found + 1e-9), dtype=int).reshape(found.shape or (1,))

    @staticmethod
    def _within(own: Range, lower: Array, upper: Array, body: Array, inner: Scope) -> Array:
        """Return the terms, those outside of limits that depend on other indices as 0."""
        names = [name for name, _ in inner]
        numbers = _along(dict(inner)[own.index], names.index(own.index), inner)
        holds: Any = True
        for limit, compare in ((lower, np.less_equal), (upper, np.greater_equal)):
            shape = limit.shape if limit.size > 1 else ()
            limits_of = limit.reshape(shape + (1,) * (len(inner) - len(shape)))
            holds = holds & compare(limits_of, numbers)
        rest = body.ndim - len(inner)
        return np.where(holds.reshape(holds.shape + (1,) * rest), body, 0.0)

    def extents(self, index: str, body: Node, *, plain_only: bool) -> list[tuple[int, int]]:
        """Return first and last number along the axes that an index is used for."""
        found = list[tuple[int, int]]()
        for name, tag in self.axes(index, body, plain_only=plain_only):
            tags = self.case.tags[name]
            size = int(self.case.network.tensors[name].shape[tags.index(tag)])
            first = self._first(tag, tags, size)
            found.append((first, first + size - 1))
        return found

    def axes(self, index: str, body: Node, *, plain_only: bool) -> list[tuple[str, str]]:
        """Return the tensors, and their axes, that an index is used for."""
        found = list[tuple[str, str]]()
        for ref in walk(body):
            if not isinstance(ref, Ref) or (ref.subs is None and not ref.upper):
                continue
            quantity = self.reading.letters.get(letter_of(ref, self.samples))
            if quantity is None or quantity.kind == "identity":
                continue
            indices, order, _ = self._placed(ref, self.case.tags.get(quantity.name, ()))
            for node, tag in zip(indices, order, strict=True):
                plain = node == Ref(index)
                if plain or (not plain_only and Ref(index) in walk(node)):
                    found.append((quantity.name, tag))
        return found

    def _is_plain(self, index: str, body: Node) -> bool:
        return bool(self.extents(index, body, plain_only=True))

    def _natural(self, index: str, body: Node) -> Array:
        """Return all numbers of an index without limits at which anything is read."""
        if extents := self.extents(index, body, plain_only=True):
            return np.arange(min(a for a, _ in extents), max(b for _, b in extents) + 1)
        extents = self.extents(index, body, plain_only=False)
        if not extents:
            raise NoValueError(f"{index} is summed over, and no entry has this index")
        far = max(b - a + 1 for a, b in extents)
        return np.arange(-2 * far, 3 * far + 1)


_MISSING = {
    "n": "there is no index for the sample",
    "c": "there is no index for the channel",
    "i": "there is no index for the input channel",
    "o": "there is no index for the filter",
}


def samples_in(formula: Node, left: Ref | None) -> frozenset[str]:
    """Return the letters of samples: indices of sums, or free ones, that stand above letters."""
    bound = {r.index for n in walk(formula) if isinstance(n, Sum) for r in n.ranges}
    if left is not None:
        bound |= {n.base for n in (*(left.subs or ()), *left.upper) if isinstance(n, Ref)}
    return frozenset(bound - {"l", "L", "ell"})


def size_name(ref: Ref) -> str:
    """Return the name of a letter for a size, with what stands below it."""
    below = [n.base if isinstance(n, Ref) else str(getattr(n, "value", "")) for n in ref.subs or ()]
    return "_".join((ref.base, *below))


def shape_word(shape: tuple[int, ...]) -> str:
    """Return a shape in words."""
    return " x ".join(map(str, shape)) + " entries" if shape else "one number"


def _along(numbers: Array, axis: int, scope: Scope) -> Array:
    return numbers.reshape([numbers.size if a == axis else 1 for a in range(len(scope))])


def _number(value: float, scope: Scope) -> Array:
    return np.full((1,) * len(scope), value)


def _binary(e: Evaluation, node: Bin, scope: Scope) -> Array:
    left, right = e.value(node.left, scope), e.value(node.right, scope)
    if node.op == "^" and isinstance(node.left, Ref) and node.left.base == "e":
        return np.exp(right)
    count = len(scope)
    try:
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


def _star(e: Evaluation, node: Bin) -> str:
    own = {"conv": "convolution", "corr": "correlation", "star": "correlation"}
    return own.get(node.sign, e.reading.star)


def _is_kernel(e: Evaluation, node: Bin, left: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Tell whether the left operand slides: the weights do, or else the smaller image."""
    first, second = (_has_weights(e, side) for side in (node.left, node.right))
    return first if first != second else prod(left) < prod(right)


def _has_weights(e: Evaluation, node: Node) -> bool:
    found = (
        e.reading.letters.get(letter_of(n, e.samples)) for n in walk(node) if isinstance(n, Ref)
    )
    return any(q is not None and "o" in e.case.tags.get(q.name, ()) for q in found)


def _wanted(e: Evaluation) -> tuple[int, ...]:
    """Return the shape of images that are due, by which full and valid are told apart."""
    return e.due[0].shape[len(e.due[1]) :] or ()


def _call(e: Evaluation, node: Call, scope: Scope) -> Array:
    arguments = [e.value(a, scope) for a in node.args]
    if (found := plain(node.name, arguments, len(scope))) is not None and not node.primes:
        return found
    function = activation(e.case.network, node.name, e.reading.target.name)
    if function is None:
        raise NoValueError(f"{node.name} is no function that is known, and there is no activation")
    if node.primes > 1 or len(arguments) != 1:
        raise NoValueError(f"{node.name} has one argument and at most one prime")
    return function(arguments[0], bool(node.primes))


def _relation(e: Evaluation, node: Rel, scope: Scope) -> Array:
    def compare(a: Array, b: Array) -> Array:
        return np.asarray(_COMPARED[node.op](a, b), dtype=float)

    return joined(compare, e.value(node.left, scope), e.value(node.right, scope), len(scope))


def _bracket(e: Evaluation, node: Bracket, scope: Scope) -> Array:
    made = e.value(node.conditions[0], scope)
    for condition in node.conditions[1:]:
        made = joined(np.multiply, made, e.value(condition, scope), len(scope))
    return made


def _cases(e: Evaluation, node: Cases, scope: Scope) -> Array:
    made: Array = _number(0.0, scope)
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


def _transposed(e: Evaluation, node: Transposed, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    if made.ndim - len(scope) < 2:
        return made
    return np.swapaxes(made, -1, -2)


def _flipped(e: Evaluation, node: Flipped, scope: Scope) -> Array:
    made = e.value(node.body, scope)
    return np.flip(made, tuple(range(len(scope), made.ndim)))


def _entry(e: Evaluation, node: Entry, scope: Scope) -> Array:
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


def _ref(e: Evaluation, node: Ref, scope: Scope) -> Array:
    return e.ref(node, scope)


def _sum(e: Evaluation, node: Sum, scope: Scope) -> Array:
    return e.sum(node, scope)


_REDUCED: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "mean": np.mean,
}
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

_RULES: Mapping[type, Callable[[Evaluation, Any, Scope], Array]] = {
    Num: lambda e, node, scope: _number(float(node.value), scope),
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
