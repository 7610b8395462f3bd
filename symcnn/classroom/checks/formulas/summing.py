"""Sums over indices, with or without limits, at one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.entries import (
    Entries,
    NoValueError,
    Scope,
    along,
    check_entries,
)
from symcnn.classroom.checks.formulas.meaning import letter_of
from symcnn.classroom.checks.formulas.tree import Node, Range, Ref, Sum, nodes, walk
from symcnn.equations.values import Array


class Summing(Entries):
    """The sums of a formula."""

    def sum(self, node: Sum, scope: Scope) -> Array:
        """Return a sum over indices, one axis after another."""
        if not node.ranges:
            return self._over_all(node, scope)
        inner, inside = scope, list[tuple[Range, Array, Array]]()
        for own in node.ranges:
            if own.index in dict(inner):
                raise NoValueError(f"{own.index} is the index of two sums, or free as well")
            natural = self._natural(own, node.body)
            ends = (natural[0], natural[-1]) if natural.size else (0, -1)
            lower = self._limit(own.lower, inner, ends[0])
            upper = self._limit(own.upper, inner, ends[1])
            if max(lower.size, upper.size) > 1:
                inside.append((own, lower, upper))
            inner = (*inner, (own.index, self._numbers(own, node, natural, lower, upper)))
        sizes = [numbers.size for _, numbers in inner]
        check_entries(*sizes)
        self.outside = -np.inf if self.reading.own and node.kind == "max" else 0.0
        count, body = len(scope), self.value(node.body, inner)
        self.outside = 0.0
        shape = body.shape[:count], body.shape[len(inner) :]
        body = np.broadcast_to(body, (*shape[0], *sizes[count:], *shape[1]))
        for own, lower, upper in inside:
            body = np.where(_beside(self._holds(own, lower, upper, inner), body), body, 0.0)
        if node.where:
            holds: Any = True
            for condition in node.where:
                holds = holds & (self.value(condition, inner) != 0)
            body = np.where(_beside(holds, body), body, 0.0 if node.kind != "max" else -np.inf)
        if 0 in sizes[count:]:
            return np.zeros((*body.shape[:count], *shape[1]))
        return np.asarray(REDUCED[node.kind](body, axis=tuple(range(count, len(inner)))))

    def _over_all(self, node: Sum, scope: Scope) -> Array:
        body = self.value(node.body, scope)
        axes, own = tuple(range(len(scope), body.ndim)), body.shape[len(scope) :]
        due = self.due[0].shape[len(self.due[1]) :]
        for axis in (-1, -2) if len(own) == 2 else ():  # the sum over the samples of a matrix
            if due == tuple(1 if n == axis % 2 else size for n, size in enumerate(own)):
                return np.asarray(REDUCED[node.kind](body, axis=axis, keepdims=True))
        return np.asarray(REDUCED[node.kind](body, axis=axes)) if axes else body

    def _numbers(self, own: Range, node: Sum, natural: Array, lower: Array, upper: Array) -> Array:
        """Return the numbers that an index of a sum runs over."""
        if upper.max() - lower.min() > 10_000:
            raise NoValueError("a sum has too many terms to be tried out")
        made = np.arange(lower.min(), upper.max() + 1)
        is_given = own.lower is not None and own.upper is not None
        if not (is_given and natural.size and made.size and any(self.axes(own.index, node.body))):
            return made
        if made[0] < natural[0] or made[-1] > natural[-1]:
            raise NoValueError(f"the sum over {own.index} runs beyond the entries")
        return made

    def _limit(self, node: Node | None, scope: Scope, default: int) -> Array:
        """Return a limit of an index, which may depend on the indices in scope."""
        if node is None:
            return np.array([int(default)])
        found = self.value(node, scope)
        if found.ndim != len(scope) or not np.all(np.isfinite(found)):
            raise NoValueError("a limit of a sum is no number")
        return np.asarray(np.floor(found + 1e-9), dtype=int).reshape(found.shape or (1,))

    @staticmethod
    def _holds(own: Range, lower: Array, upper: Array, inner: Scope) -> Any:
        """Tell where an index lies between limits that depend on other indices."""
        numbers = along(dict(inner)[own.index], [name for name, _ in inner].index(own.index), inner)
        holds: Any = True
        for limit, compare in ((lower, np.less_equal), (upper, np.greater_equal)):
            shape = limit.shape if limit.size > 1 else ()
            holds = holds & compare(
                limit.reshape(shape + (1,) * (len(inner) - len(shape))), numbers
            )
        return holds

    def axes(self, index: str, body: Node, *, plain: bool = True) -> Iterator[tuple[str, str]]:
        """Run over the tensors, and their axes, that an index is used for, by itself if plain."""
        for ref in nodes(Ref, body):
            quantity = self.reading.letters.get(letter_of(ref, self.samples))
            is_array = quantity is not None and quantity.kind != "identity"
            if quantity is not None and is_array and (ref.subs is not None or ref.upper):
                indices, order, _ = self.placed(ref, self.case.tags.get(quantity.name, ()))
                for node, tag in zip(indices, order, strict=True):
                    if node == Ref(index) or (not plain and Ref(index) in walk(node)):
                        yield quantity.name, tag

    def _natural(self, own: Range, body: Node) -> Array:
        """Return all numbers of an index without limits at which anything is read."""
        index = own.index
        if self.reading.own:
            if own.lower is None or own.upper is None:
                raise NoValueError(f"the limits of {index} are not given")
            return np.arange(0)
        if axes := [*self.axes(index, body)]:
            ends = [self._ends(*axis) for axis in axes]
            return np.arange(min(a for a, _ in ends), max(b for _, b in ends) + 1)
        ends = [self._ends(*axis) for axis in self.axes(index, body, plain=False)]
        if not ends:
            raise NoValueError(f"{index} is summed over, and no entry has this index")
        far = max(b - a + 1 for a, b in ends)
        return np.arange(-2 * far, 3 * far + 1)

    def _ends(self, name: str, tag: str) -> tuple[int, int]:
        """Return first and last number along an axis."""
        tags = self.case.tags[name]
        size = int(self.case.network.tensors[name].shape[tags.index(tag)])
        first = self.first(tag, tags, size)
        return first, first + size - 1


def _beside(holds: Any, body: Array) -> Array:
    """Return a condition on indices, for all that stands behind these."""
    return np.asarray(holds.reshape(holds.shape + (1,) * (body.ndim - holds.ndim)))


REDUCED: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "mean": np.mean,
}
