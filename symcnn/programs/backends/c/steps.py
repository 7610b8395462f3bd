"""The steps of a pass, and where tensors lie: what is not needed at the same time shares a place.

A tensor is needed from the step that makes it to the last one that reads it. No workspace is
smaller than what is needed at once in some step; the order in which tensors are given their places
decides whether that is reached, so a few orders are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sympy import Indexed, IndexedBase

from symcnn.derivation import Routing
from symcnn.equations import (
    Affine,
    Equation,
    Group,
    Tensor,
    accesses,
    affine,
    entry_at,
    without_unit_loops,
)
from symcnn.equations.tensor import is_position
from symcnn.programs.backends.loops.sums import sets_all
from symcnn.programs.plans.plan import Plan

Step = Group | Routing


def steps_of(plan: Plan) -> list[Step]:
    """Return all that is computed in order; a routing where it is needed first."""
    waiting, steps = {r.tensor.base: r for r in plan.routings}, list[Step](plan.forward)
    for group in plan.backward:
        steps += [waiting.pop(base) for base in read_by(group) if base in waiting]
        steps.append(group)
    return steps


def made_by(step: Step) -> Tensor:
    """Return the tensor that a step computes."""
    return step.tensor if isinstance(step, Routing) else step[0]


def read_by(step: Step) -> list[IndexedBase]:
    """Return the bases that a step reads, each once."""
    equations = [step.source] if isinstance(step, Routing) else step[1]
    return list(dict.fromkeys(read.base for e in equations for read in accesses(e.value)))


@dataclass
class Spans:
    """When the memory of each computed tensor is needed."""

    steps: Sequence[Step]
    apart: Collection[IndexedBase]
    kept: Collection[IndexedBase] = ()
    same: dict[IndexedBase, IndexedBase] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find what is the same memory."""
        for step in self.steps:
            source = _reshaped(step)
            if source is not None and made_by(step).base not in self.apart:
                self.same[made_by(step).base] = self.root(source)
        self.renamed = frozenset(self.same)
        last = self.last()
        for number, step in enumerate(self.steps):
            self._hand_over(number, step, last)

    def root(self, base: IndexedBase) -> IndexedBase:
        """Return the base whose memory it is."""
        while base in self.same:
            base = self.same[base]
        return base

    def last(self) -> dict[IndexedBase, int]:
        """Return the last step that needs each memory."""
        found: dict[IndexedBase, int] = {}
        for number, step in enumerate(self.steps):
            for base in (made_by(step).base, *read_by(step)):
                found[self.root(base)] = number
        return found | {self.root(base): len(self.steps) for base in self.kept}

    def spans(self) -> Iterator[tuple[IndexedBase, int, int]]:
        """Run over each memory with the first and the last step that need it."""
        last, seen = self.last(), set[IndexedBase]()
        for number, step in enumerate(self.steps):
            root = self.root(made_by(step).base)
            if root not in seen and root not in self.apart:
                yield root, number, last[root]
            seen.add(root)

    def _hand_over(self, number: int, step: Step, last: Mapping[IndexedBase, int]) -> None:
        """Let a tensor take the place of one that the step reads last, entry by entry."""
        base = made_by(step).base
        if isinstance(step, Routing) or base in self.apart or base in self.same:
            return
        for read in read_by(step):
            root = self.root(read)
            ends = last.get(root) == number and root not in self.apart and root != base
            if ends and _is_entrywise(step, [b for b in read_by(step) if self.root(b) == root]):
                self.same[base] = root
                # Who takes its place needs it as long as it would have needed its own.
                last[root] = last[base]  # type: ignore[index]
                return


def _reshaped(step: Step) -> IndexedBase | None:
    """Return what a tensor is a mere reshape of, if it is one."""
    if isinstance(step, Routing) or len(step[1]) != 1:
        return None
    equation = without_unit_loops(step[1][0])
    read = equation.value
    if not isinstance(read, Indexed) or equation.reduced or is_position(read):
        return None
    is_same = _place(read) == _place(equation.target) and _size(read) == _size(equation.target)
    return read.base if is_same and sets_all(equation, step[0]) else None


def _is_entrywise(group: Group, bases: Collection[IndexedBase]) -> bool:
    """Tell whether each entry is computed from the entry at the same place of some tensors."""
    if not group[1]:
        return False
    first, *others = map(without_unit_loops, group[1])
    if first.reduced or not sets_all(first, group[0]) or _any_read(others, bases):
        return False
    reads = [read for read in accesses(first.value) if read.base in bases]
    return all(
        _place(read) == _place(first.target) and _size(read) == group[0].size for read in reads
    )


def _any_read(equations: Iterable[Equation], bases: Collection[IndexedBase]) -> bool:
    return any(read.base in bases for e in equations for read in accesses(e.value))


def _place(read: Indexed) -> tuple[object, object]:
    form: Affine = affine(entry_at(read.indices, read.shape))
    return {symbol: n for symbol, n in form.coefficients.items() if n}, form.constant


def _size(read: Indexed) -> int:
    size = 1
    for length in read.shape:
        size *= int(length)
    return size


_TRIED = 200
"""The orders that are tried by chance where the usual ones leave a gap."""


@dataclass(frozen=True)
class Need:
    """Some entries that are needed from one step to another, both included."""

    key: Hashable
    size: int
    first: int
    last: int

    def meets(self, other: Need) -> bool:
        """Tell whether there is a step that needs both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Places:
    """Where everything begins, and the entries of all of it."""

    offsets: Mapping[Hashable, int]
    entries: int


def most_at_once(needs: Iterable[Need]) -> int:
    """Return the entries that are needed in the step that needs most."""
    needs = list(needs)
    return max(
        (sum(n.size for n in needs if n.first <= s.first <= n.last) for s in needs), default=0
    )


_ORDERS: Sequence[Callable[[Need], Any]] = (
    lambda need: (-need.size, need.first),
    lambda need: (-need.size * (need.last - need.first + 1), need.first),
    lambda need: (need.first - need.last, -need.size),
    lambda need: (need.first, -need.size),
    lambda need: (-need.last, -need.size),
)


def placed(needs: Iterable[Need]) -> Places:
    """Return places in as few entries as are found, the same ones each time."""
    needs = list(needs)
    least, best = most_at_once(needs), _in_order(sorted(needs, key=_ORDERS[0]))
    for order in _ORDERS[1:]:
        if best.entries > least:
            best = min(best, _in_order(sorted(needs, key=order)), key=lambda made: made.entries)
    drawn, tried = Random(0), sorted(needs, key=_ORDERS[0])
    for _ in range(_TRIED if 2 < len(needs) <= _TRIED else 0):
        if best.entries == least:
            break
        one, other = drawn.sample(range(len(needs)), 2)
        swapped = list(tried)
        swapped[one], swapped[other] = tried[other], tried[one]
        made = _in_order(swapped)
        if made.entries <= best.entries:
            best, tried = made, swapped
    return best


def _in_order(needs: Sequence[Need]) -> Places:
    """Give each its lowest place beside those before it."""
    offsets: dict[Hashable, int] = {}
    done: list[Need] = []
    for need in needs:
        beside = sorted((offsets[n.key], n.size) for n in done if n.meets(need))
        offset = 0
        for start, size in beside:
            if start - offset >= need.size:
                break
            offset = max(offset, start + size)
        offsets[need.key] = offset
        done.append(need)
    return Places(offsets, max((offsets[n.key] + n.size for n in done), default=0))
