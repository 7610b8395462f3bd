"""Places in the workspace: tensors that are not needed at the same time lie in the same memory.

A tensor is needed from the step that makes it to the last one that reads it. No workspace is
smaller than what is needed at once in some step; the order in which tensors are given their places
decides whether that is reached, so a few orders are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

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
