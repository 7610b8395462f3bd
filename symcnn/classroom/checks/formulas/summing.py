"""Sums over indices, with or without limits, at one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from symcnn.classroom.checks.formulas.entries import Entries, NoValueError, Scope, along
from symcnn.classroom.checks.formulas.meaning import letter_of
from symcnn.classroom.checks.formulas.tree import (
    Node,
    Range,
    Ref,
    Sum,
    walk,
)
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
            lower, upper = self._limits(own, node, inner)
            if max(lower.size, upper.size) > 1:
                inside.append((own, lower, upper))
            inner = (*inner, (own.index, self._numbers(own, node, lower, upper)))
        self.check(tuple(numbers.size for _, numbers in inner))
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
        return np.asarray(REDUCED[node.kind](body, axis=axes))

    def _over_all(self, node: Sum, scope: Scope) -> Array:
        body = self.value(node.body, scope)
        axes, own = tuple(range(len(scope), body.ndim)), body.shape[len(scope) :]
        due = self.due[0].shape[len(self.due[1]) :]
        for axis in (-1, -2) if len(own) == 2 else ():  # the sum over the samples of a matrix
            if due == tuple(1 if n == axis % 2 else size for n, size in enumerate(own)):
                return np.asarray(REDUCED[node.kind](body, axis=axis, keepdims=True))
        return np.asarray(REDUCED[node.kind](body, axis=axes)) if axes else body

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
        if not (given and natural.size and made.size and self._is_plain(own.index, node.body)):
            return made
        if made[0] < natural[0] or made[-1] > natural[-1]:
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
        numbers = along(dict(inner)[own.index], names.index(own.index), inner)
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
            first = self.first(tag, tags, size)
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
            indices, order, _ = self.placed(ref, self.case.tags.get(quantity.name, ()))
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


REDUCED: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "mean": np.mean,
}
