"""A few entries of an array by each of many other equations, all at once.

Most mistakes that are tried are not the one that was made, which a few entries tell. What is
changed is computed for each of them; the stages that follow are the same, and are computed for all
together, with one more axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Protocol

import numpy as np
from sympy import IndexedBase

from symcnn.classroom.checks.judging.evaluation import (
    Changes,
    Equations,
    Evaluation,
    Stages,
    few_entries,
)
from symcnn.classroom.checks.judging.reducing import Layout, Values
from symcnn.classroom.checks.judging.rounded import Rounded, total
from symcnn.classroom.checks.judging.tree import Known
from symcnn.derivation.adjoint import Routing
from symcnn.equations import Equation, Tensor

_AT_ONCE = 1_000_000
"""So many terms are computed together."""

_KEPT = 4_000_000
"""So many numbers are kept for other equations that hold the same parts."""


class Other(Protocol):
    """What is computed by other equations: each is another one."""

    @property
    def changes(self) -> Changes:
        """What the equations are for, and the equations."""


class Few:
    """A few entries of arrays if something is computed by other equations.

    They are computed once: the next array, and the next function, is compared with the same.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        """Take what is due."""
        self._stages, self._values = evaluation.stages, evaluation.values
        self._made: dict[tuple[IndexedBase, Other], Rounded | None] = {}

    def of(self, wanted: Tensor, other: Other) -> Rounded | None:
        """Return a few entries of a tensor; None where the equations make no sense."""
        self.prepare(wanted, [other])
        return self._made[wanted.base, other]

    def prepare(self, wanted: Tensor, others: Iterable[Other]) -> None:
        """Compute a few entries by many other equations."""
        base, equal = wanted.base, dict[Changes, list[Other]]()
        for other in others:
            if (base, other) not in self._made:
                equal.setdefault(other.changes, []).append(other)
        if not equal:
            return
        groups = dict[frozenset[IndexedBase], list[Changes]]()
        for changes in equal:
            groups.setdefault(frozenset(b for b, _ in changes), []).append(changes)
        parts, most = _Parts(self._values), self._most_at_once
        for changed, alike in groups.items():
            for start in range(0, len(alike), most):
                some = alike[start : start + most]
                together = _Together(self._stages, parts, base, changed, [*map(dict, some)])
                for changes, made in zip(some, together.few(), strict=True):
                    self._made |= {(base, other): made for other in equal[changes]}

    @property
    def _most_at_once(self) -> int:
        terms = (int(e.terms) for e in chain.from_iterable(map(_equations, self._stages.order)))
        return max(1, _AT_ONCE // max(1, sum(terms)))


@lru_cache(maxsize=512)
def few_of(evaluation: Evaluation) -> Few:
    """Return what is known of a few entries."""
    return Few(evaluation)


def _equations(stage: tuple[IndexedBase, Equations | Routing]) -> Equations:
    made = stage[1]
    return (made.source,) if isinstance(made, Routing) else made


class _Parts:
    """The parts of equations that read what is due: many equations have the same."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._known: dict[Layout, Known] = {}
        self._numbers = 0

    def of(self, layout: Layout) -> Known:
        """Return what is known of the equations with a layout."""
        if self._numbers > _KEPT:
            self._known.clear()
            self._numbers = 0
        return self._known.setdefault(layout, {})

    def count(self, layout: Layout, more: int) -> None:
        """Note that so many parts were added."""
        self._numbers += layout.count * more


class _Together:
    """Many other equations for the same tensors."""

    def __init__(
        self,
        stages: Stages,
        parts: _Parts,
        wanted: IndexedBase,
        changed: frozenset[IndexedBase],
        many: Sequence[Mapping[IndexedBase, Equations]],
    ) -> None:
        self._stages, self._parts, self._wanted, self._changed = stages, parts, wanted, changed
        self._many = many
        self._values, self._moved = {**parts.values}, set[IndexedBase]()
        self._senseless = set[int]()

    def few(self) -> list[Rounded | None]:
        """Return the entries for each; None where the equations make no sense."""
        with np.errstate(all="ignore"):
            for base, made in self._stages.until(self._wanted):
                if base in self._changed:
                    self._values[base] = self._each(base)
                elif not self._moved & self._stages.reads(base, made):
                    continue
                elif isinstance(made, Routing):
                    rows = (self._row(n) for n, _ in enumerate(self._many))
                    routed = [self._stages.computed(base, made, values) for values in rows]
                    self._values[base] = _stacked(routed)
                else:
                    self._values[base] = self._computed(base, made, self._values, shares=False)
                self._moved.add(base)
        found = self._values.get(self._wanted)
        if found is None:
            return [None for _ in self._many]
        if self._wanted not in self._moved:
            found = found.at(few_entries(self._stages.size(self._wanted)))
        return [None if n in self._senseless else _row(found, n) for n, _ in enumerate(self._many)]

    def _row(self, number: int) -> Values:
        """Return all values by one of the many."""
        return {**self._values, **{b: _row(self._values[b], number) for b in self._moved}}

    def _each(self, base: IndexedBase) -> Rounded:
        """Return what is changed, by each of the many."""
        if self._moved:
            rows = [self._tried(base, o[base], self._row(n)) for n, o in enumerate(self._many)]
        else:  # equal equations have equal values
            known = dict.fromkeys(other[base] for other in self._many)
            found = {equations: self._tried(base, equations, None) for equations in known}
            rows = [found[other[base]] for other in self._many]
        self._senseless |= {number for number, row in enumerate(rows) if row is None}
        size = self._stages.size(base)
        none = np.full(few_entries(size).size if base == self._wanted else size, np.nan)
        return _stacked([Rounded.exactly(none) if row is None else row for row in rows])

    def _tried(
        self, base: IndexedBase, equations: Equations, values: Values | None
    ) -> Rounded | None:
        """Return what equations yield at some values, or at what is due; None if no numbers."""
        try:
            shared = self._values if values is None else values
            return self._computed(base, equations, shared, shares=values is None)
        except (IndexError, KeyError, ArithmeticError, ValueError):
            return None

    def _computed(
        self, base: IndexedBase, equations: Equations, values: Values, *, shares: bool
    ) -> Rounded:
        size = self._stages.size(base)
        few = base == self._wanted and not any(map(_is_counted, equations))
        terms = [self._stages.terms(equation, few=few) for equation in equations]
        made = list[Rounded]()
        for one in terms:
            known: Known = self._parts.of(one.layout) if shares else {}
            before = len(known)
            made.append(one.added_to(size, values, known))
            self._parts.count(one.layout, len(known) - before if shares else 0)
        found = total(made)
        return found.at(few_entries(size)) if base == self._wanted else found


def _stacked(rows: Sequence[Rounded]) -> Rounded:
    values, errors = ([getattr(row, of) for row in rows] for of in ("value", "error"))
    stack: Any = np.stack
    return Rounded(stack(np.broadcast_arrays(*values)), stack(np.broadcast_arrays(*errors)))


def _row(made: Rounded, number: int) -> Rounded:
    """Return one of many rows; of what is the same for all, itself."""
    return made if made.value.ndim < 2 else Rounded(made.value[number], made.error[number])


def _is_counted(equation: Equation) -> bool:
    """Tell whether entries are counted through: as the last index alone, which no axis bounds."""
    target = equation.target
    return set(target.indices[:-1]) == {0} and max(target.shape[:-1]) > 1
