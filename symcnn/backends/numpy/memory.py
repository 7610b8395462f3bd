"""Arrays that are not needed at the same time lie in the same memory.

An array is needed from the first statement that reads or writes it to the last. The largest
is placed first; each of the others goes to the first block in which nothing overlaps with
it in time. What keeps its entries from call to call, a border, has its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from symcnn.backends.numpy.arrays import Array
from symcnn.backends.numpy.statements import Statement, arrays_of

SHARED_ENTRIES = 10_000
"""An array of fewer entries is not worth sharing."""

Span = tuple[int, int]
"""The numbers of the first and the last statement that need an array."""


@dataclass(eq=False)
class Block:
    """A piece of memory, and when its arrays are needed."""

    size: int
    spans: list[Span] = field(default_factory=list)

    def is_free(self, span: Span) -> bool:
        """Tell whether no array in it is needed at that time."""
        return all(span[1] < first or last < span[0] for first, last in self.spans)


def shared(statements: Sequence[Statement], needed: Mapping[Array, int]) -> dict[Array, Block]:
    """Return the block of every large array.

    Args:
        statements: All that is done.
        needed: The number of the statement before which the entries of an array are returned.
    """
    spans, blocks, placed = _spans(statements, needed), list[Block](), dict[Array, Block]()
    for array in _large_ones(spans):
        block = next((block for block in blocks if block.is_free(spans[array])), None)
        if block is None:
            blocks.append(block := Block(array.size))
        block.spans.append(spans[array])
        placed[array] = block
    return placed


def _large_ones(arrays: Iterable[Array]) -> list[Array]:
    large = (a for a in arrays if a.size >= SHARED_ENTRIES and not a.fill and not a.truth)
    return sorted(large, key=lambda array: -array.size)


def _spans(statements: Sequence[Statement], needed: Mapping[Array, int]) -> dict[Array, Span]:
    """Return when each array is needed."""
    spans: dict[Array, Span] = {}
    uses = ((a, n) for n, statement in enumerate(statements) for a in arrays_of(statement))
    for array, number in (*uses, *needed.items()):
        first, last = spans.get(array, (number, number))
        spans[array] = min(first, number), max(last, number)
    return spans
