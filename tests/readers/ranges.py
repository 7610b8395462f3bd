r"""Reads what indices run over: ranges that are stated, limits of sums, or the axes of tensors.

\sum_{u, v, c} w_{uvck} x_{i_{u}, j_{v}, c}  runs over all values of u, v and c, which are indices
of w. Over how many entries of a window they run that has no kernel, the document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod

from tests.readers.prose import inline
from tests.readers.scanner import Scanner, UnreadableError
from tests.readers.scope import Named, at_commas, indexed_axes

_BEHIND = re.compile(r"\s*\\quad\s*\\left\(([a-z](?:, [a-z])* = -?\d[^()]*)\\right\)\s*$")
_LIST = re.compile(r"([a-z](?:, [a-z])*) = (-?\d+(?:, (?:\d+|\\dots))*)(?![\d(])")
_BETWEEN = re.compile(r"(-?\d+) \\le ([a-z](?:, [a-z])*) \\le (\d+)")
_UNLIMITED = re.compile(r"\\(?:sum|max)_\{([a-z](?:, [a-z])*)\}")
_COUNT = re.compile(r"N'?_\{([a-z])\}")
"""The number of values of an index."""

_INDEX = re.compile(r"[a-z](?:_\{[a-z]+\})?")


def parted(text: str) -> tuple[str, str]:
    r"""Part a formula from its ranges: behind \quad stands (i, j = 1, 2,\; k = 1, \dots, 9)."""
    found = _BEHIND.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


def listed(text: str) -> dict[str, range]:
    r"""Return what indices run over by i, k = 1, 2,\; j = 1, \dots, 9 and nothing else."""
    found: dict[str, range] = {}
    for part in _parts(text):
        if not (values := _values(part)):
            raise UnreadableError(f"{part!r} is not the range of an index")
        found |= values
    return found


def said(text: str) -> dict[str, range]:
    """Return what indices run over, as sentences say it among other things."""
    parts = (part for formula in inline(text) for part in _parts(formula))
    return {name: values for part in parts for name, values in _values(part).items()}


def _parts(text: str) -> list[str]:
    parts = re.split(r",\s*(?:\\allowbreak)?\\;\s*", text) if text else []
    return [part.strip() for part in parts]


def _values(part: str) -> dict[str, range]:
    """Return the values of the indices in front of them; none if some are left out."""
    if between := _BETWEEN.fullmatch(part):
        names, values = between[2], range(int(between[1]), int(between[3]) + 1)
    elif whole := _LIST.fullmatch(part):
        names, written = whole[1], whole[2].split(", ")
        values = range(int(written[0]), int(written[-1]) + 1)
        if r"\dots" not in written and written != [*map(str, values)]:
            return {}
    else:
        return {}
    return dict.fromkeys(names.split(", "), values)


def unlimited(
    formulas: Iterable[str],
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
    sure, likely, loops = dict[str, range](), dict[str, range](), list[str]()
    for text in formulas:
        loops += (name for over in _UNLIMITED.findall(text) for name in over.split(", "))
        for letter, tensor in names.items():
            for indices in _subscripts(text, letter):
                ways = [*_ways(tensor.shape, indices, axes.get(letter, {}))]
                for index, axis in zip(indices, ways[0], strict=True) if ways else ():
                    for name, size in _sizes(index, tensor.shape[axis], numbers):
                        values = range(base, base + size)
                        (likely if len(ways) > 1 else sure).setdefault(name, values)
    counted = (_COUNT.fullmatch(letter) for letter in numbers)
    counts = {found[1]: range(base, base + numbers[found[0]]) for found in counted if found}
    return {**dict.fromkeys(loops, range(base, base + 1)), **likely, **counts, **sure}


def indices_of(letter: str, formulas: Iterable[str]) -> list[list[str]]:
    """Return the indices of all entries of a tensor in formulas."""
    return [found for text in formulas for found in _subscripts(text, letter)]


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
    for at in re.finditer(rf"(?<![A-Za-z\\]){re.escape(name)}_(?=\{{)", text):
        inside = Scanner(text[at.end() :]).group()
        parts = at_commas(inside)
        yield parts if len(parts) > 1 else _INDEX.findall(inside)
