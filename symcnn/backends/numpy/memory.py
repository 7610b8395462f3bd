"""Arrays that are not needed at the same time lie in the same memory.

An array is needed from the first statement that names it to the last. The largest is
placed first; each of the others goes to the first memory in which nothing overlaps with
it in time. What keeps its entries from call to call, a border, has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import prod

from symcnn.backends.numpy.statements import (
    Allocate,
    Memory,
    Part,
    Setup,
    Statement,
    View,
    Views,
)

FEW = 10_000
"""An array of fewer entries is not worth sharing."""


@dataclass
class _Block:
    """A piece of memory, and when its arrays are needed."""

    name: str
    size: int
    spans: list[tuple[int, int]] = field(default_factory=list)

    def is_free(self, span: tuple[int, int]) -> bool:
        """Tell whether no array in it is needed at that time."""
        return all(span[1] < first or last < span[0] for first, last in self.spans)


def shared(
    setup: Sequence[Setup], statements: Sequence[Statement], needed: Mapping[str, int]
) -> tuple[Setup, ...]:
    """Return a setup in which large arrays share memory.

    Args:
        setup: Arrays and views.
        statements: All that is done with them.
        needed: The number of the statement before which the entries of a view or an array
            are handed out, by its name.
    """
    spans = _spans(setup, statements, needed)
    blocks: list[_Block] = []
    parts: dict[str, Part] = {}
    for made in (large for large in _large_ones(setup) if large.name in spans):
        span, size = spans[made.name], prod(made.shape)
        block = next((block for block in blocks if block.is_free(span)), None)
        if block is None:
            blocks.append(block := _Block(f"memory_{len(blocks) + 1}", size))
        block.spans.append(span)
        parts[made.name] = Part(made.name, block.name, made.shape, made.axes)
    made_first = (Memory(block.name, block.size) for block in blocks)
    return (*made_first, *(parts.get(made.name, made) for made in setup))


def _large_ones(setup: Iterable[Setup]) -> list[Allocate]:
    arrays = (made for made in setup if isinstance(made, Allocate))
    large = (a for a in arrays if prod(a.shape) >= FEW and not a.fill and not a.truth)
    return sorted(large, key=lambda made: -prod(made.shape))


def _spans(
    setup: Sequence[Setup], statements: Sequence[Statement], needed: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Return the numbers of the first and the last statement that need each array."""
    roots = {made.name: made.array for made in setup if isinstance(made, View | Views)}
    times: dict[str, list[int]] = {made.name: [] for made in setup if made.name not in roots}
    for number, statement in enumerate(statements):
        for name in _names(statement):
            times.get(roots.get(name, name), []).append(number)
    for name, number in needed.items():
        times[roots.get(name, name)].append(number)
    return {name: (min(at), max(at)) for name, at in times.items() if at}


def _names(statement: Statement) -> set[str]:
    text = " ".join(str(getattr(statement, part.name)) for part in fields(statement))
    return set(re.findall(r"[A-Za-z_]\w*", text))
