r"""What letters stand for where a formula is read, and which entry indices belong to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import NamedTuple

from tests.readers.intervals import Interval, settled

Env = Mapping[str, int]
Formula = Callable[[Env], Interval]
Terms = Callable[[Env], list[Interval]]
Run = Callable[[Env], Iterable[Env]]


class OutsideError(Exception):
    """An index leaves its tensor."""


class Named(NamedTuple):
    """What a letter stands for: a shape, and the value of an entry (positions from 0)."""

    shape: tuple[int, ...]
    value: Callable[[tuple[int, ...]], float]


@dataclass(frozen=True)
class Scope:
    """What letters stand for where a formula stands.

    Attributes:
        names: Tensors, their derivatives and routings; other single letters are indices.
        sure: The tensors whose entries are 1, however many indices stand at them.
        ranges: The indices whose ranges are stated, with their values.
        numbers: Letters such as S and N_{j}, with their values.
        places: Named indices such as i_{u}, with their definitions.
        functions: What stands for \\varphi and \\varphi', each of one z.
        digits: How many digits a rounded number shows.
        base: What the first index of an axis is.
        padded: Whether what lies outside of a tensor adds nothing.
        is_said: Whether the document says what lies outside of a tensor.
        kind: Makes a number of a printed decimal.
        seen: The entries that were worked out, by the letters of their tensors.
    """

    names: Mapping[str, Named] = field(default_factory=dict)
    sure: Collection[str] = ()
    ranges: Mapping[str, Sequence[int]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    digits: int = 6
    base: int = 1
    padded: bool = False
    is_said: bool = True
    kind: Callable[[Fraction], float] = float
    seen: dict[str, list[float]] = field(default_factory=dict)


def where(tensor: Named, places: Sequence[Formula], env: Env, base: int) -> tuple[int, ...]:
    """Return a position in a tensor; axes without an index are of length 1."""
    shown = [whole_number(place(env)) - base for place in places]
    found = (
        _position(tensor.shape, axes, shown) for axes in indexed_axes(tensor.shape, len(shown))
    )
    position = next((position for position in found if position is not None), None)
    if position is None:
        raise OutsideError(f"{shown} is outside of {tensor.shape}")
    return position


def _position(
    shape: Sequence[int], axes: Sequence[int], shown: Sequence[int]
) -> tuple[int, ...] | None:
    """Return a position, if it is one in a shape."""
    position = [0] * len(shape)
    for axis, place in zip(axes, shown, strict=True):
        position[axis] = place
    inside = all(0 <= p < n for p, n in zip(position, shape, strict=True))
    return tuple(position) if inside else None


def indexed_axes(shape: Sequence[int], count: int) -> list[Sequence[int]]:
    """Return which axes so many indices may belong to: all, the longer ones, or some others.

    In a theorem the index of the sample is general, also where there is one sample, and so are all
    but those of a kernel of one entry. Which of the axes of length 1 are meant does not matter
    where an entry of the tensor is found.
    """
    axes = range(len(shape))
    longer = [axis for axis in axes if shape[axis] > 1]
    if count == len(axes):
        return [axes]
    some = (kept for kept in combinations(axes, count) if {*longer} <= {*kept})
    return [longer] if count == len(longer) else [*some]


def whole_number(part: Interval) -> int:
    low, high = map(settled, part)
    if low != high or low != int(low):
        raise OutsideError  # no entry stands between two others
    return int(low)


def assignments(loops: Sequence[tuple[str, Formula, Formula]], env: Env) -> Iterator[Env]:
    ranges = [range(whole_number(low(env)), whole_number(high(env)) + 1) for _, low, high in loops]
    for values in product(*ranges):
        yield {**env, **{name: n for (name, _, _), n in zip(loops, values, strict=True)}}


def constant(number: float) -> Formula:
    return lambda env: (float(number), float(number))


def at_commas(text: str) -> list[str]:
    r"""Split at the commas that stand in no brackets: ``i_{u}, j_{v}, \min(a, b)``."""
    parts, depth = [""], 0
    for letter in text.replace("\\,", ""):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]
