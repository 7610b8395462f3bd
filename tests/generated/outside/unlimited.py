r"""What sums in theorems run over, which have no limits: the axes of the tensors they read.

\sum_{u, v, c} w_{uvck} x_{i_{u}, j_{v}, c}  runs over all values of u, v and c, which are indices
of w. Over how many entries of a window they run that has no kernel, the document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod

from tests.document.readers.scope import Named, at_commas, indexed_axes
from tests.generated.outside.source import Row

_UNLIMITED = re.compile(r"\\(?:sum|max)_\{([a-z](?:, [a-z])*)\}")
_COUNT = re.compile(r"N'?_\{([a-z])\}")
"""The number of values of an index."""

_INDEX = re.compile(r"[a-z](?:_\{[a-z]+\})?")


def ranges(
    rows: Iterable[Row],
    names: Mapping[str, Named],
    base: int,
    numbers: Mapping[str, int],
    axes: Mapping[str, Mapping[str, int]],
) -> dict[str, range]:
    """Return the values of the indices that stand alone at an axis of a tensor.

    Of an axis that is counted row by row, the numbers N of values are said, and so they are of a
    window that has no kernel. An index of a sum that stands at no axis takes one value: else the
    sum would come out wrong. Axes of length 1 may have no index: which have one is told by the
    letters with which a tensor was introduced, ``axes``.
    """
    texts = _texts(rows)
    sure, likely = dict[str, range](), dict[str, range]()
    for text in texts:
        for letter, tensor in names.items():
            for indices in _subscripts(text, letter):
                ways = [*_ways(tensor.shape, indices, axes.get(letter, {}))]
                for index, axis in zip(indices, ways[0], strict=True) if ways else ():
                    for name, size in _sizes(index, tensor.shape[axis], numbers):
                        values = range(base, base + size)
                        (likely if len(ways) > 1 else sure).setdefault(name, values)
    loops = (
        name for text in texts for over in _UNLIMITED.findall(text) for name in over.split(", ")
    )
    counted = (_COUNT.fullmatch(letter) for letter in numbers)
    said = {found[1]: range(base, base + numbers[found[0]]) for found in counted if found}
    return {**dict.fromkeys(loops, range(base, base + 1)), **likely, **said, **sure}


def indices_of(letter: str, rows: Iterable[Row]) -> list[list[str]]:
    """Return the indices of all entries of a tensor, in every row."""
    return [found for text in _texts(rows) for found in _subscripts(text, letter)]


def _texts(rows: Iterable[Row]) -> list[str]:
    return [" ".join([row.left, *(side.text for side in row.sides)]) for row in rows]


def _ways(
    shape: Sequence[int], indices: Sequence[str], known: Mapping[str, int]
) -> Iterator[Sequence[int]]:
    """Run over the axes that indices may belong to, with as many values as they are known for."""
    for ways in indexed_axes(shape, len(indices)):
        pairs = zip(indices, ways, strict=True)
        if all(shape[axis] == known.get(index, shape[axis]) for index, axis in pairs):
            yield ways


def _sizes(index: str, size: int, numbers: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Run over the letters that an index is made of, with how many values each of them takes."""
    if len(index) == 1:
        yield index, size
        return
    first, *others = index.partition("_")[2].strip("{}")
    known = {name: numbers.get(f"N_{{{name}}}", numbers.get(f"N'_{{{name}}}")) for name in others}
    if others and all(known.values()):
        yield first, size // prod(known.values())
        yield from known.items()


def _subscripts(text: str, name: str) -> Iterator[list[str]]:
    """Run over the indices of all entries of a tensor."""
    for at in re.finditer(rf"(?<![A-Za-z\\]){re.escape(name)}_\{{", text):
        inside = _braced(text[at.end() :])
        parts = at_commas(inside)
        yield parts if len(parts) > 1 else _INDEX.findall(inside)


def _braced(text: str) -> str:
    """Return what stands before the brace that closes one."""
    depth = 1
    for place, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if not depth:
            return text[:place]
    return text
